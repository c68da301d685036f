/** The function's environment, all strings, as the domain-account construct sets it and `handler/settings.ts` reads it. */
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
