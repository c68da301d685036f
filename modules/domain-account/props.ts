import type { IResolvable } from 'cdktf';
import type { RegisteredBucketEntry } from '../../handler/contract/registry';
import type { Choice } from '../choice';
import type { arnsOf, Names, Naming, Place } from '../naming';
import type { Items } from '../policy-document';

/** Every value may be known or a Terraform reference: the construct looks into none of them. */
export interface DomainAccountProps extends Naming {
  /** Name of the deployment. */
  readonly name: string;
  /** `observe` or `enforce`. */
  readonly mode: string;
  /** `grant` or `ignore`: subscriptions approved before this deployment first saw them. */
  readonly existingSubscriptions: string;
  /** The DataZone domain and where it lives. */
  readonly domain: Place & { readonly id: string; readonly version: string };
  /** `*`, or the domain's ARN: what the DataZone actions of the function's role are allowed on. */
  readonly dataZoneResource: string;
  /** The customer's key that encrypts the domain. @default none */
  readonly domainKey: Option<string>;
  /** `provider` of the subscription targets that are ours. */
  readonly targetProvider: string;
  /** `create` or `leave`: grants that DataZone does not keep by itself. */
  readonly missingGrants: string;
  /** Whether the function may make such grants. */
  readonly createsGrants: Choice;
  /** How many principals' accesses one reconcile may take away by itself, as text. */
  readonly removalCap: string;
  /** Days after its approval at which a subscription's grants expire, as text, or `never`. */
  readonly expiresAfter: string;
  /** All registered buckets, of every account. */
  readonly buckets: Items<RegisteredBucketEntry>;
  /** Where the bucket accounts' roles may be taken on. */
  readonly bucketAccounts: BucketAccounts;
  /** Accounts, beside a consumer environment's own, whose principals may be granted access. */
  readonly principalAccounts: readonly string[];
  /**
   * The principals that alone may write the registry and manage tables and queues: ARNs, `*` standing for any text. The role that
   * Terraform runs under is one of them.
   */
  readonly registryWriters: Option<readonly string[]>;
  readonly handler: Handler;
  readonly function: FunctionSettings;
  /** Seconds that the queue keeps a message. */
  readonly queueRetention: number;
  /** Whether the ledger refuses to be deleted. */
  readonly deletionProtection: boolean | IResolvable;
  /** Who may take on the operator role and the auditor role; nobody: no such role. */
  readonly operators: People;
  readonly auditors: People;
  readonly alarms: Option<Alarms>;
  readonly dashboard: Choice;
  readonly encryption: Encryption;
  /** ARN of a policy that bounds every role. @default none */
  readonly permissionsBoundary?: string;
  /** @default none, or the provider's default tags */
  readonly tags?: { [key: string]: string };
}

/** Something that may be given or not. `value` is only used where it is `wanted`. */
export interface Option<T> {
  readonly wanted: Choice;
  readonly value: T;
}

/** What is not there. */
export const none = <T>(value: T): Option<T> => ({ wanted: false, value });

/** The accounts one by one, or an organization that holds them all, since a list of very many does not fit a policy. */
export interface BucketAccounts {
  readonly byOrganization: Choice;
  readonly accounts: readonly string[];
  readonly organization: string;
}

/** The bundled handler: a zip on disk or in S3, and the base64 of its SHA-256. */
export interface Handler {
  readonly path?: string;
  readonly bucket?: string;
  readonly key?: string;
  readonly version?: string;
  readonly hash?: string;
}

/** Principals by ARN, `*` standing for any text, and the roots of their accounts. */
export interface People {
  readonly wanted: Choice;
  readonly principals: readonly string[];
  readonly accountRoots: readonly string[];
}

/** Where alarms go, and what is too long. */
export interface Alarms {
  readonly topicArn: string;
  /** Seconds that a grant may wait. */
  readonly longestWait: number;
}

/** A customer's key for queues, tables, log and environment, instead of keys that AWS owns. */
export interface Encryption {
  readonly wanted: Choice;
  /** Whether the key is made here. */
  readonly create: Choice;
  /** ARN of a key that exists. */
  readonly existing: Option<string>;
  /** ARN of whichever it is, where only Terraform knows. @default the key made here, or the existing one */
  readonly keyArn?: string;
}

/** How the function runs. */
export interface FunctionSettings {
  readonly runtime: string;
  /** Megabytes. */
  readonly memory: number;
  /** Seconds. */
  readonly timeout: number;
  /** Seconds that a message being worked on stays invisible: six times the timeout, as Lambda asks of a queue. */
  readonly visibilityTimeout: number;
  /** Days. */
  readonly logRetention: number;
  /** Whether X-Ray traces invocations. */
  readonly tracing: Choice;
  readonly vpc: Option<{ readonly subnets: readonly string[]; readonly securityGroups: readonly string[] }>;
  /** ARN of a code-signing configuration. @default none: any zip is taken */
  readonly codeSigningConfig?: string;
}

/** What is known before anything is created. */
export type Plan = Omit<Blueprint, 'keyArn'>;

/** What the parts of the construct share: what was asked for, and all names and ARNs. */
export interface Blueprint {
  readonly props: DomainAccountProps;
  readonly names: Names;
  readonly arns: ReturnType<typeof arnsOf>;
  /** ARN of the customer's key. @default none */
  readonly keyArn?: string;
}
