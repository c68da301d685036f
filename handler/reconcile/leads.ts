import { fulfillLeads } from '../batch';
import { counted, isAsDecided, planLines, removalsOf } from '../core/reconcile/reconcile-plan';
import type { ReconcileRun } from '../core/reconcile/reconcile-state';
import { outcomeOf } from '../core/subscription/subscription-outcome';
import { every } from '../every';
import { openContext } from '../invocation';
import { type Case, type Lead, look } from '../subscription/decide';
import type { Slice } from './slice';

/** So many subscriptions are worked on at once, as many as a batch of the queue has messages. */
const AT_ONCE = 10;

/**
 * Compares subscriptions with the ledger and does what is to be done, within what the run may take away. What leaves with a bucket
 * does not count: whoever deploys has said so.
 */
export const reconcileLeads = async (
  leads: readonly Lead[],
  { run, slice }: { run: ReconcileRun; slice: Slice },
): Promise<ReconcileRun> => {
  const { context } = slice;
  const cases = await every(leads.map((lead) => look(lead, context)));
  const { registry } = await context.reads.stance();
  const isRetiring = (bucket: string) => registry.buckets.get(bucket)?.state === 'retiring';
  const todo: Lead[] = [];
  let { counts, removals } = run;
  for (const one of cases) {
    if (await isDone(one, { run, slice })) continue;
    const counting = one.planned.filter(({ location }) => !isRetiring(location.bucket));
    const taken = removalsOf(one.before, counting);
    const heldBack = taken > removals;
    const lines = planLines(one, { heldBack });
    counts = counted(counts, lines);
    slice.lines = [...slice.lines, ...lines];
    if (heldBack) continue;
    removals -= taken;
    todo.push(one.lead);
  }
  if (!run.dryRun) await doAll(todo, slice);
  return { ...run, counts, removals };
};

/** What is due already is the sweep's to do; a plan shows it all the same. */
const isDone = async (one: Case, { run, slice: { context } }: { run: ReconcileRun; slice: Slice }): Promise<boolean> => {
  const stored = await context.reads.record(one.lead.id);
  if (stored?.due !== undefined && stored.due.kind !== 'look' && !run.dryRun) return true;
  const { before, planned, decision } = one;
  const steady = outcomeOf(decision, { before, after: planned, hindrance: undefined, observing: context.rules.observe });
  return isAsDecided(one, { steady, stored });
};

/** Looks once more, with readings of its own, and does it. */
const doAll = async (leads: readonly Lead[], { fulfillment, returned }: Slice): Promise<void> => {
  for (let from = 0; from < leads.length; from += AT_ONCE) {
    const context = openContext(fulfillment);
    try {
      await fulfillLeads(leads.slice(from, from + AT_ONCE), { context, returned });
    } finally {
      await context.reads.done();
    }
  }
};
