import type { Refusal, WaitingCode } from './core/outcome';

/**
 * An AWS call that failed in a way that may pass: throttled, denied, cut off, not there yet. What depends on it waits with this code.
 * `message` is a sentence with what happened, the value, and what to do.
 */
export class TransientFailure extends Error {
  override readonly name: string = 'TransientFailure';
  constructor(
    readonly code: WaitingCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** S3 reports that there is no such bucket. Its policy, and all access by it, is gone with the bucket. */
export class BucketGone extends TransientFailure {
  constructor(message: string, options?: ErrorOptions) {
    super('bucket-missing', message, options);
  }
}

/** A policy that cannot be written before the bucket's owner changes it; the candidates of the change are refused. */
export class PolicyBlocked extends Error {
  override readonly name = 'PolicyBlocked';
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

/** The ledger's table does not answer, so that nothing can be recorded: the only failure for which a message returns to the queue. */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable';
}

/** The keys of an item of the ledger's table. */
export type ItemKey = { readonly partition: string; readonly sort: string };

/** A stored item that this version cannot read. It concerns the item's subscription or bucket alone, and is never overwritten. */
export class UnreadableItem extends Error {
  override readonly name = 'UnreadableItem';
  constructor(
    readonly item: ItemKey,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Another writer changed an item since it was read: what was planned from it no longer holds, and the unit is read again. */
export class WriteConflict extends Error {
  override readonly name = 'WriteConflict';
}

/** An item that DynamoDB would refuse for its size. Nothing was written. */
export class ItemTooLarge extends Error {
  override readonly name = 'ItemTooLarge';
  constructor(
    readonly bytes: number,
    message: string,
  ) {
    super(message);
  }
}

/** The function's environment does not hold what `handler/contract/environment.ts` demands. */
export class InvalidEnvironment extends Error {
  override readonly name = 'InvalidEnvironment';
}
