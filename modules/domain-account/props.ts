import type { IResolvable } from 'cdktf';
import type { RegisteredBucketEntry } from '../../handler/contract';
import type { Place } from '../naming';
import type { Items } from '../policy-document';

/** Every value may be known or a Terraform reference: the construct looks into none of them. */
export interface DomainAccountProps {
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
  /** `provider` of the subscription targets that are ours. */
  readonly targetProvider: string;
  /** All registered buckets, of every account. */
  readonly buckets: Items<RegisteredBucketEntry>;
  /** Accounts whose editor role the function may take on. */
  readonly bucketAccounts: readonly string[];
  /** Accounts, beside a consumer environment's own, whose principals may be granted access. */
  readonly principalAccounts: readonly string[];
  /** Path of the bundled handler's zip as Terraform sees it, and the base64 of its SHA-256. */
  readonly handler: { readonly path: string; readonly hash: string };
  readonly function: FunctionSettings;
  /** Seconds that the queue keeps a message. */
  readonly queueRetention: number;
  /** Whether the ledger refuses to be deleted. */
  readonly deletionProtection: boolean | IResolvable;
  /** @default none, or the provider's default tags */
  readonly tags?: { [key: string]: string };
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
}
