import { locationArn } from '../../../handler/core/grant/location';
import type { SubscriptionRecord } from '../../../handler/core/subscription/subscription-record';
import { type GrantRow, grantRows } from '../answers/grant-row';
import type { HistoryEntry } from '../ledger/history-entry';
import { accessChange, accessesIn } from '../ledger/statement-access';
import { type BucketReading, type Reading, readBuckets } from '../reading';
import type { ReportBucket, ReportChange, ReportData, ReportGrant } from './report-data';

/** Milliseconds: how far back a report tells changes. */
const TOLD = 30 * 24 * 3_600_000;

const owningName = (row: GrantRow, record: SubscriptionRecord | undefined): string | undefined =>
  record?.listing?.owningProject === row.owningProject ? record?.listing?.owningProjectName : undefined;

/** The outcome's sentence goes with rows of its own code: of several principals each may wait for something else. */
const sentenceOf = ({ code }: GrantRow, record: SubscriptionRecord | undefined): string | undefined => {
  if (code === undefined) return undefined;
  const outcome = record?.outcome;
  return outcome !== undefined && 'code' in outcome && outcome.code === code
    ? outcome.message
    : `see '${code}' in docs/semantics.md, or: datazone-s3 status ${record?.id ?? 'with its subscription'}`;
};

const reportGrant = (row: GrantRow, record: SubscriptionRecord | undefined): ReportGrant => ({
  ...row,
  sentence: sentenceOf(row, record),
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
export const reportChange = (entry: HistoryEntry): ReportChange => {
  const { bucket, version, at, changeId, subscriptions, residualAccess, by, reason } = entry;
  const { added, removed } = accessChange(accessesIn(entry.before), accessesIn(entry.after));
  const told = (accesses: typeof added) => accesses.map(({ principal, location }) => `${principal} on ${locationArn(location)}`);
  return {
    ...{ bucket, version, at, changeId, subscriptions, residualAccess, by, reason },
    statementsBefore: entry.before.length,
    statementsAfter: entry.after.length,
    added: told(added),
    removed: told(removed),
  };
};

/** All grants as a report has them, with names and sentences from their subscriptions. */
export const reportGrants = (buckets: readonly BucketReading[], records: readonly SubscriptionRecord[]): readonly ReportGrant[] => {
  const byId = new Map(records.map((record) => [record.id, record]));
  return grantRows(buckets, records).map((row) => reportGrant(row, byId.get(row.subscription)));
};

/** Reads a whole report from ledger and registry; an auditor's rights suffice. */
export const collectReport = async (reading: Reading, { deployment, now }: { deployment: string; now: Date }): Promise<ReportData> => {
  const [buckets, records] = await Promise.all([readBuckets(reading), reading.ledger.subscriptions()]);
  const since = new Date(now.getTime() - TOLD);
  const changes: ReportChange[] = [];
  for (const { name } of buckets)
    changes.push(...(await reading.ledger.history(name)).filter(({ at }) => Date.parse(at) >= since.getTime()).map(reportChange));
  return {
    deployment,
    generatedAt: now.toISOString(),
    changesSince: since.toISOString(),
    grants: reportGrants(buckets, records),
    buckets: buckets.map(reportBucket),
    changes: changes.sort((one, other) => (one.at < other.at ? 1 : -1)),
  };
};
