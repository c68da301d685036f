import { LEDGER_KEYS } from '../../contract/ledger-keys';
import { deploymentState } from '../../core/ledger/deployment-state';
import { reconcileState } from '../../core/ledger/reconcile-state';
import { failureFromItem, grantFromItem, historyFromItem, recordFromItem, settledGrantKey, stateFromItem } from './items';
import { approvedFromItem, deliveryTestFromItem, documentFromItem, planFromItem, requestFromItem } from './operations';
import { type Item, keyOf, unreadable } from './stored';

/**
 * Reads an item of any kind by the schema of its kind.
 * @throws UnreadableItem also when its keys are those of no kind
 */
export const readAnyItem = (item: Item): unknown => {
  const { partition, sort } = keyOf(item);
  const isIn = (beginning: string) => partition.startsWith(beginning);
  if (isIn(LEDGER_KEYS.subscription('')))
    return sort === LEDGER_KEYS.subscriptionState ? recordFromItem(item) : grantFromItem(item, settledGrantKey);
  if (isIn(LEDGER_KEYS.bucket(''))) {
    if (sort === LEDGER_KEYS.head) return stateFromItem(item);
    return sort.startsWith(LEDGER_KEYS.grant) ? grantFromItem(item) : historyFromItem(item);
  }
  if (isIn(LEDGER_KEYS.request(''))) return sort === LEDGER_KEYS.requestState ? requestFromItem(item) : planFromItem(item);
  switch (partition) {
    case LEDGER_KEYS.buckets:
      return sort;
    case LEDGER_KEYS.failures:
      return failureFromItem(item);
    case LEDGER_KEYS.deployment:
      return documentFromItem(item, { shape: deploymentState });
    case LEDGER_KEYS.reconcile:
      return sort === LEDGER_KEYS.cursor ? documentFromItem(item, { shape: reconcileState }) : approvedFromItem(item);
    case LEDGER_KEYS.deliveryTest:
      return deliveryTestFromItem(item);
    default:
      throw unreadable({ partition, sort });
  }
};
