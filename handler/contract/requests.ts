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
  /** Revokes every grant and stops granting. */
  | { readonly command: 'uninstall' };
