import type { ReconcileRun } from '../core/ledger/reconcile-state';
import { counted, isAsDecided, planLines, removalsOf } from '../core/reconcile/reconcile-plan';
import { outcomeOf } from '../core/subscription/subscription-outcome';
import { every } from '../every';
import { attempt } from '../failure';
import { fulfillSubscriptions, mustBeRecorded } from '../fulfill';
import { withBatch } from '../invocation';
import { type Evaluation, evaluate } from '../subscription/decide';
import type { Reference } from '../subscription/find';
import type { Slice } from './slice';

/** Subscriptions that are worked on at once, as many as a batch of the queue has messages. */
const AT_ONCE = 10;

/**
 * Compares subscriptions with the ledger (current), evaluates what they are entitled to (desired), plans what differs, and applies it
 * within what the run may still revoke. One subscription that cannot be evaluated is recorded as failed, and the others go on.
 */
export const reconcileSubscriptions = async (
  references: readonly Reference[],
  { run, slice }: { readonly run: ReconcileRun; readonly slice: Slice },
): Promise<ReconcileRun> => {
  const desired = await evaluateAll(references, slice);
  const { planned, todo } = await plan(desired, { run, slice });
  if (!run.dryRun) await apply(todo, slice);
  return planned;
};

const evaluateAll = async (references: readonly Reference[], { batch }: Slice): Promise<readonly Evaluation[]> => {
  const results = await every(
    references.map((reference) => {
      const { id, lookup } = reference;
      return attempt({ kind: 'subscription', id, lookup }, () => evaluate(reference, batch), batch.ports);
    }),
  );
  for (const result of results) if (!result.done && result.returned) throw result.error;
  return results.flatMap((result) => (result.done ? [result.value] : []));
};

/** What differs, and what of it the run may do. Access that ends with a retiring bucket does not count: the deployment file demands it. */
const plan = async (
  evaluations: readonly Evaluation[],
  { run, slice }: { run: ReconcileRun; slice: Slice },
): Promise<{ readonly planned: ReconcileRun; readonly todo: readonly Reference[] }> => {
  const { registry } = await slice.batch.reads.stance();
  const isRetiring = (bucket: string) => registry.buckets.get(bucket)?.state === 'retiring';
  const todo: Reference[] = [];
  let { counts, removals } = run;
  for (const evaluation of evaluations) {
    if (await isSteady(evaluation, { run, slice })) continue;
    const counting = evaluation.planned.filter(({ location }) => !isRetiring(location.bucket));
    const removed = removalsOf(evaluation.before, counting);
    const heldBack = removed > removals;
    const lines = planLines(evaluation, { heldBack });
    counts = counted(counts, lines);
    slice.add(lines);
    if (heldBack) continue;
    removals -= removed;
    todo.push(evaluation.reference);
  }
  return { planned: { ...run, counts, removals }, todo };
};

/** Whether nothing is to be done. What is scheduled already is left to the sweep; a plan shows it all the same. */
const isSteady = async (evaluation: Evaluation, { run, slice: { batch } }: { run: ReconcileRun; slice: Slice }): Promise<boolean> => {
  const stored = await batch.reads.record(evaluation.reference.id);
  if (stored?.due !== undefined && stored.due.kind !== 'look' && !run.dryRun) return true;
  const { before, planned, decision } = evaluation;
  const steady = outcomeOf(decision, { before, after: planned, hindrance: undefined, observing: batch.rules.observe });
  return isAsDecided(evaluation, { steady, stored });
};

/** Evaluates once more, with readings of its own, and does the work. */
const apply = async (references: readonly Reference[], { invocation, cause }: Slice): Promise<void> => {
  for (let from = 0; from < references.length; from += AT_ONCE)
    await withBatch(invocation, { cause }, async (batch) =>
      mustBeRecorded(await fulfillSubscriptions(references.slice(from, from + AT_ONCE), { invocation, batch })),
    );
};
