/**
 * Limits on what one subscription may bring into the ledger. DynamoDB's items hold 400 KB
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html); with these limits a subscription's items stay
 * below that. What exceeds a limit is refused with `limit-exceeded`.
 */

/** Subscription targets of one consumer project that belong to this deployment. */
export const MOST_TARGETS = 100;
/** Principals that one subscription grants access at one location. A subscription target names at most 20 in DataZone's console. */
export const MOST_PRINCIPALS = 200;
/** Refused principals that a grant names; the others are counted in the last one's reason. */
export const MOST_REFUSED = 10;
/** Principals whose access ended that a grant still names, the newest ones; an operator's revocations are never dropped. */
export const MOST_SETTLED = 50;
/** Statuses that a record keeps of what was reported to DataZone. */
export const MOST_REPORTED = 200;
/** Status reports to DataZone for one subscription in one invocation; the rest follows in the next one. */
export const MOST_REPORTS = 100;
/** Characters of a reason that is stored with a principal. */
export const LONGEST_REASON = 300;
/** Characters of a message that is stored with a subscription, a request or a failure. */
export const LONGEST_MESSAGE = 2_000;
