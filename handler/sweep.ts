import { fulfillBatch, workOnBucket } from './batch';
import type { ReconcileState } from './core/reconcile/reconcile-state';
import { dueSlices } from './due-messages';
import { type Fulfillment, openContext } from './invocation';
import type { Gauge, Ports } from './ports';
import { continueRun } from './reconcile/run';

/** A change that could not be confirmed is looked at again this much later. Milliseconds. */
const CONFIRM_AGAIN = 5 * 60_000;

type Sweep = { readonly fulfillment: Fulfillment; readonly returned: Set<string> };

/**
 * Looks again at what is due, slice by slice, as if its events had come again; confirms the changes of the last minutes; goes on with
 * a reconcile that is under way; and says how things stand.
 */
export const sweepUp = async ({ messageId }: { readonly messageId: string }, { fulfillment, returned }: Sweep): Promise<void> => {
  const { ports, timeIsUp } = fulfillment;
  await noteFirstRun(fulfillment);
  for await (const { messages, changes } of dueSlices({ messageId }, fulfillment)) {
    for (const id of await fulfillBatch(messages, fulfillment)) returned.add(id);
    for (const bucket of changes) await confirmChange(bucket, { messageId, fulfillment, returned });
    if (timeIsUp()) break;
  }
  const reconcile = await continueRun({ messageId }, { fulfillment, returned });
  await sayHowThingsStand(reconcile, ports);
};

/** The first sweep of all, a minute after the deployment at the latest, takes down since when the deployment is there. */
const noteFirstRun = async (fulfillment: Fulfillment): Promise<void> => {
  const { reads } = openContext(fulfillment);
  await reads.stance();
  await reads.done();
};

/** Looks once more at a change that was verified: a policy that does not hold it is written again. */
const confirmChange = async (bucket: string, { messageId, fulfillment, returned }: Sweep & { messageId: string }): Promise<void> => {
  const context = openContext(fulfillment);
  const { ports, reads } = context;
  try {
    const head = (await reads.bucket(bucket)).head;
    const result = await workOnBucket(bucket, { messageId, returned, context });
    if (head === undefined || result === undefined) return;
    const again = new Date(ports.clock.now().getTime() + CONFIRM_AGAIN).toISOString();
    // A change that was made again has a new attempt, and its own time to be confirmed.
    await ports.ledger.confirmed(bucket, { attempt: head.attempt, ...(result.hindrance === undefined ? {} : { again }) });
  } finally {
    await reads.done();
  }
};

const sayHowThingsStand = async (reconcile: ReconcileState | undefined, { clock, ledger, telemetry }: Ports): Promise<void> => {
  const waitingSince = await ledger.waitingSince();
  const ageOf = (moment: string | undefined) =>
    moment === undefined ? 0 : Math.max(0, Math.round((clock.now().getTime() - Date.parse(moment)) / 1000));
  const { last } = reconcile ?? {};
  telemetry.gauges({
    oldestWaiting: ageOf(waitingSince),
    contended: last?.counts.contended ?? 0,
    stranded: last?.counts.stranded ?? 0,
    orphaned: last?.counts.orphaned ?? 0,
    heldBack: last?.counts['held-back'] ?? 0,
    shared: last?.counts.shared ?? 0,
    fullestPolicy: last?.fullest ?? 0,
    ...(last === undefined ? {} : { reconcileAge: ageOf(last.finishedAt) }),
  } satisfies Partial<Record<Gauge, number>>);
};
