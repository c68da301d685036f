import { NO_COUNTS, type ReconcileRun, type ReconcileState } from '../core/reconcile/reconcile-state';
import { LedgerFailure, TransientFailure } from '../errors';
import type { Fulfillment } from '../invocation';
import type { Ports } from '../ports';
import type { RequestRecord } from '../request-record';
import { bucketsStep } from './buckets';
import { type Advanced, keep, openSlice, type Slice, saveState } from './slice';
import { subscriptionsStep } from './subscriptions';

/** A scheduled run does not take the place of one that began this lately. Milliseconds. */
const ONE_AT_A_TIME = 2 * 60 * 60_000;
/** After so many slices in a row that failed, a run begins anew: a page token may have grown too old. */
const FAILURES = 10;

type Invocation = { readonly fulfillment: Fulfillment; readonly returned: Set<string> };

/** Begins a scheduled run, unless one is under way, and works on it for a slice. */
export const startScheduled = async ({ messageId }: { readonly messageId: string }, invocation: Invocation): Promise<void> => {
  const { ports, settings } = invocation.fulfillment;
  const run = (await ports.operations.reconcile())?.run;
  const isUnderWay = run !== undefined && ports.clock.now().getTime() - Date.parse(run.startedAt) < ONE_AT_A_TIME;
  if (!isUnderWay) await startRun({ dryRun: false, removals: settings.removalCap }, ports);
  await continueRun({ messageId }, invocation);
};

/**
 * Begins a run; one that is under way gives way to it, and whoever asked for that one is told.
 * @throws LedgerFailure also when another writer began one meanwhile
 */
export const startRun = async (
  wanted: { readonly dryRun: boolean; readonly removals: number; readonly request?: string },
  ports: Ports,
): Promise<void> => {
  const { clock, newId, operations } = ports;
  const state = await operations.reconcile();
  const before = state?.run;
  const run = {
    id: newId(),
    ...wanted,
    startedAt: clock.now().toISOString(),
    ...FROM_THE_START,
    parts: { plan: 0, approved: 0 },
    failures: 0,
  };
  await saveState({ ...state, run, revision: (state?.revision ?? 0) + 1 }, ports);
  if (before?.request !== undefined && before.request !== wanted.request)
    await concludeRequest(before.request, {
      state: 'refused',
      message: 'another reconcile was asked for before this one ended; ask again',
      ports,
    });
};

const FROM_THE_START = { phase: 'subscriptions', counts: NO_COUNTS, fullest: 0 } as const;

/** Works on the run under way, if there is one, for a slice; answers where reconcile stands then. What fails is tried again by the next sweep. */
export const continueRun = async (
  { messageId }: { readonly messageId: string },
  { fulfillment, returned }: Invocation,
): Promise<ReconcileState | undefined> => {
  const { ports } = fulfillment;
  const state = await ports.operations.reconcile();
  if (state?.run === undefined) return state;
  const slice = openSlice({ fulfillment, returned, messageId });
  try {
    return await work({ ...state, run: state.run }, { slice, ports });
  } finally {
    await slice.context.reads.done();
  }
};

type Running = ReconcileState & { readonly run: ReconcileRun };

/** Step by step, until the run is done or the slice is over. A step that did something is kept at once, so that none is done twice. */
const work = async (begun: Running, { slice, ports }: { slice: Slice; ports: Ports }): Promise<ReconcileState> => {
  let state = begun;
  let run: ReconcileRun = { ...begun.run, failures: 0 };
  while (!slice.timeIsUp()) {
    const next = await step(run, slice).catch((error: unknown) => failed(error, { run: { ...run, failures: begun.run.failures }, ports }));
    if (next.phase === 'done') return finish(state, { run: next, slice, ports });
    run = { ...next, phase: next.phase };
    if (run.failures > 0) return keep(state, { run, slice, ports });
    if (slice.lines.length === 0 && run.phase === state.run.phase) continue;
    state = await keep(state, { run, slice, ports });
    run = state.run;
  }
  return keep(state, { run, slice, ports });
};

const step = (run: ReconcileRun, slice: Slice): Promise<Advanced> =>
  run.phase === 'subscriptions' ? subscriptionsStep(run, slice) : bucketsStep(run, slice);

const failed = (error: unknown, { run, ports }: { run: ReconcileRun; ports: Ports }): Advanced => {
  if (!(error instanceof TransientFailure)) throw error;
  ports.telemetry.failure('a reconcile could not go on; it is tried again', error);
  if (run.failures + 1 < FAILURES) return { ...run, failures: run.failures + 1 };
  const { token: _token, bucket: _bucket, ...rest } = run;
  return { ...rest, ...FROM_THE_START, id: ports.newId(), failures: 1, parts: { ...run.parts, approved: 0 } };
};

const finish = async (state: Running, { run, slice, ports }: { run: Advanced; slice: Slice; ports: Ports }): Promise<ReconcileState> => {
  const { counts, fullest, dryRun, request } = run;
  const kept = await keep(state, { run: { ...run, phase: 'buckets' }, slice, ports });
  // A dry run is no proof that things were put right, so it leaves what the last real one found.
  const last = dryRun ? state.last : { finishedAt: ports.clock.now().toISOString(), counts, fullest };
  const ended = { ...(last === undefined ? {} : { last }), revision: kept.revision + 1 };
  if (request !== undefined)
    await concludeRequest(request, { state: 'done', message: summary(run), result: { ...counts, fullest }, ports });
  await saveState(ended, ports);
  if (!dryRun) ports.telemetry.reconciled({ ...counts, fullest });
  return ended;
};

const summary = ({ counts, dryRun }: Advanced): string => {
  const done = `${counts.grant} to grant, ${counts.revoke} to revoke, ${counts.repair} to repair, ${counts['held-back']} held back`;
  return dryRun ? `nothing was changed: ${done}` : `${done}; ${counts.live} accesses are live on ${counts.buckets} buckets`;
};

/** Says what became of a request, once. */
export const concludeRequest = async (
  id: string,
  { ports, ...end }: { ports: Ports } & Pick<RequestRecord, 'state' | 'message' | 'result'>,
): Promise<void> => {
  const record = await ports.operations.request(id);
  if (record === undefined || record.finishedAt !== undefined) return;
  const finished = end.state === 'running' ? {} : { finishedAt: ports.clock.now().toISOString() };
  const saved = await ports.operations.saveRequest({ ...record, ...end, ...finished, revision: record.revision + 1 });
  if (!saved) throw new LedgerFailure(`request '${id}' was changed by another writer since it was read; the message is tried again`);
  ports.telemetry.request({ id, command: record.request.command, by: record.by, state: end.state });
};
