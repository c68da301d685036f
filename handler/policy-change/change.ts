import { grantKey } from '../core/grant/grant';
import { type Refusal, refused, type Waiting, waiting } from '../core/outcome';
import { isContended, overwritesSeen } from '../core/policy/overwrites';
import { serialisePolicy } from '../core/policy/policy-document';
import { type PolicyPlan, planPolicy } from '../core/policy/policy-plan';
import { suspectPrincipals } from '../core/policy/suspect-principals';
import type { RegisteredBucket } from '../core/subscription/registry';
import { PolicyBlocked, TransientFailure } from '../errors';
import { every } from '../every';
import type { BucketLedger, PolicyWrite } from '../ports';
import type { BucketRules, PolicyChange } from './bucket-work';
import { documentOf, readPolicy } from './read-policy';
import { concludeChange, settleGrantsOf } from './settle';
import { verifyPolicy } from './verify';

/** How often a change starts over at the read: after a lost race, or after S3 refused it. */
const ATTEMPTS = 8;
/** After S3 said that another change of the policy was under way. Milliseconds. */
const CONFLICT_PAUSE = 200;

/** What S3 has refused of this change so far; it leaves the compile in the same invocation. */
type Refused = {
  readonly principals: Set<string>;
  /** Of these, those that were only suspected, because S3 named none: once the others are written, each is tried alone. */
  readonly untried: string[];
  candidates: Refusal | Waiting | undefined;
  /** A policy that S3 found too long although it only takes away, and by how much the next is to be shorter. Bytes. */
  tooLong: { readonly bytes: number; readonly cut: number } | undefined;
};

/** A policy that S3 found too long is first made a byte shorter, then this many times more each time: few give way, and the attempts reach down to none of ours. */
const CUT_GROWS = 8;

/**
 * Reads a policy, replaces our statements, writes it, proves it and settles it in the ledger.
 * @throws TransientFailure whatever may pass; the change then stays announced and is made again
 * @throws PolicyBlocked when only the bucket's owner can help
 * @throws LedgerFailure
 */
export const changePolicy = async (change: PolicyChange): Promise<void> => {
  const { access, ports, progress, rules } = change;
  const refusedSoFar: Refused = { principals: new Set(), untried: [], candidates: undefined, tooLong: undefined };
  for (let left = ATTEMPTS; left > 0; left--) {
    if (rules.timeIsUp())
      throw new TransientFailure(
        'unavailable',
        `the invocation's time ran out before bucket '${access.bucket.name}' was written; it is tried again`,
      );
    const text = await readPolicy(change);
    const plan = planFrom(text, { change, refusedSoFar });
    if (plan.drift.kind !== 'none' && plan.drift.kind !== 'stale') ports.telemetry.drift(access.bucket.name, plan.drift.kind);
    if (rules.observe && plan.write) return;
    if (await stopsFighting(plan, change)) continue;
    if (!plan.write) {
      await progress.saved;
      await settleGrantsOf(plan, change);
      if (!tryNext(refusedSoFar)) return;
      left = ATTEMPTS;
      continue;
    }
    await change.work.recorded;
    const [announced] = await every([announce(plan, { change, previousPolicy: text ?? null }), progress.saved.then(() => false)]);
    if (announced !== true) {
      await readAgain(change);
      continue;
    }
    const written = await writeOnce(plan, change);
    if (written.kind === 'written') {
      await verifyPolicy(plan.statements, { access, namespace: rules.namespace, ports });
      change.work.proven();
      await concludeChange(plan, { change, changeId: written.session });
      if (!tryNext(refusedSoFar)) return;
      left = ATTEMPTS;
      continue;
    }
    if (written.kind === 'conflict') await ports.clock.wait(CONFLICT_PAUSE);
    else learn(written, { plan, change, refusedSoFar });
  }
  throw new TransientFailure(
    'unavailable',
    `the policy of bucket '${access.bucket.name}' could not be written in ${ATTEMPTS} attempts; it is tried again`,
  );
};

/**
 * Marks the bucket as contended when somebody else has overwritten our statements once too often. What is planned then is planned
 * anew: removals only.
 */
const stopsFighting = async (plan: PolicyPlan, { access, ports, progress, rules }: PolicyChange): Promise<boolean> => {
  const { head } = progress;
  if (head === undefined || head.contended || head.frozen || rules.restore) return false;
  const overwrites = overwritesSeen(head, { drift: plan.drift, now: ports.clock.now() });
  if (overwrites.length === (head.overwrites ?? []).length || !isContended(overwrites)) return false;
  const marked = { ...head, contended: true, overwrites };
  if (await ports.ledger.mark(access.bucket.name, { seen: head.attempt, head: marked })) progress.head = marked;
  else await readAgain({ access, ports, progress });
  return true;
};

/** Lets the next suspected principal back in, alone. `false`: there is none left to try. */
const tryNext = ({ principals, untried }: Refused): boolean => {
  const next = untried.shift();
  return next !== undefined && principals.delete(next);
};

const planFrom = (text: string | undefined, { change, refusedSoFar }: { change: PolicyChange; refusedSoFar: Refused }): PolicyPlan => {
  const { frozen, restore, namespace } = change.rules;
  const { bucket } = change.access;
  return planPolicy({
    bucket: bucket.name,
    namespace,
    head: change.progress.head,
    grants: [...change.progress.stored.values()].map(({ grant }) => grant),
    candidates: change.candidates,
    unknownPrincipals: refusedSoFar.principals,
    ...(refusedSoFar.candidates === undefined ? {} : { barred: refusedSoFar.candidates }),
    frozen,
    restore,
    document: documentOf(text, bucket.name),
    ...(refusedSoFar.tooLong === undefined ? {} : { longest: refusedSoFar.tooLong.bytes - refusedSoFar.tooLong.cut }),
    now: change.ports.clock.now(),
  });
};

/**
 * What a bucket's policy would be by its grants alone, with nobody let in: whether it reads as it should.
 * @throws TransientFailure when the text is no policy document
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
    document: documentOf(text, bucket.name),
    now,
  });

/** Announces the change at the bucket's head. One that was announced and never settled keeps its version: tried again it is the same change, and leaves one record. */
const announce = async (
  plan: PolicyPlan,
  { change, previousPolicy }: { change: PolicyChange; previousPolicy: string | null },
): Promise<boolean> => {
  const { progress, ports, work, access } = change;
  const { head } = progress;
  const attempt = ports.newId();
  const version = (head?.version ?? 0) + (head?.intended === undefined ? 1 : 0);
  const overwrites = overwritesSeen(head, { drift: plan.drift, now: ports.clock.now() });
  const intended = { statements: plan.statements, subscriptions: work.subscriptions, previousPolicy, at: ports.clock.now().toISOString() };
  if (!(await ports.ledger.announce(access.bucket.name, { seen: head?.attempt, attempt, version, intended, overwrites }))) return false;
  progress.head = {
    ...(head ?? { written: [], bytes: 0 }),
    version,
    attempt,
    overwrites,
    intended: { ...intended, previousPolicy: (head?.intended ?? intended).previousPolicy },
  };
  return true;
};

/** Another writer was faster. What was planned from the head and the grants as they were no longer holds: it could undo what that writer did. */
const readAgain = async ({ access, ports, progress }: Pick<PolicyChange, 'access' | 'ports' | 'progress'>): Promise<void> => {
  const { head, grants } = await ports.ledger.bucket(access.bucket.name);
  progress.head = head;
  progress.stored.clear();
  for (const stored of grants) progress.stored.set(grantKey(stored.grant), stored);
};

const writeOnce = (plan: PolicyPlan, { access, ports }: PolicyChange): Promise<PolicyWrite> =>
  plan.next === undefined ? ports.policies.remove(access) : ports.policies.write(access, serialisePolicy(plan.next));

/** Takes from S3's refusal what must leave the compile before the next attempt. */
const learn = (
  written: Exclude<PolicyWrite, { kind: 'written' | 'conflict' }>,
  { plan, change, refusedSoFar }: { plan: PolicyPlan; change: PolicyChange; refusedSoFar: Refused },
): void => {
  const { bucket } = change.access;
  if (written.kind === 'invalid-principal') {
    const suspects = suspectPrincipals(written.named, { statements: plan.statements, written: change.progress.head?.written ?? [] });
    if (suspects.length === 0) throw new PolicyBlocked(foreignDeadPrincipal(bucket.name, written.named));
    for (const principal of suspects) refusedSoFar.principals.add(principal);
    if (written.named === undefined && suspects.length > 1) refusedSoFar.untried.push(...suspects);
    return;
  }
  const nobodyEnters = change.candidates.size === 0 || refusedSoFar.candidates !== undefined;
  if (nobodyEnters && written.code === 'policy-full' && plan.statements.length > 0 && takesAway(change)) {
    refusedSoFar.tooLong = { bytes: plan.bytes, cut: CUT_GROWS * (refusedSoFar.tooLong?.cut ?? 1 / CUT_GROWS) };
    return;
  }
  if (nobodyEnters) throw new TransientFailure(written.code === 'policy-full' ? 'suspended-for-room' : written.code, written.message);
  refusedSoFar.candidates =
    written.code === 'policy-full' ? refused('policy-full', written.message) : waiting(written.code, written.message);
};

const takesAway = ({ progress }: PolicyChange): boolean =>
  [...progress.stored.values()].some(({ grant }) => Object.values(grant.principals).some((entry) => entry.state === 'revoking'));

const foreignDeadPrincipal = (bucket: string, named: string | undefined): Refusal =>
  refused(
    'foreign-dead-principal',
    `S3 refuses any change of the policy of bucket '${bucket}' because a statement of its owner names a principal that no longer exists${named === undefined ? '' : `, '${named}'`}; ask the owner to remove it`,
  );
