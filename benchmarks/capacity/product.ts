import { type Grant, grantKey, withEntries } from '../../handler/core/grant/grant';
import type { Head } from '../../handler/core/ledger/bucket-state';
import { compileStatements } from '../../handler/core/policy/policy-compiler';
import { jsonBytes, NEW_POLICY, type PolicyDocument } from '../../handler/core/policy/policy-document';
import { type PolicyPlan, planPolicy } from '../../handler/core/policy/policy-plan';
import { sidNamespace } from '../../handler/core/policy/sid-namespace';
import { seeded, shuffled } from '../random';
import { type Approval, BUCKET, type Pair } from './scenarios';

const NAMESPACE = sidNamespace({ name: 'acme', partition: 'aws', account: '111111111111', region: 'eu-west-1' });

/** Returns one timestamp per grant, in the order of approval. */
const approvedAt = (index: number): string => new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString();
const NOW = new Date(Date.UTC(2026, 6, 1));

/** Returns the grants of approved subscriptions, none of which is written yet. */
export const grantsOf = (approvals: readonly Approval[]): readonly Grant[] =>
  approvals.flatMap((pairs, index) => {
    const [first] = pairs;
    if (first === undefined) return [];
    const { location } = first;
    const entry = { state: 'waiting', since: approvedAt(index), targets: ['environment/target'] } as const;
    return [
      {
        subscriptionId: `subscription${index}`,
        location,
        listingId: `listing-${location.path}`,
        assetId: `asset-${location.path}`,
        owningProject: 'producer',
        principals: pairs.map(({ role }) => ({ arn: role, ...entry })),
      },
    ];
  });

/** A bucket's grants, its item in the ledger and its policy. */
export type BucketState = {
  readonly grants: readonly Grant[];
  readonly head: Head | undefined;
  readonly document: PolicyDocument | undefined;
};

const EMPTY: BucketState = { grants: [], head: undefined, document: undefined };

const planFor = ({ grants, head, document }: BucketState, candidates: readonly Grant[] = []): PolicyPlan =>
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

/** Plans the policy of a new bucket: admission, compilation and merge. @returns how many grants were admitted */
export const planFromEmpty = (grants: readonly Grant[]): number => grants.length - planFor(EMPTY, grants).left.size;

const withGrantState = (grant: Grant, state: 'granted' | 'revoking'): Grant => withEntries(grant, (entry) => ({ ...entry, state }));

const afterWrite = (grants: readonly Grant[], { statements, bytes, next }: PolicyPlan): BucketState => ({
  grants,
  head: { version: 1, attempt: 'attempt', written: statements, writtenAt: approvedAt(0), bytes },
  document: next,
});

/** Subscriptions that are planned together, as in a batch of the queue. At the limit they are planned one by one. */
const BATCH = 10;

/** Grants one batch of subscriptions after another until the first is refused for lack of capacity. */
export const grantUntilFull = (approvals: readonly Approval[]): BucketState => {
  let state = EMPTY;
  const tryGrant = (candidates: readonly Grant[]): boolean => {
    const plan = planFor(state, candidates);
    if (plan.left.size > 0) return false;
    state = afterWrite([...state.grants, ...candidates.map((candidate) => withGrantState(candidate, 'granted'))], plan);
    return true;
  };
  const grants = grantsOf(approvals);
  for (let next = 0; next < grants.length; next += BATCH) {
    const batch = grants.slice(next, next + BATCH);
    if (tryGrant(batch)) continue;
    for (const candidate of batch) if (!tryGrant([candidate])) return state;
  }
  return state;
};

/** Returns the bytes of the product's policy for these pairs, without its headroom. */
export const bytesWithSids = (pairs: readonly Pair[]): number =>
  jsonBytes({
    ...NEW_POLICY,
    Statement: compileStatements(
      pairs.map(({ role, location }) => ({ principal: role, location })),
      NAMESPACE,
    ),
  });

const planRevocation = (state: BucketState, revoked: Grant): PolicyPlan =>
  planFor({ ...state, grants: state.grants.map((grant) => (grant === revoked ? withGrantState(grant, 'revoking') : grant)) });

/** Counts the grants that can be the first to be revoked without suspending another. */
export const countRevocableFirst = (state: BucketState): number =>
  state.grants.filter((grant) => planRevocation(state, grant).suspended.size === 0).length;

/** Revokes all grants one by one in random order. @returns the number of revocations before the first that suspends another grant */
export const revokeInRandomOrder = (full: BucketState, seed: number): number => {
  let state = full;
  const order = shuffled(full.grants, seeded(seed));
  for (const [index, revoked] of order.entries()) {
    const plan = planRevocation(state, revoked);
    if (plan.suspended.size > 0) return index;
    state = afterWrite(
      state.grants.filter((grant) => grant !== revoked),
      plan,
    );
  }
  return order.length;
};

/** Counts the granted pairs of role and location. */
export const countPairs = ({ grants }: BucketState): number => grants.reduce((sum, grant) => sum + grant.principals.length, 0);

/** Grants as many of the subscriptions, in their order, as can all be revoked in every one of these random orders without suspension. */
export const grantFullyRevocable = (approvals: readonly Approval[], seeds: readonly number[]): BucketState => {
  const isFullyRevocable = (state: BucketState) => seeds.every((seed) => revokeInRandomOrder(state, seed) === state.grants.length);
  const full = grantUntilFull(approvals);
  if (isFullyRevocable(full)) return full;
  let [enough, tooMany] = [0, full.grants.length];
  while (tooMany - enough > 1) {
    const middle = Math.floor((enough + tooMany) / 2);
    if (isFullyRevocable(grantUntilFull(approvals.slice(0, middle)))) enough = middle;
    else tooMany = middle;
  }
  return grantUntilFull(approvals.slice(0, enough));
};
