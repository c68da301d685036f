import { entryOf, type Grant, grantKey, isLive, type PrincipalEntry } from '../grant/grant';
import { locationArn } from '../grant/location';
import type { Counts, PlanLine } from '../ledger/reconcile-state';
import type { SubscriptionRecord } from '../ledger/subscription-record';
import { isDone, type Outcome } from '../outcome';

type Change = {
  readonly grant: Grant;
  readonly principal: string;
  readonly before: PrincipalEntry | undefined;
  readonly after: PrincipalEntry;
};

const changesOf = (before: readonly Grant[], planned: readonly Grant[]): readonly Change[] => {
  const earlier = new Map(before.map((grant) => [grantKey(grant), grant]));
  return planned.flatMap((grant) =>
    grant.principals.map((after) => ({ grant, principal: after.arn, before: entryOf(earlier.get(grantKey(grant)), after.arn), after })),
  );
};

const enters = ({ after }: Change): boolean => after.state === 'waiting';
const leaves = ({ before, after }: Change): boolean => after.state === 'revoking' && before !== undefined && isLive(before);
const isLeaving = ({ after }: Change): boolean => after.state === 'revoking';

/** How many principals lose access to a place when this is done. */
export const removalsOf = (before: readonly Grant[], planned: readonly Grant[]): number => changesOf(before, planned).filter(leaves).length;

/** What is to be done for one subscription, line by line. `heldBack`: it is not done, because the run has taken away enough. */
export const planLines = (
  { before, planned }: { readonly before: readonly Grant[]; readonly planned: readonly Grant[] },
  { heldBack }: { heldBack: boolean },
): readonly PlanLine[] =>
  changesOf(before, planned).flatMap((change): readonly PlanLine[] => {
    if (!enters(change) && !isLeaving(change)) return [];
    const { grant, principal } = change;
    const place = locationArn(grant.location);
    const line = { bucket: grant.location.bucket, location: place, principal, subscription: grant.subscriptionId };
    if (enters(change))
      return [
        {
          action: 'grant' as const,
          ...line,
          why: `subscription '${grant.subscriptionId}' is approved and '${principal}' cannot read '${place}' yet`,
        },
      ];
    if (heldBack)
      return [
        {
          action: 'held-back' as const,
          ...line,
          why: `'${principal}' is to lose '${place}', but this run has taken away as much as it may: look at the plan, and approve the removals`,
        },
      ];
    return [
      {
        action: 'revoke' as const,
        ...line,
        why: `'${principal}' may not read '${place}' by subscription '${grant.subscriptionId}' any more`,
      },
    ];
  });

/** Adds lines to what a run counts. */
export const counted = (counts: Counts, lines: readonly PlanLine[]): Counts => {
  const next = { ...counts };
  for (const { action } of lines) next[action] += 1;
  return next;
};

/** Whether a record says what the decision would say again: nothing is to be done for the subscription, and nobody to be told. */
export const isAsDecided = (
  { before, planned }: { readonly before: readonly Grant[]; readonly planned: readonly Grant[] },
  { steady, stored }: { steady: Outcome; stored: SubscriptionRecord | undefined },
): boolean => {
  if (stored === undefined) return steady.kind === 'ignored';
  if (JSON.stringify(before) !== JSON.stringify(planned)) return false;
  if (steady.kind === 'ignored') return stored.due === undefined && !stored.pending;
  if (steady.kind === 'unchanged') return isDone(stored.outcome);
  return steady.kind === stored.outcome.kind && codeOf(steady) === codeOf(stored.outcome);
};

const codeOf = (outcome: Outcome): string | undefined => ('code' in outcome ? outcome.code : undefined);
