import { locationArn } from '../../../handler/core/grant/location';
import type { Statement } from '../../../handler/core/policy/policy-document';
import { meaningOf } from '../../../handler/core/policy/policy-equality';
import { command } from '../framework/command';
import { argument, bucketName, flag, moment, option, principalArn, subscriptionId, whole } from '../framework/fields';
import type { Terminal } from '../framework/terminal';
import type { HistoryEntry } from '../ledger/history-entry';
import { accessChange, accessesIn } from '../ledger/statement-access';
import { openReading, readBuckets } from '../reading';

/** A change as it is told. */
interface Change
  extends Pick<HistoryEntry, 'bucket' | 'version' | 'at' | 'changeId' | 'subscriptions' | 'drift' | 'residualAccess' | 'by' | 'reason'> {
  readonly added: readonly { readonly principal: string; readonly location: string }[];
  readonly removed: readonly { readonly principal: string; readonly location: string }[];
  /** Statements that were written, and those that were taken out, as they stand in the policy. */
  readonly statements: { readonly added: readonly Statement[]; readonly removed: readonly Statement[] };
}

export const history = command({
  name: 'history',
  group: 'Answers',
  summary: 'Tells what changed in bucket policies: when, by which subscription, and which statements',
  details: ['Changes are listed with the newest first. Each was read back before it was recorded.'],
  needs: 'reading',
  arguments: { bucket: argument('[bucket]', 'only this bucket', bucketName.optional()) },
  options: {
    subscription: option('--subscription <id>', 'only changes made for this subscription', subscriptionId.optional()),
    principal: option('--principal <arn>', 'only changes of what this role or user may read', principalArn.optional()),
    since: option('--since <date>', 'only changes since the start of this day, or since this time (UTC)', moment('start').optional()),
    until: option('--until <date>', 'only changes until the end of this day, or until this time (UTC)', moment('end').optional()),
    limit: option('--limit <count>', 'at most so many (default: 50)', whole(1, 100_000).default(50)),
    statements: flag('--statements', 'show the statements that were written and taken out'),
  },
  examples: [
    { line: 'history acme-raw', about: 'The last changes of one bucket.' },
    { line: 'history --subscription 9kq2mdmzvnr5uf --statements', about: 'Everything that was written for one subscription.' },
  ],
  run: async (context, { bucket, subscription, principal, since, until, limit, statements }) => {
    const reading = await openReading(context);
    const names = bucket === undefined ? (await readBuckets(reading)).map(({ name }) => name) : [bucket];
    const entries: HistoryEntry[] = [];
    for (const name of names) entries.push(...(await reading.ledger.history(name)));
    const changes = entries
      .filter(
        ({ at }) =>
          (since === undefined || Date.parse(at) >= since.getTime()) && (until === undefined || Date.parse(at) <= until.getTime()),
      )
      .filter((entry) => subscription === undefined || entry.subscriptions.includes(subscription))
      .map(changeOf)
      .filter(({ added, removed }) => principal === undefined || [...added, ...removed].some((access) => access.principal === principal))
      .sort((one, other) => (one.at < other.at ? 1 : -1))
      .slice(0, limit);
    const { terminal } = context;
    terminal.answer({ changes }, () =>
      changes.length === 0 ? 'no changes' : changes.map((change) => shown(change, { terminal, statements })).join('\n\n'),
    );
    return undefined;
  },
});

const changeOf = (entry: HistoryEntry): Change => {
  const { bucket, version, at, changeId, subscriptions, drift, residualAccess, by, reason } = entry;
  const { added, removed } = accessChange(accessesIn(entry.before), accessesIn(entry.after));
  const named = (accesses: typeof added) => accesses.map(({ principal, location }) => ({ principal, location: locationArn(location) }));
  const without = (statements: readonly Statement[], others: readonly Statement[]) => {
    const meanings = new Set(others.map(meaningOf));
    return statements.filter((statement) => !meanings.has(meaningOf(statement)));
  };
  return {
    ...{ bucket, version, at, changeId, subscriptions, drift, residualAccess, by, reason },
    added: named(added),
    removed: named(removed),
    statements: { added: without(entry.after, entry.before), removed: without(entry.before, entry.after) },
  };
};

const shown = (change: Change, { terminal, statements }: { terminal: Terminal; statements: boolean }): string => {
  const green = (text: string) => terminal.paint('green', text);
  const red = (text: string) => terminal.paint('red', text);
  const drift = change.drift === 'none' ? '' : `, found ${change.drift}`;
  return [
    `${change.at.slice(0, 19)}  ${change.bucket} version ${change.version}${drift}  ${terminal.paint('dim', change.changeId)}`,
    ...(change.subscriptions.length === 0 ? [] : [`  for ${change.subscriptions.join(', ')}`]),
    ...(change.by === undefined ? [] : [`  by ${change.by}${change.reason === undefined ? '' : `: ${change.reason}`}`]),
    ...change.removed.map(({ principal, location }) => red(`  - ${principal} on ${location}`)),
    ...change.added.map(({ principal, location }) => green(`  + ${principal} on ${location}`)),
    ...change.residualAccess.map((residual) => terminal.paint('yellow', `  ! still gets in: ${residual}`)),
    ...(statements
      ? [
          ...change.statements.removed.map((statement) => red(`  - ${JSON.stringify(statement)}`)),
          ...change.statements.added.map((statement) => green(`  + ${JSON.stringify(statement)}`)),
        ]
      : []),
  ].join('\n');
};
