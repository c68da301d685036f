import type { Grant } from '../../../handler/core/grant/grant';
import { locationArn, parseLocation } from '../../../handler/core/grant/location';
import type { SubscriptionRecord } from '../../../handler/core/subscription/subscription-record';
import type { BucketReading } from '../reading';

/** One principal's right to one location, or a subscription that came to none. */
export interface GrantRow {
  readonly subscription: string;
  readonly state: string;
  /** Why it waits or was refused. */
  readonly code?: string | undefined;
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
});

const ofGrant = (grant: Grant, record: SubscriptionRecord | undefined): readonly GrantRow[] =>
  Object.entries(grant.principals).map(([principal, { state, code, since }]) => ({
    subscription: grant.subscriptionId,
    state,
    code,
    principal,
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
    code: 'code' in outcome ? outcome.code : undefined,
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

/** All grants, and the subscriptions that came to none, in the order of their places. */
export const grantRows = (buckets: readonly BucketReading[], records: readonly SubscriptionRecord[]): readonly GrantRow[] => {
  const byId = new Map(records.map((record) => [record.id, record]));
  const granted = buckets.flatMap(({ grants }) => grants.flatMap(({ grant }) => ofGrant(grant, byId.get(grant.subscriptionId))));
  const withGrants = new Set(buckets.flatMap(({ grants }) => grants.map(({ grant }) => grant.subscriptionId)));
  const rows = [...granted, ...records.filter(({ id }) => !withGrants.has(id)).flatMap(ofUngranted)];
  const key = ({ location = '', principal = '', subscription }: GrantRow) => `${location} ${principal} ${subscription}`;
  return rows.sort((one, other) => (key(one) < key(other) ? -1 : 1));
};
