import * as z from 'zod';
import { rowsAt } from '../answers/access-at';
import { type GrantRow, grantRows } from '../answers/grant-row';
import { command } from '../framework/command';
import { anyText, bucketName, moment, option, principalArn, projectId, subscriptionId, typedAs } from '../framework/fields';
import { counted, table } from '../framework/table';
import type { Terminal } from '../framework/terminal';
import { openReading, type Reading, readBuckets } from '../reading';

const STATES = ['waiting', 'granted', 'retained', 'orphaned', 'revoking', 'revoked', 'expired', 'refused', 'live'] as const;

const status = z.enum(STATES, { error: ({ input }) => `${typedAs(input)}; write one of ${STATES.join(', ')}` });

interface Filter {
  readonly bucket?: string | undefined;
  readonly prefix?: string | undefined;
  readonly project?: string | undefined;
  readonly principal?: string | undefined;
  readonly subscription?: string | undefined;
  readonly status?: (typeof STATES)[number] | undefined;
}

const LIVE = new Set(['granted', 'retained', 'orphaned', 'revoking']);

/** Whether a place lies under a prefix, or holds it. */
const touches = (location: string | undefined, prefix: string): boolean => {
  const path = location?.replace(/^arn:[^/]*\/?/, '') ?? '';
  return location !== undefined && (path.startsWith(prefix) || prefix.startsWith(path));
};

const passes = (row: GrantRow, filter: Filter): boolean =>
  (filter.bucket === undefined || row.bucket === filter.bucket) &&
  (filter.prefix === undefined || touches(row.location, filter.prefix)) &&
  (filter.project === undefined || row.consumerProject === filter.project || row.owningProject === filter.project) &&
  (filter.principal === undefined || row.principal === filter.principal) &&
  (filter.subscription === undefined || row.subscription === filter.subscription) &&
  (filter.status === undefined || row.state === filter.status || (filter.status === 'live' && LIVE.has(row.state)));

export const grants = command({
  name: 'grants',
  group: 'Answers',
  summary: 'Lists who may read what, by which subscription, and what waits or was refused',
  details: [
    'With `--at` the list is what the bucket policies said at that moment, put together from the history of verified changes.',
    '`--status live` is everybody whom a policy lets in: granted, retained, orphaned, and those whose access is being taken away.',
  ],
  needs: 'reading',
  options: {
    bucket: option('--bucket <name>', 'only this bucket', bucketName.optional()),
    prefix: option('--prefix <prefix>', 'only places under this prefix, or around it', anyText.optional()),
    project: option('--project <id>', 'only where this project consumes or publishes', projectId.optional()),
    principal: option('--principal <arn>', 'only this role or user', principalArn.optional()),
    subscription: option('--subscription <id>', 'only this subscription', subscriptionId.optional()),
    status: option('--status <status>', `only these: ${STATES.join(', ')}`, status.optional()),
    at: option('--at <date>', 'as it was at the end of this day, or at this time (UTC)', moment('end').optional()),
  },
  examples: [
    { line: 'grants --bucket acme-raw --prefix runs/', about: 'Who may read anything under s3://acme-raw/runs/.' },
    { line: 'grants --status waiting', about: 'What has not come about yet, and why.' },
    { line: 'grants --at 2026-01-31 --json', about: 'Who could read what at the end of January, for a script.' },
  ],
  run: async (context, { at, ...filter }) => {
    const reading = await openReading(context);
    const rows = (at === undefined ? await rowsNow(reading, filter) : await rowsThen(reading, { at, filter })).filter((row) =>
      passes(row, filter),
    );
    context.terminal.answer({ at: at?.toISOString(), grants: rows }, () => shown(rows, context.terminal));
    return undefined;
  },
});

const namesOf = ({ bucket }: Filter): readonly string[] | undefined => (bucket === undefined ? undefined : [bucket]);

const rowsNow = async (reading: Reading, filter: Filter): Promise<readonly GrantRow[]> => {
  const [buckets, records] = await Promise.all([readBuckets(reading, namesOf(filter)), reading.ledger.subscriptions()]);
  return grantRows(buckets, records);
};

const rowsThen = async (reading: Reading, { at, filter }: { at: Date; filter: Filter }): Promise<readonly GrantRow[]> => {
  const buckets = await readBuckets(reading, namesOf(filter));
  const rows: GrantRow[] = [];
  for (const { name, grants: stored } of buckets)
    rows.push(...rowsAt({ history: await reading.ledger.history(name), grants: stored.map(({ grant }) => grant) }, at));
  return rows;
};

const COLOURS: Readonly<Record<string, 'green' | 'red' | 'yellow'>> = {
  granted: 'green',
  retained: 'green',
  refused: 'red',
  orphaned: 'yellow',
  waiting: 'yellow',
  revoking: 'yellow',
};

const shown = (rows: readonly GrantRow[], terminal: Terminal): string => {
  if (rows.length === 0) return 'no grants';
  const text = table(
    ['STATE', 'WHERE', 'WHO', 'SUBSCRIPTION', 'SINCE', 'WHY'],
    rows.map((row) => [
      row.state,
      row.location?.replace(/^arn:[^:]*:s3:::/, 's3://'),
      row.principal,
      row.subscription,
      row.since.slice(0, 19),
      row.code,
    ]),
  );
  const coloured = text.replace(/^(granted|retained|refused|orphaned|waiting|revoking)\b/gm, (state) =>
    terminal.paint(COLOURS[state] ?? 'dim', state),
  );
  return `${coloured}\n${counted(rows.length, 'grant')}`;
};
