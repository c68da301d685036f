import { workOnBucket } from '../batch';
import type { Head } from '../core/policy/head';
import { every } from '../every';
import { type Context, openContext } from '../invocation';
import type { Ports } from '../ports';
import type { Carried, Carrying } from './execute';

/** Stops additions and repairs on a bucket, or on all. */
export const freeze = (bucket: string | undefined, carrying: Carrying): Promise<Carried> =>
  bucket === undefined
    ? freezeAll(true, carrying)
    : markBucket(bucket, {
        change: (head) => ({ ...head, frozen: true }),
        carrying,
        said: 'is frozen: nobody is let in and nothing is repaired until it is unfrozen',
      });

/** Lifts a stop, an operator's or that of a bucket somebody keeps overwriting. What the bucket lacks is written at once. */
export const unfreeze = async (bucket: string | undefined, carrying: Carrying): Promise<Carried> => {
  if (bucket === undefined) return freezeAll(false, carrying);
  const change = ({ frozen: _frozen, contended: _contended, overwrites: _overwrites, ...head }: Head): Head => head;
  const marked = await markBucket(bucket, { change, carrying, said: 'is unfrozen' });
  return marked.state === 'done' ? writeNow(bucket, { carrying, said: marked.message ?? '' }) : marked;
};

/** Writes our statements of a bucket once more, held though it be. */
export const restore = (bucket: string, carrying: Carrying): Promise<Carried> =>
  writeNow(bucket, { carrying, isRestore: true, said: `our statements of bucket '${bucket}' read as the ledger has them` });

/** Lets a bucket be written beside another deployment's statements, or instead of them. */
export const handOver = async (
  { bucket, from, remove }: { readonly bucket: string; readonly from: string; readonly remove: boolean },
  carrying: Carrying,
): Promise<Carried> => {
  const change = (head: Head): Head => ({ ...head, adopted: { ...head.adopted, [from]: remove ? 'replace' : 'beside' } });
  const said = `is written ${remove ? 'in place of' : 'beside'} deployment '${from}'`;
  const marked = await markBucket(bucket, { change, carrying, said });
  return marked.state === 'done' ? writeNow(bucket, { carrying, said: marked.message ?? '' }) : marked;
};

const freezeAll = async (frozen: boolean, { fulfillment: { ports }, asked }: Carrying): Promise<Carried> => {
  const state = await ports.operations.deployment();
  if (state === undefined) return { state: 'refused', message: 'this deployment has not run yet; there is nothing to stop' };
  const { frozen: _, ...rest } = state;
  const next = frozen ? { ...rest, frozen: { request: asked.request, at: ports.clock.now().toISOString() } } : rest;
  if (!(await ports.operations.saveDeployment({ ...next, revision: state.revision + 1 }))) return overtaken('the deployment');
  return {
    state: 'done',
    message: frozen
      ? 'all buckets are frozen: nobody is let in and nothing is repaired until they are unfrozen'
      : 'the stop of all buckets is lifted; those that were stopped one by one, or are contended, are unfrozen one by one',
  };
};

const overtaken = (what: string): Carried => ({ state: 'refused', message: `${what} was changed in the same moment; ask again` });

const markBucket = async (
  bucket: string,
  { change, carrying, said }: { change: (head: Head) => Head; carrying: Carrying; said: string },
): Promise<Carried> => {
  const { ports } = carrying.fulfillment;
  const { head } = await ports.ledger.bucket(bucket);
  if (head === undefined && !(await isRegistered(bucket, ports)))
    return { state: 'refused', message: `bucket '${bucket}' is not registered, and the ledger knows nothing of it; check its name` };
  const marked = change(head ?? { version: 0, attempt: ports.newId(), written: [], bytes: 0 });
  if (!(await ports.ledger.mark(bucket, { seen: head?.attempt, head: marked }))) return overtaken(`bucket '${bucket}'`);
  return { state: 'done', message: `bucket '${bucket}' ${said}` };
};

const isRegistered = async (bucket: string, { registry }: Ports): Promise<boolean> => (await registry.read()).buckets.has(bucket);

const writeNow = async (
  bucket: string,
  { carrying, said, isRestore = false }: { carrying: Carrying; said: string; isRestore?: boolean },
): Promise<Carried> => {
  const { fulfillment, messageId, returned } = carrying;
  if (!(await isRegistered(bucket, fulfillment.ports)))
    return { state: 'refused', message: `bucket '${bucket}' is not registered, so its policy cannot be edited; register it first` };
  const context = openContext(fulfillment, { restore: isRestore });
  try {
    const result = await workOnBucket(bucket, { messageId, returned, context });
    if (result === undefined) return { state: 'refused', message: 'the ledger could not be written; ask again' };
    if (result.hindrance !== undefined) return { state: 'refused', message: result.hindrance.message };
    if (context.rules.observe) return { state: 'done', message: `${said}; this deployment observes, so nothing was written` };
    const isHeld = !isRestore && (await isStopped(bucket, context));
    return { state: 'done', message: isHeld ? `${said}; ${STOPPED}` : said };
  } finally {
    await context.reads.done();
  }
};

const STOPPED = 'additions and repairs are stopped there, so nothing of it is written before they are unfrozen';

/** Whether the bucket is held, by itself or with all others: what was asked for is then noted, and not written. */
const isStopped = async (bucket: string, { reads }: Context): Promise<boolean> => {
  const [{ head }, { frozen }] = await every([reads.bucket(bucket), reads.stance()]);
  return frozen || head?.frozen === true || head?.contended === true;
};
