import { locationArn } from '../../../handler/core/grant/location';
import type { HistoryRecord } from '../../../handler/core/ledger/history-record';
import type { Statement } from '../../../handler/core/policy/policy-document';
import { meaningOf } from '../../../handler/core/policy/policy-equality';
import { accessChange, accessesIn } from '../../../handler/core/policy/statement-access';
import type { UnreadableItem } from '../../../handler/errors';
import { causeText } from '../answers/causes';
import { noteUnreadable, unreadableEntries } from '../answers/unreadable';
import { command } from '../framework/command';
import { argument, bucketName, flag, moment, option, principalArn, subscriptionId, whole } from '../framework/fields';
import { joined, json, lines, type Output, output } from '../framework/output';
import type { Terminal } from '../framework/terminal';
import { bucketNames, openReading } from '../reading';

/** A change as it is told. */
interface Change
  extends Pick<HistoryRecord, 'bucket' | 'version' | 'at' | 'session' | 'subscriptions' | 'causes' | 'drift' | 'residualAccess'> {
  readonly added: readonly { readonly principal: string; readonly location: string }[];
  readonly removed: readonly { readonly principal: string; readonly location: string }[];
  /** Statements that were written, and those that were taken out, as they stand in the policy. */
  readonly statements: { readonly added: readonly Statement[]; readonly removed: readonly Statement[] };
}

export const history = command({
  name: 'history',
  group: 'Answers',
  summary: 'Tells what changed in bucket policies: when, who caused it and why, and which statements',
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
    const names = bucket === undefined ? await bucketNames(reading) : [bucket];
    const entries: HistoryRecord[] = [];
    const errors: UnreadableItem[] = [];
    for (const name of names) {
      const { records, unreadable } = await reading.ledger.history(name);
      entries.push(...records);
      errors.push(...unreadable);
    }
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
    const unreadable = unreadableEntries(errors);
    noteUnreadable(terminal, unreadable);
    terminal.answer({ changes, unreadable }, () =>
      changes.length === 0
        ? output`no changes`
        : joined(
            changes.map((change) => shown(change, { terminal, statements })),
            output`\n\n`,
          ),
    );
    return undefined;
  },
});

const changeOf = (entry: HistoryRecord): Change => {
  const { bucket, version, at, session, subscriptions, causes, drift, residualAccess } = entry;
  const { added, removed } = accessChange(accessesIn(entry.before), accessesIn(entry.after));
  const named = (accesses: typeof added) => accesses.map(({ principal, location }) => ({ principal, location: locationArn(location) }));
  const without = (statements: readonly Statement[], others: readonly Statement[]) => {
    const meanings = new Set(others.map(meaningOf));
    return statements.filter((statement) => !meanings.has(meaningOf(statement)));
  };
  return {
    ...{ bucket, version, at, session, subscriptions, causes, drift, residualAccess },
    added: named(added),
    removed: named(removed),
    statements: { added: without(entry.after, entry.before), removed: without(entry.before, entry.after) },
  };
};

const shown = (change: Change, { terminal, statements }: { terminal: Terminal; statements: boolean }): Output => {
  const green = (text: Output) => terminal.paint('green', text);
  const red = (text: Output) => terminal.paint('red', text);
  const drift = change.drift === 'none' ? '' : `, found ${change.drift}`;
  return lines([
    output`${change.at.slice(0, 19)}  ${change.bucket} version ${change.version}${drift}  ${terminal.paint('dim', output`CloudTrail session ${change.session}`)}`,
    ...(change.subscriptions.length === 0 ? [] : [output`  for ${change.subscriptions.join(', ')}`]),
    ...change.causes.map((cause) => output`  cause: ${causeText(cause)}`),
    ...change.removed.map(({ principal, location }) => red(output`  - ${principal} on ${location}`)),
    ...change.added.map(({ principal, location }) => green(output`  + ${principal} on ${location}`)),
    ...change.residualAccess.map((residual) => terminal.paint('yellow', output`  ! still has access: ${residual}`)),
    ...(statements
      ? [
          ...change.statements.removed.map((statement) => red(output`  - ${json(statement)}`)),
          ...change.statements.added.map((statement) => green(output`  + ${json(statement)}`)),
        ]
      : []),
  ]);
};
