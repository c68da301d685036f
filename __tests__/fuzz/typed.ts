import fc from 'fast-check';
import { COMMANDS } from '../../src/cli/commands';
import type { Command } from '../../src/cli/framework/command';
import { hostileText } from './hostile';
import { mutatedText } from './mutations';

const PRINCIPAL = 'arn:aws:iam::333333333333:role/team/analyst';

/** What may be typed for a field, by its key in a command's definition, or by that and the command; anything else takes a file's name. */
const TYPED: Readonly<Record<string, readonly string[]>> = {
  bucket: ['acme-raw', 's3://acme-raw'],
  buckets: ['acme-raw'],
  project: ['5a3se66qm88947'],
  subscription: ['9kq2mdmzvnr5uf'],
  principal: [PRINCIPAL, 'arn:aws:iam::333333333333:root'],
  target: ['9kq2mdmzvnr5uf', `${PRINCIPAL}@acme-raw`, `arn:aws:iam::333333333333:user/a@b@acme-raw`],
  reason: ['because of it', 'no'],
  timeout: ['60', '0', '86401'],
  approveRemovals: ['120', '-1', '1e3'],
  from: ['2026-01-31', '2026-02-30'],
  'hand-over from': ['1q2w3e', '1Q2W3E'],
  to: ['2026-03-31T09:30Z', '2026-13-01'],
  at: ['2026-01-31T09:30:00.000Z'],
  since: ['2026-01-31'],
  until: ['2026-01-31T09:30Z'],
  limit: ['50', '0'],
  prefix: ['s3://acme-raw/runs/', 's3://acme-raw/*'],
  object: ['s3://acme-raw/runs/a.csv'],
  format: ['json', 'xml'],
  status: ['live'],
  manageAccessRole: [PRINCIPAL],
  head: ['0'.repeat(64)],
  domain: ['dzd_bc8e1ez8r2a6xz'],
};
const GLOBALS = ['--json', '--no-assume-role', '--profile', '--region', '--deployment', '--debug', '--help', '-h', '--', '--version'];

/** Mostly the first, which is right. */
const textOf = (command: string, key: string): fc.Arbitrary<string> => {
  const [right = 'file.yaml', ...others] = TYPED[`${command} ${key}`] ?? TYPED[key] ?? [];
  return fc.oneof(
    { weight: 14, arbitrary: fc.constantFrom(right) },
    { weight: 1, arbitrary: fc.constantFrom(right, ...others) },
    { weight: 1, arbitrary: mutatedText(right, 1) },
  );
};

type Option = readonly [string, { readonly flags: string }];

const optionOf = (command: string, [key, { flags }]: Option): fc.Arbitrary<readonly string[]> => {
  const [flag = '', value] = flags.split(' ');
  return value === undefined ? fc.constant([flag]) : textOf(command, key).map((text) => [flag, text]);
};

/** Whatever asks the function for something needs a reason. */
const withReason = (some: readonly Option[], options: Command['options']): readonly Option[] => [
  ...some.filter(([key]) => key !== 'reason'),
  ...Object.entries(options).filter(([key]) => key === 'reason'),
];

/** A command line of a command: its words, its arguments, and some of its options. */
const lineOf = ({ name, arguments: fields, options }: Command): fc.Arbitrary<readonly string[]> =>
  fc
    .tuple(
      fc.tuple(...Object.keys(fields).map((key) => textOf(name, key))),
      fc.subarray(Object.entries(options)).chain((some) => fc.tuple(...withReason(some, options).map((one) => optionOf(name, one)))),
    )
    .map(([values, chosen]) => [...name.split(' '), ...values, ...chosen.flat()]);

type Edit = { readonly kind: 'insert' | 'remove' | 'replace' | 'double'; readonly at: number; readonly text: string };
const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom('insert', 'remove', 'replace', 'double'),
  at: fc.nat(),
  text: fc.oneof(hostileText, fc.constantFrom(...GLOBALS)),
});
const edited = (line: readonly string[], { kind, at, text }: Edit): readonly string[] => {
  const place = at % (line.length + 1);
  switch (kind) {
    case 'insert':
      return line.toSpliced(place, 0, text);
    case 'remove':
      return line.toSpliced(place, 1);
    case 'replace':
      return line.toSpliced(place, 1, text);
    case 'double':
      return line.toSpliced(place, 0, ...line.slice(place, place + 1));
  }
};

/** What somebody may type after the tool's name: lines of all commands, some with edits. */
export const typedLines: fc.Arbitrary<readonly string[]> = fc
  .tuple(fc.oneof(...COMMANDS.map(lineOf)), fc.array(edit, { maxLength: 2 }))
  .map(([line, edits]) => edits.reduce(edited, line));
