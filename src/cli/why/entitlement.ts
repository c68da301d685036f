import { entryOf, type PrincipalState } from '../../../handler/core/grant/grant';
import { contains, type Location, locationArn, locationOf, parseLocation } from '../../../handler/core/grant/location';
import type { SubscriptionRecord } from '../../../handler/core/ledger/subscription-record';
import type { RegisteredBucket } from '../../../handler/core/subscription/registry';
import type { StoredGrant } from '../../../handler/ports';

/** A subscription that gives the access, with whom it was approved by. */
export interface Entitlement {
  readonly subscription: string;
  readonly state: PrincipalState;
  readonly location: string;
  readonly since: string;
  readonly listing?: string | undefined;
  readonly approvedBy?: string | undefined;
  readonly approvedAt?: string | undefined;
  readonly decisionComment?: string | undefined;
}

/** A condition of access that is not met, and how to meet it. */
export interface Missing {
  readonly condition: 'registered' | 'active' | 'prefix' | 'subscription' | 'outcome' | 'principal' | 'state';
  readonly subscription?: string;
  readonly sentence: string;
}

export interface EntitlementQuestion {
  readonly principal: string;
  readonly partition: string;
  readonly bucket: string;
  readonly key: string;
  readonly registered: RegisteredBucket | undefined;
  readonly grants: readonly StoredGrant[];
  readonly records: readonly SubscriptionRecord[];
}

const HAS_ACCESS: ReadonlySet<PrincipalState> = new Set(['granted', 'retained', 'orphaned', 'revoking']);

const holds = (location: Location, { bucket, key }: EntitlementQuestion): boolean =>
  contains(location, { partition: location.partition, bucket, shape: 'name', path: key });

/** The subscriptions by which a principal has access to a key. */
export const entitlements = (question: EntitlementQuestion): readonly Entitlement[] => {
  const records = new Map(question.records.map((record) => [record.id, record]));
  return question.grants.flatMap(({ grant }) => {
    const entry = entryOf(grant, question.principal);
    if (entry === undefined || !HAS_ACCESS.has(entry.state) || !holds(grant.location, question)) return [];
    const record = records.get(grant.subscriptionId);
    return [
      {
        subscription: grant.subscriptionId,
        state: entry.state,
        location: locationArn(grant.location),
        since: entry.since,
        listing: record?.listing?.name,
        approvedBy: record?.provenance?.reviewedBy,
        approvedAt: record?.approvedAt,
        decisionComment: record?.provenance?.decisionComment,
      },
    ];
  });
};

/** What keeps a principal from a key, the first condition first: from the bucket's registration to the state of each subscription. */
export const missingConditions = (question: EntitlementQuestion): readonly Missing[] => {
  const { bucket, key, registered, partition } = question;
  if (registered === undefined)
    return [
      { condition: 'registered', sentence: `bucket '${bucket}' is not registered; add it to bucketAccounts in the deployment and deploy` },
    ];
  if (registered.state === 'retiring')
    return [
      {
        condition: 'active',
        sentence: `bucket '${bucket}' is retiring and takes no new grants; set it back to active, or publish elsewhere`,
      },
    ];
  const within = registered.prefixes.some(({ prefix }) => holds(locationOf({ partition, bucket, path: prefix }), question));
  if (!within)
    return [
      {
        condition: 'prefix',
        sentence: `no registered prefix of '${bucket}' holds '${key}' (${registered.prefixes.map(({ prefix }) => `'${prefix}'`).join(', ')}); register one that does`,
      },
    ];
  const candidates = question.records.filter((record) => record.assets.some((asset) => isAt(asset, question)));
  if (candidates.length === 0)
    return [
      {
        condition: 'subscription',
        sentence: `no subscription to a place that holds '${key}' was ever approved; publish it (datazone-s3 publish), and have the consumer's project subscribe`,
      },
    ];
  return candidates.map((record) => ({ subscription: record.id, ...missingOf(record, question) }));
};

/** A published name without its slash may have been granted as the folder: either holds the key below it. */
const isAt = ({ published }: SubscriptionRecord['assets'][number], question: EntitlementQuestion): boolean => {
  if (!('arn' in published)) return false;
  const location = parseLocation(published.arn, question.partition);
  return !('kind' in location) && holds(location, question);
};

const missingOf = (record: SubscriptionRecord, question: EntitlementQuestion): Omit<Missing, 'subscription'> => {
  const { id, ended, endedBy, outcome, at } = record;
  const own = question.grants.filter(({ grant }) => grant.subscriptionId === id && holds(grant.location, question));
  const entry = own.map(({ grant }) => entryOf(grant, question.principal)).find((found) => found !== undefined);
  if (ended !== undefined && ended !== 'retained') {
    const by = endedBy === undefined ? '' : ` by operator ${endedBy.by}: ${endedBy.reason}`;
    return { condition: 'outcome', sentence: `subscription '${id}' was ${ended}${by} (${at.slice(0, 19)}); subscribe again` };
  }
  const why = entry?.reason?.message ?? ('message' in outcome ? outcome.message : undefined);
  if (entry !== undefined && entry.state !== 'granted')
    return {
      condition: 'state',
      sentence: `subscription '${id}' names the principal, whose access is ${entry.state} since ${entry.since.slice(0, 19)}${entry.reason === undefined ? '' : ` (${entry.reason.code})`}${why === undefined ? '' : `: ${why}`}`,
    };
  if (outcome.kind === 'refused' || outcome.kind === 'waiting')
    return {
      condition: 'outcome',
      sentence: `subscription '${id}' ${outcome.kind === 'refused' ? 'was refused' : 'waits'} (${outcome.code}): ${outcome.message}`,
    };
  const named = [...new Set(own.flatMap(({ grant }) => grant.principals.map(({ arn }) => arn)))];
  const project = record.subscriber?.kind === 'project' ? ` of project '${record.subscriber.id}'` : '';
  return {
    condition: 'principal',
    sentence: `subscription '${id}' is granted to ${named.join(', ') || 'nobody'}; name the principal in a subscription target${project} (datazone-s3 target create)`,
  };
};
