import type { Access } from './grant';
import { jsonBytes, LONGEST_POLICY, NEW_POLICY, type PolicyDocument, type Statement } from './policy-document';
import { accessKey, statementsSize } from './policy-size';
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

/** A grant's accesses, whether they are live already or candidates, go together when it is revoked. */
const byGrant = (units: readonly Unit[]): readonly (readonly Access[])[] => {
  const grants = new Map<string, Access[]>();
  for (const unit of units) grants.set(unit.key, [...(grants.get(unit.key) ?? []), ...unit.accesses]);
  return [...grants.values()];
};

/**
 * Whether a policy with these grants fits, and would still fit after any one of them is revoked. The second is no matter of course:
 * when one pair leaves a block of equal sets, the block falls into two.
 */
export const fitsWithHeadroom = (units: readonly Unit[], room: Room): boolean => {
  const size = statementsSize(
    units.flatMap((unit) => unit.accesses),
    room.namespace,
  );
  const limit = bytesForUs(room);
  if (size.bytes > limit) return false;
  const holders = new Map<string, number>();
  const grants = byGrant(units);
  for (const accesses of grants) for (const key of new Set(accesses.map(accessKey))) holders.set(key, (holders.get(key) ?? 0) + 1);
  return grants.every((accesses) => size.bytesWithout(accesses.filter((access) => holders.get(accessKey(access)) === 1)) <= limit);
};

const fits = (units: readonly Unit[], room: Room): boolean =>
  statementsSize(
    units.flatMap((unit) => unit.accesses),
    room.namespace,
  ).bytes <= bytesForUs(room);

/** After so many candidates in a row that do not fit the policy counts as full, and the rest is not tried: it is decided again by the next reconcile. */
const MISSES = 16;

/**
 * The candidates for which there is room, in their order: a candidate that does not fit leaves, and those behind it are still tried.
 * The longest run that fits as a whole is found by halving, so that a crowd costs little more than a few.
 */
export const admit = (live: readonly Unit[], candidates: readonly Unit[], room: Room): readonly Unit[] => {
  const fitsWith = (count: number) => fitsWithHeadroom([...live, ...candidates.slice(0, count)], room);
  if (candidates.length === 0 || fitsWith(candidates.length)) return candidates;
  let [fitting, tooMany] = [0, candidates.length];
  while (tooMany - fitting > 1) {
    const middle = Math.floor((fitting + tooMany) / 2);
    if (fitsWith(middle)) fitting = middle;
    else tooMany = middle;
  }
  const admitted = candidates.slice(0, fitting);
  let misses = 1;
  for (const candidate of candidates.slice(tooMany)) {
    if (misses === MISSES) break;
    const fit = fitsWithHeadroom([...live, ...admitted, candidate], room);
    if (fit) admitted.push(candidate);
    misses = fit ? 0 : misses + 1;
  }
  return admitted;
};

/**
 * The grants that must be suspended so that the rest fits, newest first: the last resort of a revocation whose policy would be too
 * long. `live` is ordered from the oldest to the newest.
 */
export const suspend = (live: readonly Unit[], room: Room): readonly Unit[] => {
  for (let kept = live.length; kept > 0; kept--) if (fits(live.slice(0, kept), room)) return live.slice(kept);
  return live;
};
