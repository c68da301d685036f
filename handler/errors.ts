import type { Refusal, WaitingCode } from './core/outcome';

/**
 * A call to AWS that failed in a way that may pass: throttled, denied, cut off, not there yet. Whatever waits for it waits with
 * this code. `message` is a sentence with what happened, the value, and what to do.
 */
export class TransientFailure extends Error {
  override readonly name = 'TransientFailure';
  constructor(
    readonly code: WaitingCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** S3 says that there is no such bucket: with it went its policy, and whatever access that gave. */
export class BucketGone extends TransientFailure {
  constructor(message: string, options?: ErrorOptions) {
    super('bucket-missing', message, options);
  }
}

/** The ledger could not be read or written: the one failure for which a message goes back to the queue. */
export class LedgerFailure extends Error {
  override readonly name = 'LedgerFailure';
}

/** The function's environment does not hold what `handler/contract/environment.ts` says it must. */
export class InvalidEnvironment extends Error {
  override readonly name = 'InvalidEnvironment';
}

/** A policy that nobody can write before its owner changes it; whoever was to be let in is refused. */
export class PolicyBlocked extends Error {
  override readonly name = 'PolicyBlocked';
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}
