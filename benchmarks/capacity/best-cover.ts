import { LONGEST_POLICY, NEW_POLICY } from '../../handler/core/policy/policy-document';
import { seeded, shuffled } from '../random';
import { groupBytes } from './layouts';
import type { Pair } from './scenarios';

/** The rights of a team: for each of its roles, a bit mask of locations. */
type Rights = readonly number[];

const bitsOf = (mask: number): readonly number[] => {
  const bits: number[] = [];
  for (let rest = mask, bit = 0; rest > 0; rest >>= 1, bit++) if (rest & 1) bits.push(bit);
  return bits;
};
const countBits = (mask: number): number => bitsOf(mask).length;
/** Returns the same key for rights that differ only in the order of roles. */
const rightsKey = (rights: Rights): string => [...rights].sort((one, other) => one - other).join();

/** Returns all subsets of a mask that contain one bit of it. */
const subsetsWith = (mask: number, bit: number): readonly number[] => {
  const rest = mask & ~(1 << bit);
  const subsets = [1 << bit];
  for (let subset = rest; subset > 0; subset = (subset - 1) & rest) subsets.push(subset | (1 << bit));
  return subsets;
};

/**
 * Returns a function that finds the fewest bytes in which pairs of statements can give exactly a team's rights, by exhaustive search.
 * `bytes` are those of one pair of statements for a number of roles and locations.
 */
export const leastBytes = (bytes: (roles: number, locations: number) => number): ((rights: Rights) => number) => {
  const known = new Map<string, number>();
  /** `open` are the rights that no statement gives yet. A statement may give other rights of its roles again. */
  const cover = (rights: Rights, open: Rights): number => {
    const role = open.findIndex((locations) => locations > 0);
    if (role < 0) return 0;
    const key = rightsKey(rights.map((held, index) => held * 256 + (open[index] ?? 0)));
    const result = known.get(key);
    if (result !== undefined) return result;
    const [location = 0] = bitsOf(open[role] ?? 0);
    let fewest = Number.POSITIVE_INFINITY;
    for (const locations of subsetsWith(rights[role] ?? 0, location)) {
      // A role that gains no right by the statement need not be in it.
      const gains = (index: number) => ((open[index] ?? 0) & locations) > 0;
      const holders = rights.reduce(
        (mask, held, index) => ((held & locations) === locations && gains(index) ? mask | (1 << index) : mask),
        0,
      );
      for (const roles of subsetsWith(holders, role)) {
        const left = open.map((held, index) => ((roles >> index) & 1 ? held & ~locations : held));
        fewest = Math.min(fewest, bytes(countBits(roles), countBits(locations)) + cover(rights, left));
      }
    }
    known.set(key, fewest);
    return fewest;
  };
  return (rights) => cover(rights, rights);
};

/** Returns the rights of each team, and each pair as a bit of them. Teams share neither roles nor locations. */
const rightsOf = (pairs: readonly Pair[], teamOf: (pair: Pair) => number) => {
  const teams = new Map<number, { roles: string[]; locations: string[]; rights: number[] }>();
  const cells = pairs.map((pair) => {
    const team = teams.get(teamOf(pair)) ?? { roles: [], locations: [], rights: [] };
    teams.set(teamOf(pair), team);
    const indexIn = (list: string[], value: string) => (list.includes(value) ? list.indexOf(value) : list.push(value) - 1);
    const [role, location] = [indexIn(team.roles, pair.role), indexIn(team.locations, pair.location.path)];
    team.rights[role] = (team.rights[role] ?? 0) | (1 << location);
    return { team, role, location };
  });
  return { teams: [...teams.values()], cells };
};

/** More than the roles, and than the locations, of any team. */
const LIMIT = 6;

/**
 * Returns the largest number of pairs of teams, in their order, for which the shortest list of allow statements stays within S3's limit
 * while the pairs are revoked one by one in random order. No layout of allow statements can exceed it.
 */
export const countFullyRevocableAtBest = (
  pairs: readonly Pair[],
  { teamOf, seeds }: { readonly teamOf: (pair: Pair) => number; readonly seeds: readonly number[] },
): number => {
  const [sample] = pairs;
  if (sample === undefined) return 0;
  const bytes = Array.from({ length: LIMIT }, (_, roles) =>
    Array.from({ length: LIMIT }, (_, locations) =>
      groupBytes({ roles: Array(roles).fill(sample.role), locations: Array(locations).fill(sample.location) }),
    ),
  );
  const least = leastBytes((roles, locations) => bytes[roles]?.[locations] ?? Number.NaN);
  // The last statement has no comma after it.
  const empty = JSON.stringify({ ...NEW_POLICY, Statement: [] }).length - 1;
  const fits = (count: number): boolean =>
    seeds.every((seed) => {
      const { teams, cells } = rightsOf(pairs.slice(0, count), teamOf);
      const sizes = new Map(teams.map((team) => [team, least(team.rights)]));
      const total = () => empty + [...sizes.values()].reduce((sum, size) => sum + size, 0);
      if (total() > LONGEST_POLICY) return false;
      return shuffled(cells, seeded(seed)).every(({ team, role, location }) => {
        team.rights[role] = (team.rights[role] ?? 0) & ~(1 << location);
        sizes.set(team, least(team.rights));
        return total() <= LONGEST_POLICY;
      });
    });
  let [enough, tooMany] = [0, pairs.length + 1];
  while (tooMany - enough > 1) {
    const middle = Math.floor((enough + tooMany) / 2);
    if (fits(middle)) enough = middle;
    else tooMany = middle;
  }
  return enough;
};
