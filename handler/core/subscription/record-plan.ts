import type { Grant } from '../grant/grant';
import type { Due, SubscriptionLookup, SubscriptionRecord } from '../ledger/subscription-record';
import { MOST_REPORTED } from '../limits';
import { isDone, type Outcome } from '../outcome';
import { backoff } from './backoff';
import type { Decision } from './decision';
import type { Provenance, Subscription } from './subscription';

/** A first record of what a message led to; `id` is the subscription's, or what stands for it until it is found. */
export const newRecord = (id: string, { lookup, now }: { lookup: SubscriptionLookup; now: Date }): SubscriptionRecord => ({
  id,
  revision: 0,
  outcome: { kind: 'unchanged' },
  pending: false,
  assets: [],
  buckets: [],
  reported: [],
  lookup,
  at: now.toISOString(),
});

type Known = {
  /** As DataZone shows it; absent where the ledger's word is enough, or DataZone does not know it. */
  readonly subscription?: Subscription;
  readonly decision: Decision;
  readonly grants: readonly Grant[];
  readonly provenance?: Provenance | undefined;
  readonly missingTargets?: SubscriptionRecord['missingTargets'];
  readonly now: Date;
};

/** The record with everything decided, to be saved before anything is touched. Places are frozen at the first decision. */
export const decidedRecord = (before: SubscriptionRecord, known: Known): SubscriptionRecord => {
  const { subscription, decision, grants, provenance, missingTargets, now } = known;
  const { endingSaidAt: _said, missingTargets: _missing, ...rest } = before;
  const decided =
    decision.kind === 'grant' || decision.kind === 'refuse'
      ? decision.assets.map(({ assetId, owningProject, published }) => ({ assetId, owningProject, published }))
      : [];
  return {
    ...rest,
    revision: before.revision + 1,
    ...(subscription === undefined ? {} : shown(before, subscription)),
    ...(decision.kind === 'end' ? { ended: before.ended ?? decision.ended } : {}),
    pending: true,
    ...(missingTargets === undefined || missingTargets.length === 0 ? {} : { missingTargets }),
    ...((before.provenance ?? provenance) ? { provenance: before.provenance ?? provenance } : {}),
    assets: before.assets.length > 0 ? before.assets : decided,
    buckets: [...new Set([...before.buckets, ...grants.map((grant) => grant.location.bucket)])].sort(),
    due: dueFor(decision.kind === 'end' ? 'revoke' : 'grant', { attempts: before.due?.attempts ?? 0, now }),
    at: now.toISOString(),
  };
};

/** What DataZone shows of a subscription, as of now; who made it and when it was approved, as of the first look. */
const shown = (before: SubscriptionRecord, subscription: Subscription): Partial<SubscriptionRecord> => {
  const { id, status, listing, subscriber, createdBy, createdAt } = subscription;
  return {
    id,
    status,
    listing: {
      id: listing.id,
      ...(listing.revision === undefined ? {} : { revision: listing.revision }),
      name: listing.name,
      owningProject: listing.owningProject,
      ...(listing.owningProjectName === undefined ? {} : { owningProjectName: listing.owningProjectName }),
    },
    subscriber,
    createdBy: before.createdBy ?? createdBy,
    approvedAt: before.approvedAt ?? createdAt,
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
  readonly reported: SubscriptionRecord['reported'];
  /** Something could not be told to DataZone. */
  readonly unreported: boolean;
  /** Access is still to be taken away, which comes first when it is due again. */
  readonly takesAway: boolean;
  /** Somebody has access by it now. */
  readonly serves: boolean;
  readonly now: Date;
};

/** The record once the work is done, or waits. What is refused or ignored waits for a reconcile, not for a time. */
export const concludedRecord = (
  before: SubscriptionRecord,
  { outcome, reported, unreported, takesAway, serves, now }: Conclusion,
): SubscriptionRecord => {
  const { due: _due, waitingSince, ...rest } = before;
  const isWaiting = outcome.kind === 'waiting' && outcome.code !== 'observing';
  const attempts = (before.due?.attempts ?? 0) + 1;
  const due = isWaiting
    ? { due: dueFor(takesAway ? 'revoke' : 'grant', { attempts, now }) }
    : unreported
      ? { due: dueFor('report', { attempts, now }) }
      : lookAgain(before);
  return {
    ...rest,
    revision: before.revision + 1,
    outcome: recordedOutcome(before, outcome),
    pending: isWaiting,
    reported: mergedReports(before.reported, reported),
    ...(isWaiting ? { waitingSince: waitingSince ?? now.toISOString() } : {}),
    ...(serves ? { served: true } : {}),
    ...due,
    at: now.toISOString(),
  };
};

/**
 * Where nothing changed, the outcome stays recorded. That of a subscription that ended is its ending: an invocation that was cut off
 * after it revoked the access left the outcome from before.
 */
const recordedOutcome = (before: SubscriptionRecord, outcome: Outcome): Outcome => {
  if (outcome.kind !== 'unchanged') return outcome;
  if (before.ended !== undefined) return { kind: before.ended };
  return isDone(before.outcome) ? before.outcome : outcome;
};

/**
 * Whether a record says nothing that the stored one does not: nothing that was decided, and nothing that is still to be done. When it
 * was written does not count.
 */
export const saysNothingNew = (record: SubscriptionRecord, stored: SubscriptionRecord): boolean => {
  const said = ({ revision: _, at: __, ...rest }: SubscriptionRecord) => canonical(rest);
  return said(record) === said(stored);
};

/** Whether everything that was decided was decided before, and all that followed from it is done. */
export const isDecidedAlready = (decided: SubscriptionRecord, stored: SubscriptionRecord): boolean => {
  const { due: _, ...done } = decided;
  return saysNothingNew({ ...done, pending: false }, stored);
};

/** A value as text in which the order of members says nothing. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  );

/** How long a target has to be missing before that counts: it is looked for twice, and not only in one bad moment. Milliseconds. */
const MISSING_FOR = 60 * 60_000;

/** Statuses that changed come last, each grant and asset once, and no more than a record keeps. What did not change keeps its position. */
const mergedReports = (before: SubscriptionRecord['reported'], now: SubscriptionRecord['reported']): SubscriptionRecord['reported'] => {
  const keyOf = ({ grant, asset }: SubscriptionRecord['reported'][number]) => `${grant}/${asset}`;
  const known = new Map(before.map((report) => [keyOf(report), report.status]));
  const changed = new Map(now.filter((report) => known.get(keyOf(report)) !== report.status).map((report) => [keyOf(report), report]));
  return [...before.filter((report) => !changed.has(keyOf(report))), ...changed.values()].slice(-MOST_REPORTED);
};

type MissingTargets = NonNullable<SubscriptionRecord['missingTargets']>;

/** Returns the targets that are known to be gone: missing at two evaluations, an hour apart. */
export const goneTargets = (missing: MissingTargets, now: Date): readonly string[] =>
  missing.flatMap(({ target, since }) => (now.getTime() - Date.parse(since) >= MISSING_FOR ? [target] : []));

/** Returns what is missing now, each since it was first missed. */
export const stillMissing = (
  missing: readonly string[],
  { before, now }: { before: SubscriptionRecord | undefined; now: Date },
): MissingTargets => {
  const known = new Map(before?.missingTargets?.map(({ target, since }) => [target, since]));
  return missing.map((target) => ({ target, since: known.get(target) ?? now.toISOString() }));
};

/** The second evaluation of what is missing. */
const lookAgain = ({ missingTargets = [] }: SubscriptionRecord): { readonly due?: Due } => {
  const [first] = missingTargets.map(({ since }) => since).sort();
  return first === undefined ? {} : { due: { kind: 'look', at: new Date(Date.parse(first) + MISSING_FOR).toISOString(), attempts: 0 } };
};
