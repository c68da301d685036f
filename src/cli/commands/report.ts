import { readFileSync, writeFileSync } from 'node:fs';
import { noteUnreadable, unreadableEntries } from '../answers/unreadable';
import { command } from '../framework/command';
import type { Context } from '../framework/context';
import { CommandFailure, type CommandResult } from '../framework/failure';
import { anyText, bucketName, flag, moment, option, text } from '../framework/fields';
import { output } from '../framework/output';
import { counted } from '../framework/table';
import { openReading, readBuckets, unreadableIn } from '../reading';
import { collectReport, reportGrants } from '../report/collect-report';
import { evidenceLines } from '../report/evidence';
import { reportHtml } from '../report/report-html';
import { reportPage } from '../report/report-page';
import { verifyEvidence } from '../report/verify-evidence';

interface Input {
  readonly out?: string | undefined;
  readonly bucket?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly head?: string | undefined;
}

export const report = command({
  name: 'report',
  group: 'Answers',
  summary: 'Writes who can read what into one HTML file, or into evidence that proves that nobody altered it',
  details: [
    'The HTML file holds everything and connects to nothing: an access map, the grants to search and filter, the capacity of each bucket, what waits and what was refused, and the changes of the last 30 days.',
    '`--evidence` writes JSON Lines: a header, the changes of a bucket in a period, its grants as they stand now, and a total. Each line holds the SHA-256 of its content and the hash of the line before it. `--verify` needs the file and nothing else; with `--head`, the hash that was told when the file was made, it also proves that nobody wrote the whole file anew.',
  ],
  needs: 'reading',
  options: {
    out: option('--out <file>', 'where to write (default: access-<deployment>.html, evidence-<bucket>.jsonl)', anyText.optional()),
    evidence: flag('--evidence', 'write evidence about one bucket; takes --bucket, --from and --to'),
    bucket: option('--bucket <name>', 'the bucket that the evidence is about', bucketName.optional()),
    from: option('--from <date>', 'changes since the start of this day, or since this time (UTC)', moment('start').optional()),
    to: option('--to <date>', 'changes until the end of this day, or until this time (UTC)', moment('end').optional()),
    verify: option('--verify <file>', 'verify a file of evidence', anyText.optional()),
    head: option('--head <hash>', 'the hash that the last line must have', text(/^[0-9a-f]{64}$/, '64 hexadecimal digits').optional()),
  },
  examples: [
    { line: 'report --out access.html', about: 'The whole picture, to open in a browser, print or attach.' },
    { line: 'report --evidence --bucket acme-raw --from 2026-01-01 --to 2026-03-31', about: 'What changed in the first quarter.' },
    { line: 'report --verify evidence-acme-raw.jsonl', about: 'Whether a file is as it was made.' },
  ],
  run: (context, { evidence, verify, ...input }) => {
    const evidenceOnly = (['bucket', 'from', 'to'] as const).find((key) => input[key] !== undefined);
    if (verify !== undefined && (evidence || evidenceOnly !== undefined || input.out !== undefined))
      throw misused('--verify takes no option but --head');
    if (verify === undefined && input.head !== undefined) throw misused('--head goes with --verify');
    if (!evidence && evidenceOnly !== undefined) throw misused(`--${evidenceOnly} goes with --evidence`);
    if (verify !== undefined) return verified(context, { file: verify, head: input.head });
    return evidence ? writeEvidence(context, input) : writeReport(context, input);
  },
});

const misused = (message: string) => new CommandFailure('usage', message, 'see: datazone-s3 report --help');

const writeReport = async (context: Context, { out }: Input): Promise<CommandResult> => {
  const deployment = context.deployment.naming.prefix;
  const data = await collectReport(await openReading(context), { deployment, now: new Date() });
  const file = out ?? `access-${deployment}.html`;
  save(file, reportHtml(data, await reportPage()));
  const said = { grants: data.grants.length, buckets: data.buckets.length, changes: data.changes.length };
  const { unreadable } = data;
  noteUnreadable(context.terminal, unreadable);
  context.terminal.answer(
    { file, ...said, unreadable },
    () => output`${file}: ${counted(said.grants, 'grant')}, ${counted(said.buckets, 'bucket')}`,
  );
  return undefined;
};

const writeEvidence = async (context: Context, { out, bucket, from, to }: Input): Promise<CommandResult> => {
  if (bucket === undefined || from === undefined || to === undefined) throw misused('--evidence takes --bucket, --from and --to');
  if (from.getTime() > to.getTime()) throw misused(`--from ${from.toISOString()} is after --to ${to.toISOString()}`);
  const reading = await openReading(context);
  const [buckets, subscriptions] = await Promise.all([readBuckets(reading, [bucket]), reading.ledger.subscriptions()]);
  const [known] = buckets;
  const { records: changes, unreadable: errors } = await reading.ledger.history(bucket);
  const unreadable = unreadableEntries([...unreadableIn(buckets), ...subscriptions.unreadable, ...errors]);
  if (known?.registered === undefined && known?.head === undefined && changes.length === 0 && unreadable.length === 0)
    throw new CommandFailure(
      'missing',
      `neither registry nor ledger knows a bucket '${bucket}'`,
      'list the buckets with: datazone-s3 grants',
    );
  const period = { from: from.toISOString(), to: to.toISOString() };
  const subject = { deployment: context.deployment.naming.prefix, bucket, ...period, generatedAt: new Date().toISOString() };
  const made = evidenceLines(subject, { changes, grants: reportGrants(buckets, subscriptions).filter((grant) => grant.bucket === bucket) });
  const file = out ?? `evidence-${bucket}.jsonl`;
  save(file, `${made.lines.join('\n')}\n`);
  const { head, grants } = made;
  noteUnreadable(context.terminal, unreadable);
  context.terminal.answer(
    { file, changes: made.changes, grants, head, unreadable },
    () =>
      output`${file}: ${counted(made.changes, 'change')}, ${counted(grants, 'grant')}\nhash of its last line, to keep elsewhere: ${head}`,
  );
  return undefined;
};

const verified = async (context: Context, { file, head }: { file: string; head: string | undefined }): Promise<CommandResult> => {
  const found = verifyEvidence(read(file), { head });
  context.terminal.answer({ file, ...found }, () =>
    found.kind === 'broken'
      ? output`${file}: line ${found.line} ${found.message}`
      : output`${file} is as it was made: ${found.subject.bucket}, ${found.subject.from} to ${found.subject.to}, ${counted(found.changes, 'change')}, ${counted(found.grants, 'grant')}\nhash of its last line: ${found.head}`,
  );
  return found.kind === 'broken' ? 'findings' : undefined;
};

const save = (file: string, content: string): void => {
  try {
    writeFileSync(file, content);
  } catch (error) {
    throw new CommandFailure('usage', `'${file}' cannot be written: ${messageOf(error)}`, 'name another file with --out', { cause: error });
  }
};

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandFailure('missing', `'${file}' cannot be read: ${messageOf(error)}`, 'name a file that report --evidence wrote', {
      cause: error,
    });
  }
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
