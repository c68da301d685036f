import type { SubscriptionRecord } from '../core/ledger/subscription-record';
import { ItemTooLarge, WriteConflict } from '../errors';
import type { Ports } from '../ports';

/**
 * Saves a record. One that would be too large for DynamoDB is saved without the texts that describe it, since what is to be done for
 * the subscription must be recorded.
 * @throws WriteConflict
 * @throws LedgerUnavailable
 * @throws ItemTooLarge when even that is too large
 */
export const saveRecord = async (record: SubscriptionRecord, { ledger }: Ports): Promise<void> => {
  const isSaved = await ledger.saveSubscription(record).catch((error: unknown) => {
    if (error instanceof ItemTooLarge) return ledger.saveSubscription(withoutTexts(record));
    throw error;
  });
  if (isSaved) return;
  throw new WriteConflict(`subscription '${record.id}' was changed by another writer since it was read`);
};

const withoutTexts = ({ provenance: _, listing, subscriber, ...record }: SubscriptionRecord): SubscriptionRecord => {
  const { owningProjectName: __, ...rest } = listing ?? { id: '', owningProject: '' };
  return {
    ...record,
    ...(listing === undefined ? {} : { listing: { ...rest, name: '' } }),
    ...(subscriber === undefined
      ? {}
      : { subscriber: subscriber.kind === 'project' ? { kind: subscriber.kind, id: subscriber.id } : subscriber }),
    reported: [],
  };
};
