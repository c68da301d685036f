import type { Head } from '../core/ledger/bucket-state';
import { every } from '../every';
import { applyBucketAlone } from '../fulfill';
import { withBatch } from '../invocation';
import type { Ports } from '../ports';
import type { RequestContext, RequestResult } from './request';

/** Stops additions and repairs on a bucket, or on all. */
export const freeze = (bucket: string | undefined, context: RequestContext): Promise<RequestResult> =>
  bucket === undefined
    ? freezeAll(true, context)
    : markBucket(bucket, {
        change: (head) => ({ ...head, frozen: true }),
        context,
        done: 'is frozen: nothing is granted or repaired there until it is unfrozen',
      });

/** Lifts a stop of a bucket, an operator's or `contended`, or the stop of all. What the bucket's policy lacks is written at once. */
export const unfreeze = async (bucket: string | undefined, context: RequestContext): Promise<RequestResult> => {
  if (bucket === undefined) return freezeAll(false, context);
  if (!(await isRegistered(bucket, context.invocation.ports)))
    return { state: 'refused', message: `bucket '${bucket}' is not registered, so its policy cannot be edited; register it first` };
  const change = ({ frozen: _frozen, contended: _contended, overwrites: _overwrites, ...head }: Head): Head => head;
  const marked = await markBucket(bucket, { change, context, done: 'is unfrozen' });
  return marked.state === 'done' ? writeNow(bucket, { context, done: marked.message ?? '' }) : marked;
};

const freezeAll = async (frozen: boolean, { invocation: { ports }, operator }: RequestContext): Promise<RequestResult> => {
  const state = await ports.operations.deployment();
  if (state === undefined) return { state: 'refused', message: 'this deployment has not run yet; there is nothing to stop' };
  const { frozen: _, ...rest } = state;
  const next = frozen ? { ...rest, frozen: { request: operator.request, at: ports.clock.now().toISOString() } } : rest;
  if (!(await ports.operations.saveDeployment({ ...next, revision: state.revision + 1 }))) return overtaken('the deployment');
  return {
    state: 'done',
    message: frozen
      ? 'all buckets are frozen: nothing is granted or repaired until they are unfrozen'
      : 'the stop of all buckets is lifted; buckets that were stopped one by one, or are contended, are unfrozen one by one',
  };
};

const overtaken = (what: string): RequestResult => ({
  state: 'refused',
  message: `${what} was changed at the same time; make the request again`,
});

const markBucket = async (
  bucket: string,
  { change, context, done }: { change: (head: Head) => Head; context: RequestContext; done: string },
): Promise<RequestResult> => {
  const { ports } = context.invocation;
  const { head } = await ports.ledger.bucket(bucket);
  if (head === undefined && !(await isRegistered(bucket, ports)))
    return { state: 'refused', message: `bucket '${bucket}' is not registered and not in the ledger; check its name` };
  const marked = change(head ?? { version: 0, attempt: ports.newId(), written: [], bytes: 0 });
  if (!(await ports.ledger.mark(bucket, { seen: head?.attempt, head: marked }))) return overtaken(`bucket '${bucket}'`);
  return { state: 'done', message: `bucket '${bucket}' ${done}` };
};

const isRegistered = async (bucket: string, { registry }: Ports): Promise<boolean> => (await registry.read()).buckets.has(bucket);

const writeNow = (bucket: string, { context, done }: { context: RequestContext; done: string }): Promise<RequestResult> =>
  withBatch(context.invocation, { cause: context.cause }, async (batch) => {
    const { hindrance } = await applyBucketAlone(bucket, batch);
    if (batch.rules.observe) return { state: 'done', message: `${done}; this deployment observes, so nothing was written` };
    const [{ head }, { frozen }] = await every([batch.ports.ledger.bucket(bucket), batch.reads.stance()]);
    if (hindrance !== undefined) return { state: 'done', message: `${done}; its policy is not written yet: ${hindrance.message}` };
    const isStopped = frozen || head?.frozen === true || head?.contended === true;
    return {
      state: 'done',
      message: isStopped ? `${done}; all buckets are stopped, so nothing is written before they are unfrozen` : done,
    };
  });
