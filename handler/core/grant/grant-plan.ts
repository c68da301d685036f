import type { DecidedPrincipal, Decision } from '../subscription/decision';
import type { Subscription } from '../subscription/subscription';
import { type Grant, grantKey, isLive, type PrincipalEntry, revoking, withState } from './grant';

type GrantDecision = Extract<Decision, { kind: 'grant' }>;

const since = (now: Date) => now.toISOString();

const enters = (before: PrincipalEntry | undefined, principal: DecidedPrincipal, now: Date): PrincipalEntry => {
  const targets = principal.targets;
  if (before?.final !== undefined || before?.state === 'expired') return before;
  if (before?.state === 'orphaned') return { state: 'granted', since: before.since, targets };
  if (before !== undefined && isLive(before)) return { ...before, targets };
  // Access that is being taken away may still be in the policy: it is proven gone before anything else is said of it.
  if (principal.refusal !== undefined && before?.state === 'revoking') return before;
  if (principal.refusal !== undefined)
    return before?.state === 'refused'
      ? { ...before, code: principal.refusal.code, targets }
      : { state: 'refused', since: since(now), code: principal.refusal.code, targets };
  return before?.state === 'waiting'
    ? { state: 'waiting', since: before.since, targets }
    : { state: 'waiting', since: since(now), targets };
};

/**
 * A principal that no target names now. Only a target that was read and no longer holds it counts: a target that is missing from
 * the reading may be missing for many reasons, and takes nothing away. A refused principal that leaves is forgotten: it never had
 * access, and its refusal would be reported for ever.
 */
const leaves = (before: PrincipalEntry, readTargets: ReadonlySet<string>, now: Date): PrincipalEntry | undefined => {
  if (!isLive(before) && before.state !== 'waiting' && before.state !== 'refused') return before;
  const unread = before.targets.filter((target) => !readTargets.has(target));
  if (unread.length > 0 || before.targets.length === 0) return { ...before, targets: unread };
  return before.state === 'refused' ? undefined : revoking(before, { now });
};

/**
 * The grants of an approved subscription: one per place that may be granted, beside what the ledger already holds. `goneTargets` are
 * known not to exist any more, which says as much as a reading in which they name nobody.
 */
export const planApproved = (
  decision: GrantDecision,
  {
    subscription,
    existing,
    goneTargets,
    now,
  }: { subscription: Subscription; existing: readonly Grant[]; goneTargets: readonly string[]; now: Date },
): readonly Grant[] => {
  const grants = new Map(existing.map((grant) => [grantKey(grant), grant]));
  const readTargets = new Set([...decision.readTargets, ...goneTargets]);
  const placed = new Set<string>();
  for (const asset of decision.assets) {
    if (!('location' in asset)) continue;
    const key = grantKey({ subscriptionId: subscription.id, location: asset.location });
    placed.add(key);
    const before = grants.get(key);
    grants.set(key, {
      subscriptionId: subscription.id,
      location: asset.location,
      listingId: subscription.listing.id,
      assetId: asset.assetId,
      owningProject: asset.owningProject,
      ...(subscription.subscriber.kind === 'project' ? { consumerProject: subscription.subscriber.id } : {}),
      principals: before?.principals ?? {},
    });
  }
  return [...grants].map(([key, grant]) =>
    placed.has(key) ? withPrincipals(grant, { decision, readTargets, now }) : closed(grant, { decision, readTargets, now }),
  );
};

type Reading = { readonly decision: GrantDecision; readonly readTargets: ReadonlySet<string>; readonly now: Date };

/** A place that may no longer be granted lets nobody new in; who is in stays until there is a reason to take it away. */
const closed = (grant: Grant, { decision, readTargets, now }: Reading): Grant => {
  const named = new Set(decision.principals.map(({ arn }) => arn));
  return withState(grant, (entry, arn) => {
    if (entry.state === 'waiting') return revoking(entry, { now });
    return named.has(arn) ? entry : leaves(entry, readTargets, now);
  });
};

const withPrincipals = (grant: Grant, { decision, readTargets, now }: Reading): Grant => {
  const named = new Map(decision.principals.map((principal) => [principal.arn, enters(grant.principals[principal.arn], principal, now)]));
  const others = withState(grant, (entry, arn) => (named.has(arn) ? undefined : leaves(entry, readTargets, now)));
  return { ...grant, principals: { ...others.principals, ...Object.fromEntries(named) } };
};

/**
 * The grants of a subscription that ended: everything it has, or may have, is taken away, unless its owner let the consumer keep it.
 * Its refusals are forgotten, so that they are not reported over the access that a later subscription gives.
 */
export const planEnded = (
  existing: readonly Grant[],
  { ended, now }: { ended: 'revoked' | 'retained' | 'expired'; now: Date },
): readonly Grant[] =>
  existing.map((grant) =>
    withState(grant, (entry) => {
      if (entry.state === 'refused') return undefined;
      if (ended === 'retained' && isLive(entry))
        return entry.state === 'retained' ? entry : { ...entry, state: 'retained', since: since(now) };
      if (!isLive(entry) && entry.state !== 'waiting') return entry;
      return revoking(entry, { now, ...(ended === 'expired' ? { final: 'expired' as const } : {}) });
    }),
  );

/** The grants of a subscription that DataZone does not know any more: kept, since not being found is no evidence, and told apart. */
export const planOrphaned = (existing: readonly Grant[], { now }: { now: Date }): readonly Grant[] =>
  existing.map((grant) =>
    withState(grant, (entry) => (entry.state === 'granted' ? { ...entry, state: 'orphaned', since: since(now) } : entry)),
  );

/** The grants of a subscription that this deployment does not serve: what only waits is given up, and nothing is taken from anybody. */
export const planIgnored = (existing: readonly Grant[]): readonly Grant[] =>
  existing.map((grant) => withState(grant, (entry) => (entry.state === 'waiting' || entry.state === 'refused' ? undefined : entry)));

/** Grants on buckets that are leaving the deployment end, whatever their subscription says: whoever deploys has said so. */
export const planRetiring = (
  grants: readonly Grant[],
  { isRetiring, now }: { isRetiring: (bucket: string) => boolean; now: Date },
): readonly Grant[] =>
  grants.map((grant) =>
    isRetiring(grant.location.bucket)
      ? withState(grant, (entry) => (isLive(entry) || entry.state === 'waiting' ? revoking(entry, { now }) : entry))
      : grant,
  );

/** Targets that gave principals what they have, and that a reading does not show: they may be gone, or the reading may not be whole. */
export const unreadTargets = (existing: readonly Grant[], readTargets: readonly string[]): readonly string[] => {
  const read = new Set(readTargets);
  const holding = existing.flatMap((grant) =>
    Object.values(grant.principals).filter((entry) => isLive(entry) || entry.state === 'waiting'),
  );
  return [...new Set(holding.flatMap((entry) => entry.targets))].filter((target) => !read.has(target)).sort();
};
