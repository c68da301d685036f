import type { Grant } from '../core/grant/grant';
import { grantKey } from '../core/grant/grant';
import { STALE_FOR_MS } from '../core/policy/drift';
import type { PolicyPlan } from '../core/policy/policy-plan';
import { residualStatements, summarizeResidualAccess } from '../core/policy/residual-access';
import { TransientFailure } from '../errors';
import type { GrantResidue, Pass } from './bucket-change';

/** A change is read once more when no read can show the policy before it. Milliseconds. */
const CONFIRM_AFTER = STALE_FOR_MS + 10_000;

/**
 * Settles a change that was proven: history first, then the bucket's state, then the grants. The next evaluation finishes after a crash
 * in between: the change is still announced, or the policy is found as wanted.
 */
export const settleChange = async (plan: PolicyPlan, { pass, session }: { pass: Pass; session: string }): Promise<void> => {
  const { change } = pass;
  const { head, ports, work, subscriptions } = change;
  if (head === undefined)
    throw new TransientFailure('unavailable', `the change of bucket '${work.name}' was never announced; it is made again`);
  const at = ports.clock.now().toISOString();
  const residual = residualAccess(plan, { grants: change.current, state: 'revoking' });
  const causes = work.planned.map(({ cause }) => cause);
  await ports.ledger.recordHistory({
    bucket: work.name,
    version: head.version,
    before: head.written,
    after: plan.statements,
    previousPolicy: head.intended?.previousPolicy ?? null,
    session,
    subscriptions: [...subscriptions],
    causes: causes.length === 0 ? [work.cause] : causes,
    drift: plan.drift.kind,
    residualAccess: [...summarizeResidualAccess(residual.map(({ residualAccess: found }) => found))],
    at,
  });
  const confirmAt = new Date(Date.parse(at) + CONFIRM_AFTER).toISOString();
  const verified = { attempt: head.attempt, written: plan.statements, at, bytes: plan.bytes, confirmAt };
  if (!(await ports.ledger.settle(work.name, verified)))
    throw new TransientFailure(
      'unavailable',
      `another writer announced a change of bucket '${work.name}' before this one was settled; it is tried again`,
    );
  const { intended: _, ...settled } = head;
  change.head = { ...settled, written: plan.statements, writtenAt: at, bytes: plan.bytes };
  const count = residual.reduce((sum, { residualAccess: found }) => sum + found.count, 0);
  if (count > 0) ports.telemetry.residualAccess(work.name, count);
  await settleGrantsOf(plan, pass);
};

/** What else still gives access to those whose access is revoked: statements of others, and grants of other subscriptions. */
const residualAccess = (
  plan: PolicyPlan,
  { grants, state }: { grants: readonly Grant[]; state: 'revoking' | 'revoked' },
): readonly GrantResidue[] =>
  grants.flatMap((grant) =>
    grant.principals
      .filter((entry) => entry.state === state)
      .map(({ arn }) => residualStatements([...plan.foreign, ...plan.statements], { principal: arn, location: grant.location }))
      .filter(({ count }) => count > 0)
      .map((found) => ({ grant: grantKey(grant), residualAccess: found })),
  );

/** Records in the grants what the policy was proven to hold. */
export const settleGrantsOf = async (plan: PolicyPlan, { change, candidates }: Pass): Promise<void> => {
  await change.settleGrants(plan, candidates);
  // Also of what was revoked before: a report that failed is made again, and must contain as much as the first.
  const own = change.current.filter((grant) => change.subscriptions.includes(grant.subscriptionId));
  change.residualAccess = residualAccess(plan, { grants: own, state: 'revoked' });
};
