import type { WaitingCode } from '../../../handler/core/outcome';
import type { Fields } from '../../../local-aws/call';
import type { Journey } from './journey';

/**
 * What befalls a call. An error is written as its code and HTTP status. `no answer`: the client gives up, and the call takes effect
 * after all; `dropped after`, `cut off` and `garbled`: it took effect, and its answer did not arrive, or not whole.
 */
export type Trouble = `${string} ${number}` | 'dropped before' | 'dropped after' | 'cut off' | 'garbled' | 'no answer';

/**
 * What the function makes of it. `done`: as if nothing had been; `unreported`: all but DataZone's status; `returned`: nothing could be
 * recorded, and the message returns to the queue; `subscription failed`, `bucket failed`: recorded as a failure of the one or the other,
 * and scheduled again.
 */
export type Expected = 'done' | 'unreported' | 'returned' | 'subscription failed' | 'bucket failed' | `waiting ${WaitingCode}`;

export type Flow = 'grant' | 'revocation';

export type FailingCall = {
  readonly name: string;
  readonly operation: string;
  /** Which calls of the operation are meant, if not all. */
  readonly only?: (params: Fields) => boolean;
  readonly journey: Journey;
  readonly flows: readonly Flow[];
  /** The call is made by a function that knows nothing yet. */
  readonly cold?: true;
  /** What was done by the time of the call: `nothing` that anyone could see; or the policy is written already. */
  readonly comes: 'before the write' | 'with the write' | 'after the write';
  /** Our statements are the policy's only ones. */
  readonly alone?: true;
  readonly errors: Errors;
  /** Those of a revocation, if fewer: where the code of an error makes no difference, a grant shows it for both. */
  readonly revocation?: Errors;
};

export type Errors = Readonly<Partial<Record<Trouble, Expected>>>;

/** Both flows meet it. */
export const BOTH: readonly Flow[] = ['grant', 'revocation'];
/** Whatever becomes of the connection. */
export const connection = <Outcome extends Expected>(outcome: Outcome) => ({
  'dropped before': outcome,
  'dropped after': outcome,
  'no answer': outcome,
});
/** An answer that came, and not whole. */
export const answer = <Outcome extends Expected>(outcome: Outcome) => ({ 'cut off': outcome, garbled: outcome });
