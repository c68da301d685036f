import type { Grant, PrincipalEntry } from '../grant/grant';
import { locationArn } from '../grant/location';
import type { Ending } from '../ledger/subscription-record';
import {
  type Outcome,
  REFUSED_CODES,
  type Refusal,
  type RefusedCode,
  refused,
  WAITING_CODES,
  type Waiting,
  type WaitingCode,
  waiting,
} from '../outcome';
import type { Decision } from './decision';

export type Worked = {
  /** The subscription's grants before and after the batch's work. */
  readonly before: readonly Grant[];
  readonly after: readonly Grant[];
  /** Why some bucket's work is not done. */
  readonly hindrance: Refusal | Waiting | undefined;
  readonly observing: boolean;
};

type Held = { readonly grant: Grant; readonly entry: PrincipalEntry };

const entries = (grants: readonly Grant[]): readonly Held[] =>
  grants.flatMap((grant) => grant.principals.map((entry) => ({ grant, entry })));

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
    if (refusal !== undefined && refusals.some(({ entry }) => entry.arn === arn)) return refusal;
  if (waits !== undefined) return OBSERVING;
  const [left] = refusals;
  if (left !== undefined) return leftOutcome(left);
  return decision.waiting ?? { kind: changed(worked) ? 'granted' : 'unchanged' };
};

/** Why one principal is left out: the reason in its entry, with the principal and the location. */
const leftOutcome = ({ grant, entry }: Held): Outcome => {
  const where = `'${entry.arn}' on '${locationArn(grant.location)}'`;
  const { code, message } = entry.reason ?? {};
  if (entry.state === 'refused')
    return refused(
      asRefused(code),
      `${where} is refused: ${message ?? 'its subscription target names a principal that cannot be granted access'}`,
    );
  return waiting(asWaiting(code), `${where} waits: ${message ?? 'its access is not verified yet; it is tried again'}`);
};

const asRefused = (code: string | undefined): RefusedCode => REFUSED_CODES.find((known) => known === code) ?? 'principal-not-grantable';
const asWaiting = (code: string | undefined): WaitingCode => WAITING_CODES.find((known) => known === code) ?? 'unavailable';

const changed = ({ before, after }: Worked): boolean => {
  const states = (grants: readonly Grant[]) =>
    JSON.stringify(
      entries(grants)
        .map(({ grant, entry }) => [entry.arn, locationArn(grant.location), entry.state])
        .sort(),
    );
  return states(before) !== states(after);
};
