import type { Grant } from '../core/grant/grant';
import type { Refusal, Waiting } from '../core/outcome';
import type { Head } from '../core/policy/head';
import type { SidNamespace } from '../core/policy/sid-namespace';
import type { RegisteredBucket } from '../core/subscription/registry';
import type { BucketLedger, PolicyAccess, Ports, StoredGrant } from '../ports';
import type { AccountBreaker } from './account-breaker';

/** What a batch has to do in one bucket. */
export type BucketWork = {
  readonly bucket: RegisteredBucket;
  /** The bucket's ledger as the batch was planned from it. */
  readonly ledger: BucketLedger;
  /** Grants that the batch looks at, as they are to be. */
  readonly planned: readonly Grant[];
  /** Keys of the grants whose waiting principals are to be let in now. */
  readonly candidates: ReadonlySet<string>;
  readonly subscriptions: readonly string[];
  /** Resolves when the subscriptions' records are in the ledger: nothing is touched before. */
  readonly recorded: Promise<unknown>;
  /** Called when a policy that was written is proven; what remains is to take it down. */
  readonly proven: () => void;
};

export type BucketRules = {
  readonly namespace: SidNamespace;
  /** Everything up to the write, and no write. */
  readonly observe: boolean;
  /** An operator stopped additions and repairs on all buckets. */
  readonly frozen: boolean;
  /** An operator asked for a bucket's statements to be written as they should be, held though it be. */
  readonly restore: boolean;
  /** Which accounts are left alone for a while, because they did not answer. */
  readonly breaker: AccountBreaker;
  /** No change is begun any more. */
  readonly timeIsUp: () => boolean;
};

/** What still lets a principal in whose access a grant gave and gives no more. */
export type ResidualAccess = { readonly grant: string; readonly sentence: string };

export type BucketResult = {
  /** The bucket's grants as they stand now. */
  readonly grants: readonly Grant[];
  /** Why some of the work is not done, if so. */
  readonly hindrance?: Refusal | Waiting;
  /** What still lets revoked principals of the batch's subscriptions in. */
  readonly residualAccess: readonly ResidualAccess[];
};

/** Where the work stands between its passes. */
export type Progress = {
  readonly stored: Map<string, StoredGrant>;
  /** Resolves when the planned grants are in the ledger. */
  readonly saved: Promise<unknown>;
  residualAccess: readonly ResidualAccess[];
  head: Head | undefined;
};

/** One pass: the policy as one owning project's session may change it. */
export type PolicyChange = {
  readonly access: PolicyAccess;
  readonly candidates: ReadonlySet<string>;
  readonly work: BucketWork;
  readonly progress: Progress;
  readonly ports: Ports;
  readonly rules: BucketRules;
};
