import type { Cause } from '../core/ledger/history-record';
import type { Invocation } from '../invocation';

/** What a request is executed with. */
export type RequestContext = {
  readonly invocation: Invocation;
  readonly messageId: string;
  /** The request's id, who made it, and why. */
  readonly operator: { readonly request: string; readonly by: string; readonly reason: string };
  /** The same, for the history of buckets. */
  readonly cause: Cause;
};

/** The result of a request; `running`: a reconcile continues it, and records the result when it ends. */
export type RequestResult = { readonly state: 'done' | 'refused' | 'running'; readonly message?: string };
