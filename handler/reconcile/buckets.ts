import { NO_PROJECT } from '../contract/registry';
import { type Grant, hasAccess, hasState, isLive } from '../core/grant/grant';
import type { ReconcileRun } from '../core/ledger/reconcile-state';
import { waiting } from '../core/outcome';
import { LONGEST_POLICY } from '../core/policy/policy-document';
import type { Stance } from '../core/stance';
import { TransientFailure } from '../errors';
import { every } from '../every';
import { type Attempt, attempt } from '../failure';
import { applyBucketAlone } from '../fulfill';
import { type Batch, withBatch } from '../invocation';
import { archiveSettled } from '../policy-change/archive';
import { planNow } from '../policy-change/change';
import type { BucketLedger } from '../ports';
import type { Reference } from '../subscription/find';
import { reconcileSubscriptions } from './compare';
import type { Advanced, Slice } from './slice';

/** Buckets that are read at once. */
const AT_ONCE = 8;

/** Reconciles some of all buckets, registered or not, in the order of their names. */
export const bucketsStep = async (run: ReconcileRun, slice: Slice): Promise<Advanced> => {
  const { batch } = slice;
  const { ports, reads } = batch;
  const [stance, recorded, approved] = await every([
    reads.stance(),
    reads.once('the names of buckets', () => ports.ledger.buckets()),
    reads.once('approved subscriptions', () => ports.operations.approved(run.id)),
  ]);
  const names = [...new Set([...stance.registry.buckets.keys(), ...recorded])].sort();
  const next = names.filter((name) => run.bucket === undefined || name > run.bucket).slice(0, AT_ONCE);
  const last = next.at(-1);
  if (last === undefined) return { ...run, phase: 'done' };
  const results = await every(next.map((name) => attempt({ kind: 'bucket', name }, () => readBucket(name, { batch, stance }), ports)));
  const buckets = valuesOf(results);
  const unlisted = await readUnlisted(buckets, { slice, stance, approved });
  let after = await reconcileSubscriptions(unlisted, { run, slice });
  for (const bucket of buckets) after = await settle(bucket, { run: after, slice, stance });
  return { ...after, bucket: last };
};

/** @throws LedgerUnavailable when a failure could not be recorded */
const valuesOf = <Value>(results: readonly Attempt<Value>[]): readonly Value[] => {
  for (const result of results) if (!result.done && result.returned) throw result.error;
  return results.flatMap((result) => (result.done ? [result.value] : []));
};

/** A bucket's ledger (current), and whether its policy differs from what the ledger demands (desired). */
type Bucket = { readonly name: string; readonly ledger: BucketLedger; readonly sharedWith: readonly string[]; readonly differs: boolean };

/** Reads a bucket. A policy that cannot be read is left as it is, and compared by the next run. */
const readBucket = async (name: string, { batch, stance }: { batch: Batch; stance: Stance }): Promise<Bucket> => {
  const { ports, reads, rules } = batch;
  const ledger = await reads.bucket(name);
  const bucket = stance.registry.buckets.get(name);
  if (bucket === undefined) return { name, ledger, sharedWith: [], differs: false };
  try {
    const text = await ports.policies.read({ bucket, owningProject: NO_PROJECT });
    const plan = planNow(text, { bucket, ledger, rules: { ...rules, frozen: stance.frozen }, now: ports.clock.now() });
    return { name, ledger, sharedWith: plan.sharedWith, differs: plan.write };
  } catch (error) {
    if (!(error instanceof TransientFailure)) throw error;
    ports.telemetry.failure(`the policy of bucket '${name}' could not be compared with the ledger`, error);
    return { name, ledger, sharedWith: [], differs: false };
  }
};

/**
 * Reads the subscriptions of these buckets that DataZone did not list as approved while access by them is live, and those of buckets that
 * retire. DataZone is asked for each: a list is never evidence.
 */
const readUnlisted = async (
  buckets: readonly Bucket[],
  { slice, stance, approved }: { slice: Slice; stance: Stance; approved: ReadonlySet<string> },
): Promise<readonly Reference[]> => {
  const { messageId, cause, batch } = slice;
  const isUnlisted = (grant: Grant) => !approved.has(grant.subscriptionId) && (hasState(grant, 'granted') || hasState(grant, 'orphaned'));
  const isRetiring = (name: string) => stance.registry.buckets.get(name)?.state === 'retiring';
  const ids = buckets.flatMap(({ name, ledger }) =>
    ledger.grants.flatMap(({ grant }) => (isUnlisted(grant) || (isRetiring(name) && hasAccess(grant)) ? [grant.subscriptionId] : [])),
  );
  const read = async (id: string): Promise<Reference> => {
    const found = await batch.ports.catalogue.subscription(id).catch((error: unknown) => {
      if (error instanceof TransientFailure) return waiting(error.code, error.message);
      throw error;
    });
    return { id, found: found ?? 'missing', lookup: { subscriptionId: id }, saidToHaveEnded: false, messageIds: [messageId], cause };
  };
  const results = await every(
    [...new Set(ids)].map((id) => attempt({ kind: 'subscription', id, lookup: { subscriptionId: id } }, () => read(id), batch.ports)),
  );
  return valuesOf(results);
};

/** Repairs a bucket's policy where it differs, and counts what the bucket holds. */
const settle = async (
  bucket: Bucket,
  { run, slice, stance }: { run: ReconcileRun; slice: Slice; stance: Stance },
): Promise<ReconcileRun> => {
  const { name, differs } = bucket;
  if (differs)
    slice.add([
      { action: 'repair', bucket: name, why: `the policy of bucket '${name}' does not hold our statements as they were written` },
    ]);
  if (run.dryRun) return count(bucket, { ledger: bucket.ledger, run, stance });
  const { ports } = slice.invocation;
  const work = async () => {
    if (differs) await withBatch(slice.invocation, { cause: slice.cause }, (batch) => applyBucketAlone(name, batch));
    const ledger = await ports.ledger.bucket(name);
    await archiveSettled(ledger.grants, ports);
    return ledger;
  };
  const result = await attempt({ kind: 'bucket', name }, work, ports);
  if (!result.done && result.returned) throw result.error;
  return count(bucket, { ledger: result.done ? result.value : bucket.ledger, run, stance });
};

const count = (
  { name, differs, sharedWith }: Bucket,
  { ledger: { head, grants }, run, stance }: { ledger: BucketLedger; run: ReconcileRun; stance: Stance },
): ReconcileRun => {
  const entries = grants.flatMap(({ grant }) => grant.principals);
  // Access that is being revoked is access until it is proven gone.
  const live = entries.filter((entry) => isLive(entry) || entry.state === 'revoking').length;
  const { counts } = run;
  return {
    ...run,
    fullest: Math.max(run.fullest, Math.round((100 * (head?.bytes ?? 0)) / LONGEST_POLICY)),
    counts: {
      ...counts,
      buckets: counts.buckets + 1,
      repair: counts.repair + (differs ? 1 : 0),
      live: counts.live + live,
      stranded: counts.stranded + (stance.registry.buckets.has(name) ? 0 : live),
      orphaned: counts.orphaned + entries.filter(({ state }) => state === 'orphaned').length,
      shared: counts.shared + (sharedWith.length > 0 ? 1 : 0),
      contended: counts.contended + (head?.contended ? 1 : 0),
    },
  };
};
