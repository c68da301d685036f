import type { GrantDocument, PrincipalEntry, PrincipalState } from '../ledger/stored-grant';
import { type Location, locationKey } from './location';

export type { PrincipalEntry, PrincipalState } from '../ledger/stored-grant';

/** What one subscription gives its principals at one location. */
export type Grant = Omit<GrantDocument, 'location'> & { readonly location: Location };

/** Joins a subscription's record and a bucket's grants. */
export const grantKey = (grant: { readonly subscriptionId: string; readonly location: Location }): string =>
  `${grant.subscriptionId}#${locationKey(grant.location)}`;

const LIVE: ReadonlySet<PrincipalState> = new Set(['granted', 'retained', 'orphaned']);

/** Returns whether the policy must give this principal access whatever happens to others. */
export const isLive = (entry: PrincipalEntry): boolean => LIVE.has(entry.state);

/** Returns whether the work on this principal is unfinished: access is to be granted or revoked. */
export const isUnsettled = (entry: PrincipalEntry): boolean => entry.state === 'waiting' || entry.state === 'revoking';

/** Returns whether any principal of the grant is in this state. */
export const hasState = ({ principals }: Grant, state: PrincipalState): boolean => principals.some((entry) => entry.state === state);

/** Returns whether all access by this grant is proven gone, so that no policy depends on it. */
export const isSettled = ({ principals }: Grant): boolean => principals.every(({ state }) => state === 'revoked' || state === 'expired');

/** Returns whether a principal has access by this grant, or may have it. */
export const hasAccess = ({ principals }: Grant): boolean => principals.some((entry) => isLive(entry) || entry.state === 'revoking');

/** Returns the entry of a principal. */
export const entryOf = (grant: Grant | undefined, arn: string): PrincipalEntry | undefined =>
  grant?.principals.find((entry) => entry.arn === arn);

/** One principal's right to one location: policies are compiled from these. */
export type Access = { readonly principal: string; readonly location: Location };

/** Returns the accesses of the entries that count. */
export const accessesOf = ({ principals, location }: Grant, counts: (entry: PrincipalEntry) => boolean): readonly Access[] =>
  principals.filter(counts).map(({ arn }) => ({ principal: arn, location }));

/** Returns the entry with its access to be revoked from now on. */
export const revoking = (
  { arn, targets, final: before }: PrincipalEntry,
  { now, final = before }: { now: Date; final?: PrincipalEntry['final'] },
): PrincipalEntry => ({ arn, state: 'revoking', since: now.toISOString(), targets, ...(final === undefined ? {} : { final }) });

/** Returns the grant with every entry changed; `undefined` removes the entry. */
export const withEntries = (grant: Grant, change: (entry: PrincipalEntry) => PrincipalEntry | undefined): Grant => ({
  ...grant,
  principals: grant.principals.flatMap((entry) => change(entry) ?? []),
});
