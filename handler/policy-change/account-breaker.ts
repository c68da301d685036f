import { type Refusal, type Waiting, type WaitingCode, waiting } from '../core/outcome';
import type { Clock } from '../ports';

/** Keeps an account that does not answer from taking the time of those that do. */
export type AccountBreaker = {
  /** Why nothing is tried in this account now, if so. */
  readonly open: (account: string) => Waiting | undefined;
  /** Takes note of how work on a bucket went. */
  readonly note: (bucket: { readonly name: string; readonly account: string }, hindrance: Refusal | Waiting | undefined) => void;
};

/** So many buckets that failed one after the other, and the account is left alone: a single one says nothing of the account. */
const FAILURES = 3;
/** For so long; then one more is tried. An account in which something went well as lately as this answers. Milliseconds. */
const LEFT_ALONE_FOR = 60_000;
/** What may speak of the account as a whole. */
const OF_THE_ACCOUNT: readonly WaitingCode[] = ['throttled', 'unavailable', 'editor-role-unreachable'];

type Account = { readonly failures: ReadonlySet<string>; readonly failedAt: number; readonly wentWellAt: number; readonly why?: Waiting };

/** A breaker that serves all invocations of the function's environment. */
export const accountBreaker = (clock: Clock): AccountBreaker => {
  const accounts = new Map<string, Account>();
  const known = (account: string): Account => accounts.get(account) ?? { failures: new Set(), failedAt: -Infinity, wentWellAt: -Infinity };
  return {
    open: (account) => {
      const { failures, failedAt, wentWellAt, why } = known(account);
      const lately = clock.now().getTime() - LEFT_ALONE_FOR;
      if (why === undefined || failures.size < FAILURES || failedAt <= lately || wentWellAt > lately) return undefined;
      return waiting(
        why.code,
        `${failures.size} buckets of account ${account} failed one after the other, so that it is left alone for a minute: ${why.message}`,
      );
    },
    note: ({ name, account }, hindrance) => {
      const now = clock.now().getTime();
      if (hindrance === undefined) accounts.set(account, { failures: new Set(), failedAt: -Infinity, wentWellAt: now });
      else if (hindrance.kind === 'waiting' && OF_THE_ACCOUNT.includes(hindrance.code))
        accounts.set(account, { ...known(account), failures: new Set([...known(account).failures, name]), failedAt: now, why: hindrance });
    },
  };
};
