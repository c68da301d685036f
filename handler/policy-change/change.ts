import { type Refusal, refused, type Waiting, waiting } from '../core/outcome';
import { isContended, overwritesSeen } from '../core/policy/overwrites';
import { serialisePolicy } from '../core/policy/policy-document';
import { type PolicyPlan, planPolicy } from '../core/policy/policy-plan';
import { suspectPrincipals } from '../core/policy/suspect-principals';
import type { RegisteredBucket } from '../core/subscription/registry';
import { PolicyBlocked, TransientFailure } from '../errors';
import { every } from '../every';
import type { BucketLedger, PolicyWrite } from '../ports';
import type { BucketRules, Pass } from './bucket-change';
import { documentOf, readPolicy } from './policy-text';
import { settleChange, settleGrantsOf } from './settle';
import { verifyPolicy } from './verify';

/** How often a change starts over at the read: after a lost race, or after S3 refused it. */
const ATTEMPTS = 8;
/** After S3 reported that another change of the policy was under way. Milliseconds. */
const CONFLICT_PAUSE = 200;

/** What S3 has refused of this change so far; it leaves the compile in the same invocation. */
type Refused = {
  readonly principals: Set<string>;
  /** Of these, those that were only suspected, because S3 named none: once the others are written, each is tried alone. */
  readonly untried: string[];
  candidates: Refusal | Waiting | undefined;
  /** A policy that S3 found too long although it only revokes, and by how many bytes the next is to be shorter. */
  tooLong: { readonly bytes: number; readonly cut: number } | undefined;
};

/** A policy that S3 found too long is first made a byte shorter, then this many times more each time: few grants are suspended, and the attempts suffice down to none of ours. */
const CUT_GROWS = 8;

/**
 * Reads a policy, replaces our statements, writes it, proves it and settles it in the ledger.
 * @throws TransientFailure what may pass; the change then stays announced and is made again
 * @throws PolicyBlocked when only the bucket's owner can help
 * @throws LedgerUnavailable
 */
export const changePolicy = async (pass: Pass): Promise<void> => {
  const { change, access, rules } = pass;
  const { ports } = change;
  const refusedSoFar: Refused = { principals: new Set(), untried: [], candidates: undefined, tooLong: undefined };
  for (let left = ATTEMPTS; left > 0; left--) {
    // Nothing is left to do. A change that was announced meanwhile stays announced, and the next one of the bucket takes its version.
    if (change.hasOnlyFailures) return;
    if (rules.timeIsUp()) throw outOfTime(access.bucket);
    const text = await readPolicy(pass);
    const plan = planFrom(text, { pass, refusedSoFar });
    if (plan.drift.kind !== 'none' && plan.drift.kind !== 'stale') ports.telemetry.drift(access.bucket.name, plan.drift.kind);
    if (rules.observe && plan.write) return;
    if (await markIfContended(plan, pass)) continue;
    if (!plan.write) {
      const failures = change.failed.size;
      await change.saved;
      if (change.failed.size > failures) continue;
      await settleGrantsOf(plan, pass);
      if (!tryNext(refusedSoFar)) return;
      left = ATTEMPTS;
      continue;
    }
    if (!(await announce(plan, { pass, previousPolicy: text ?? null }))) continue;
    const written = await writeOnce(plan, pass);
    if (written.kind === 'written') {
      await verifyPolicy(plan.statements, { access, namespace: rules.namespace, ports });
      change.work.proven();
      await settleChange(plan, { pass, session: written.session });
      if (!tryNext(refusedSoFar)) return;
      left = ATTEMPTS;
      continue;
    }
    if (written.kind === 'conflict') await ports.clock.wait(CONFLICT_PAUSE);
    else learn(written, { plan, pass, refusedSoFar });
  }
  throw new TransientFailure(
    'unavailable',
    `the policy of bucket '${access.bucket.name}' could not be written in ${ATTEMPTS} attempts; it is tried again`,
  );
};

const outOfTime = ({ name }: RegisteredBucket) =>
  new TransientFailure(
    'unavailable',
    `the time for bucket '${name}' in this invocation ran out before its policy was written; it is tried again`,
  );

/** Marks the bucket as contended when another writer has overwritten our statements too often. The plan is then made anew: removals only. */
const markIfContended = async (plan: PolicyPlan, { change }: Pass): Promise<boolean> => {
  const { head, ports } = change;
  if (head === undefined || head.contended || head.frozen) return false;
  const overwrites = overwritesSeen(head, { drift: plan.drift, now: ports.clock.now() });
  if (overwrites.length === (head.overwrites ?? []).length || !isContended(overwrites)) return false;
  await change.mark({ ...head, contended: true, overwrites });
  return true;
};

/** Adds the next suspected principal again, alone. `false`: none is left to try. */
const tryNext = ({ principals, untried }: Refused): boolean => {
  const next = untried.shift();
  return next !== undefined && principals.delete(next);
};

const planFrom = (text: string | undefined, { pass, refusedSoFar }: { pass: Pass; refusedSoFar: Refused }): PolicyPlan => {
  const { change, bucket, rules, candidates } = pass;
  return planPolicy({
    bucket: bucket.name,
    namespace: rules.namespace,
    head: change.head,
    grants: change.current,
    candidates,
    unknownPrincipals: refusedSoFar.principals,
    ...(refusedSoFar.candidates === undefined ? {} : { barred: refusedSoFar.candidates }),
    frozen: rules.frozen,
    hasUnreadableGrants: change.hasUnreadableGrants,
    document: documentOf(text, bucket.name),
    ...(refusedSoFar.tooLong === undefined ? {} : { longest: refusedSoFar.tooLong.bytes - refusedSoFar.tooLong.cut }),
    now: change.ports.clock.now(),
  });
};

/**
 * Plans what a bucket's policy has to be by its grants alone, without granting anything new.
 * @throws TransientFailure when the text is not a policy document
 */
export const planNow = (
  text: string | undefined,
  { bucket, ledger, rules, now }: { bucket: RegisteredBucket; ledger: BucketLedger; rules: BucketRules; now: Date },
): PolicyPlan =>
  planPolicy({
    bucket: bucket.name,
    namespace: rules.namespace,
    head: ledger.head,
    grants: ledger.grants.map(({ grant }) => grant),
    candidates: new Set(),
    unknownPrincipals: new Set(),
    frozen: rules.frozen,
    hasUnreadableGrants: ledger.unreadable.length > 0,
    document: documentOf(text, bucket.name),
    now,
  });

/**
 * Announces the change in the bucket's state, once everything it was planned from is in the ledger; `false`: something of it is not, and
 * the change is planned again. A change that was announced and never settled keeps its version: tried again it leaves one record.
 */
const announce = async (plan: PolicyPlan, { pass, previousPolicy }: { pass: Pass; previousPolicy: string | null }): Promise<boolean> => {
  const { change } = pass;
  const { head, ports, work } = change;
  const failures = change.failed.size;
  await every(
    work.planned.map(({ recorded }) =>
      recorded.then(
        () => undefined,
        () => undefined,
      ),
    ),
  );
  if (change.failed.size > failures) return false;
  const attempt = ports.newId();
  const version = (head?.version ?? 0) + (head?.intended === undefined ? 1 : 0);
  const at = ports.clock.now();
  const overwrites = [...overwritesSeen(head, { drift: plan.drift, now: at })];
  const intended = { statements: plan.statements, subscriptions: [...change.subscriptions], previousPolicy, at: at.toISOString() };
  const announcing = ports.ledger.announce(work.name, { seen: head?.attempt, attempt, version, intended, overwrites });
  const [isAnnounced] = await every([announcing, change.saved]);
  if (!isAnnounced) {
    await change.readAgain();
    return false;
  }
  change.head = {
    ...(head ?? { written: [], bytes: 0 }),
    version,
    attempt,
    overwrites,
    intended: { ...intended, previousPolicy: (head?.intended ?? intended).previousPolicy },
  };
  return change.failed.size === failures;
};

const writeOnce = (plan: PolicyPlan, { change, access }: Pass): Promise<PolicyWrite> =>
  plan.next === undefined ? change.ports.policies.remove(access) : change.ports.policies.write(access, serialisePolicy(plan.next));

/** Takes from S3's refusal what must leave the compile before the next attempt. */
const learn = (
  written: Exclude<PolicyWrite, { kind: 'written' | 'conflict' }>,
  { plan, pass, refusedSoFar }: { plan: PolicyPlan; pass: Pass; refusedSoFar: Refused },
): void => {
  const { change, bucket, candidates } = pass;
  if (written.kind === 'invalid-principal') {
    const suspects = suspectPrincipals(written.named, { statements: plan.statements, written: change.head?.written ?? [] });
    if (suspects.length === 0) throw new PolicyBlocked(foreignDeadPrincipal(bucket.name, written.named));
    for (const principal of suspects) refusedSoFar.principals.add(principal);
    if (written.named === undefined && suspects.length > 1) refusedSoFar.untried.push(...suspects);
    return;
  }
  const grantsNothing = candidates.size === 0 || refusedSoFar.candidates !== undefined;
  if (grantsNothing && written.code === 'policy-full' && plan.statements.length > 0 && change.revokes) {
    refusedSoFar.tooLong = { bytes: plan.bytes, cut: CUT_GROWS * (refusedSoFar.tooLong?.cut ?? 1 / CUT_GROWS) };
    return;
  }
  if (grantsNothing) throw new TransientFailure(written.code === 'policy-full' ? 'suspended-for-room' : written.code, written.message);
  refusedSoFar.candidates =
    written.code === 'policy-full' ? refused('policy-full', written.message) : waiting(written.code, written.message);
};

const foreignDeadPrincipal = (bucket: string, named: string | undefined): Refusal =>
  refused(
    'foreign-dead-principal',
    `S3 refuses any change of the policy of bucket '${bucket}' because a statement of its owner names a principal that no longer exists${named === undefined ? '' : `, '${named}'`}; ask the owner to remove it`,
  );
