import { NO_PROJECT } from '../contract/registry';
import { type Grant, grantKey, isUnsettled } from '../core/grant/grant';
import { type Refusal, type Waiting, waiting } from '../core/outcome';
import { PolicyBlocked, TransientFailure } from '../errors';
import { every } from '../every';
import type { BucketLedger, Ports, StoredGrant } from '../ports';
import type { BucketResult, BucketRules, BucketWork, Progress } from './bucket-work';
import { changePolicy } from './change';
import { saveGrant } from './save-grant';

/**
 * Brings one bucket's policy to what its grants should be: first whatever is taken away, then what is let in, once per owning
 * project, whose session may write no other project's buckets. What AWS hinders comes back as a result.
 * @throws LedgerFailure
 */
export const applyBucket = async (work: BucketWork, { ports, rules }: { ports: Ports; rules: BucketRules }): Promise<BucketResult> => {
  const putsDown = !rules.observe && isFirstChange(work.ledger) ? work.bucket.name : undefined;
  const progress = begin(work, { putsDown, ports });
  let hindrance: Refusal | Waiting | undefined;
  for (const owningProject of passes(work)) {
    const entering = work.planned.filter((grant) => grant.owningProject === owningProject && work.candidates.has(grantKey(grant)));
    const change = {
      access: { bucket: work.bucket, owningProject },
      candidates: new Set(entering.map(grantKey)),
      work,
      progress,
      ports,
      rules,
    };
    const hindered = await changePolicy(change).then(
      () => undefined,
      (error: unknown) => hindranceOf(error, work, ports),
    );
    hindrance ??= hindered;
  }
  await progress.saved;
  return {
    grants: [...progress.stored.values()].map(({ grant }) => grant),
    residualAccess: progress.residualAccess,
    ...(hindrance === undefined ? {} : { hindrance }),
  };
};

const hindranceOf = (error: unknown, work: BucketWork, { telemetry }: Ports): Refusal | Waiting => {
  if (!(error instanceof TransientFailure || error instanceof PolicyBlocked)) throw error;
  telemetry.failure(`the policy of bucket '${work.bucket.name}' could not be brought up to date`, error);
  return error instanceof PolicyBlocked ? error.refusal : waiting(error.code, error.message);
};

/** Whose sessions the work needs, in order. Taking away comes first and needs no project's rights, so that no project's trouble holds it up. */
const passes = ({ planned, candidates }: BucketWork): readonly string[] => {
  const has = (grant: Grant, state: string) => Object.values(grant.principals).some((entry) => entry.state === state);
  const projects = [
    ...new Set(planned.filter((grant) => candidates.has(grantKey(grant)) && has(grant, 'waiting')).map((grant) => grant.owningProject)),
  ].sort();
  return projects.length === 0 || planned.some((grant) => has(grant, 'revoking')) ? [NO_PROJECT, ...projects] : projects;
};

/**
 * Takes down what is planned for a bucket whose policy cannot be touched now, and says what stands in the way of whatever is open.
 * @throws LedgerFailure
 */
export const recordBucket = async (
  work: Omit<BucketWork, 'bucket'>,
  { hindrance, ports }: { hindrance: Waiting; ports: Ports },
): Promise<BucketResult> => {
  const progress = begin(work, { ports });
  await progress.saved;
  const isOpen = work.planned.some((grant) => Object.values(grant.principals).some(isUnsettled));
  return {
    grants: [...progress.stored.values()].map(({ grant }) => grant),
    residualAccess: [],
    ...(isOpen ? { hindrance } : {}),
  };
};

/** Saves the planned grants once their subscriptions are recorded; meanwhile the policy can already be read. */
const begin = (
  { ledger, planned, recorded }: Omit<BucketWork, 'bucket'>,
  { putsDown, ports }: { putsDown?: string | undefined; ports: Ports },
): Progress => {
  const stored = new Map<string, StoredGrant>(ledger.grants.map((grant) => [grantKey(grant.grant), grant]));
  const changed = planned.filter((grant) => JSON.stringify(stored.get(grantKey(grant))?.grant) !== JSON.stringify(grant));
  const next = changed.map((grant) => ({ grant, revision: (stored.get(grantKey(grant))?.revision ?? 0) + 1 }));
  for (const grant of next) stored.set(grantKey(grant.grant), grant);
  const saved = every([
    putsDown === undefined ? undefined : ports.ledger.putDown(putsDown),
    recorded.then(() => every(next.map((grant) => saveGrant(grant, ports)))),
  ]);
  // Whoever needs the grants saved awaits this; until then its failure is not unhandled.
  saved.catch(() => undefined);
  return { stored, saved, residualAccess: [], head: ledger.head };
};

/** Until the first change of a bucket is settled, its name may not have been put down. */
const isFirstChange = ({ head }: BucketLedger): boolean => head === undefined || (head.intended !== undefined && head.version <= 1);
