/**
 * The names that the function and the infrastructure must spell alike. It imports nothing, so that a construct which writes
 * `{ … } satisfies HandlerEnv` fails to compile when a name changes here, instead of failing in production.
 */

/** The function's environment, all strings, as the domain-account construct sets it and `handler/env.ts` reads it. */
export type HandlerEnv = {
  /** Name of the deployment, `[a-z][a-z0-9-]{1,19}`: the key in the Sid of every statement we write. */
  readonly DEPLOYMENT: string;
  /** `observe` (decide and record, write no policy) or `enforce`. */
  readonly MODE: string;
  /** `grant` or `ignore`: what becomes of subscriptions approved before this deployment first saw them. */
  readonly EXISTING_SUBSCRIPTIONS: string;
  /** Id of the DataZone domain, `dzd_…` or `dzd-…`. */
  readonly DOMAIN_ID: string;
  /** `v1`, or `v2` (SageMaker Unified Studio); decides what an AccessDenied is explained with. */
  readonly DOMAIN_VERSION: string;
  /** ARN of the one queue whose records count; its partition, Region and account are the domain's. */
  readonly QUEUE_ARN: string;
  /** Name of the DynamoDB table that Terraform fills with the registered buckets. */
  readonly REGISTRY_TABLE: string;
  /** Name of the DynamoDB table in which the function remembers what it granted. */
  readonly LEDGER_TABLE: string;
  /** Path and name of the editor role in every bucket account, without a leading slash: `acme-policy-editor`. */
  readonly EDITOR_ROLE: string;
  /** `provider` of the subscription targets that are ours; never DataZone's own. */
  readonly TARGET_PROVIDER: string;
  /** `create` or `leave`: what becomes of a verified access for which DataZone keeps no grant of its own. */
  readonly MISSING_GRANTS: string;
  /** Unique id of the operator role, `AROA…`, with which the `SenderId` of its messages begins; empty where there is no such role. */
  readonly OPERATOR_ROLE_ID: string;
  /** How many principals' accesses one reconcile may take away by itself, 1 to 10,000; more wait for an operator. */
  readonly REMOVAL_CAP: string;
  /** Days after its approval at which a subscription's grants expire, 1 to 3,650, or `never`. */
  readonly EXPIRES_AFTER: string;
};

/** `source` of the events on the domain account's default bus. */
export const EVENT_SOURCE = 'aws.datazone';

/** Subscription events that the handler acts on. `Created` fires on approval. Source: facts on DataZone's events in `docs/semantics.md`. */
export const SUBSCRIPTION_EVENTS = ['Subscription Created', 'Subscription Cancelled', 'Subscription Revoked'] as const;

/** Grant events that the handler acts on: one per asset and subscription target. */
export const GRANT_EVENTS = ['Subscription Grant Requested', 'Subscription Grant Revoke Requested'] as const;

/** Every detail type that the rule lets through. */
export const DETAIL_TYPES = [...SUBSCRIPTION_EVENTS, ...GRANT_EVENTS] as const;

/** DataZone's type of an unmanaged S3 asset, as listings, events and subscription targets spell it; CreateAsset and GetAsset put a namespace before it. */
export const ASSET_TYPE = 'S3ObjectCollectionAssetType';
export const ASSET_TYPE_NAMESPACE = 'amazon.datazone.';

/** The form of such an asset; its content holds `bucketArn`. */
export const ASSET_FORM = 'S3ObjectCollectionForm';
export const ASSET_FORM_TYPE = 'amazon.datazone.S3ObjectCollectionFormType';

/** Provider of subscription targets that DataZone fulfils itself: never one of ours, or access is granted twice. */
export const DATAZONE_PROVIDER = 'Amazon DataZone';

/** The session tag that the editor role's permissions compare with a bucket's owning projects. */
export const OWNING_PROJECT_TAG = 'OwningProject';
/** Its value for a session that only removes, restores or reads. */
export const NO_PROJECT = '-';
/** In a prefix's `owningProjects`: any project may publish it. */
export const ANY_PROJECT = '*';

/** The registry is one item: the key, and the attribute that holds a `RegistryDocument` as JSON text. */
export const REGISTRY = { keyName: 'id', key: 'registry', document: 'document' } as const;

/** What Terraform writes into the registry. Quota: a DynamoDB item holds 400 KB. */
export type RegistryDocument = {
  readonly format: 1;
  readonly buckets: readonly RegisteredBucketEntry[];
  /** Accounts, beside a consumer environment's own, whose roles and users may be granted access. */
  readonly principalAccounts: readonly string[];
};

export type RegisteredBucketEntry = {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** `retiring`: no new grants; live ones are revoked. */
  readonly state: 'active' | 'retiring';
  readonly prefixes: readonly { readonly prefix: string; readonly owningProjects: readonly string[] }[];
};

/**
 * Keys of the ledger table. `pk`/`sk` are the table's key, strings; the index `due` (partition `dueKind`, string; sort `dueAt`,
 * ISO 8601 in UTC, string; all attributes projected) is sparse: only items that must be looked at again carry its keys.
 */
export const LEDGER = {
  partitionKey: 'pk',
  sortKey: 'sk',
  dueIndex: 'due',
  dueKind: 'dueKind',
  dueAt: 'dueAt',
} as const;

/** CloudWatch namespace of the function's metrics; their one dimension is `service`, the deployment's name. */
export const METRIC_NAMESPACE = 'DataZoneS3Fulfillment';

/**
 * Metrics that alarms watch, beside those that count outcomes. The sweep prints all but the last every minute, zeros too, so that an
 * alarm recovers; `reconciled` counts each reconcile that came to its end.
 */
export const METRICS = {
  /** Seconds that the oldest waiting grant has been waiting; 0 where none waits. */
  oldestWaiting: 'oldest-waiting',
  /** Buckets whose policy somebody else keeps overwriting. */
  contended: 'contended',
  /** Live grants on buckets that are no longer registered. */
  stranded: 'stranded',
  /** Percent of S3's 20,480 bytes that the longest bucket policy takes. */
  fullestPolicy: 'fullest-policy',
  /** Live grants whose subscription DataZone does not know any more. */
  orphaned: 'orphaned-grants',
  /** Accesses that the last reconcile was to take away, and held back because it may not take away so many. */
  heldBack: 'held-back',
  /** Buckets on which another deployment of this product has statements. */
  shared: 'shared',
  /** Seconds since a reconcile last came to its end. */
  reconcileAge: 'reconcile-age',
  reconciled: 'reconciled',
} as const;

/** The metrics' one dimension; its value is the deployment's name. */
export const METRIC_DIMENSION = 'service';

/** Every message goes through this one FIFO group, so that there is one writer. */
export const MESSAGE_GROUP = 'fulfillment';

/**
 * What the scheduler sends. `at` is the time for which it was scheduled, ISO 8601 in UTC; it also keeps one message from looking like
 * the one before it, which content-based deduplication would swallow.
 */
export type ScheduledMessage = { readonly kind: 'sweep' | 'reconcile'; readonly at: string };

/** `source` and detail type of the event by which an operator proves that bus, queue and function are connected; nothing is decided on it. */
export const DELIVERY_TEST = { source: 'datazone-s3-fulfillment', detailType: 'Delivery Test' } as const;

/**
 * What an operator may ask for. `id` is new for each request, `[a-zA-Z0-9-]{8,64}`: a request is carried out once, however often its
 * message comes. `at` is when it was made, ISO 8601 in UTC: one that is older than a quarter of an hour is refused. `reason` is kept
 * with it. Who asks is what SQS says of the sender, never what the message says. A request with a member that is not named here is none.
 */
export type OperatorRequest = {
  readonly kind: 'request';
  readonly id: string;
  readonly at: string;
  readonly reason: string;
} & OperatorCommand;

export type OperatorCommand =
  /** Compares DataZone, ledger and policies. `dryRun` only tells what would be done; `removals` lifts the cap of one run to so many. */
  | { readonly command: 'reconcile'; readonly dryRun: boolean; readonly removals?: number }
  /** Ends a subscription here, whatever DataZone says of it; for good. */
  | { readonly command: 'revoke'; readonly subscription: string }
  /** Takes a principal out of all grants on a bucket; for good, as far as these subscriptions go. */
  | { readonly command: 'revoke-principal'; readonly principal: string; readonly bucket: string }
  /** Stops additions and repairs on a bucket, or on all; removals go on. */
  | { readonly command: 'freeze'; readonly bucket?: string }
  /** Lifts a stop, an operator's or `contended`. */
  | { readonly command: 'unfreeze'; readonly bucket?: string }
  /** Writes our statements of a bucket once more as the ledger has them, frozen or contended though it be. */
  | { readonly command: 'restore'; readonly bucket: string }
  /** Lets a bucket be written that carries statements of another deployment, by the key that `bucket-shared` names; `remove` takes those out. */
  | { readonly command: 'hand-over'; readonly bucket: string; readonly from: string; readonly remove: boolean }
  /** Revokes every grant and lets nobody in any more. */
  | { readonly command: 'uninstall' };

/** Partitions and sort keys of the ledger's items; see the ledger in `docs/semantics.md`. */
export const LEDGER_KEYS = {
  /** `subscription#<id>` / `state`. */
  subscription: (id: string) => `subscription#${id}`,
  subscriptionState: 'state',
  /** `bucket#<name>` / `head`, `grant#<subscription>#<location>`, `history#<version>`. */
  bucket: (name: string) => `bucket#${name}`,
  head: 'head',
  grant: 'grant#',
  /** Versions are padded, so that a bucket's history reads in the order in which it happened. */
  history: (version: number) => `history#${String(version).padStart(12, '0')}`,
  /** `buckets` / `<name>`: every bucket that ever had statements of ours. */
  buckets: 'buckets',
  /** `reconcile` / `cursor`: where the current run stands, and what the last one found; `approved#<n>`: subscriptions it has seen. */
  reconcile: 'reconcile',
  cursor: 'cursor',
  approved: (part: number) => `approved#${String(part).padStart(6, '0')}`,
  /** `deployment` / `state`: since when it runs, and what an operator stopped. */
  deployment: 'deployment',
  deploymentState: 'state',
  /** `request#<id>` / `request`, and `plan#<n>` with what its reconcile would do or did. */
  request: (id: string) => `request#${id}`,
  requestState: 'request',
  plan: (part: number) => `plan#${String(part).padStart(6, '0')}`,
  /** `delivery-test` / `last`: the last test event that arrived. */
  deliveryTest: 'delivery-test',
  lastDeliveryTest: 'last',
} as const;
