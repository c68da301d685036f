import type { ReconcileRun } from '../core/reconcile/reconcile-state';
import { hasS3Asset } from '../subscription/resolve';
import { reconcileLeads } from './leads';
import type { Advanced, Slice } from './slice';

/**
 * One page of DataZone's approved subscriptions. What comparing them needs is read once for all: their records by the page, the rest
 * by bucket and by consumer, so that one that has not changed costs no call of its own.
 */
export const subscriptionsStep = async (run: ReconcileRun, slice: Slice): Promise<Advanced> => {
  const { context, known, messageId } = slice;
  const { catalogue, ledger } = context.ports;
  const { token, ...rest } = run;
  const page = await catalogue.approvedPage(token);
  const ours = page.subscriptions.filter(hasS3Asset);
  const ids = ours.map(({ id }) => id);
  const records = await ledger.subscriptions(ids);
  for (const id of ids) known.set(id, records.get(id));
  const leads = ours.map((subscription) => ({
    id: subscription.id,
    found: subscription,
    lookup: { subscriptionId: subscription.id },
    saidToHaveEnded: false,
    messageIds: [messageId],
  }));
  const counts = { ...run.counts, subscriptions: run.counts.subscriptions + leads.length };
  const after = await reconcileLeads(leads, { run: { ...rest, counts }, slice });
  slice.approved = [...slice.approved, ...ids];
  return page.next === undefined ? { ...after, phase: 'buckets' } : { ...after, token: page.next };
};
