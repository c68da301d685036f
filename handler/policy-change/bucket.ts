import { NO_PROJECT } from '../contract/registry';
import { grantKey, hasState, isUnsettled } from '../core/grant/grant';
import type { Head } from '../core/ledger/bucket-state';
import { type Refusal, type Waiting, waiting } from '../core/outcome';
import type { RegisteredBucket } from '../core/subscription/registry';
import { consequenceOf } from '../failure';
import type { Ports } from '../ports';
import { BucketChange, type BucketResult, type BucketRules, type BucketWork } from './bucket-change';
import { changePolicy } from './change';

/** A bucket's share of an invocation: a policy that cannot be settled in this time waits, so that others are not delayed. Milliseconds. */
const SHARE = 15_000;

/**
 * Brings one bucket's policy to what its grants demand. What AWS refuses or does not answer is returned as a result.
 * @throws LedgerUnavailable
 */
export const applyToBucket = async (
  work: BucketWork,
  { bucket, rules, ports }: { readonly bucket: RegisteredBucket | undefined; readonly rules: BucketRules; readonly ports: Ports },
): Promise<BucketResult> => {
  const skipped = bucket === undefined ? undefined : rules.breaker.open(bucket.account);
  if (bucket === undefined || skipped !== undefined) return recordOnly(work, { hindrance: skipped ?? unregistered(work.name), ports });
  const started = ports.clock.now().getTime();
  const share = { ...rules, timeIsUp: () => rules.timeIsUp() || ports.clock.now().getTime() - started >= SHARE };
  const result = await applyPasses(work, { bucket, rules: share, ports });
  // Time that ran out is no evidence about the account.
  if (!share.timeIsUp()) rules.breaker.note(bucket, result.hindrance);
  return result;
};

/** Revocations come first and need no project's session, so that no project's trouble delays them; then each owning project by itself. */
const applyPasses = async (
  work: BucketWork,
  { bucket, rules, ports }: { bucket: RegisteredBucket; rules: BucketRules; ports: Ports },
): Promise<BucketResult> => {
  const change = new BucketChange(work, ports, { recordsName: !rules.observe && isFirstChange(work.ledger.head) });
  let hindrance: Refusal | Waiting | undefined;
  for (const owningProject of sessionsOf(work)) {
    const candidates = change.candidatesOf(owningProject);
    try {
      await changePolicy({ change, access: { bucket, owningProject }, candidates, bucket, rules });
    } catch (error) {
      const consequence = consequenceOf(error);
      if (consequence.kind !== 'hinder') throw error;
      ports.telemetry.failure(`the policy of bucket '${bucket.name}' could not be changed`, error);
      hindrance ??= consequence.hindrance;
    }
  }
  await change.saved;
  return change.result(hindrance);
};

/** Whose sessions the work needs, in order. */
const sessionsOf = ({ planned }: BucketWork): readonly string[] => {
  const grants = planned.flatMap((one) => one.grants.map((grant) => ({ grant, isCandidate: one.candidates.has(grantKey(grant)) })));
  const projects = [
    ...new Set(
      grants.filter(({ grant, isCandidate }) => isCandidate && hasState(grant, 'waiting')).map(({ grant }) => grant.owningProject),
    ),
  ].sort();
  return projects.length === 0 || grants.some(({ grant }) => hasState(grant, 'revoking')) ? [NO_PROJECT, ...projects] : projects;
};

/** Records what is planned for a bucket whose policy cannot be changed now, with the reason for what stays open. */
const recordOnly = async (work: BucketWork, { hindrance, ports }: { hindrance: Waiting; ports: Ports }): Promise<BucketResult> => {
  const change = new BucketChange(work, ports, { recordsName: false });
  await change.saved;
  const isOpen = work.planned.some(({ grants }) => grants.some(({ principals }) => principals.some(isUnsettled)));
  return change.result(isOpen ? hindrance : undefined);
};

const unregistered = (name: string): Waiting =>
  waiting(
    'bucket-missing',
    `bucket '${name}' is no longer registered, so its policy cannot be edited; register it again as retiring until its grants are gone`,
  );

/** Until the first change of a bucket is settled, its name may not have been recorded. */
const isFirstChange = (head: Head | undefined): boolean => head === undefined || (head.intended !== undefined && head.version <= 1);
