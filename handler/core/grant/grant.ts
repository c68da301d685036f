import type { RefusedCode, WaitingCode } from '../outcome';
import { type Location, locationKey } from './location';

/**
 * Where one principal of a grant stands. `waiting` wants access and has none that was verified; `granted`, `retained` (the owner
 * let the consumer keep it) and `orphaned` (its subscription cannot be found) have it; `revoking` is being taken away and not yet
 * proven gone; `revoked` and `expired` are proven gone; `refused` never had it.
 */
export type PrincipalState = 'waiting' | 'granted' | 'retained' | 'orphaned' | 'revoking' | 'revoked' | 'expired' | 'refused';

export type PrincipalEntry = {
  readonly state: PrincipalState;
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly code?: RefusedCode | WaitingCode;
  /** Taken away for good: by an operator, or because its time was over. No reading of DataZone lets the principal in again by this grant. */
  readonly final?: 'operator' | 'expired';
  /** The subscription targets that named the principal, as `environment/target`; empty for an IAM principal that subscribed itself. */
  readonly targets: readonly string[];
};

/** One subscription's right of some principals to one location. */
export type Grant = {
  readonly subscriptionId: string;
  readonly location: Location;
  readonly listingId: string;
  readonly assetId: string;
  readonly owningProject: string;
  readonly consumerProject?: string;
  readonly principals: Readonly<Record<string, PrincipalEntry>>;
};

/** What a subscription's record and a bucket's grants are joined by. */
export const grantKey = (grant: { readonly subscriptionId: string; readonly location: Location }): string =>
  `${grant.subscriptionId}#${locationKey(grant.location)}`;

const LIVE: ReadonlySet<PrincipalState> = new Set(['granted', 'retained', 'orphaned']);

/** Whether the policy must let this principal in whatever happens to others. */
export const isLive = (entry: PrincipalEntry): boolean => LIVE.has(entry.state);

/** Whether the work on this principal is unfinished: to be put into the policy, or to be taken out of it. */
export const isUnsettled = (entry: PrincipalEntry): boolean => entry.state === 'waiting' || entry.state === 'revoking';

/** One principal's right to one location: what a policy is compiled from. */
export type Access = { readonly principal: string; readonly location: Location };

export const accessesOf = (grant: Grant, counts: (entry: PrincipalEntry) => boolean): readonly Access[] =>
  Object.entries(grant.principals)
    .filter(([, entry]) => counts(entry))
    .map(([principal]) => ({ principal, location: grant.location }));

/** Being taken away from now on. */
export const revoking = (
  entry: PrincipalEntry,
  { now, final = entry.final }: { now: Date; final?: PrincipalEntry['final'] },
): PrincipalEntry => ({
  state: 'revoking',
  since: now.toISOString(),
  targets: entry.targets,
  ...(final === undefined ? {} : { final }),
});

/** Whether anybody has access by this grant, or may have it. */
export const isHeldBySomeone = (grant: Grant): boolean =>
  Object.values(grant.principals).some((entry) => isLive(entry) || entry.state === 'revoking');

/** The grant with every principal's entry changed; `undefined` takes the principal off it. */
export const withState = (grant: Grant, change: (entry: PrincipalEntry, principal: string) => PrincipalEntry | undefined): Grant => ({
  ...grant,
  principals: Object.fromEntries(
    Object.entries(grant.principals).flatMap(([principal, entry]) => {
      const changed = change(entry, principal);
      return changed === undefined ? [] : [[principal, changed] as const];
    }),
  ),
});
