import { LEDGER, LEDGER_KEYS } from '../../handler/contract/ledger-keys';
import type { Recorded } from '../../local-aws/recorder';

/** Whether a call left the ledger saying that no reconcile is under way. */
export const endsRun = ({ operation, params }: Recorded): boolean => {
  const text = JSON.stringify(params);
  return operation === 'PutItem' && text.includes(`"${LEDGER.sortKey}":{"S":"${LEDGER_KEYS.cursor}"}`) && !text.includes('startedAt');
};
