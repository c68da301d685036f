import type { Access } from '../grant/grant';
import { jsonBytes, LONGEST_POLICY, NEW_POLICY, type PolicyDocument, type Statement } from './policy-document';
import { type Scales, scales, type Weighed } from './policy-size';
import type { SidNamespace } from './sid-namespace';

/** What is granted and revoked as one: a grant's accesses under its key. */
export type Unit = { readonly key: string; readonly accesses: readonly Access[] };

export type Room = {
  readonly namespace: SidNamespace;
  /** The document our statements go into, and the statements of others in it. */
  readonly document: PolicyDocument | undefined;
  readonly foreign: readonly Statement[];
  /** Bytes that the policy may take; S3's limit unless given. */
  readonly longest?: number;
};

/** Bytes left for our statements, each counted with a comma after it. */
const bytesForUs = (room: Room): number =>
  (room.longest ?? LONGEST_POLICY) -
  jsonBytes({ ...(room.document ?? NEW_POLICY), Statement: room.foreign }) +
  (room.foreign.length === 0 ? 1 : 0);

/** A unit with what its accesses weigh. */
type Load = { readonly unit: Unit; readonly accesses: readonly Weighed[] };

const loadsOf = (units: readonly Unit[], { weigh }: Scales): readonly Load[] =>
  units.map((unit) => ({ unit, accesses: unit.accesses.map(weigh) }));

const accessesOf = (loads: readonly Load[]): readonly Weighed[] => loads.flatMap(({ accesses }) => accesses);

/** A grant's accesses, whether they are live already or candidates, go together when it is revoked. */
const byGrant = (loads: readonly Load[]): readonly (readonly Weighed[])[] => {
  const grants = new Map<string, readonly Weighed[]>();
  for (const { unit, accesses } of loads) grants.set(unit.key, [...(grants.get(unit.key) ?? []), ...accesses]);
  return [...grants.values()];
};

/**
 * Whether a policy with these grants fits, and would still fit after any one of them is revoked. The second is no matter of course:
 * when one pair leaves a block of equal sets, the block falls into two.
 */
const fitsWithHeadroom = (loads: readonly Load[], { limit, size }: { limit: number; size: Scales['size'] }): boolean => {
  const { bytes, bytesWithout } = size(accessesOf(loads));
  if (bytes > limit) return false;
  const grants = byGrant(loads);
  const holders = new Map<Weighed, number>();
  for (const accesses of grants) for (const access of new Set(accesses)) holders.set(access, (holders.get(access) ?? 0) + 1);
  // The newest first: where there is no room for a revocation, it is mostly theirs.
  return grants.toReversed().every((accesses) => bytesWithout(accesses.filter((access) => holders.get(access) === 1)) <= limit);
};

/** After so many candidates in a row that do not fit the policy counts as full, and the rest is not tried: it is decided again by the next reconcile. */
const MISSES = 16;

/**
 * The candidates for which there is room, in their order: a candidate that does not fit leaves, and those behind it are still tried.
 * The longest run that fits as a whole is found by halving, so that a crowd costs little more than a few.
 */
export const admit = (live: readonly Unit[], candidates: readonly Unit[], room: Room): readonly Unit[] => {
  const weights = scales(room.namespace);
  const space = { limit: bytesForUs(room), size: weights.size };
  const standing = loadsOf(live, weights);
  const entering = loadsOf(candidates, weights);
  const fitsWith = (loads: readonly Load[]) => fitsWithHeadroom([...standing, ...loads], space);
  if (candidates.length === 0 || fitsWith(entering)) return candidates;
  let [fitting, tooMany] = [0, entering.length];
  while (tooMany - fitting > 1) {
    const middle = Math.floor((fitting + tooMany) / 2);
    if (fitsWith(entering.slice(0, middle))) fitting = middle;
    else tooMany = middle;
  }
  const admitted = entering.slice(0, fitting);
  let misses = 1;
  for (const candidate of entering.slice(tooMany)) {
    if (misses === MISSES) break;
    const fit = fitsWith([...admitted, candidate]);
    if (fit) admitted.push(candidate);
    misses = fit ? 0 : misses + 1;
  }
  return admitted.map(({ unit }) => unit);
};

/**
 * The grants that must be suspended so that the rest fits, newest first: the last resort of a revocation whose policy would be too
 * long. `live` is ordered from the oldest to the newest.
 */
export const suspend = (live: readonly Unit[], room: Room): readonly Unit[] => {
  const weights = scales(room.namespace);
  const limit = bytesForUs(room);
  const loads = loadsOf(live, weights);
  for (let kept = live.length; kept > 0; kept--) if (weights.size(accessesOf(loads.slice(0, kept))).bytes <= limit) return live.slice(kept);
  return live;
};
