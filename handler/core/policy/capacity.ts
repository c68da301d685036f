import type { Access } from '../grant/grant';
import { layoutSizes } from './layout-size';
import { accessKey } from './policy-cover';
import { jsonBytes, LONGEST_POLICY, NEW_POLICY, type PolicyDocument, type Statement } from './policy-document';
import type { SidNamespace } from './sid-namespace';

/** The accesses of one grant, which are granted and revoked together. */
export type Unit = { readonly key: string; readonly accesses: readonly Access[] };

/** The space that a bucket policy has for our statements. */
export type PolicySpace = {
  readonly namespace: SidNamespace;
  /** The document that our statements are added to, and the statements in it that are not ours. */
  readonly document: PolicyDocument | undefined;
  readonly foreign: readonly Statement[];
  /** Bytes that the policy may have. Default: S3's limit. */
  readonly longest?: number;
};

/** What units are measured against: the bytes for our statements, each with a comma after it. */
type Limit = { readonly namespace: SidNamespace; readonly bytes: number };

const limitOf = ({ namespace, document, foreign, longest }: PolicySpace): Limit => ({
  namespace,
  // The last of all statements has no comma.
  bytes: (longest ?? LONGEST_POLICY) - jsonBytes({ ...(document ?? NEW_POLICY), Statement: foreign }) + (foreign.length === 0 ? 1 : 0),
});

const layoutsWithin = (units: readonly Unit[], limit: Limit) =>
  layoutSizes(
    units.flatMap(({ accesses }) => accesses),
    limit.namespace,
  ).filter(({ bytes }) => bytes <= limit.bytes);

/**
 * Returns the accesses that are lost when each of the grants is revoked. A grant's live and waiting accesses are revoked together.
 * An access that another grant gives too is not lost. Equal accesses must be one object.
 */
const lossesByGrant = (units: readonly Unit[]): readonly (readonly Access[])[] => {
  const grants = new Map<string, Set<Access>>();
  for (const { key, accesses } of units) {
    const grant = grants.get(key) ?? new Set();
    for (const access of accesses) grant.add(access);
    grants.set(key, grant);
  }
  const holders = new Map<Access, number>();
  for (const grant of grants.values()) for (const access of grant) holders.set(access, (holders.get(access) ?? 0) + 1);
  return [...grants.values()].map((grant) => [...grant].filter((access) => holders.get(access) === 1));
};

/**
 * Returns whether a policy with these grants fits, and still fits after any one of them is revoked. A revocation can make a policy
 * longer: when one access leaves a block, the block is written as two.
 */
const fitsWithHeadroom = (units: readonly Unit[], limit: Limit): boolean => {
  const layouts = layoutsWithin(units, limit);
  if (layouts.length === 0) return false;
  // The newest grants first: if a revocation does not fit, it is mostly one of theirs.
  return lossesByGrant(units)
    .toReversed()
    .every((lost) => layouts.some(({ bytesWithout }) => bytesWithout(lost) <= limit.bytes));
};

/** Returns the units with one object for equal accesses. */
const withSharedAccesses = (units: readonly Unit[]): readonly Unit[] => {
  const known = new Map<string, Access>();
  const shared = (access: Access): Access => {
    const key = accessKey(access);
    const first = known.get(key) ?? access;
    known.set(key, first);
    return first;
  };
  return units.map(({ key, accesses }) => ({ key, accesses: accesses.map(shared) }));
};

/** `admit` stops after this many candidates that do not fit, consecutive and in total. The next reconcile evaluates the rest again. */
const CONSECUTIVE_MISSES = 8;
const MISSES = 64;
/** Candidates that are tried together at first. An event brings fewer. */
const FIRST_RUN = 32;

/**
 * Returns a length up to `count` that passes while the next one does not. It doubles the length until one does not pass, and then
 * halves the interval.
 */
const longestRun = (count: number, { first, passes }: { first: number; passes: (length: number) => boolean }): number => {
  let [passing, failing] = [0, count + 1];
  while (failing - passing > 1) {
    const length = failing > count ? Math.min(count, Math.max(first, 2 * passing)) : Math.floor((passing + failing) / 2);
    if (passes(length)) passing = length;
    else failing = length;
  }
  return passing;
};

/**
 * Returns the candidates that fit beside the live grants, in their order. A candidate that does not fit is left out, and those behind
 * it are still tried. They are tried in runs, so that the effort depends on what fits and not on how many there are.
 */
export const admit = (live: readonly Unit[], candidates: readonly Unit[], space: PolicySpace): readonly Unit[] => {
  const limit = limitOf(space);
  const shared = withSharedAccesses([...live, ...candidates]);
  const units = shared.slice(0, live.length);
  const admitted: Unit[] = [];
  let next = 0;
  for (let misses = 0, consecutive = 0; misses < MISSES && consecutive < CONSECUTIVE_MISSES && next < candidates.length; misses++) {
    const waiting = shared.slice(live.length + next);
    const run = longestRun(waiting.length, {
      first: misses === 0 ? FIRST_RUN : 1,
      passes: (length) => fitsWithHeadroom([...units, ...waiting.slice(0, length)], limit),
    });
    units.push(...waiting.slice(0, run));
    admitted.push(...candidates.slice(next, next + run));
    next += run + 1;
    consecutive = run > 0 ? 1 : consecutive + 1;
  }
  return admitted;
};

/**
 * Returns the newest grants that must be suspended so that the others fit. It is the last resort of a revocation whose policy would
 * be too long. `live` is ordered from the oldest to the newest.
 */
export const suspend = (live: readonly Unit[], space: PolicySpace): readonly Unit[] => {
  const limit = limitOf(space);
  for (let kept = live.length; kept > 0; kept--) if (layoutsWithin(live.slice(0, kept), limit).length > 0) return live.slice(kept);
  return live;
};
