import { ASSET_FORM } from '../contract/datazone';
import { type Grant, grantKey, isHeldBySomeone, isUnsettled } from '../core/grant/grant';
import { planApproved, planEnded, planIgnored, planOrphaned, planRetiring, unreadTargets } from '../core/grant/grant-plan';
import { type Waiting, waiting } from '../core/outcome';
import type { Stance } from '../core/stance';
import { type Decision, type DecisionRules, decide } from '../core/subscription/decision';
import { decidedRecord, goneTargets, isDecidedAlready, newRecord, stillMissing } from '../core/subscription/record-plan';
import type { Subscription } from '../core/subscription/subscription';
import type { SubscriptionLookup, SubscriptionRecord } from '../core/subscription/subscription-record';
import { TransientFailure } from '../errors';
import { every } from '../every';
import type { Ports } from '../ports';
import type { Settings } from '../settings';
import type { Reads } from './reads';
import { resolve } from './resolve';

/** A subscription that the batch's messages lead to. */
export type Lead = {
  readonly id: string;
  /** What DataZone shows; `missing`: it says that it knows no such subscription; or why it shows nothing now. */
  readonly found: Subscription | Waiting | 'missing';
  readonly lookup: SubscriptionLookup;
  readonly saidToHaveEnded: boolean;
  readonly messageIds: readonly string[];
};

/** A subscription with what was decided of it. */
export type Case = {
  readonly lead: Lead;
  readonly decision: Decision;
  /** As it is to be saved before anything is touched; absent where nothing is kept, for subscriptions that are not ours. */
  readonly record: SubscriptionRecord | undefined;
  /** The ledger says all of it already, and nothing of it is open: the record is the stored one. */
  readonly stands: boolean;
  readonly before: readonly Grant[];
  readonly planned: readonly Grant[];
};

type Context = { readonly ports: Ports; readonly reads: Reads; readonly settings: Settings };

/** So long DataZone has to say that it does not know a subscription before its grants are orphaned. Milliseconds. */
const MISSING_FOR = 60 * 60_000;
/** So long what an event named and DataZone never showed is looked for. Milliseconds. */
const SEARCHED_FOR = 24 * 60 * 60_000;
const DAY = 24 * 60 * 60_000;

/**
 * Resolves one lead and decides it.
 * @throws LedgerFailure
 */
export const look = async (lead: Lead, context: Context): Promise<Case> => {
  try {
    const record = await context.reads.record(lead.id);
    // What ended for good is taken away by what the ledger knows, whatever DataZone shows or hides.
    if (record?.ended !== undefined) return await settled(lead, { record, decision: { kind: 'end', ended: record.ended }, context });
    if (lead.found === 'missing') return await lookForMissing(lead, { record, context });
    if ('code' in lead.found) return await held(lead, { waiting: lead.found, context });
    return await lookAt(lead, { subscription: lead.found, context });
  } catch (error) {
    if (!(error instanceof TransientFailure)) throw error;
    return held(lead, { waiting: waiting(error.code, error.message), context });
  }
};

/** Nothing is decided and nothing is changed; the record says what it waits for, and keeps what it knew. */
const held = async (lead: Lead, { waiting: why, context }: { waiting: Waiting; context: Context }): Promise<Case> => {
  const now = context.ports.clock.now();
  const before = (await context.reads.record(lead.id)) ?? newRecord(lead.id, { lookup: lead.lookup, now });
  return {
    lead,
    decision: { kind: 'hold', waiting: why },
    record: {
      ...before,
      revision: before.revision + 1,
      pending: true,
      ...(lead.saidToHaveEnded ? { endingSaidAt: before.endingSaidAt ?? now.toISOString() } : {}),
      at: now.toISOString(),
    },
    stands: false,
    before: [],
    planned: [],
  };
};

/** What a subscription that DataZone does not know waits for: an event may be ahead of the API. After a while it counts as gone. */
const lookForMissing = async (
  lead: Lead,
  { record, context }: { record: SubscriptionRecord | undefined; context: Context },
): Promise<Case> => {
  const { subscriptionId, requestId } = lead.lookup;
  const why = waiting(
    'disagreement',
    `an event names subscription '${subscriptionId ?? requestId ?? '?'}', which DataZone does not show; it is looked at again`,
  );
  const missedFor = context.ports.clock.now().getTime() - Date.parse(record?.missingSince ?? '9999-12-31');
  if (record === undefined || missedFor < MISSING_FOR) return missed(await held(lead, { waiting: why, context }), context);
  const existing = await grantsOf(record, context);
  if (existing.some(isHeldBySomeone)) return settled(lead, { record, decision: { kind: 'orphan' }, context });
  if (missedFor < SEARCHED_FOR) return missed(await held(lead, { waiting: why, context }), context);
  const decision = { kind: 'ignored', reason: 'DataZone has not known it for a day' } as const;
  return { lead, decision, record: closed(record, context.ports), stands: false, before: existing, planned: planIgnored(existing) };
};

const missed = (one: Case, { ports }: Context): Case => ({
  ...one,
  record: one.record && { ...one.record, missingSince: one.record.missingSince ?? ports.clock.now().toISOString() },
});

/** What follows from the ledger alone. */
const settled = async (
  lead: Lead,
  { record, decision, context }: { record: SubscriptionRecord; decision: Extract<Decision, { kind: 'end' | 'orphan' }>; context: Context },
): Promise<Case> => {
  const { ports, reads } = context;
  const now = ports.clock.now();
  const [before, stance] = await every([grantsOf(record, context), reads.stance()]);
  const wanted = decision.kind === 'end' ? planEnded(before, { ended: decision.ended, now }) : planOrphaned(before, { now });
  const planned = retired(wanted, { stance, now });
  const decided = decidedRecord(record, { decision, grants: planned, now });
  return { lead, decision, before, planned, ...recordOf(decided, { stored: record, planned }) };
};

/** A decision that was taken down before, and leaves no policy to be changed, is not saved again before the bucket is looked at. */
const recordOf = (
  decided: SubscriptionRecord,
  { stored, planned }: { stored: SubscriptionRecord | undefined; planned: readonly Grant[] },
): Pick<Case, 'record' | 'stands'> => {
  const isOpen = planned.some((grant) => Object.values(grant.principals).some(isUnsettled));
  return stored !== undefined && !isOpen && isDecidedAlready(decided, stored)
    ? { record: stored, stands: true }
    : { record: decided, stands: false };
};

const lookAt = async (lead: Lead, { subscription, context }: { subscription: Subscription; context: Context }): Promise<Case> => {
  const { ports, reads, settings } = context;
  const { resolved, provenance } = await resolve(subscription, { ports, reads, settings, saidToHaveEnded: lead.saidToHaveEnded });
  const stance = await reads.stance();
  const now = ports.clock.now();
  const decision = decide(resolved, rulesOf(stance, { settings, now }));
  if (decision.kind === 'hold') return held(lead, { waiting: decision.waiting, context });

  const places = decision.kind === 'grant' ? decision.assets.flatMap((asset) => ('location' in asset ? [asset.location.bucket] : [])) : [];
  const before = await grantsOf({ id: subscription.id, buckets: [...(resolved.record?.buckets ?? []), ...places] }, context);
  if (decision.kind === 'ignored')
    return { lead, decision, record: closed(resolved.record, ports), stands: false, before, planned: planIgnored(before) };
  const missing =
    decision.kind === 'grant' ? await missingTargets(before, { readTargets: decision.readTargets, record: resolved.record, context }) : {};
  const gone = goneTargets(missing, now);
  const planned = retired(plan(decision, { subscription, existing: before, goneTargets: gone, now }), { stance, now });
  const record = resolved.record ?? newRecord(subscription.id, { lookup: { ...lead.lookup, subscriptionId: subscription.id }, now });
  const { missingSince: _, ...found } = record;
  const awaited = Object.fromEntries(Object.entries(missing).filter(([target]) => !gone.includes(target)));
  const known = { subscription, decision, grants: planned, provenance, missingTargets: awaited, now };
  return { lead, decision, before, planned, ...recordOf(decidedRecord(found, known), { stored: resolved.record, planned }) };
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

/** A subscription's grants, of all buckets in which it has, or is to have, any. */
const grantsOf = async ({ id, buckets }: Pick<SubscriptionRecord, 'id' | 'buckets'>, { reads }: Context): Promise<readonly Grant[]> => {
  const ledgers = await every([...new Set(buckets)].map((name) => reads.bucket(name)));
  return ledgers.flatMap(({ grants }) => grants.map(({ grant }) => grant)).filter((grant) => grant.subscriptionId === id);
};

/** Targets that gave access and that DataZone says it does not know any more, with the time since which they are missed. That it showed the subscription proves that the domain answers. */
const missingTargets = async (
  before: readonly Grant[],
  { readTargets, record, context }: { readTargets: readonly string[]; record: SubscriptionRecord | undefined; context: Context },
): Promise<Readonly<Record<string, string>>> => {
  const { ports, reads } = context;
  const unread = unreadTargets(before, readTargets);
  const there = await every(unread.map((target) => reads.hasTarget(target)));
  const missing = unread.filter((_, index) => there[index] === false);
  return stillMissing(missing, { before: record, now: ports.clock.now() });
};

const retired = (grants: readonly Grant[], { stance, now }: { stance: Stance; now: Date }): readonly Grant[] =>
  planRetiring(grants, { isRetiring: (bucket) => stance.registry.buckets.get(bucket)?.state === 'retiring', now });

/** A record that was kept while nobody could say whether the subscription is ours: it waits for nothing any more. */
const closed = (record: SubscriptionRecord | undefined, { clock }: Ports): SubscriptionRecord | undefined =>
  record && { ...record, revision: record.revision + 1, at: clock.now().toISOString() };

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

/** The grants of a case whose waiting principals may be let in now. */
export const candidatesOf = ({ decision, planned }: Case): readonly string[] => {
  if (decision.kind !== 'grant') return [];
  const places = new Set(decision.assets.flatMap((asset) => ('location' in asset ? [JSON.stringify(asset.location)] : [])));
  return planned.filter((grant) => places.has(JSON.stringify(grant.location))).map(grantKey);
};
