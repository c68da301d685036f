import type { UnreadableItem } from '../../../handler/errors';
import type { Finding } from './finding';

/** Name of the check of stored items. */
export const LEDGER_ITEMS = 'ledger items';

/** Makes a finding of a stored item that this version cannot read. */
export const unreadableFinding = ({ item: { partition, sort } }: UnreadableItem): Finding => ({
  level: 'problem',
  check: LEDGER_ITEMS,
  subject: `'${partition}' / '${sort}'`,
  finding: 'this version cannot read the item, so what it concerns is not changed',
  remedy: `find out who wrote it, then correct or delete the item '${partition}' / '${sort}' in the ledger table`,
  item: { partition, sort },
});
