import { grantKey } from '../core/grant/grant';
import { LedgerFailure } from '../errors';
import type { Ports, StoredGrant } from '../ports';

/**
 * Saves a grant over the revision it was read at.
 * @throws LedgerFailure also when another writer changed it since: what was planned from it no longer holds
 */
export const saveGrant = async (stored: StoredGrant, { ledger }: Ports): Promise<void> => {
  if (await ledger.saveGrant(stored)) return;
  throw new LedgerFailure(`grant '${grantKey(stored.grant)}' was changed by another writer since it was read; the message is tried again`);
};
