import type { Cause } from '../core/ledger/history-record';
import type { PlanLine, ReconcileRun, ReconcileState } from '../core/ledger/reconcile-state';
import type { SubscriptionRecord } from '../core/ledger/subscription-record';
import { WriteConflict } from '../errors';
import { type Batch, type Invocation, openBatch } from '../invocation';
import type { Ports } from '../ports';

/** Where a run is after a step of it. */
export type Advanced = Omit<ReconcileRun, 'phase'> & { readonly phase: ReconcileRun['phase'] | 'done' };

/** Works for at most this long: events wait behind it. Milliseconds. */
const SLICE_FOR = 20_000;

/** One invocation's part of a reconcile run: what is compared is read once for all of it, and what was found is kept until it is saved. */
export class Slice {
  readonly batch: Batch;
  /** Records that were read a page at a time. */
  readonly known = new Map<string, SubscriptionRecord | undefined>();
  private lines: readonly PlanLine[] = [];
  private approved: readonly string[] = [];
  private readonly started: number;

  constructor(
    readonly invocation: Invocation,
    readonly messageId: string,
    readonly cause: Cause,
  ) {
    this.started = invocation.ports.clock.now().getTime();
    this.batch = openBatch(invocation, { cause, prepares: false, known: this.known });
  }

  get timeIsUp(): boolean {
    const { ports, timeIsUp } = this.invocation;
    return timeIsUp() || ports.clock.now().getTime() - this.started >= SLICE_FOR;
  }

  /** Whether something was planned since the run was last saved. */
  get hasLines(): boolean {
    return this.lines.length > 0;
  }

  add(lines: readonly PlanLine[]): void {
    this.lines = [...this.lines, ...lines];
  }

  addApproved(ids: readonly string[]): void {
    this.approved = [...this.approved, ...ids];
  }

  /**
   * Saves where the run is, with what it has planned and seen since it was last saved: another invocation continues from there.
   * @throws WriteConflict
   */
  async save(state: ReconcileState, run: ReconcileRun): Promise<ReconcileState & { readonly run: ReconcileRun }> {
    const { operations } = this.invocation.ports;
    let { plan, approved } = run.parts;
    if (run.request !== undefined && this.hasLines)
      plan = await operations.savePlan({ request: run.request, part: plan, lines: this.lines });
    if (this.approved.length > 0) approved = await operations.saveApproved({ run: run.id, part: approved, ids: this.approved });
    this.lines = [];
    this.approved = [];
    const saved = { ...state, run: { ...run, parts: { plan, approved } }, revision: state.revision + 1 };
    await saveState(saved, this.invocation.ports);
    return saved;
  }
}

/** @throws WriteConflict */
export const saveState = async (state: ReconcileState, { operations }: Ports): Promise<void> => {
  if (await operations.saveReconcile(state)) return;
  throw new WriteConflict('the state of reconcile was changed by another writer since it was read');
};
