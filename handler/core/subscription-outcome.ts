import type { Decision } from './decision';
import type { Grant, PrincipalEntry } from './grant';
import { locationArn } from './location';
import { type Outcome, type Refusal, type Waiting, waiting } from './outcome';

export type Worked = {
  /** The subscription's grants before and after the batch's work. */
  readonly before: readonly Grant[];
  readonly after: readonly Grant[];
  /** Why some bucket's work is not done. */
  readonly hindrance: Refusal | Waiting | undefined;
  readonly observing: boolean;
};

const entries = (grants: readonly Grant[]): readonly { readonly arn: string; readonly grant: Grant; readonly entry: PrincipalEntry }[] =>
  grants.flatMap((grant) => Object.entries(grant.principals).map(([arn, entry]) => ({ arn, grant, entry })));

const OBSERVING = waiting('observing', "this deployment observes: it decided and wrote nothing; set mode to 'enforce' to have it done");

/** What became of a subscription: the first thing that keeps it from being done, or that it is. */
export const outcomeOf = (decision: Decision, worked: Worked): Outcome => {
  switch (decision.kind) {
    case 'ignored':
      return { kind: 'ignored', reason: decision.reason };
    case 'hold':
      return decision.waiting;
    case 'refuse':
      return decision.refusal;
    case 'end':
      return endedOutcome(decision.retained, worked);
    case 'grant':
      return grantedOutcome(decision, worked);
  }
};

const endedOutcome = (retained: boolean, worked: Worked): Outcome => {
  const unsettled = entries(worked.after).some(({ entry }) => entry.state === 'revoking');
  if (unsettled)
    return worked.hindrance?.kind === 'waiting'
      ? worked.hindrance
      : worked.observing
        ? OBSERVING
        : waiting('unavailable', worked.hindrance?.message ?? 'access is being taken away and not yet proven gone');
  if (!changed(worked) && worked.before.length > 0) return { kind: 'unchanged' };
  return { kind: retained ? 'retained' : 'revoked' };
};

const grantedOutcome = (decision: Extract<Decision, { kind: 'grant' }>, worked: Worked): Outcome => {
  const refusal = decision.assets.map((asset) => ('refusal' in asset ? asset.refusal : undefined)).find((found) => found !== undefined);
  const principal = decision.principals.find(
    (candidate) =>
      candidate.refusal !== undefined && entries(worked.after).some(({ arn, entry }) => arn === candidate.arn && entry.state === 'refused'),
  );
  if (refusal !== undefined) return refusal;
  if (principal?.refusal !== undefined) return principal.refusal;
  const open = entries(worked.after).find(({ entry }) => entry.state === 'waiting' || entry.state === 'revoking');
  if (open !== undefined && worked.hindrance !== undefined) return worked.hindrance;
  if (open !== undefined && worked.observing) return OBSERVING;
  const left = worked.after
    .flatMap((grant) => Object.values(grant.principals))
    .find((entry) => entry.state === 'refused' || entry.state === 'waiting');
  if (left !== undefined) return leftOutcome(worked, left);
  if (decision.waiting !== undefined) return decision.waiting;
  return { kind: changed(worked) ? 'granted' : 'unchanged' };
};

const leftOutcome = (worked: Worked, left: PrincipalEntry): Outcome => {
  const found = entries(worked.after).find(({ entry }) => entry === left);
  const where = found === undefined ? '' : ` '${found.arn}' on '${locationArn(found.grant.location)}'`;
  if (left.state === 'refused' && left.code === 'policy-full')
    return {
      kind: 'refused',
      code: 'policy-full',
      message: `there is no room in the bucket's policy for${where}; publish wider prefixes, or share roles between subscribers`,
    };
  if (left.state === 'refused' && left.code === 'bucket-shared')
    return {
      kind: 'refused',
      code: 'bucket-shared',
      message: `another deployment of this product writes the bucket's policy, so${where} is not let in; un-register the bucket there, or hand it over`,
    };
  if (left.code === 'principal-unknown')
    return waiting(
      'principal-unknown',
      `S3 knows no principal${where}; it is tried again: create the role, or take it out of the subscription target`,
    );
  if (left.code === 'suspended-for-room')
    return waiting(
      'suspended-for-room',
      `a revocation left no room for${where}; access comes back when there is room: publish wider prefixes, or share roles`,
    );
  if (left.code === 'frozen' || left.code === 'contended')
    return waiting(left.code, `the bucket is ${left.code}, so${where} is not let in; an operator lifts this`);
  return waiting('unavailable', `access of${where} is not yet proven; it is tried again`);
};

const changed = ({ before, after }: Worked): boolean => {
  const states = (grants: readonly Grant[]) =>
    JSON.stringify(
      entries(grants)
        .map(({ arn, grant, entry }) => [arn, locationArn(grant.location), entry.state])
        .sort(),
    );
  return states(before) !== states(after);
};
