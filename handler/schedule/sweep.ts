import type { ReconcileState } from '../core/ledger/reconcile-state';
import { LedgerUnavailable } from '../errors';
import { attempt } from '../failure';
import { withBatch } from '../invocation';
import type { DueKind, Gauge, Ports } from '../ports';
import { continueRun } from '../reconcile/run';
import { SCHEDULE, type Scheduled, workOnPage } from './scheduled-work';

/** Items of one kind that are read and worked on at once: as many as a batch of the queue has messages. */
const PAGE = 10;
/** A sweep starts no further page after this long: events wait behind it. Milliseconds. */
const SWEEP_FOR = 20_000;
/** Failed units that are counted for the alarm. */
const MOST_FAILURES = 100;

/**
 * Does the scheduled work, continues a reconcile that is under way, and publishes the gauges.
 * @throws LedgerUnavailable
 */
export const sweep = async (scheduled: Scheduled): Promise<void> => {
  await recordFirstRun(scheduled);
  await workThroughPages(scheduled);
  const reconcile = await continueRun(scheduled);
  await publishGauges(reconcile, scheduled.invocation.ports);
};

/** The first sweep of all, a minute after the deployment at the latest, records since when the deployment exists. */
const recordFirstRun = ({ invocation }: Scheduled): Promise<void> =>
  withBatch(invocation, { cause: SCHEDULE }, async ({ reads }) => {
    try {
      await reads.stance();
    } catch (error) {
      if (error instanceof LedgerUnavailable) throw error;
      invocation.ports.telemetry.failure('the state of the deployment could not be read', error);
    }
  });

/** Works in turns of one page of each kind, so that no kind starves; revocations come first in each turn. */
const workThroughPages = async (scheduled: Scheduled): Promise<void> => {
  const { timeIsUp, ports } = scheduled.invocation;
  const { clock, ledger } = ports;
  const started = clock.now();
  const isOver = () => timeIsUp() || clock.now().getTime() - started.getTime() >= SWEEP_FOR;
  // What was worked on is scheduled later or not at all, and positions only move forward, so no item comes twice.
  const positions = new Map<DueKind, unknown>(ledger.dueKinds.map((kind) => [kind, undefined]));
  while (positions.size > 0)
    for (const [kind, after] of [...positions]) {
      if (isOver()) return;
      const next = await workOnNextPage(kind, { until: started, after, scheduled });
      if (next === undefined) positions.delete(kind);
      else positions.set(kind, next);
    }
};

/** Does one page of one kind; returns where the next begins. An unexpected exception ends this kind for this sweep, not the others. */
const workOnNextPage = async (
  kind: DueKind,
  { until, after, scheduled }: { until: Date; after: unknown; scheduled: Scheduled },
): Promise<unknown> => {
  const { ports } = scheduled.invocation;
  const work = async () => {
    const page = await ports.ledger.due(kind, { until, limit: PAGE, ...(after === undefined ? {} : { after }) });
    await workOnPage(page, scheduled);
    return page.next;
  };
  const result = await attempt({ kind: 'deployment', name: `scheduled work of kind ${kind}` }, work, ports);
  if (!result.done && result.returned) throw result.error;
  return result.done ? result.value : undefined;
};

const publishGauges = async (reconcile: ReconcileState | undefined, { clock, ledger, telemetry }: Ports): Promise<void> => {
  const waitingSince = await ledger.oldestWaiting().catch((error: unknown) => {
    telemetry.failure('the longest wait of a subscription could not be read', error);
    return undefined;
  });
  const { values, unreadable } = await ledger.failures(MOST_FAILURES);
  const ageOf = (timestamp: string | undefined) =>
    timestamp === undefined ? 0 : Math.max(0, Math.round((clock.now().getTime() - Date.parse(timestamp)) / 1000));
  const { last } = reconcile ?? {};
  telemetry.gauges({
    oldestWaiting: ageOf(waitingSince),
    failedUnits: values.length + unreadable.length,
    contended: last?.counts.contended ?? 0,
    stranded: last?.counts.stranded ?? 0,
    orphaned: last?.counts.orphaned ?? 0,
    heldBack: last?.counts['held-back'] ?? 0,
    shared: last?.counts.shared ?? 0,
    fullestPolicy: last?.fullest ?? 0,
    ...(last === undefined ? {} : { reconcileAge: ageOf(last.finishedAt) }),
  } satisfies Partial<Record<Gauge, number>>);
};
