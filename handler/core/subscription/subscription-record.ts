import type { Outcome, Refusal } from '../outcome';
import type { Provenance, Subscriber, SubscriptionStatus } from './subscription';

/** An asset of a subscription as first resolved: where its producer had published it when the subscription was approved. */
export type FrozenAsset = {
  readonly assetId: string;
  readonly owningProject: string;
  readonly published: { readonly arn: string } | { readonly refusal: Refusal };
};

/** By what a subscription is found again. Ids only: whatever else a message said is not kept. */
export type SubscriptionLookup = {
  readonly subscriptionId?: string;
  readonly requestId?: string;
  readonly listingId?: string;
  readonly projectId?: string;
  /** A message that named a grant only. */
  readonly grantId?: string;
};

/** Kinds of due work, in the order in which they are looked at: taking away comes first. */
export const DUE_KINDS = ['revoke', 'grant', 'report', 'look'] as const;

/** Work that is due again. */
export type Due = {
  readonly kind: (typeof DUE_KINDS)[number];
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly attempts: number;
};

/** How a subscription ended for good. */
export type Ending = 'revoked' | 'retained' | 'expired';

/** What was decided of one subscription, as the ledger keeps it. */
export type SubscriptionRecord = {
  readonly id: string;
  readonly revision: number;
  readonly status?: SubscriptionStatus;
  readonly outcome: Outcome;
  /** Ended for good: no later reading brings the subscription back. */
  readonly ended?: Ending;
  /** The operator's request that ended it, where DataZone did not. */
  readonly endedBy?: { readonly request: string; readonly by: string; readonly reason: string };
  /** Access was given for it, now or once. */
  readonly served?: boolean;
  /** Since when DataZone says that it knows no such subscription. ISO 8601, UTC. */
  readonly missingSince?: string;
  /** Since when it has been waiting without a break. ISO 8601, UTC. */
  readonly waitingSince?: string;
  /** Subscription targets of its grants that DataZone no longer knows, as `environment/target`, and since when. ISO 8601, UTC. */
  readonly missingTargets?: Readonly<Record<string, string>>;
  /** Not all of its buckets are settled; set before anything is touched, so that a crash anywhere is finished by the next look. */
  readonly pending: boolean;
  readonly listing?: {
    readonly id: string;
    readonly revision?: string;
    readonly name: string;
    readonly owningProject: string;
    readonly owningProjectName?: string;
  };
  readonly subscriber?: Subscriber;
  readonly createdBy?: string;
  readonly approvedAt?: string;
  readonly provenance?: Provenance;
  readonly assets: readonly FrozenAsset[];
  /** Buckets in which it has grants, live or not. */
  readonly buckets: readonly string[];
  /** Status last reported to DataZone, by grant and asset. */
  readonly reported: Readonly<Record<string, string>>;
  readonly due?: Due;
  /** When an event first said that it ended while DataZone showed it approved. ISO 8601, UTC. */
  readonly endingSaidAt?: string;
  readonly lookup: SubscriptionLookup;
  /** ISO 8601, UTC; of this record's last change. */
  readonly at: string;
};
