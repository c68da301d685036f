import { LEDGER_KEYS } from '../contract/ledger-keys';

/** Returns the id of the subscription whose grant lies under this sort key of a bucket's partition. */
export const subscriptionOfGrantKey = (sort: string): string => sort.slice(LEDGER_KEYS.grant.length).split('#')[0] ?? '';
