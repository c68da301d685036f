import type { Grant, PrincipalEntry } from '../grant/grant';
import { locationArn } from '../grant/location';
import { type Outcome, type Refusal, refused, type Waiting, waiting } from '../outcome';
import type { Decision } from './decision';
import type { Ending } from './subscription-record';

export type Worked = {
  /** The subscription's grants before and after the batch's work. */
  readonly before: readonly Grant[];
  readonly after: readonly Grant[];
  /** Why some bucket's work is not done. */
  readonly hindrance: Refusal | Waiting | undefined;
  readonly observing: boolean;
};

type Held = { readonly arn: string; readonly grant: Grant; readonly entry: PrincipalEntry };

const entries = (grants: readonly Grant[]): readonly Held[] =>
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
      return endedOutcome(decision.ended, worked);
    case 'orphan':
      return takingAway(worked) ?? { kind: 'orphaned' };
    case 'grant':
      return grantedOutcome(decision, worked);
  }
};

/** Access that is being taken away is waited for whatever hinders it, so that it stays due. */
const takingAway = (worked: Worked): Waiting | undefined => {
  if (!entries(worked.after).some(({ entry }) => entry.state === 'revoking')) return undefined;
  if (worked.hindrance?.kind === 'waiting') return worked.hindrance;
  if (worked.observing) return OBSERVING;
  return waiting('unavailable', worked.hindrance?.message ?? 'access is being taken away and not yet proven gone');
};

const endedOutcome = (ended: Ending, worked: Worked): Outcome => {
  const open = takingAway(worked);
  if (open !== undefined) return open;
  if (!changed(worked) && worked.before.length > 0) return { kind: 'unchanged' };
  return { kind: ended };
};

/**
 * What is open comes first, so that it stays due and is not reported as failed because something else of the subscription is
 * refused; the refusal is said when nothing else is left to do.
 */
const grantedOutcome = (decision: Extract<Decision, { kind: 'grant' }>, worked: Worked): Outcome => {
  const open = takingAway(worked);
  if (open !== undefined) return open;
  const held = entries(worked.after);
  const waits = held.find(({ entry }) => entry.state === 'waiting');
  if (waits !== undefined && worked.hindrance !== undefined) return worked.hindrance;
  if (waits !== undefined && !worked.observing) return leftOutcome(waits);
  for (const asset of decision.assets) if ('refusal' in asset) return asset.refusal;
  const refusals = held.filter(({ entry }) => entry.state === 'refused');
  for (const { arn, refusal } of decision.principals)
    if (refusal !== undefined && refusals.some((found) => found.arn === arn)) return refusal;
  if (waits !== undefined) return OBSERVING;
  const [left] = refusals;
  if (left !== undefined) return leftOutcome(left);
  return decision.waiting ?? { kind: changed(worked) ? 'granted' : 'unchanged' };
};

/** Why one principal is left out, by the code that it was left with. */
const leftOutcome = ({ arn, grant, entry }: Held): Outcome => {
  const where = `'${arn}' on '${locationArn(grant.location)}'`;
  switch (entry.code) {
    case 'policy-full':
      return refused(
        'policy-full',
        `there is no room in the bucket's policy for ${where}; publish wider prefixes, or share roles between subscribers`,
      );
    case 'bucket-shared':
      return refused(
        'bucket-shared',
        `another deployment of this product writes the bucket's policy, so ${where} is not let in; un-register the bucket there, or hand it over`,
      );
    case 'principal-not-grantable':
    case 'principal-account-not-allowed':
      return refused(
        entry.code,
        `${where} was refused, and a subscription target that named it could not be read since; name a role of the environment's account there`,
      );
    case 'principal-unknown':
      return waiting(
        'principal-unknown',
        `S3 knows no principal ${where}; it is tried again: create the role, or take it out of the subscription target`,
      );
    case 'suspended-for-room':
      return waiting(
        'suspended-for-room',
        `a revocation left no room for ${where}; access comes back when there is room: publish wider prefixes, or share roles`,
      );
    case 'frozen':
    case 'contended':
      return waiting(entry.code, `the bucket is ${entry.code}, so ${where} is not let in; an operator lifts this`);
    default:
      return waiting('unavailable', `access of ${where} is not yet proven; it is tried again`);
  }
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
