import { cut } from '../bounds';
import { LONGEST_REASON, MOST_PRINCIPALS, MOST_REFUSED, MOST_SETTLED } from '../limits';
import { type Refusal, refused } from '../outcome';
import type { DecidedPrincipal, Decision } from '../subscription/decision';
import type { Subscription } from '../subscription/subscription';
import { type Grant, grantKey, isLive, type PrincipalEntry, revoking, withEntries } from './grant';

type GrantDecision = Extract<Decision, { kind: 'grant' }>;

const since = (now: Date) => now.toISOString();

/** Returns the reason as a principal's entry stores it. */
export const reasonOf = ({
  code,
  message,
}: {
  readonly code: NonNullable<PrincipalEntry['reason']>['code'];
  readonly message: string;
}) => ({
  code,
  message: cut(message, LONGEST_REASON),
});

/** A principal that a target names, beside its entry so far. */
const enters = (before: PrincipalEntry | undefined, principal: DecidedPrincipal, now: Date): PrincipalEntry => {
  const { arn, targets, refusal } = principal;
  if (before?.final !== undefined || before?.state === 'expired') return before;
  if (before?.state === 'orphaned') return { arn, state: 'granted', since: before.since, targets };
  if (before !== undefined && isLive(before)) return { ...before, targets };
  // Access that is being revoked may still be in the policy: it is proven gone before anything else is recorded.
  if (refusal !== undefined && before?.state === 'revoking') return before;
  if (refusal !== undefined)
    return { arn, state: 'refused', since: before?.state === 'refused' ? before.since : since(now), reason: reasonOf(refusal), targets };
  return { arn, state: 'waiting', since: before?.state === 'waiting' ? before.since : since(now), targets };
};

/**
 * A principal that no target names now. Only a target that was read and no longer names it is evidence: a target may be missing from
 * the reading for many reasons. A refused principal is forgotten, because its refusal would be reported for ever.
 */
const leaves = (before: PrincipalEntry, readTargets: ReadonlySet<string>, now: Date): PrincipalEntry | undefined => {
  if (!isLive(before) && before.state !== 'waiting' && before.state !== 'refused') return before;
  const unread = before.targets.filter((target) => !readTargets.has(target));
  if (unread.length > 0 || before.targets.length === 0) return { ...before, targets: unread };
  return before.state === 'refused' ? undefined : revoking(before, { now });
};

/**
 * Returns the grants of an approved subscription: one per location that may be granted, beside those in the ledger. `goneTargets` are
 * known not to exist any more, which is the same evidence as a target that names no principal.
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
  const located = new Set<string>();
  for (const asset of decision.assets) {
    if (!('location' in asset)) continue;
    const key = grantKey({ subscriptionId: subscription.id, location: asset.location });
    located.add(key);
    grants.set(key, {
      subscriptionId: subscription.id,
      location: asset.location,
      listingId: subscription.listing.id,
      assetId: asset.assetId,
      owningProject: asset.owningProject,
      ...(subscription.subscriber.kind === 'project' ? { consumerProject: subscription.subscriber.id } : {}),
      principals: grants.get(key)?.principals ?? [],
    });
  }
  return [...grants].map(([key, grant]) =>
    located.has(key) ? withPrincipals(grant, { decision, readTargets, now }) : closed(grant, { decision, readTargets, now }),
  );
};

type Reading = { readonly decision: GrantDecision; readonly readTargets: ReadonlySet<string>; readonly now: Date };

/** A location that may no longer be granted gets no new principals; those with access keep it until there is evidence against it. */
const closed = (grant: Grant, { decision, readTargets, now }: Reading): Grant => {
  const named = new Set(decision.principals.map(({ arn }) => arn));
  return withEntries(grant, (entry) => {
    if (entry.state === 'waiting') return revoking(entry, { now });
    return named.has(entry.arn) ? entry : leaves(entry, readTargets, now);
  });
};

const withPrincipals = (grant: Grant, { decision, readTargets, now }: Reading): Grant => {
  const named = new Set(decision.principals.map(({ arn }) => arn));
  const others = withEntries(grant, (entry) => (named.has(entry.arn) ? undefined : leaves(entry, readTargets, now)));
  return { ...grant, principals: bounded([...others.principals, ...namedEntries(grant, { decision, others: others.principals, now })]) };
};

const takesPlace = (entry: PrincipalEntry | undefined): boolean => entry !== undefined && (isLive(entry) || entry.state === 'waiting');

/** Entries of the principals that targets name. Those that have a place already keep it, so that newcomers never displace them. */
const namedEntries = (
  grant: Grant,
  { decision, others, now }: Pick<Reading, 'decision' | 'now'> & { readonly others: readonly PrincipalEntry[] },
): readonly PrincipalEntry[] => {
  const before = new Map(grant.principals.map((entry) => [entry.arn, entry]));
  const planned = decision.principals.map((principal) => {
    const known = before.get(principal.arn);
    return { principal, known, entry: enters(known, principal, now) };
  });
  const keeping = planned.filter(({ known, entry }) => takesPlace(known) && takesPlace(entry));
  let space = MOST_PRINCIPALS - others.filter(takesPlace).length - keeping.length;
  return planned.map(({ principal, known, entry }) => {
    if (takesPlace(known) || !takesPlace(entry)) return entry;
    space--;
    return space < 0 ? enters(known, { ...principal, refusal: tooMany(principal.arn) }, now) : entry;
  });
};

const tooMany = (arn: string): Refusal =>
  refused(
    'limit-exceeded',
    `'${arn}' is more than the ${MOST_PRINCIPALS} principals that one subscription may grant access; remove principals from the subscription target, or have them share a role`,
  );

/** Keeps a grant's list short: the first refused principals with the number of the others, and the newest of those whose access ended. */
const bounded = (entries: readonly PrincipalEntry[]): readonly PrincipalEntry[] => {
  const refusedOnes = entries.filter(({ state }) => state === 'refused');
  const shown = refusedOnes
    .slice(0, MOST_REFUSED)
    .map((entry, index) => (index === MOST_REFUSED - 1 ? withCount(entry, refusedOnes.length) : entry));
  const ended = entries.filter(isDroppable).toSorted((one, other) => (one.since < other.since ? 1 : -1));
  const dropped = new Set(ended.slice(MOST_SETTLED));
  return [...entries.filter((entry) => entry.state !== 'refused' && !dropped.has(entry)), ...shown];
};

const isDroppable = ({ state, final }: PrincipalEntry): boolean => (state === 'revoked' || state === 'expired') && final === undefined;

const withCount = (entry: PrincipalEntry, all: number): PrincipalEntry => {
  const { code = 'principal-not-grantable', message = '' } = entry.reason ?? {};
  const others = all > MOST_REFUSED ? ` (and ${all - MOST_REFUSED} more refused principals)` : '';
  return { ...entry, reason: { code, message: `${cut(message.replace(MORE, ''), LONGEST_REASON - others.length)}${others}` } };
};

/** The count that an earlier evaluation added. */
const MORE = / \(and \d+ more refused principals\)$/;

/**
 * Returns the grants of a subscription that ended: all access is revoked, unless its owner let the consumer keep it. Its refusals are
 * forgotten, so that they are not reported beside the access that a later subscription gives.
 */
export const planEnded = (
  existing: readonly Grant[],
  { ended, now }: { ended: 'revoked' | 'retained' | 'expired'; now: Date },
): readonly Grant[] =>
  existing.map((grant) =>
    withEntries(grant, (entry) => {
      if (entry.state === 'refused') return undefined;
      if (ended === 'retained' && isLive(entry))
        return entry.state === 'retained' ? entry : { ...entry, state: 'retained', since: since(now) };
      if (!isLive(entry) && entry.state !== 'waiting') return entry;
      return revoking(entry, { now, ...(ended === 'expired' ? { final: 'expired' as const } : {}) });
    }),
  );

/** Returns the grants of a subscription that DataZone does not know any more: kept, since not being found is no evidence, and marked. */
export const planOrphaned = (existing: readonly Grant[], { now }: { now: Date }): readonly Grant[] =>
  existing.map((grant) =>
    withEntries(grant, (entry) => (entry.state === 'granted' ? { ...entry, state: 'orphaned', since: since(now) } : entry)),
  );

/** Returns the grants of a subscription that this deployment does not serve: what only waits is dropped, and no access is revoked. */
export const planIgnored = (existing: readonly Grant[]): readonly Grant[] =>
  existing.map((grant) => withEntries(grant, (entry) => (entry.state === 'waiting' || entry.state === 'refused' ? undefined : entry)));

/** Returns the grants with those on retiring buckets ended, whatever their subscription is: the deployment file demands it. */
export const planRetiring = (
  grants: readonly Grant[],
  { isRetiring, now }: { isRetiring: (bucket: string) => boolean; now: Date },
): readonly Grant[] =>
  grants.map((grant) =>
    isRetiring(grant.location.bucket)
      ? withEntries(grant, (entry) => (isLive(entry) || entry.state === 'waiting' ? revoking(entry, { now }) : entry))
      : grant,
  );

/** Returns the targets of live or waiting principals that a reading does not show: they may be gone, or the reading incomplete. */
export const unreadTargets = (existing: readonly Grant[], readTargets: readonly string[]): readonly string[] => {
  const read = new Set(readTargets);
  const holding = existing.flatMap(({ principals }) => principals.filter((entry) => isLive(entry) || entry.state === 'waiting'));
  return [...new Set(holding.flatMap((entry) => entry.targets))].filter((target) => !read.has(target)).sort();
};
