import { isUnsettled } from '../core/grant';
import { waiting } from '../core/outcome';
import type { Ports } from '../ports';
import { applyBucket } from './apply-bucket';
import type { BucketResult, BucketRules } from './bucket-work';
import { type Case, candidatesOf } from './look';
import type { Reads } from './reads';

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
  { recorded, reads, ports, rules }: { recorded: Promise<unknown>; reads: Reads; ports: Ports; rules: BucketRules },
): Promise<BucketResult> => {
  const ledger = await reads.bucket(name);
  const registry = await ports.registry.read();
  const planned = cases.flatMap((one) => one.planned.filter((grant) => grant.location.bucket === name));
  const bucket = registry.buckets.get(name);
  if (bucket === undefined) {
    await recorded;
    const grants = ledger.grants.map(({ grant }) => grant);
    const open = planned.some((grant) => Object.values(grant.principals).some(isUnsettled));
    const why = waiting(
      'bucket-missing',
      `bucket '${name}' is no longer registered, so its policy cannot be edited; register it again as retiring until its grants are gone`,
    );
    return { grants, residualAccess: [], ...(open ? { hindrance: why } : {}) };
  }
  const candidates = new Set(cases.flatMap(candidatesOf));
  return applyBucket({ bucket, ledger, planned, candidates, recorded, subscriptions: cases.map(({ lead }) => lead.id) }, { ports, rules });
};
