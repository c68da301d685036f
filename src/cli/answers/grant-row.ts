import type { SubscriptionsReading } from '../../../handler/adapters/ledger/reader';
import { type Grant, grantKey } from '../../../handler/core/grant/grant';
import { locationArn, parseLocation } from '../../../handler/core/grant/location';
import type { SubscriptionRecord } from '../../../handler/core/ledger/subscription-record';
import type { BucketReading } from '../reading';

/** One principal's right to one location, or a subscription that came to none. */
export interface GrantRow {
  readonly subscription: string;
  readonly state: string;
  /** Why it waits or was refused: the code, and a sentence with what to do. */
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  /** Ended for good, by an operator or because it expired. */
  readonly final?: 'operator' | 'expired' | undefined;
  /** The operator who ended the subscription, and the reason given; absent where DataZone or the expiry ended it. */
  readonly endedBy?: string | undefined;
  readonly endReason?: string | undefined;
  readonly principal?: string | undefined;
  /** ARN of the location; as published where it was never granted. */
  readonly location?: string | undefined;
  readonly bucket?: string | undefined;
  readonly owningProject?: string | undefined;
  readonly consumerProject?: string | undefined;
  readonly listing?: string | undefined;
  readonly approvedBy?: string | undefined;
  readonly approvedAt?: string | undefined;
  /** ISO 8601, UTC; of the state. */
  readonly since: string;
}

const ofRecord = (record: SubscriptionRecord | undefined) => ({
  listing: record?.listing?.name,
  approvedBy: record?.provenance?.reviewedBy,
  approvedAt: record?.approvedAt,
  endedBy: record?.endedBy?.by,
  endReason: record?.endedBy?.reason,
});

const ofGrant = (grant: Grant, record: SubscriptionRecord | undefined): readonly GrantRow[] =>
  grant.principals.map(({ arn, state, reason, final, since }) => ({
    subscription: grant.subscriptionId,
    state,
    code: reason?.code,
    message: reason?.message,
    final,
    principal: arn,
    location: locationArn(grant.location),
    bucket: grant.location.bucket,
    owningProject: grant.owningProject,
    consumerProject: grant.consumerProject,
    ...ofRecord(record),
    since,
  }));

/** A subscription without any grant: refused as a whole, or waiting for a target. Ignored ones are not ours. */
const ofUngranted = (record: SubscriptionRecord): readonly GrantRow[] => {
  const { outcome, subscriber } = record;
  if (outcome.kind === 'ignored') return [];
  const common = {
    subscription: record.id,
    state: outcome.kind,
    ...('code' in outcome ? { code: outcome.code, message: outcome.message } : {}),
    consumerProject: subscriber?.kind === 'project' ? subscriber.id : undefined,
    ...ofRecord(record),
    since: record.at,
  };
  const assets = record.assets.map(({ owningProject, published }) => {
    const location = 'arn' in published ? published.arn : undefined;
    const parsed = location === undefined ? undefined : parseLocation(location, location.split(':')[1] ?? '');
    return { ...common, owningProject, location, bucket: parsed !== undefined && 'bucket' in parsed ? parsed.bucket : undefined };
  });
  return assets.length === 0 ? [common] : assets;
};

/** What the ledger has of subscriptions, beside the grants in buckets. */
type OfSubscriptions = Pick<SubscriptionsReading, 'records' | 'settledGrants'>;

/** Returns all grants of the buckets, and the settled ones. A grant that is in both places was being moved: the bucket's counts. */
export const allGrants = (buckets: readonly BucketReading[], settled: OfSubscriptions['settledGrants']): readonly Grant[] => {
  const current = buckets.flatMap(({ grants }) => grants.map(({ grant }) => grant));
  const known = new Set(current.map(grantKey));
  return [...current, ...settled.map(({ grant }) => grant).filter((grant) => !known.has(grantKey(grant)))];
};

/** Returns a row for each principal of each grant, and for each subscription that came to none, in the order of their locations. */
export const grantRows = (buckets: readonly BucketReading[], { records, settledGrants }: OfSubscriptions): readonly GrantRow[] => {
  const byId = new Map(records.map((record) => [record.id, record]));
  const grants = allGrants(buckets, settledGrants);
  const withGrants = new Set(grants.map(({ subscriptionId }) => subscriptionId));
  const rows = [
    ...grants.flatMap((grant) => ofGrant(grant, byId.get(grant.subscriptionId))),
    ...records.filter(({ id }) => !withGrants.has(id)).flatMap(ofUngranted),
  ];
  const key = ({ location = '', principal = '', subscription }: GrantRow) => `${location} ${principal} ${subscription}`;
  return rows.sort((one, other) => (key(one) < key(other) ? -1 : 1));
};

/** Returns a row for each principal of the buckets' grants, without what subscriptions add to it. */
export const bucketRows = (buckets: readonly BucketReading[]): readonly GrantRow[] =>
  grantRows(buckets, { records: [], settledGrants: [] });

/** Returns in one line why a row is as it is: its code, or the operator who ended it. */
export const whyText = ({ code, state, final, endedBy, endReason }: GrantRow): string | undefined => {
  if (code !== undefined || !ENDING.has(state)) return code;
  if (endedBy !== undefined) return `ended by operator ${endedBy}: ${endReason}`;
  return final === 'operator' ? 'ended by an operator' : undefined;
};

const ENDING: ReadonlySet<string> = new Set(['revoking', 'revoked', 'expired']);
