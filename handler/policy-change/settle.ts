import { type Grant, grantKey } from '../core/grant/grant';
import { settleGrants } from '../core/grant/grant-settlement';
import { STALE_FOR_MS } from '../core/policy/drift';
import type { PolicyPlan } from '../core/policy/policy-plan';
import { residualStatements } from '../core/policy/residual-access';
import { TransientFailure } from '../errors';
import { every } from '../every';
import type { PolicyChange, ResidualAccess } from './bucket-work';
import { saveGrant } from './save-grant';

/** A change is looked at once more when no read can show the policy before it. Milliseconds. */
const CONFIRM_AFTER = STALE_FOR_MS + 10_000;

/**
 * Settles a change that was proven: it goes into the history, then the head, and only then do the grants say so. A crash in between
 * is finished by whoever comes next: the head is still announced, or the policy is found as wanted.
 */
export const concludeChange = async (plan: PolicyPlan, { change, changeId }: { change: PolicyChange; changeId: string }): Promise<void> => {
  const { access, progress, ports, work } = change;
  const { head } = progress;
  if (head === undefined)
    throw new TransientFailure('unavailable', `the change of bucket '${access.bucket.name}' was never announced; it is made again`);
  const at = ports.clock.now().toISOString();
  const stored = [...progress.stored.values()].map(({ grant }) => grant);
  const residualAccess = residual(plan, { grants: stored, state: 'revoking' }).map(({ sentence }) => sentence);
  await ports.ledger.recordHistory({
    bucket: access.bucket.name,
    version: head.version,
    before: head.written,
    after: plan.statements,
    previousPolicy: head.intended?.previousPolicy ?? null,
    changeId,
    subscriptions: work.subscriptions,
    drift: plan.drift.kind,
    residualAccess,
    at,
  });
  const confirmAt = new Date(Date.parse(at) + CONFIRM_AFTER).toISOString();
  const verified = { attempt: head.attempt, written: plan.statements, at, bytes: plan.bytes, confirmAt };
  if (!(await ports.ledger.settle(access.bucket.name, verified)))
    throw new TransientFailure(
      'unavailable',
      `another writer announced a change of bucket '${access.bucket.name}' before this one was settled; it is looked at again`,
    );
  const { intended: _, ...settled } = head;
  progress.head = { ...settled, written: plan.statements, writtenAt: at, bytes: plan.bytes };
  if (residualAccess.length > 0) ports.telemetry.residualAccess(access.bucket.name, residualAccess.length);
  await settleGrantsOf(plan, change);
};

/** What else still lets those in who lost, or lose, their access: statements of others, and grants of other subscriptions. */
const residual = (
  plan: PolicyPlan,
  { grants, state }: { grants: readonly Grant[]; state: 'revoking' | 'revoked' },
): readonly ResidualAccess[] =>
  grants.flatMap((grant) =>
    Object.entries(grant.principals)
      .filter(([, entry]) => entry.state === state)
      .flatMap(([principal]) => residualStatements([...plan.foreign, ...plan.statements], { principal, location: grant.location }))
      .map((sentence) => ({ grant: grantKey(grant), sentence })),
  );

/** Lets the grants say what the policy was proven to hold. */
export const settleGrantsOf = async (plan: PolicyPlan, change: PolicyChange): Promise<void> => {
  const { progress, work } = change;
  await settleBy(plan, change);
  // Also of what was revoked before: a report that failed is made again, and must say as much as the first.
  const own = [...progress.stored.values()].map(({ grant }) => grant).filter((grant) => work.subscriptions.includes(grant.subscriptionId));
  progress.residualAccess = residual(plan, { grants: own, state: 'revoked' });
};

/** What was being taken away in a bucket that is not there any more went with it. */
export const settleGone = (change: PolicyChange): Promise<void> =>
  settleBy({ dead: new Set(), left: new Map(), suspended: new Set() }, { ...change, candidates: new Set() });

const settleBy = async (
  plan: Pick<PolicyPlan, 'dead' | 'left' | 'suspended'>,
  { progress, candidates, ports }: PolicyChange,
): Promise<void> => {
  const stored = [...progress.stored.values()];
  const settled = settleGrants(
    stored.map(({ grant }) => grant),
    { plan, candidates, now: ports.clock.now() },
  );
  const next = stored.flatMap(({ grant, revision }, index) => {
    const after = settled[index];
    return after === undefined || after === grant ? [] : [{ grant: after, revision: revision + 1 }];
  });
  await every(next.map((grant) => saveGrant(grant, ports)));
  for (const grant of next) progress.stored.set(grantKey(grant.grant), grant);
};
