import { ASSET_FORM } from '../contract';
import { type Decision, decide } from '../core/decision';
import { type Grant, grantKey } from '../core/grant';
import { planApproved, planEnded } from '../core/grant-plan';
import { type Waiting, waiting } from '../core/outcome';
import { decidedRecord, newRecord } from '../core/record-plan';
import type { Subscription } from '../core/subscription';
import type { SubscriptionLookup, SubscriptionRecord } from '../core/subscription-record';
import type { Settings } from '../env';
import { TransientFailure } from '../errors';
import type { Ports } from '../ports';
import { every } from './every';
import type { Reads } from './reads';
import { resolve } from './resolve';

/** A subscription that the batch's messages lead to. */
export type Lead = {
  readonly id: string;
  /** What DataZone shows; or why it shows nothing now. */
  readonly found: Subscription | Waiting;
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
  readonly before: readonly Grant[];
  readonly planned: readonly Grant[];
};

type Context = { readonly ports: Ports; readonly reads: Reads; readonly settings: Settings };

/**
 * Resolves one lead and decides it.
 * @throws LedgerFailure
 */
export const look = async (lead: Lead, context: Context): Promise<Case> => {
  if ('code' in lead.found) return held(lead, { waiting: lead.found, context });
  try {
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
    before: [],
    planned: [],
  };
};

const lookAt = async (lead: Lead, { subscription, context }: { subscription: Subscription; context: Context }): Promise<Case> => {
  const { ports, reads, settings } = context;
  const { resolved, provenance } = await resolve(subscription, { ports, reads, settings, saidToHaveEnded: lead.saidToHaveEnded });
  const registry = await ports.registry.read();
  const decision = decide(resolved, { registry, partition: settings.partition, formName: ASSET_FORM });
  if (decision.kind === 'ignored') return { lead, decision, record: closed(resolved.record, ports), before: [], planned: [] };
  if (decision.kind === 'hold') return held(lead, { waiting: decision.waiting, context });

  const now = ports.clock.now();
  const places = decision.kind === 'grant' ? decision.assets.flatMap((asset) => ('location' in asset ? [asset.location.bucket] : [])) : [];
  const buckets = [...new Set([...(resolved.record?.buckets ?? []), ...places])];
  const ledgers = await every(buckets.map((name) => reads.bucket(name)));
  const before = ledgers
    .flatMap(({ grants }) => grants.map(({ grant }) => grant))
    .filter((grant) => grant.subscriptionId === subscription.id);
  const planned = plan(decision, { subscription, existing: before, now });
  const record = resolved.record ?? newRecord(subscription.id, { lookup: { ...lead.lookup, subscriptionId: subscription.id }, now });
  return { lead, decision, before, planned, record: decidedRecord(record, { subscription, decision, grants: planned, provenance, now }) };
};

/** A record that was kept while nobody could say whether the subscription is ours: it waits for nothing any more. */
const closed = (record: SubscriptionRecord | undefined, { clock }: Ports): SubscriptionRecord | undefined =>
  record && { ...record, revision: record.revision + 1, at: clock.now().toISOString() };

const plan = (
  decision: Decision,
  { subscription, existing, now }: { subscription: Subscription; existing: readonly Grant[]; now: Date },
): readonly Grant[] => {
  if (decision.kind === 'grant') return planApproved(decision, { subscription, existing, now });
  return decision.kind === 'end' ? planEnded(existing, { retained: decision.retained, now }) : existing;
};

/** The grants of a case whose waiting principals may be let in now. */
export const candidatesOf = ({ decision, planned }: Case): readonly string[] => {
  if (decision.kind !== 'grant') return [];
  const places = new Set(decision.assets.flatMap((asset) => ('location' in asset ? [JSON.stringify(asset.location)] : [])));
  return planned.filter((grant) => places.has(JSON.stringify(grant.location))).map(grantKey);
};
