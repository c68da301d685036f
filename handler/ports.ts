import type { METRICS } from './contract/metrics';
import type { Grant } from './core/grant/grant';
import type { Outcome, WaitingCode } from './core/outcome';
import type { Head, IntendedChange } from './core/policy/head';
import type { Statement } from './core/policy/policy-document';
import type { PlanLine, ReconcileState } from './core/reconcile/reconcile-state';
import type { DeploymentState } from './core/stance';
import type { RegisteredBucket, Registry } from './core/subscription/registry';
import type {
  Environment,
  Provenance,
  SubscribedAsset,
  Subscription,
  SubscriptionStatus,
  SubscriptionTarget,
} from './core/subscription/subscription';
import type { SubscriptionRecord } from './core/subscription/subscription-record';
import type { RequestRecord } from './request-record';

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
  readonly subscriptions: (filter: SubscriptionFilter) => Promise<readonly Subscription[]>;
  /** One page of all approved subscriptions, and the token of the next. */
  readonly approvedPage: (
    token: string | undefined,
  ) => Promise<{ readonly subscriptions: readonly Subscription[]; readonly next?: string }>;
  readonly provenance: (requestId: string) => Promise<Provenance | undefined>;
  /** An S3 asset as it was at a revision, its forms in the shape of a listing's. */
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

/** A grant with the revision at which it was read; 0: not in the ledger yet. */
export type StoredGrant = { readonly grant: Grant; readonly revision: number };

export type BucketLedger = { readonly head: Head | undefined; readonly grants: readonly StoredGrant[] };

/** One verified change of a bucket's policy. */
export type HistoryRecord = {
  readonly bucket: string;
  readonly version: number;
  readonly before: readonly Statement[];
  readonly after: readonly Statement[];
  readonly previousPolicy: string | null;
  readonly changeId: string;
  readonly subscriptions: readonly string[];
  readonly drift: string;
  /** Who still gets in after this change, and by what, of those it took access from. */
  readonly residualAccess: readonly string[];
  /** ISO 8601, UTC. */
  readonly at: string;
};

/**
 * What is granted, what is due and what happened. Every method throws `LedgerFailure`. Writes are conditional on what was read and
 * answer `false` when somebody else wrote in between.
 */
export type Ledger = {
  readonly subscription: (id: string) => Promise<SubscriptionRecord | undefined>;
  /** Many records at once, consistently read; those that are there. */
  readonly subscriptions: (ids: readonly string[]) => Promise<ReadonlyMap<string, SubscriptionRecord>>;
  /** Saves a record whose `revision` is one above the stored one's. */
  readonly saveSubscription: (record: SubscriptionRecord) => Promise<boolean>;
  /** Records whose work is due by now, revocations first; at most so many of each kind. May lag behind what was saved last. */
  readonly due: (question: { readonly now: Date; readonly limit: number }) => Promise<DueWork>;
  /** Since when the longest waiting record has been waiting; `undefined`: none is. May lag behind. ISO 8601, UTC. */
  readonly waitingSince: () => Promise<string | undefined>;
  /** A bucket's head and all its grants, consistently read. */
  readonly bucket: (name: string) => Promise<BucketLedger>;
  /** Names of all buckets of which the ledger ever had a head. */
  readonly buckets: () => Promise<readonly string[]>;
  readonly saveGrant: (stored: StoredGrant) => Promise<boolean>;
  /** Puts a bucket's name down, to be found by when it is no longer registered; before its first change is made. */
  readonly putDown: (bucket: string) => Promise<void>;
  /** Announces a change: passes if `seen` is still the head's attempt. `previousPolicy` of an announcement that was never settled is kept. */
  readonly announce: (bucket: string, change: Announcement) => Promise<boolean>;
  readonly recordHistory: (record: HistoryRecord) => Promise<void>;
  /** Settles an announced change: passes if nobody has announced another since. */
  readonly settle: (
    bucket: string,
    settled: {
      readonly attempt: string;
      readonly written: readonly Statement[];
      readonly at: string;
      readonly bytes: number;
      /** When the change is to be looked at once more. */
      readonly confirmAt: string;
    },
  ) => Promise<boolean>;
  /** Takes off, or puts off, the second look at a change that is still the last: passes if nobody has announced another since. */
  readonly confirmed: (bucket: string, change: { readonly attempt: string; readonly again?: string }) => Promise<boolean>;
  /** Marks a head with what an operator, or the function, says of the bucket: passes if `seen` is still the head's attempt. */
  readonly mark: (bucket: string, change: { readonly seen: string | undefined; readonly head: Head }) => Promise<boolean>;
};

/** Records to look at again, revocations first, and buckets whose last change is to be confirmed. */
export type DueWork = { readonly records: readonly SubscriptionRecord[]; readonly changes: readonly string[] };

/** What the ledger keeps beside subscriptions and buckets. Every method throws `LedgerFailure`; writes are conditional like the ledger's. */
export type Operations = {
  readonly deployment: () => Promise<DeploymentState | undefined>;
  readonly saveDeployment: (state: DeploymentState) => Promise<boolean>;
  /** Where reconcile stands. */
  readonly reconcile: () => Promise<ReconcileState | undefined>;
  readonly saveReconcile: (state: ReconcileState) => Promise<boolean>;
  /** Subscriptions that a run has seen approved, part by part, so that a run can go on in another invocation. */
  readonly saveApproved: (part: { readonly run: string; readonly part: number; readonly ids: readonly string[] }) => Promise<void>;
  readonly approved: (run: string) => Promise<ReadonlySet<string>>;
  readonly request: (id: string) => Promise<RequestRecord | undefined>;
  readonly saveRequest: (record: RequestRecord) => Promise<boolean>;
  /** What a requested reconcile would do, or did. */
  readonly savePlan: (part: { readonly request: string; readonly part: number; readonly lines: readonly PlanLine[] }) => Promise<void>;
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

/** What a person operating this is told: counted as metrics, detailed as log lines without policy bodies, forms or reasons. */
export type Telemetry = {
  readonly outcome: (subscriptionId: string, outcome: Outcome) => void;
  readonly unusable: (reason: string) => void;
  readonly failure: (what: string, error: unknown) => void;
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
  readonly telemetry: Telemetry;
  /** A new id, unlike any other. */
  readonly newId: () => string;
};
