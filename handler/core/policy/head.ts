import type { Statement } from './policy-document';

/** A change of a bucket's policy that was announced in the ledger before it was made. */
export type IntendedChange = {
  readonly statements: readonly Statement[];
  /** The whole policy as read before the change; `null`: there was none. */
  readonly previousPolicy: string | null;
  /** Subscriptions whose grants the change settles. */
  readonly subscriptions: readonly string[];
  /** ISO 8601, UTC. */
  readonly at: string;
};

/**
 * The one item of a bucket that every write must pass: `attempt` changes with each announcement, so that of two writers one loses.
 * `version` counts the changes; it stays the same when an announced change is tried again, and so its history record does.
 */
export type Head = {
  readonly version: number;
  readonly attempt: string;
  /** Present while a change is announced and not yet verified: what the policy holds is then unknown. */
  readonly intended?: IntendedChange;
  /** Our statements as last written and verified: the reference for what is ours, never the policy itself. */
  readonly written: readonly Statement[];
  readonly writtenAt?: string;
  /** Bytes of the whole policy as last written. */
  readonly bytes: number;
  /** When somebody else took our statements out or changed them, of the last day. ISO 8601, UTC. */
  readonly overwrites?: readonly string[];
  /**
   * Keys of other deployments whose statements may stand in this policy by an operator's word: `beside` ours, or to `replace`, which
   * takes them out with the next write.
   */
  readonly adopted?: Readonly<Record<string, 'beside' | 'replace'>>;
  /** Since when S3 says that there is no such bucket. ISO 8601, UTC. */
  readonly goneSince?: string;
  /** An operator stopped additions and repairs. */
  readonly frozen?: boolean;
  /** Somebody keeps wiping our statements; only an operator lifts this. */
  readonly contended?: boolean;
};
