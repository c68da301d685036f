import type { PlanLine, ReconcileRun, ReconcileState } from '../core/reconcile/reconcile-state';
import { LedgerFailure } from '../errors';
import { type Context, type Fulfillment, openContext } from '../invocation';
import type { Ports } from '../ports';

/** Where a run is after a step of it. */
export type Advanced = Omit<ReconcileRun, 'phase'> & { readonly phase: ReconcileRun['phase'] | 'done' };

/** What one invocation works on a run with. */
export type Slice = {
  readonly fulfillment: Fulfillment;
  readonly returned: Set<string>;
  readonly messageId: string;
  readonly timeIsUp: () => boolean;
  /** What subscriptions and buckets are compared by: read once for all of them. */
  readonly context: Context;
  /** Records that were read a page at a time. */
  readonly known: Map<string, Awaited<ReturnType<Ports['ledger']['subscription']>>>;
  /** Lines for whoever asked, and subscriptions seen approved, since the run was last kept. */
  lines: readonly PlanLine[];
  approved: readonly string[];
};

/** Works for at most this long: events wait behind it. Milliseconds. */
const SLICE_FOR = 20_000;

/** Opens a slice; whoever does awaits `context.reads.done()` before the function returns. */
export const openSlice = ({
  fulfillment,
  returned,
  messageId,
}: {
  fulfillment: Fulfillment;
  returned: Set<string>;
  messageId: string;
}): Slice => {
  const { clock } = fulfillment.ports;
  const begun = clock.now().getTime();
  const known: Slice['known'] = new Map();
  return {
    fulfillment,
    returned,
    messageId,
    timeIsUp: () => fulfillment.timeIsUp() || clock.now().getTime() - begun >= SLICE_FOR,
    context: openContext(fulfillment, { prepares: false, known }),
    known,
    lines: [],
    approved: [],
  };
};

/** Lines in one item, which holds 400 KB. */
const LINES_A_PART = 300;

/**
 * Keeps where a run stands, with what it has seen and done since it was last kept: a run goes on from there.
 * @throws LedgerFailure also when another writer changed it meanwhile
 */
export const keep = async (
  state: ReconcileState,
  { run, slice, ports }: { run: ReconcileRun; slice: Slice; ports: Ports },
): Promise<ReconcileState & { readonly run: ReconcileRun }> => {
  const { operations } = ports;
  let { plan, approved } = run.parts;
  if (run.request !== undefined)
    for (let from = 0; from < slice.lines.length; from += LINES_A_PART)
      await operations.savePlan({ request: run.request, part: plan++, lines: slice.lines.slice(from, from + LINES_A_PART) });
  if (slice.approved.length > 0) await operations.saveApproved({ run: run.id, part: approved++, ids: slice.approved });
  slice.lines = [];
  slice.approved = [];
  const kept = { ...state, run: { ...run, parts: { plan, approved } }, revision: state.revision + 1 };
  await saveState(kept, ports);
  return kept;
};

/** @throws LedgerFailure also when another writer changed it meanwhile */
export const saveState = async (state: ReconcileState, { operations }: Ports): Promise<void> => {
  if (await operations.saveReconcile(state)) return;
  throw new LedgerFailure('where reconcile stands was changed by another writer since it was read; the message is tried again');
};
