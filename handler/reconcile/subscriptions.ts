import type { ReconcileRun } from '../core/ledger/reconcile-state';
import { hasS3Asset } from '../core/subscription/asset-type';
import { recordFailure } from '../failure';
import { reportSkipped } from '../subscription/find';
import { reconcileSubscriptions } from './compare';
import type { Advanced, Slice } from './slice';

/**
 * Reconciles one page of DataZone's approved subscriptions. What comparing them needs is read once for all: their records by the page,
 * the rest by bucket and by consumer, so that an unchanged one costs no call of its own.
 */
export const subscriptionsStep = async (run: ReconcileRun, slice: Slice): Promise<Advanced> => {
  const { batch, known, messageId, cause } = slice;
  const { catalogue, ledger } = batch.ports;
  const { token, ...rest } = run;
  const page = await catalogue.approvedPage(token);
  reportSkipped(page.skipped, batch.ports.telemetry);
  const ours = page.subscriptions.filter(hasS3Asset);
  const { records, unreadable } = await ledger.subscriptions(ours.map(({ id }) => id));
  for (const [id, error] of unreadable)
    await recordFailure({ kind: 'subscription', id, lookup: { subscriptionId: id } }, { outcome: 'unreadable', error, ports: batch.ports });
  const readable = ours.filter(({ id }) => !unreadable.has(id));
  for (const { id } of readable) known.set(id, records.get(id));
  const references = readable.map((subscription) => ({
    id: subscription.id,
    found: subscription,
    lookup: { subscriptionId: subscription.id },
    saidToHaveEnded: false,
    messageIds: [messageId],
    cause,
  }));
  const counts = { ...run.counts, subscriptions: run.counts.subscriptions + ours.length };
  const after = await reconcileSubscriptions(references, { run: { ...rest, counts }, slice });
  slice.addApproved(ours.map(({ id }) => id));
  return page.next === undefined ? { ...after, phase: 'buckets' } : { ...after, token: page.next };
};
