import * as z from 'zod';
import { rowsAt } from '../answers/access-at';
import { allGrants, type GrantRow, grantRows, whyText } from '../answers/grant-row';
import { noteUnreadable, type UnreadableEntry, unreadableEntries } from '../answers/unreadable';
import { command } from '../framework/command';
import { anyText, bucketName, moment, option, principalArn, projectId, subscriptionId, typedAs } from '../framework/fields';
import { type Output, output } from '../framework/output';
import { counted, table } from '../framework/table';
import type { Colour, Terminal } from '../framework/terminal';
import { openReading, type Reading, readBuckets, unreadableIn } from '../reading';

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
/** Listed only where they are asked for: there are more of them from year to year. */
const ENDED = new Set(['revoked', 'expired']);

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
  (filter.status !== undefined || filter.subscription !== undefined || !ENDED.has(row.state)) &&
  (filter.status === undefined || row.state === filter.status || (filter.status === 'live' && LIVE.has(row.state)));

export const grants = command({
  name: 'grants',
  group: 'Answers',
  summary: 'Lists who may read what, by which subscription, and what waits or was refused',
  details: [
    'With `--at` the list is what the bucket policies said at that moment, put together from the history of verified changes.',
    'Access that ended is listed with `--status revoked`, `--status expired` or `--subscription`, with the operator who ended it.',
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
    const found = await (at === undefined ? rowsNow(reading, filter) : rowsThen(reading, { at, filter }));
    const rows = found.rows.filter((row) => passes(row, filter));
    const { unreadable } = found;
    noteUnreadable(context.terminal, unreadable);
    context.terminal.answer({ at: at?.toISOString(), grants: rows, unreadable }, () => shown(rows, context.terminal));
    return undefined;
  },
});

const namesOf = ({ bucket }: Filter): readonly string[] | undefined => (bucket === undefined ? undefined : [bucket]);

interface Rows {
  readonly rows: readonly GrantRow[];
  readonly unreadable: readonly UnreadableEntry[];
}

const rowsNow = async (reading: Reading, filter: Filter): Promise<Rows> => {
  const [buckets, subscriptions] = await Promise.all([readBuckets(reading, namesOf(filter)), reading.ledger.subscriptions()]);
  return {
    rows: grantRows(buckets, subscriptions),
    unreadable: unreadableEntries([...unreadableIn(buckets), ...subscriptions.unreadable]),
  };
};

const rowsThen = async (reading: Reading, { at, filter }: { at: Date; filter: Filter }): Promise<Rows> => {
  const [buckets, subscriptions] = await Promise.all([readBuckets(reading, namesOf(filter)), reading.ledger.subscriptions()]);
  const rows: GrantRow[] = [];
  const unreadable = [...unreadableIn(buckets), ...subscriptions.unreadable];
  const grants = allGrants(buckets, subscriptions.settledGrants);
  for (const { name } of buckets) {
    const history = await reading.ledger.history(name);
    unreadable.push(...history.unreadable);
    rows.push(...rowsAt({ history: history.records, grants: grants.filter(({ location }) => location.bucket === name) }, at));
  }
  return { rows, unreadable: unreadableEntries(unreadable) };
};

const COLOURS: ReadonlyMap<string, Colour> = new Map([
  ['granted', 'green'],
  ['retained', 'green'],
  ['refused', 'red'],
  ['orphaned', 'yellow'],
  ['waiting', 'yellow'],
  ['revoking', 'yellow'],
]);

const stateText = (state: string, terminal: Terminal): Output => {
  const colour = COLOURS.get(state);
  return colour === undefined ? output`${state}` : terminal.paint(colour, state);
};

const shown = (rows: readonly GrantRow[], terminal: Terminal): Output => {
  if (rows.length === 0) return output`no grants`;
  const listed = table(
    ['STATE', 'WHERE', 'WHO', 'SUBSCRIPTION', 'SINCE', 'WHY'],
    rows.map((row) => [
      stateText(row.state, terminal),
      row.location?.replace(/^arn:[^:]*:s3:::/, 's3://'),
      row.principal,
      row.subscription,
      row.since.slice(0, 19),
      whyText(row),
    ]),
  );
  return output`${listed}\n${counted(rows.length, 'grant')}`;
};
