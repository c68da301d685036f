import { fulfillBatch } from './batch';
import { type Fulfillment, orReturn } from './invocation';
import type { Message } from './messages';
import { startScheduled } from './reconcile/run';
import { carryOut } from './requests/execute';
import { sweepUp } from './sweep';

export type { Fulfillment } from './invocation';

/**
 * Fulfils a batch: resolves every subscription that its messages lead to, decides, records, brings the buckets' policies up to date,
 * verifies, and reports; then carries out what operators ask, and goes on with what is due. Returns the ids of the messages that must
 * come again: those whose work the ledger could not take down. Whatever else fails is in the ledger as due work by then. Nothing is
 * in flight when it returns.
 */
export const fulfill = async (messages: readonly Message[], fulfillment: Fulfillment): Promise<readonly string[]> => {
  const { ports } = fulfillment;
  const returned = new Set(await fulfillBatch(messages, fulfillment));
  const inTurn = async (message: Message, work: () => Promise<unknown>) => orReturn([message.messageId], { work: work(), returned, ports });
  for (const message of messages) {
    if (message.kind === 'test')
      await inTurn(message, () => ports.operations.recordDeliveryTest({ id: message.id, at: ports.clock.now().toISOString() }));
    if (message.kind === 'request') await inTurn(message, () => carryOut(message, { fulfillment, returned }));
    if (message.kind === 'reconcile') await inTurn(message, () => startScheduled(message, { fulfillment, returned }));
  }
  // One sweep does the work of any number.
  const sweep = messages.find((message) => message.kind === 'sweep');
  if (sweep !== undefined) await inTurn(sweep, () => sweepUp(sweep, { fulfillment, returned }));
  return [...returned];
};
