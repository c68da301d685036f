import { workOnBucket } from '../batch';
import { NO_PROJECT } from '../contract/registry';
import { isHeldBySomeone, isLive } from '../core/grant/grant';
import { LONGEST_POLICY } from '../core/policy/policy-document';
import type { ReconcileRun } from '../core/reconcile/reconcile-state';
import type { Stance } from '../core/stance';
import { TransientFailure } from '../errors';
import { every } from '../every';
import { type Context, openContext } from '../invocation';
import { planNow } from '../policy-change/change';
import type { BucketLedger } from '../ports';
import type { Lead } from '../subscription/decide';
import { reconcileLeads } from './leads';
import type { Advanced, Slice } from './slice';

/** So many buckets are read at once. */
const AT_ONCE = 8;

/** Some of all buckets, registered or not, in the order of their names. */
export const bucketsStep = async (run: ReconcileRun, slice: Slice): Promise<Advanced> => {
  const { reads } = slice.context;
  const { ports } = slice.fulfillment;
  const [stance, known, approved] = await every([
    reads.stance(),
    reads.once('the names of buckets', () => ports.ledger.buckets()),
    reads.once('which subscriptions are approved', () => ports.operations.approved(run.id)),
  ]);
  const names = [...new Set([...stance.registry.buckets.keys(), ...known])].sort();
  const left = names.filter((name) => run.bucket === undefined || name > run.bucket);
  const next = left.slice(0, AT_ONCE);
  const last = next.at(-1);
  if (last === undefined) return { ...run, phase: 'done' };
  const context = { ...slice.context, stance, approved };
  const buckets = await every(next.map((name) => readBucket(name, context)));
  const asked = await askFor(buckets, { slice, context });
  let at = await reconcileLeads(asked, { run, slice });
  for (const bucket of buckets) at = await settle(bucket, { run: at, slice, context });
  return { ...at, bucket: last };
};

type Known = Context & { readonly stance: Stance; readonly approved: ReadonlySet<string> };
type Bucket = { readonly name: string; readonly ledger: BucketLedger; readonly sharedWith: readonly string[]; readonly differs: boolean };

/** A bucket's ledger, and how its policy reads beside it. What cannot be read is left as it is, and looked at by the next run. */
const readBucket = async (name: string, context: Known): Promise<Bucket> => {
  const { ports, reads, stance, rules } = context;
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
 * Subscriptions of these buckets that DataZone did not list as approved while access by them is live; and those of buckets that are
 * leaving. DataZone is asked for each: a list is never evidence.
 */
const askFor = async (buckets: readonly Bucket[], { slice, context }: { slice: Slice; context: Known }): Promise<readonly Lead[]> => {
  const { ports, approved, stance } = context;
  const ids = buckets.flatMap(({ name, ledger }) =>
    ledger.grants.flatMap(({ grant }) => {
      const states = Object.values(grant.principals).map(({ state }) => state);
      const isUnlisted = !approved.has(grant.subscriptionId) && (states.includes('granted') || states.includes('orphaned'));
      const isLeaving = stance.registry.buckets.get(name)?.state === 'retiring' && isHeldBySomeone(grant);
      return isUnlisted || isLeaving ? [grant.subscriptionId] : [];
    }),
  );
  const found = await every(
    [...new Set(ids)].map(async (id): Promise<Lead> => {
      const subscription = await ports.catalogue.subscription(id).catch((error: unknown) => {
        if (error instanceof TransientFailure) return { kind: 'waiting' as const, code: error.code, message: error.message };
        throw error;
      });
      return {
        id,
        found: subscription ?? 'missing',
        lookup: { subscriptionId: id },
        saidToHaveEnded: false,
        messageIds: [slice.messageId],
      };
    }),
  );
  return found;
};

/** Repairs a bucket's policy where it differs, and counts how the bucket stands. */
const settle = async (
  bucket: Bucket,
  { run, slice, context }: { run: ReconcileRun; slice: Slice; context: Known },
): Promise<ReconcileRun> => {
  const { name, differs, sharedWith } = bucket;
  if (differs)
    slice.lines = [
      ...slice.lines,
      { action: 'repair', bucket: name, why: `the policy of bucket '${name}' does not hold our statements as they were written` },
    ];
  if (differs && !run.dryRun) await repair(name, slice);
  const { head, grants } = run.dryRun ? bucket.ledger : await slice.fulfillment.ports.ledger.bucket(name);
  const entries = grants.flatMap(({ grant }) => Object.values(grant.principals));
  // Access that is being taken away is access until it is proven gone.
  const live = entries.filter((entry) => isLive(entry) || entry.state === 'revoking').length;
  const isRegistered = context.stance.registry.buckets.has(name);
  const { counts } = run;
  return {
    ...run,
    fullest: Math.max(run.fullest, Math.round((100 * (head?.bytes ?? 0)) / LONGEST_POLICY)),
    counts: {
      ...counts,
      buckets: counts.buckets + 1,
      repair: counts.repair + (differs ? 1 : 0),
      live: counts.live + live,
      stranded: counts.stranded + (isRegistered ? 0 : live),
      orphaned: counts.orphaned + entries.filter(({ state }) => state === 'orphaned').length,
      shared: counts.shared + (sharedWith.length > 0 ? 1 : 0),
      contended: counts.contended + (head?.contended ? 1 : 0),
    },
  };
};

const repair = async (name: string, { fulfillment, messageId, returned }: Slice): Promise<void> => {
  const context = openContext(fulfillment);
  try {
    await workOnBucket(name, { messageId, returned, context });
  } finally {
    await context.reads.done();
  }
};
