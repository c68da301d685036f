import type { SubscriptionsReading } from '../../../handler/adapters/ledger/reader';
import { locationArn } from '../../../handler/core/grant/location';
import type { HistoryRecord } from '../../../handler/core/ledger/history-record';
import type { SubscriptionRecord } from '../../../handler/core/ledger/subscription-record';
import { accessChange, accessesIn } from '../../../handler/core/policy/statement-access';
import { causeText } from '../answers/causes';
import { type GrantRow, grantRows } from '../answers/grant-row';
import { unreadableEntries } from '../answers/unreadable';
import { type BucketReading, type Reading, readBuckets, unreadableIn } from '../reading';
import type { ReportBucket, ReportChange, ReportData, ReportGrant } from './report-data';

/** Milliseconds: how far back a report tells changes. */
const TOLD = 30 * 24 * 3_600_000;

const owningName = (row: GrantRow, record: SubscriptionRecord | undefined): string | undefined =>
  record?.listing?.owningProject === row.owningProject ? record?.listing?.owningProjectName : undefined;

const reportGrant = ({ message, ...row }: GrantRow, record: SubscriptionRecord | undefined): ReportGrant => ({
  ...row,
  sentence: message,
  owningProjectName: owningName(row, record),
  consumerProjectName: record?.subscriber?.kind === 'project' ? record.subscriber.name : undefined,
  requestedBy: record?.provenance?.requestedBy,
});

const reportBucket = ({ name, registered, head }: BucketReading): ReportBucket => ({
  name,
  state: registered?.state ?? 'unregistered',
  account: registered?.account,
  region: registered?.region,
  prefixes: registered?.prefixes.map(({ prefix }) => prefix) ?? [],
  policyBytes: head?.bytes ?? 0,
  frozen: head?.frozen === true,
  contended: head?.contended === true,
});

/** A change as it is told: who came and went, and how many statements, without the statements themselves. */
export const reportChange = (entry: HistoryRecord): ReportChange => {
  const { bucket, version, at, session, subscriptions, residualAccess } = entry;
  const { added, removed } = accessChange(accessesIn(entry.before), accessesIn(entry.after));
  const told = (accesses: typeof added) => accesses.map(({ principal, location }) => `${principal} on ${locationArn(location)}`);
  return {
    ...{ bucket, version, at, session, subscriptions, residualAccess },
    causes: entry.causes.map(causeText),
    statementsBefore: entry.before.length,
    statementsAfter: entry.after.length,
    added: told(added),
    removed: told(removed),
  };
};

/** Returns all grants as a report has them, settled ones too, with names from their subscriptions. */
export const reportGrants = (buckets: readonly BucketReading[], subscriptions: SubscriptionsReading): readonly ReportGrant[] => {
  const byId = new Map(subscriptions.records.map((record) => [record.id, record]));
  return grantRows(buckets, subscriptions).map((row) => reportGrant(row, byId.get(row.subscription)));
};

/** Reads a whole report from ledger and registry; an auditor's rights suffice. */
export const collectReport = async (reading: Reading, { deployment, now }: { deployment: string; now: Date }): Promise<ReportData> => {
  const [buckets, subscriptions] = await Promise.all([readBuckets(reading), reading.ledger.subscriptions()]);
  const since = new Date(now.getTime() - TOLD);
  const changes: ReportChange[] = [];
  const unreadable = [...unreadableIn(buckets), ...subscriptions.unreadable];
  for (const { name } of buckets) {
    const history = await reading.ledger.history(name);
    changes.push(...history.records.filter(({ at }) => Date.parse(at) >= since.getTime()).map(reportChange));
    unreadable.push(...history.unreadable);
  }
  return {
    deployment,
    generatedAt: now.toISOString(),
    changesSince: since.toISOString(),
    grants: reportGrants(buckets, subscriptions),
    buckets: buckets.map(reportBucket),
    changes: changes.sort((one, other) => (one.at < other.at ? 1 : -1)),
    unreadable: unreadableEntries(unreadable),
  };
};
