import { backoff } from './backoff';
import type { Decision } from './decision';
import type { Grant } from './grant';
import type { Outcome } from './outcome';
import type { Provenance, Subscription } from './subscription';
import type { Due, SubscriptionLookup, SubscriptionRecord } from './subscription-record';

/** A first record of what a message led to; `id` is the subscription's, or what stands for it until it is found. */
export const newRecord = (id: string, { lookup, now }: { lookup: SubscriptionLookup; now: Date }): SubscriptionRecord => ({
  id,
  revision: 0,
  outcome: { kind: 'unchanged' },
  pending: false,
  assets: [],
  buckets: [],
  reported: {},
  lookup,
  at: now.toISOString(),
});

type Known = {
  readonly subscription: Subscription;
  readonly decision: Decision;
  readonly grants: readonly Grant[];
  readonly provenance?: Provenance | undefined;
  readonly now: Date;
};

/** The record with everything decided, to be saved before anything is touched. Places are frozen at the first decision. */
export const decidedRecord = (before: SubscriptionRecord, known: Known): SubscriptionRecord => {
  const { subscription, decision, grants, provenance, now } = known;
  const { listing } = subscription;
  const { endingSaidAt: _, ...rest } = before;
  const decided =
    decision.kind === 'grant' || decision.kind === 'refuse'
      ? decision.assets.map(({ assetId, owningProject, published }) => ({ assetId, owningProject, published }))
      : [];
  return {
    ...rest,
    id: subscription.id,
    revision: before.revision + 1,
    status: subscription.status,
    ...(decision.kind === 'end' ? { ended: before.ended ?? (decision.retained ? ('retained' as const) : ('revoked' as const)) } : {}),
    pending: true,
    listing: {
      id: listing.id,
      ...(listing.revision === undefined ? {} : { revision: listing.revision }),
      name: listing.name,
      owningProject: listing.owningProject,
      ...(listing.owningProjectName === undefined ? {} : { owningProjectName: listing.owningProjectName }),
    },
    subscriber: subscription.subscriber,
    createdBy: before.createdBy ?? subscription.createdBy,
    ...(before.approvedAt === undefined && subscription.status === 'APPROVED' ? { approvedAt: subscription.updatedAt } : {}),
    ...((before.provenance ?? provenance) ? { provenance: before.provenance ?? provenance } : {}),
    assets: before.assets.length > 0 ? before.assets : decided,
    buckets: [...new Set([...before.buckets, ...grants.map((grant) => grant.location.bucket)])].sort(),
    due: dueFor(decision.kind === 'end' ? 'revoke' : 'grant', { attempts: before.due?.attempts ?? 0, now }),
    at: now.toISOString(),
  };
};

/** When work is looked at again; the more often it failed, the later. */
export const dueFor = (kind: Due['kind'], { attempts, now }: { attempts: number; now: Date }): Due => ({
  kind,
  at: new Date(now.getTime() + backoff(attempts)).toISOString(),
  attempts,
});

export type Conclusion = {
  readonly outcome: Outcome;
  readonly reported: Readonly<Record<string, string>>;
  /** Something could not be told to DataZone. */
  readonly unreported: boolean;
  /** Access is still to be taken away, which comes first when it is due again. */
  readonly takesAway: boolean;
  readonly now: Date;
};

/** The record once the work is done, or waits. What is refused or ignored waits for a reconcile, not for a time. */
export const concludedRecord = (
  before: SubscriptionRecord,
  { outcome, reported, unreported, takesAway, now }: Conclusion,
): SubscriptionRecord => {
  const { due: _, ...rest } = before;
  const isWaiting = outcome.kind === 'waiting' && outcome.code !== 'observing';
  const attempts = (before.due?.attempts ?? 0) + 1;
  const due = isWaiting
    ? { due: dueFor(takesAway ? 'revoke' : 'grant', { attempts, now }) }
    : unreported
      ? { due: dueFor('report', { attempts, now }) }
      : {};
  return {
    ...rest,
    revision: before.revision + 1,
    outcome,
    pending: isWaiting,
    reported: { ...before.reported, ...reported },
    ...due,
    at: now.toISOString(),
  };
};
