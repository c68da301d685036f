import { ASSET_FORM } from '../contract/datazone';
import { type Grant, grantKey, hasAccess, isUnsettled } from '../core/grant/grant';
import { planApproved, planEnded, planIgnored, planOrphaned, planRetiring, unreadTargets } from '../core/grant/grant-plan';
import type { SubscriptionRecord } from '../core/ledger/subscription-record';
import { type Waiting, waiting } from '../core/outcome';
import type { Stance } from '../core/stance';
import { type Decision, type DecisionRules, decide } from '../core/subscription/decision';
import { decidedRecord, goneTargets, isDecidedAlready, newRecord, stillMissing } from '../core/subscription/record-plan';
import type { Subscription } from '../core/subscription/subscription';
import { TransientFailure } from '../errors';
import { every } from '../every';
import type { Batch } from '../invocation';
import type { Settings } from '../settings';
import type { Reference } from './find';
import { resolve } from './resolve';

/** A subscription with what was decided of it. */
export type Evaluation = {
  readonly reference: Reference;
  readonly decision: Decision;
  /** The record as it is to be saved before anything is changed; absent for subscriptions that are not ours, of which nothing is stored. */
  readonly record: SubscriptionRecord | undefined;
  /** The ledger holds all of it already, and nothing of it is open: the record is the stored one. */
  readonly isUpToDate: boolean;
  readonly before: readonly Grant[];
  readonly planned: readonly Grant[];
};

/** How long DataZone has to report that it does not know a subscription before its grants are orphaned. Milliseconds. */
const MISSING_FOR = 60 * 60_000;
/** How long a subscription that an event named and DataZone never showed is searched for. Milliseconds. */
const SEARCHED_FOR = 24 * 60 * 60_000;
const DAY = 24 * 60 * 60_000;

/**
 * Resolves one subscription and decides it. What DataZone does not answer makes it wait.
 * @throws LedgerUnavailable
 * @throws UnreadableItem
 */
export const evaluate = async (reference: Reference, batch: Batch): Promise<Evaluation> => {
  try {
    const record = await batch.reads.record(reference.id);
    // What ended for good is revoked by what the ledger knows, whatever DataZone shows or hides.
    if (record?.ended !== undefined) return await fromLedger(reference, { record, decision: { kind: 'end', ended: record.ended }, batch });
    if (reference.found === 'missing') return await evaluateMissing(reference, { record, batch });
    if ('code' in reference.found) return await held(reference, { waiting: reference.found, batch });
    return await evaluateShown(reference, { subscription: reference.found, batch });
  } catch (error) {
    if (!(error instanceof TransientFailure)) throw error;
    return held(reference, { waiting: waiting(error.code, error.message), batch });
  }
};

/** Nothing is decided and nothing is changed; the record names what it waits for, and keeps the rest. */
const held = async (reference: Reference, { waiting: why, batch }: { waiting: Waiting; batch: Batch }): Promise<Evaluation> => {
  const now = batch.ports.clock.now();
  const before = (await batch.reads.record(reference.id)) ?? newRecord(reference.id, { lookup: reference.lookup, now });
  return {
    reference,
    decision: { kind: 'hold', waiting: why },
    record: {
      ...before,
      revision: before.revision + 1,
      pending: true,
      ...(reference.saidToHaveEnded ? { endingSaidAt: before.endingSaidAt ?? now.toISOString() } : {}),
      at: now.toISOString(),
    },
    isUpToDate: false,
    before: [],
    planned: [],
  };
};

/** A subscription that DataZone does not know waits, since an event may be ahead of the API. After a while it counts as gone. */
const evaluateMissing = async (
  reference: Reference,
  { record, batch }: { record: SubscriptionRecord | undefined; batch: Batch },
): Promise<Evaluation> => {
  const { subscriptionId, requestId } = reference.lookup;
  const why = waiting(
    'disagreement',
    `an event names subscription '${subscriptionId ?? requestId ?? '?'}', which DataZone does not show; it is read again`,
  );
  const missedFor = batch.ports.clock.now().getTime() - Date.parse(record?.missingSince ?? '9999-12-31');
  if (record === undefined || missedFor < MISSING_FOR) return missed(await held(reference, { waiting: why, batch }), batch);
  const existing = await batch.reads.grantsOf(record.id, []);
  if (existing.some(hasAccess)) return fromLedger(reference, { record, decision: { kind: 'orphan' }, batch });
  if (missedFor < SEARCHED_FOR) return missed(await held(reference, { waiting: why, batch }), batch);
  const decision = { kind: 'ignored', reason: 'DataZone has not known it for a day' } as const;
  return { reference, decision, record: closed(record, batch), isUpToDate: false, before: existing, planned: planIgnored(existing) };
};

const missed = (evaluation: Evaluation, { ports }: Batch): Evaluation => ({
  ...evaluation,
  record: evaluation.record && {
    ...evaluation.record,
    missingSince: evaluation.record.missingSince ?? ports.clock.now().toISOString(),
  },
});

/** What follows from the ledger alone. */
const fromLedger = async (
  reference: Reference,
  { record, decision, batch }: { record: SubscriptionRecord; decision: Extract<Decision, { kind: 'end' | 'orphan' }>; batch: Batch },
): Promise<Evaluation> => {
  const { ports, reads } = batch;
  const now = ports.clock.now();
  const [before, stance] = await every([reads.grantsOf(record.id, []), reads.stance()]);
  const wanted = decision.kind === 'end' ? planEnded(before, { ended: decision.ended, now }) : planOrphaned(before, { now });
  const planned = retired(wanted, { stance, now });
  const decided = decidedRecord(record, { decision, grants: planned, now });
  return { reference, decision, before, planned, ...recordOf(decided, { stored: record, planned }) };
};

/** A decision that was recorded before, and needs no change of a policy, is not saved again before the bucket is read. */
const recordOf = (
  decided: SubscriptionRecord,
  { stored, planned }: { stored: SubscriptionRecord | undefined; planned: readonly Grant[] },
): Pick<Evaluation, 'record' | 'isUpToDate'> => {
  const isOpen = planned.some(({ principals }) => principals.some(isUnsettled));
  return stored !== undefined && !isOpen && isDecidedAlready(decided, stored)
    ? { record: stored, isUpToDate: true }
    : { record: decided, isUpToDate: false };
};

const evaluateShown = async (
  reference: Reference,
  { subscription, batch }: { subscription: Subscription; batch: Batch },
): Promise<Evaluation> => {
  const { ports, reads, settings } = batch;
  const { resolved, provenance } = await resolve(subscription, { ports, reads, settings, saidToHaveEnded: reference.saidToHaveEnded });
  const stance = await reads.stance();
  const now = ports.clock.now();
  const decision = decide(resolved, rulesOf(stance, { settings, now }));
  if (decision.kind === 'hold') return held(reference, { waiting: decision.waiting, batch });

  const { record } = resolved;
  const buckets = decision.kind === 'grant' ? decision.assets.flatMap((asset) => ('location' in asset ? [asset.location.bucket] : [])) : [];
  const before = await reads.grantsOf(subscription.id, buckets);
  if (decision.kind === 'ignored')
    return { reference, decision, record: record && closed(record, batch), isUpToDate: false, before, planned: planIgnored(before) };
  const missing = decision.kind === 'grant' ? await missingTargets(before, { readTargets: decision.readTargets, record, batch }) : [];
  const gone = goneTargets(missing, now);
  const planned = retired(plan(decision, { subscription, existing: before, goneTargets: gone, now }), { stance, now });
  const known = record ?? newRecord(subscription.id, { lookup: { ...reference.lookup, subscriptionId: subscription.id }, now });
  const { missingSince: _, ...found } = known;
  const awaited = missing.filter(({ target }) => !gone.includes(target));
  const decided = decidedRecord(found, { subscription, decision, grants: planned, provenance, missingTargets: awaited, now });
  return { reference, decision, before, planned, ...recordOf(decided, { stored: record, planned }) };
};

const rulesOf = ({ registry, since }: Stance, { settings, now }: { settings: Settings; now: Date }): DecisionRules => ({
  registry,
  partition: settings.partition,
  formName: ASSET_FORM,
  ...(settings.existingSubscriptions === 'ignore' ? { ignoreBefore: since } : {}),
  ...(settings.expiresAfterDays === undefined
    ? {}
    : { expireBefore: new Date(now.getTime() - settings.expiresAfterDays * DAY).toISOString() }),
});

/** Targets that gave access and that DataZone reports not to know any more, each since it was first missed. That it showed the subscription proves that the domain answers. */
const missingTargets = async (
  before: readonly Grant[],
  { readTargets, record, batch }: { readTargets: readonly string[]; record: SubscriptionRecord | undefined; batch: Batch },
) => {
  const unread = unreadTargets(before, readTargets);
  const exists = await every(unread.map((target) => batch.reads.hasTarget(target)));
  const missing = unread.filter((_, index) => exists[index] === false);
  return stillMissing(missing, { before: record, now: batch.ports.clock.now() });
};

const retired = (grants: readonly Grant[], { stance, now }: { stance: Stance; now: Date }): readonly Grant[] =>
  planRetiring(grants, { isRetiring: (bucket) => stance.registry.buckets.get(bucket)?.state === 'retiring', now });

/** A record that was stored while it was not known whether the subscription is ours: it waits for nothing any more. */
const closed = (record: SubscriptionRecord, { ports }: Batch): SubscriptionRecord => ({
  ...record,
  revision: record.revision + 1,
  at: ports.clock.now().toISOString(),
});

const plan = (
  decision: Decision,
  {
    subscription,
    existing,
    goneTargets: gone,
    now,
  }: { subscription: Subscription; existing: readonly Grant[]; goneTargets: readonly string[]; now: Date },
): readonly Grant[] => {
  if (decision.kind === 'grant') return planApproved(decision, { subscription, existing, goneTargets: gone, now });
  return decision.kind === 'end' ? planEnded(existing, { ended: decision.ended, now }) : existing;
};

/** Returns the keys of the grants whose waiting principals may be granted access now. */
export const candidatesOf = ({ decision, planned }: Evaluation): ReadonlySet<string> => {
  if (decision.kind !== 'grant') return new Set();
  const locations = new Set(decision.assets.flatMap((asset) => ('location' in asset ? [JSON.stringify(asset.location)] : [])));
  return new Set(planned.filter((grant) => locations.has(JSON.stringify(grant.location))).map(grantKey));
};
