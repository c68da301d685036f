import type { Refusal, Waiting } from '../outcome';
import type { PolicyPlan } from '../policy/policy-plan';
import { type Grant, grantKey, isLive, type PrincipalEntry, withEntries } from './grant';
import { reasonOf } from './grant-plan';

type Verified = {
  readonly plan: Pick<PolicyPlan, 'dead' | 'left' | 'suspended'>;
  readonly candidates: ReadonlySet<string>;
  readonly now: Date;
};

/** Returns a bucket's grants after the planned policy was written and verified. Grants that the change did not touch are the same objects. */
export const settleGrants = (grants: readonly Grant[], verified: Verified): readonly Grant[] =>
  grants.map((grant) => {
    const settled = withEntries(grant, (entry) => settleEntry(entry, { key: grantKey(grant), verified }));
    return settled.principals.every((entry, index) => entry === grant.principals[index]) ? grant : settled;
  });

const UNKNOWN: Pick<Waiting, 'kind' | 'code' | 'message'> = {
  kind: 'waiting',
  code: 'principal-unknown',
  message: 'S3 does not know this principal; it is tried again: create the role, or remove it from the subscription target',
};

const SUSPENDED: Pick<Waiting, 'kind' | 'code' | 'message'> = {
  kind: 'waiting',
  code: 'suspended-for-room',
  message: 'a revocation left no space for this grant; access returns when there is space: publish wider prefixes, or share roles',
};

const settleEntry = (entry: PrincipalEntry, { key, verified }: { key: string; verified: Verified }): PrincipalEntry => {
  const { plan, candidates, now } = verified;
  const moved = (state: PrincipalEntry['state'], why?: Refusal | Waiting): PrincipalEntry => {
    if (entry.state === state && entry.reason?.code === why?.code) return entry;
    const { arn, targets, final } = entry;
    return {
      arn,
      state,
      since: now.toISOString(),
      ...(why === undefined ? {} : { reason: reasonOf(why) }),
      ...(final === undefined ? {} : { final }),
      targets,
    };
  };
  if (entry.state === 'revoking') return moved(entry.final === 'expired' ? 'expired' : 'revoked');
  const isCandidate = entry.state === 'waiting' && candidates.has(key);
  if (!isLive(entry) && !isCandidate) return entry;
  if (plan.dead.has(entry.arn)) return moved('waiting', UNKNOWN);
  if (isLive(entry)) return plan.suspended.has(key) ? moved('waiting', SUSPENDED) : entry;
  const left = plan.left.get(key);
  return left === undefined ? moved('granted') : moved(left.kind, left);
};
