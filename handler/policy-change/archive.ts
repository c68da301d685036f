import { grantKey, isSettled } from '../core/grant/grant';
import { every } from '../every';
import type { Ports, StoredGrant } from '../ports';

/** Grants that one call moves at most; the others follow with the bucket's next change or reconcile. */
const MOST = 50;

/**
 * Moves settled grants out of a bucket's partition, so that reading a bucket costs its live grants only. A grant moves once its
 * subscription's record states that it has settled grants, and nothing of the subscription is scheduled.
 * @throws LedgerUnavailable
 */
export const archiveSettled = async (stored: readonly StoredGrant[], { ledger }: Ports): Promise<void> => {
  const settled = stored.filter(({ grant }) => isSettled(grant)).slice(0, MOST);
  if (settled.length === 0) return;
  const { records } = await ledger.subscriptions([...new Set(settled.map(({ grant }) => grant.subscriptionId))]);
  const movable = settled.filter(({ grant }) => {
    const record = records.get(grant.subscriptionId);
    return record?.hasSettledGrants === true && record.due === undefined && !record.pending;
  });
  const byKey = new Map(movable.map((one) => [grantKey(one.grant), one]));
  await every([...byKey.values()].map((one) => ledger.archiveGrant(one)));
};
