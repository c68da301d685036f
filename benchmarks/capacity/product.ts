import { type Grant, grantKey, withState } from '../../handler/core/grant/grant';
import type { Head } from '../../handler/core/policy/head';
import type { PolicyDocument } from '../../handler/core/policy/policy-document';
import { type PolicyPlan, planPolicy } from '../../handler/core/policy/policy-plan';
import { scales } from '../../handler/core/policy/policy-size';
import { sidNamespace } from '../../handler/core/policy/sid-namespace';
import { seeded, shuffled } from '../random';
import { type Approval, BUCKET, type Pair } from './scenarios';

export const NAMESPACE = sidNamespace({ name: 'acme', partition: 'aws', account: '111111111111', region: 'eu-west-1' });

/** `{"Version":"2012-10-17","Statement":[]}`, less the comma that the last statement has not. */
const EMPTY_POLICY = 39 - 1;

/** A moment per grant, so that their order is that of their approval. */
const since = (index: number): string => new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString();
const NOW = new Date(Date.UTC(2026, 6, 1));

/** The approved subscriptions, waiting to be let in. */
export const grantsOf = (approvals: readonly Approval[]): readonly Grant[] =>
  approvals.flatMap((pairs, index) => {
    const [first] = pairs;
    if (first === undefined) return [];
    const entry = { state: 'waiting', since: since(index), targets: ['environment/target'] } as const;
    return [
      {
        subscriptionId: `subscription${index}`,
        location: first.place,
        listingId: `listing-${first.place.path}`,
        assetId: `asset-${first.place.path}`,
        owningProject: 'producer',
        principals: Object.fromEntries(pairs.map(({ role }) => [role, entry])),
      },
    ];
  });

/** A bucket as its ledger and policy stand. */
export type Standing = {
  readonly grants: readonly Grant[];
  readonly head: Head | undefined;
  readonly document: PolicyDocument | undefined;
};

const plan = ({ grants, head, document }: Standing, candidates: readonly Grant[] = []): PolicyPlan =>
  planPolicy({
    bucket: BUCKET,
    namespace: NAMESPACE,
    head,
    grants: [...grants, ...candidates],
    candidates: new Set(candidates.map(grantKey)),
    unknownPrincipals: new Set(),
    document,
    now: NOW,
  });

const inState = (grant: Grant, state: 'granted' | 'revoking'): Grant => withState(grant, (entry) => ({ ...entry, state }));

const settled = (grants: readonly Grant[], { statements, bytes, next }: PolicyPlan): Standing => ({
  grants,
  head: { version: 1, attempt: 'attempt', written: statements, writtenAt: since(0), bytes },
  document: next,
});

/** Subscriptions that are tried together, as a batch of the queue brings them; only around the limit each by itself. */
const BATCH = 10;

/** Lets subscriptions in, one batch after another, until the first is refused for room. */
export const admitted = (approvals: readonly Approval[]): Standing => {
  let standing: Standing = { grants: [], head: undefined, document: undefined };
  const letIn = (candidates: readonly Grant[]): boolean => {
    const next = plan(standing, candidates);
    if (next.left.size > 0) return false;
    standing = settled([...standing.grants, ...candidates.map((candidate) => inState(candidate, 'granted'))], next);
    return true;
  };
  const grants = grantsOf(approvals);
  for (let next = 0; next < grants.length; next += BATCH) {
    const batch = grants.slice(next, next + BATCH);
    if (letIn(batch)) continue;
    for (const candidate of batch) if (!letIn([candidate])) return standing;
  }
  return standing;
};

/** Bytes of a policy in the product's own layout, without regard for head-room. */
export const sizeWithSids = (pairs: readonly Pair[]): number => {
  const { weigh, size } = scales(NAMESPACE);
  return size(pairs.map(({ role, place }) => weigh({ principal: role, location: place }))).bytes + EMPTY_POLICY;
};

/** How many grants can be the first to be revoked without suspending any other. */
export const revocableFirst = (standing: Standing): number =>
  standing.grants.filter(
    (grant) =>
      plan({ ...standing, grants: standing.grants.map((one) => (one === grant ? inState(one, 'revoking') : one)) }).suspended.size === 0,
  ).length;

/** Revokes everything, one by one in random order. @returns how many revocations passed before the first that suspended another grant */
export const revokedInTurn = (standing: Standing, seed: number): number => {
  let now = standing;
  const order = shuffled(standing.grants, seeded(seed));
  for (const [index, grant] of order.entries()) {
    const next = plan({ ...now, grants: now.grants.map((one) => (one === grant ? inState(one, 'revoking') : one)) });
    if (next.suspended.size > 0) return index;
    now = settled(
      now.grants.filter((one) => one !== grant),
      next,
    );
  }
  return order.length;
};

/** The pairs of role and place that are let in. */
export const pairsIn = ({ grants }: Standing): number => grants.reduce((sum, grant) => sum + Object.keys(grant.principals).length, 0);

/** The most subscriptions of these, in their order, that can all be revoked in every one of these random orders without suspension. */
export const revocableThroughout = (approvals: readonly Approval[], seeds: readonly number[]): Standing => {
  const whole = admitted(approvals);
  const passes = (standing: Standing) => seeds.every((seed) => revokedInTurn(standing, seed) === standing.grants.length);
  if (passes(whole)) return whole;
  let [enough, tooMany] = [0, whole.grants.length];
  while (tooMany - enough > 1) {
    const middle = Math.floor((enough + tooMany) / 2);
    if (passes(admitted(approvals.slice(0, middle)))) enough = middle;
    else tooMany = middle;
  }
  return admitted(approvals.slice(0, enough));
};
