import type { PolicyPlan } from '../policy/policy-plan';
import { type Grant, grantKey, isLive, type PrincipalEntry, withState } from './grant';

type Verified = {
  readonly plan: Pick<PolicyPlan, 'dead' | 'left' | 'suspended'>;
  readonly candidates: ReadonlySet<string>;
  readonly now: Date;
};

/** Where a bucket's grants stand once the planned policy was written and verified. Grants that the change did not touch come back as they are. */
export const settleGrants = (grants: readonly Grant[], verified: Verified): readonly Grant[] =>
  grants.map((grant) => {
    const settled = withState(grant, (entry, principal) => settleEntry(entry, { principal, key: grantKey(grant), verified }));
    return Object.entries(settled.principals).every(([principal, entry]) => entry === grant.principals[principal]) ? grant : settled;
  });

const settleEntry = (
  entry: PrincipalEntry,
  { principal, key, verified }: { principal: string; key: string; verified: Verified },
): PrincipalEntry => {
  const { plan, candidates, now } = verified;
  const moved = (change: Pick<PrincipalEntry, 'state'> & Pick<Partial<PrincipalEntry>, 'code'>): PrincipalEntry =>
    entry.state === change.state && entry.code === change.code
      ? entry
      : { targets: entry.targets, since: now.toISOString(), ...(entry.final === undefined ? {} : { final: entry.final }), ...change };
  if (entry.state === 'revoking') return moved({ state: entry.final === 'expired' ? 'expired' : 'revoked' });
  const isCandidate = entry.state === 'waiting' && candidates.has(key);
  if (!isLive(entry) && !isCandidate) return entry;
  if (plan.dead.has(principal)) return moved({ state: 'waiting', code: 'principal-unknown' });
  if (isLive(entry)) return plan.suspended.has(key) ? moved({ state: 'waiting', code: 'suspended-for-room' }) : entry;
  const left = plan.left.get(key);
  if (left === undefined) return moved({ state: 'granted' });
  return moved({ state: left.kind, code: left.code });
};
