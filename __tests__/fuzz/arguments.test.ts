import { parseRequest } from '../../handler/operator-request';
import { COMMANDS } from '../../src/cli/commands';
import { type Command, command } from '../../src/cli/framework/command';
import { runProgram } from '../../src/cli/framework/program';
import type { Surroundings } from '../../src/cli/framework/terminal';
import { fuzz } from './inputs';
import { expectSentence } from './pipeline';
import { type Form, isBucket, isPrincipal, isWellFormed } from './request-form';
import { typedLines } from './typed';

type Read = { readonly name: string; readonly input: Readonly<Record<string, unknown>> };

/** The commands as they read what was typed, doing nothing with it. */
const reading = (note: (read: Read) => void): readonly Command[] =>
  COMMANDS.map((each) =>
    command({
      ...each,
      run: async (_context, input) => {
        note({ name: each.name, input });
        return undefined;
      },
    }),
  );

/** Streams that nobody looks at, and what was written to them. */
const surroundings = () => {
  const said = { out: '', err: '' };
  const stream = (name: 'out' | 'err') =>
    ({
      isTTY: false,
      write: (text: string) => {
        said[name] += text;
        return true;
      },
    }) as unknown as NodeJS.WriteStream;
  const given: Surroundings = { env: {}, stdin: process.stdin, stdout: stream('out'), stderr: stream('err') };
  return { said, given };
};

/** What a field is once it was read, by its key; whatever is not here is some text. */
const FORMS: Readonly<Record<string, Form>> = {
  bucket: isBucket,
  buckets: (value) => Array.isArray(value) && value.every(isBucket),
  reason: (value) => typeof value === 'string' && value.length >= 3 && value.length <= 500 && !/\p{Cc}/u.test(value),
  timeout: (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 86_400,
  approveRemovals: (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 1_000_000,
};
const isReadable: Form = (value) =>
  (typeof value === 'string' && value !== '') ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isSafeInteger(value)) ||
  (value instanceof Date && !Number.isNaN(value.getTime())) ||
  (Array.isArray(value) && value.every(isReadable)) ||
  (typeof value === 'object' && value !== null && 'command' in value);

/** Whether these words stand in a line, in this order. */
const follow = (words: readonly string[], line: readonly string[]): boolean =>
  line.reduce((left, typed) => (typed === left[0] ? left.slice(1) : left), words).length === 0;

/** What a command that asks the function for something would send it. */
const requestOf = ({ name, input }: Read): object | undefined => {
  const { bucket, from, remove, target, approveRemovals: removals, reason } = input;
  const sent = { kind: 'request', id: 'request-0001', at: '2026-01-15T09:30:00.000Z', reason };
  switch (name) {
    case 'revoke':
      return { ...sent, ...Object(target) };
    case 'freeze':
    case 'unfreeze':
      return { ...sent, command: name, ...(bucket === undefined ? {} : { bucket }) };
    case 'restore':
      return { ...sent, command: name, bucket };
    case 'hand-over':
      return { ...sent, command: name, bucket, from, remove };
    case 'reconcile':
      return { ...sent, command: name, dryRun: false, ...(removals === undefined ? {} : { removals }) };
    case 'uninstall':
      return { ...sent, command: name };
    default:
      return undefined;
  }
};

fuzz('what is typed is read for one command whose fields are sound, or refused in a sentence', {
  inputs: typedLines,
  verdicts: ['read', 'asks the function', 'refused', 'help'],
  share: 0.5,
  check: async (line, tally) => {
    const reads: Read[] = [];
    const { said, given } = surroundings();
    const code = await runProgram(
      reading((read) => reads.push(read)),
      line,
      given,
    );
    const [read, ...others] = reads;
    if (read !== undefined) {
      expect([others, code, said]).toEqual([[], 0, { out: '', err: '' }]);
      expect([read.name, follow(read.name.split(' '), line)]).toEqual([read.name, true]);
      for (const [key, value] of Object.entries(read.input))
        if (value !== undefined) expect([key, value, (FORMS[key] ?? isReadable)(value)]).toEqual([key, value, true]);
      const { principal } = read.input;
      for (const arn of [principal ?? []].flat()) expect([arn, isPrincipal(arn)]).toEqual([arn, true]);
      const request = requestOf(read);
      if (request === undefined) return tally('read');
      expect([request, isWellFormed(request), parseRequest(request)]).toEqual([request, true, request]);
      return tally('asks the function');
    }
    const shown = said.out + said.err;
    if (shown.includes('Usage: datazone-s3')) {
      expect([said.out === '' || said.err === '', [0, 2].includes(code)]).toEqual([true, true]);
      return tally('help');
    }
    expect([code, said.out]).toEqual([2, '']);
    const [sentence = '', next = '', ...more] = said.err.trimEnd().split('\n');
    if (!line.includes('--debug')) expect([line, more]).toEqual([line, []]);
    expectSentence(`${sentence}: so it said. ${next}`);
    expect([sentence, next.trim()].includes('')).toBe(false);
    return tally('refused');
  },
});
