import type { METRICS } from './contract/metrics';
import type { Grant } from './core/grant/grant';
import type { Head, IntendedChange } from './core/ledger/bucket-state';
import type { DeploymentState } from './core/ledger/deployment-state';
import type { HistoryRecord } from './core/ledger/history-record';
import type { PlanLine, ReconcileState } from './core/ledger/reconcile-state';
import type { RequestRecord } from './core/ledger/request-record';
import type { Due, SubscriptionRecord } from './core/ledger/subscription-record';
import type { FailedUnit, UnitFailure } from './core/ledger/unit-failure';
import type { Outcome, WaitingCode } from './core/outcome';
import type { Statement } from './core/policy/policy-document';
import type { RegisteredBucket, Registry } from './core/subscription/registry';
import type {
  Environment,
  Provenance,
  SubscribedAsset,
  Subscription,
  SubscriptionStatus,
  SubscriptionTarget,
} from './core/subscription/subscription';
import type { ItemKey, UnreadableItem } from './errors';

/**
 * What the use case needs of the world. Unless a method says otherwise, it throws `TransientFailure` when AWS does not answer, or
 * answers with anything but what is described; `undefined` always means that AWS said: there is no such thing.
 */
export type Clock = {
  readonly now: () => Date;
  /** Resolves after so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
};

/** DataZone, in its own words. Lists are whole: all pages, or a failure. */
export type Catalogue = {
  readonly subscription: (id: string) => Promise<Subscription | undefined>;
  readonly subscriptions: (filter: SubscriptionFilter) => Promise<SubscriptionList>;
  /** One page of all approved subscriptions, and the token of the next. */
  readonly approvedPage: (token: string | undefined) => Promise<SubscriptionList & { readonly next?: string }>;
  readonly provenance: (requestId: string) => Promise<Provenance | undefined>;
  /** An S3 asset as it was at a revision. */
  readonly asset: (asset: { readonly id: string; readonly revision?: string }) => Promise<SubscribedAsset | undefined>;
  /** A listing's asset at a revision, for subscriptions that come without forms. */
  readonly listedAsset: (listing: { readonly id: string; readonly revision?: string }) => Promise<SubscribedAsset | undefined>;
  readonly environments: (projectId: string) => Promise<readonly Environment[]>;
  /** `undefined`: there is no such environment any more, though a list may still show it. */
  readonly subscriptionTargets: (environmentId: string) => Promise<readonly SubscriptionTarget[] | undefined>;
  /** `false` only where DataZone says that it does not know the target, or its environment. */
  readonly hasTarget: (target: { readonly environmentId: string; readonly targetId: string }) => Promise<boolean>;
  readonly grant: (id: string) => Promise<CatalogueGrant | undefined>;
  readonly grants: (filter: { readonly listingId: string; readonly environmentId: string }) => Promise<readonly CatalogueGrant[]>;
  /** Has DataZone keep a grant of a listing for a target; `undefined`: it keeps one already. */
  readonly createGrant: (grant: MissingGrant) => Promise<CatalogueGrant | undefined>;
  readonly reportStatus: (report: StatusReport) => Promise<void>;
};

/** Subscriptions of a list, and those that could not be read: one of them never fails the others. */
export type SubscriptionList = { readonly subscriptions: readonly Subscription[]; readonly skipped: readonly SkippedSubscription[] };

/** `id`: if at least that could be read. */
export type SkippedSubscription = { readonly id?: string; readonly reason: string };

export type SubscriptionFilter = {
  readonly status: SubscriptionStatus;
  readonly requestId?: string;
  readonly listingId?: string;
  readonly projectId?: string;
};

/** DataZone's own record of a grant: one per listing and subscription target. */
export type CatalogueGrant = {
  readonly id: string;
  readonly environmentId?: string;
  readonly targetId: string;
  readonly listingId?: string;
  readonly assets: readonly { readonly assetId: string; readonly status: string }[];
};

export type MissingGrant = {
  readonly environmentId: string;
  readonly targetId: string;
  readonly listing: { readonly id: string; readonly revision: string };
};

export type ReportedStatus = 'GRANTED' | 'REVOKED' | 'GRANT_FAILED';

export type StatusReport = {
  readonly grantId: string;
  readonly assetId: string;
  readonly status: ReportedStatus;
  readonly message?: string;
};

/** A bucket's policy as one owning project's session sees it; `-` for sessions that only remove, restore or read. */
export type PolicyAccess = { readonly bucket: RegisteredBucket; readonly owningProject: string };

export type PolicyWrite =
  /** `session`: name of the editor session, beside the write in CloudTrail. */
  | { readonly kind: 'written'; readonly session: string }
  /** S3 knows a principal of the policy not, or no more; `named` if its answer says which. */
  | { readonly kind: 'invalid-principal'; readonly named?: string }
  /** Another change of the policy was under way, and this one was not made. */
  | { readonly kind: 'conflict' }
  | { readonly kind: 'rejected'; readonly code: WaitingCode | 'policy-full'; readonly message: string };

export type BucketPolicies = {
  /** Gets the session ready, so that the first read does not wait for it. Never throws. */
  readonly prepare: (access: PolicyAccess) => Promise<void>;
  /** The policy's text; `undefined`: S3 said that there is none, and nothing else means that. */
  readonly read: (access: PolicyAccess) => Promise<string | undefined>;
  /** Writes once. A failure that is thrown leaves open whether the write landed. */
  readonly write: (access: PolicyAccess, policy: string) => Promise<PolicyWrite>;
  readonly remove: (access: PolicyAccess) => Promise<PolicyWrite>;
};

/** The registered buckets, at most a minute old. */
export type RegistryReader = { readonly read: () => Promise<Registry> };

/** A grant with the revision at which it was read; 0: not stored in its bucket's partition yet. */
export type StoredGrant = { readonly grant: Grant; readonly revision: number };

/** A bucket's state and its grants that are not settled, with the items of grants that this version cannot read. */
export type BucketLedger = {
  readonly head: Head | undefined;
  readonly grants: readonly StoredGrant[];
  readonly unreadable: readonly UnreadableItem[];
};

/** What the ledger holds of one subscription: its record, and its settled grants. */
export type SubscriptionLedger = { readonly record: SubscriptionRecord | undefined; readonly settledGrants: readonly Grant[] };

/** Kinds of scheduled work: on subscriptions, on buckets whose last change is to be confirmed, and on units that failed. */
export type DueKind = Due['kind'] | 'confirm' | 'failure';

/** A page of scheduled work of one kind. */
export type DuePage = {
  readonly records: readonly SubscriptionRecord[];
  readonly buckets: readonly string[];
  readonly failures: readonly UnitFailure[];
  /** Items that this version cannot read. */
  readonly unreadable: readonly UnreadableItem[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: unknown;
};

/**
 * What is granted, what is scheduled and what happened. Every method throws `LedgerUnavailable` when the table does not answer, and
 * `UnreadableItem` when the one item it reads cannot be read; lists hold such items beside the others. Writes throw `ItemTooLarge`,
 * are conditional on what was read, and return `false` when another writer was faster.
 */
export type Ledger = {
  readonly subscription: (id: string) => Promise<SubscriptionLedger>;
  /** Reads many records at once, consistently; those that exist, without settled grants. */
  readonly subscriptions: (ids: readonly string[]) => Promise<{
    readonly records: ReadonlyMap<string, SubscriptionRecord>;
    readonly unreadable: ReadonlyMap<string, UnreadableItem>;
  }>;
  /** Saves a record whose `revision` is one above the stored one's. */
  readonly saveSubscription: (record: SubscriptionRecord) => Promise<boolean>;
  /** Every kind of scheduled work, in the order in which it is done. */
  readonly dueKinds: readonly DueKind[];
  /** Reads a page of work that is due by `until`, the earliest first. May lag behind the last writes. */
  readonly due: (kind: DueKind, page: { readonly until: Date; readonly limit: number; readonly after?: unknown }) => Promise<DuePage>;
  /** Since when the longest waiting subscription has been waiting; `undefined`: none is. May lag behind. ISO 8601, UTC. */
  readonly oldestWaiting: () => Promise<string | undefined>;
  /** Reads a bucket's state and its grants that are not settled, consistently. */
  readonly bucket: (name: string) => Promise<BucketLedger>;
  /** Names of all buckets that ever had a state. */
  readonly buckets: () => Promise<readonly string[]>;
  readonly saveGrant: (stored: StoredGrant) => Promise<boolean>;
  /** Moves a settled grant from its bucket's partition to its subscription's, unless another writer changed it. */
  readonly archiveGrant: (stored: StoredGrant) => Promise<void>;
  /** Records a bucket's name, so that it is found when it is no longer registered; before its first change. */
  readonly recordBucketName: (bucket: string) => Promise<void>;
  /** Announces a change: passes if `seen` is still the bucket's attempt. */
  readonly announce: (bucket: string, change: Announcement) => Promise<boolean>;
  readonly recordHistory: (record: HistoryRecord) => Promise<void>;
  /** Settles an announced change: passes if no other was announced since. */
  readonly settle: (
    bucket: string,
    settled: {
      readonly attempt: string;
      readonly written: readonly Statement[];
      readonly at: string;
      readonly bytes: number;
      /** When the change is read once more. */
      readonly confirmAt: string;
    },
  ) => Promise<boolean>;
  /** Removes or postpones the second reading of a change that is still the last: passes if no other was announced since. */
  readonly confirmed: (bucket: string, change: { readonly attempt: string; readonly again?: string }) => Promise<boolean>;
  /** Marks a bucket as frozen, contended or gone: passes if `seen` is still the bucket's attempt. */
  readonly mark: (bucket: string, change: { readonly seen: string | undefined; readonly head: Head }) => Promise<boolean>;
  /** Reads the failed units, at most `limit`. */
  readonly failures: (
    limit: number,
  ) => Promise<{ readonly values: readonly UnitFailure[]; readonly unreadable: readonly UnreadableItem[] }>;
  readonly failure: (unit: FailedUnit) => Promise<UnitFailure | undefined>;
  readonly recordFailure: (failure: UnitFailure) => Promise<void>;
  readonly clearFailure: (unit: FailedUnit) => Promise<void>;
  /** Removes an item from the schedule; its content stays. */
  readonly unschedule: (item: ItemKey) => Promise<void>;
};

/** What the ledger stores beside subscriptions and buckets. Errors and conditions are those of the ledger. */
export type Operations = {
  readonly deployment: () => Promise<DeploymentState | undefined>;
  readonly saveDeployment: (state: DeploymentState) => Promise<boolean>;
  /** Where reconcile stands. */
  readonly reconcile: () => Promise<ReconcileState | undefined>;
  readonly saveReconcile: (state: ReconcileState) => Promise<boolean>;
  /** Saves subscriptions that a run has seen approved, in parts that fit an item, so that the run can continue in another invocation; returns the next part. */
  readonly saveApproved: (part: { readonly run: string; readonly part: number; readonly ids: readonly string[] }) => Promise<number>;
  readonly approved: (run: string) => Promise<ReadonlySet<string>>;
  readonly request: (id: string) => Promise<RequestRecord | undefined>;
  readonly saveRequest: (record: RequestRecord) => Promise<boolean>;
  /** Saves what a requested reconcile would do, or did, in parts that fit an item; returns the next part. */
  readonly savePlan: (part: { readonly request: string; readonly part: number; readonly lines: readonly PlanLine[] }) => Promise<number>;
  readonly recordDeliveryTest: (test: { readonly id: string; readonly at: string }) => Promise<void>;
};

export type Announcement = {
  readonly seen: string | undefined;
  readonly attempt: string;
  readonly version: number;
  readonly intended: IntendedChange;
  /** The head's `overwrites` from now on. */
  readonly overwrites: readonly string[];
};

/** The messages of the function's queue. */
export type QueueMessages = {
  /** Whether SQS has handed out a message of the queue under this receipt handle and nobody has deleted it since. */
  readonly isInFlight: (receiptHandle: string) => Promise<boolean>;
};

/** What a person operating this is told: counted as metrics, detailed as log lines without policy bodies, forms or reasons. */
export type Telemetry = {
  readonly outcome: (subscriptionId: string, outcome: Outcome) => void;
  readonly unusable: (reason: string) => void;
  readonly failure: (what: string, error: unknown) => void;
  /** The work on one unit failed unexpectedly; it was recorded and is scheduled again. */
  readonly unitFailure: (failure: UnitFailure, error: unknown) => void;
  readonly drift: (bucket: string, kind: string) => void;
  readonly residualAccess: (bucket: string, count: number) => void;
  /** A principal gained, or lost, what was approved, or revoked, so many seconds ago. */
  readonly latency: (kind: 'grant' | 'revoke', seconds: number) => void;
  /** Gauges, zeros too, so that an alarm recovers. */
  readonly gauges: (gauges: Readonly<Partial<Record<Gauge, number>>>) => void;
  /** A reconcile came to its end. */
  readonly reconciled: (report: Readonly<Record<string, number>>) => void;
  /** An operator's request was carried out, or refused. */
  readonly request: (request: { readonly id: string; readonly command: string; readonly by: string; readonly state: string }) => void;
};

/** What is measured, not counted; `handler/contract/metrics.ts` names the metrics. */
export type Gauge = Exclude<keyof typeof METRICS, 'reconciled'>;

export type Ports = {
  readonly clock: Clock;
  readonly catalogue: Catalogue;
  readonly policies: BucketPolicies;
  readonly registry: RegistryReader;
  readonly ledger: Ledger;
  readonly operations: Operations;
  readonly messages: QueueMessages;
  readonly telemetry: Telemetry;
  /** A new id, unlike any other. */
  readonly newId: () => string;
};
