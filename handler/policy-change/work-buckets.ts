import { type Waiting, waiting } from '../core/outcome';
import type { Ports } from '../ports';
import { type Case, candidatesOf } from '../subscription/decide';
import type { Reads } from '../subscription/reads';
import { applyBucket, recordBucket } from './bucket';
import type { BucketResult, BucketRules } from './bucket-work';

export type BucketJob = { readonly name: string; readonly cases: readonly Case[] };

/** What the batch has to do, bucket by bucket. */
export const bucketJobs = (cases: readonly Case[]): readonly BucketJob[] => {
  const names = new Set(cases.flatMap(({ planned }) => planned.map((grant) => grant.location.bucket)));
  return [...names]
    .sort()
    .map((name) => ({ name, cases: cases.filter(({ planned }) => planned.some((grant) => grant.location.bucket === name)) }));
};

/**
 * Does one bucket's work for all its cases at once.
 * @throws LedgerFailure
 */
export const workBucket = async (
  { name, cases }: BucketJob,
  {
    recorded,
    proven,
    reads,
    ports,
    rules,
  }: { recorded: Promise<unknown>; proven: () => void; reads: Reads; ports: Ports; rules: BucketRules },
): Promise<BucketResult> => {
  const ledger = await reads.bucket(name);
  const { registry } = await reads.stance();
  const planned = cases.flatMap((one) => one.planned.filter((grant) => grant.location.bucket === name));
  const bucket = registry.buckets.get(name);
  const shut = bucket === undefined ? undefined : rules.breaker.open(bucket.account);
  const candidates = new Set(cases.flatMap(candidatesOf));
  const work = { ledger, planned, candidates, recorded, proven, subscriptions: cases.map(({ lead }) => lead.id) };
  if (bucket === undefined || shut !== undefined) return recordBucket(work, { hindrance: shut ?? unregistered(name), ports });
  const result = await applyBucket({ ...work, bucket }, { ports, rules });
  // Time that ran out says nothing of the account.
  if (!rules.timeIsUp()) rules.breaker.note(bucket, result.hindrance);
  return result;
};

const unregistered = (name: string): Waiting =>
  waiting(
    'bucket-missing',
    `bucket '${name}' is no longer registered, so its policy cannot be edited; register it again as retiring until its grants are gone`,
  );
