import type { Cause } from '../core/ledger/history-record';
import { NO_COUNTS, type ReconcileRun, type ReconcileState } from '../core/ledger/reconcile-state';
import type { RequestRecord } from '../core/ledger/request-record';
import { UnreadableItem, WriteConflict } from '../errors';
import { consequenceOf, RECONCILE_STATE, recordFailure } from '../failure';
import type { Invocation } from '../invocation';
import type { Ports } from '../ports';
import { bucketsStep } from './buckets';
import { type Advanced, Slice, saveState } from './slice';
import { subscriptionsStep } from './subscriptions';

/** A scheduled run does not replace one that started this lately. Milliseconds. */
const ONE_AT_A_TIME = 2 * 60 * 60_000;
/** After this many slices in a row that failed, a run starts anew: a page token may have grown too old. */
const FAILURES = 10;

type Trigger = { readonly messageId: string; readonly invocation: Invocation };

/** Starts a scheduled run, unless one is under way, and works on it for a slice. */
export const startScheduled = async (trigger: Trigger): Promise<void> => {
  const { ports, settings } = trigger.invocation;
  const state = await readState(ports);
  if (state === 'unreadable') return;
  const run = state?.run;
  const isUnderWay = run !== undefined && ports.clock.now().getTime() - Date.parse(run.startedAt) < ONE_AT_A_TIME;
  if (!isUnderWay) await startRun({ dryRun: false, removals: settings.removalCap }, ports);
  await continueRun(trigger);
};

/** The state of reconcile; one that cannot be read is recorded, and no run goes on until it is corrected or deleted. */
const readState = async (ports: Ports): Promise<ReconcileState | undefined | 'unreadable'> => {
  try {
    return await ports.operations.reconcile();
  } catch (error) {
    if (!(error instanceof UnreadableItem)) throw error;
    await recordFailure({ kind: 'deployment', name: RECONCILE_STATE }, { outcome: 'unreadable', error, ports });
    return 'unreadable';
  }
};

/**
 * Starts a run; one that is under way is replaced, and its requester is told.
 * @throws WriteConflict when another writer started one meanwhile
 * @throws UnreadableItem
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
      message: 'another reconcile was requested before this one ended; make the request again',
      ports,
    });
};

const FROM_THE_START = { phase: 'subscriptions', counts: NO_COUNTS, fullest: 0 } as const;

/** Works on the run under way, if there is one, for a slice; returns the state after it. What fails is tried again by the next sweep. */
export const continueRun = async ({ messageId, invocation }: Trigger): Promise<ReconcileState | undefined> => {
  const { ports } = invocation;
  const state = await readState(ports);
  if (state === undefined || state === 'unreadable') return undefined;
  if (state.run === undefined) return state;
  const slice = new Slice(invocation, messageId, await causeOf(state.run, ports));
  try {
    return await work({ ...state, run: state.run }, slice);
  } finally {
    await slice.batch.reads.done();
  }
};

/** Why the run's changes are made, for the history of buckets. */
const causeOf = async ({ request }: ReconcileRun, { operations }: Ports): Promise<Cause> => {
  const asked = request === undefined ? undefined : await operations.request(request).catch(() => undefined);
  if (asked === undefined) return { trigger: 'reconcile' };
  return { trigger: 'operator', what: asked.request.command, by: asked.by, reason: asked.request.reason };
};

type Running = ReconcileState & { readonly run: ReconcileRun };

/** Step by step, until the run is done or the slice is over. A step that did something is saved at once, so that none is done twice. */
const work = async (started: Running, slice: Slice): Promise<ReconcileState> => {
  const { ports } = slice.invocation;
  let state = started;
  let run: ReconcileRun = { ...started.run, failures: 0 };
  while (!slice.timeIsUp) {
    const next = await step(run, slice).catch((error: unknown) =>
      failed(error, { run: { ...run, failures: started.run.failures }, ports }),
    );
    if (next.phase === 'done') return finish(state, { run: next, slice });
    run = { ...next, phase: next.phase };
    if (run.failures > 0) return slice.save(state, run);
    if (!slice.hasLines && run.phase === state.run.phase) continue;
    state = await slice.save(state, run);
    run = state.run;
  }
  return slice.save(state, run);
};

const step = (run: ReconcileRun, slice: Slice): Promise<Advanced> =>
  run.phase === 'subscriptions' ? subscriptionsStep(run, slice) : bucketsStep(run, slice);

/** What a step failed with counts; an unexpected exception is recorded, so that it is alarmed. */
const failed = async (error: unknown, { run, ports }: { run: ReconcileRun; ports: Ports }): Promise<Advanced> => {
  const consequence = consequenceOf(error);
  if (consequence.kind === 'return' || consequence.kind === 'read-again') throw error;
  if (consequence.kind === 'record')
    await recordFailure({ kind: 'deployment', name: RECONCILE_STATE }, { outcome: consequence.outcome, error, ports });
  else ports.telemetry.failure('a reconcile could not continue; it is tried again', error);
  if (run.failures + 1 < FAILURES) return { ...run, failures: run.failures + 1 };
  const { token: _token, bucket: _bucket, ...rest } = run;
  return { ...rest, ...FROM_THE_START, id: ports.newId(), failures: 1, parts: { ...run.parts, approved: 0 } };
};

const finish = async (state: Running, { run, slice }: { run: Advanced; slice: Slice }): Promise<ReconcileState> => {
  const { ports } = slice.invocation;
  const { counts, fullest, dryRun, request } = run;
  const saved = await slice.save(state, { ...run, phase: 'buckets' });
  // A dry run is no proof that everything was corrected, so the findings of the last real one stay.
  const last = dryRun ? state.last : { finishedAt: ports.clock.now().toISOString(), counts, fullest };
  const ended = { ...(last === undefined ? {} : { last }), revision: saved.revision + 1 };
  if (request !== undefined) {
    const result = Object.entries({ ...counts, fullest }).map(([name, count]) => ({ name, count }));
    await concludeRequest(request, { state: 'done', message: summary(run), result, ports });
  }
  await saveState(ended, ports);
  if (!dryRun) ports.telemetry.reconciled({ ...counts, fullest });
  return ended;
};

const summary = ({ counts, dryRun }: Advanced): string => {
  const done = `${counts.grant} to grant, ${counts.revoke} to revoke, ${counts.repair} to repair, ${counts['held-back']} held back`;
  return dryRun ? `nothing was changed: ${done}` : `${done}; ${counts.live} principals have access in ${counts.buckets} buckets`;
};

/** Records the result of a request, once. @throws WriteConflict */
export const concludeRequest = async (
  id: string,
  { ports, ...end }: { readonly ports: Ports } & Pick<RequestRecord, 'state' | 'message' | 'result'>,
): Promise<void> => {
  const record = await ports.operations.request(id);
  if (record === undefined || record.finishedAt !== undefined) return;
  const finished = end.state === 'running' ? {} : { finishedAt: ports.clock.now().toISOString() };
  const saved = await ports.operations.saveRequest({ ...record, ...end, ...finished, revision: record.revision + 1 });
  if (!saved) throw new WriteConflict(`request '${id}' was changed by another writer since it was read`);
  ports.telemetry.request({ id, command: record.request.command, by: record.by, state: end.state });
};
