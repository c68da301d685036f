/** Why a grant is refused. The subscription stays refused until the next reconcile decides it again. Remedies: `docs/semantics.md`. */
export const REFUSED_CODES = [
  'bucket-not-registered',
  'prefix-not-registered',
  'project-may-not-publish',
  'location-invalid',
  'location-unsupported',
  'subscriber-unsupported',
  'principal-not-grantable',
  'principal-account-not-allowed',
  'policy-full',
  'location-changed',
  'bucket-shared',
  'foreign-dead-principal',
  'bucket-retiring',
  'limit-exceeded',
] as const;
export type RefusedCode = (typeof REFUSED_CODES)[number];

/** What a subscription waits for. Waiting work is due again by itself. */
export const WAITING_CODES = [
  'no-subscription-target',
  'principal-unknown',
  'editor-role-unreachable',
  'bucket-missing',
  'membership-missing',
  'throttled',
  'unavailable',
  'disagreement',
  'suspended-for-room',
  'observing',
  'frozen',
  'contended',
] as const;
export type WaitingCode = (typeof WAITING_CODES)[number];

export type Refusal = { readonly kind: 'refused'; readonly code: RefusedCode; readonly message: string };
export type Waiting = { readonly kind: 'waiting'; readonly code: WaitingCode; readonly message: string };

/** What became of one subscription; the same words in code, ledger, command line and docs. */
export type Outcome =
  /** `orphaned`: DataZone does not know the subscription any more; access is kept until somebody says what is to become of it. */
  | { readonly kind: 'granted' | 'revoked' | 'retained' | 'expired' | 'orphaned' | 'unchanged' }
  | { readonly kind: 'ignored'; readonly reason: string }
  | Refusal
  | Waiting;

const DONE: ReadonlySet<Outcome['kind']> = new Set(['granted', 'revoked', 'retained', 'expired', 'unchanged']);

/** Whether all was done that was to be done. */
export const isDone = ({ kind }: Outcome): boolean => DONE.has(kind);

export const refused = (code: RefusedCode, message: string): Refusal => ({ kind: 'refused', code, message });
export const waiting = (code: WaitingCode, message: string): Waiting => ({ kind: 'waiting', code, message });
