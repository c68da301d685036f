import { seeded, shuffled } from '../random';
import { groupBytes, LIMIT } from './layouts';
import type { Pair } from './scenarios';

/** A team's rights: a bit mask of places for each of its roles. */
type Rights = readonly number[];

const bitsOf = (mask: number): readonly number[] => {
  const bits: number[] = [];
  for (let rest = mask, bit = 0; rest > 0; rest >>= 1, bit++) if (rest & 1) bits.push(bit);
  return bits;
};
const countBits = (mask: number): number => bitsOf(mask).length;
/** Names rights alike that differ only in the order of roles. */
const nameOf = (rights: Rights): string => [...rights].sort((one, other) => one - other).join();

/** All subsets of a mask that hold one bit of it. */
const subsetsWith = (mask: number, bit: number): readonly number[] => {
  const rest = mask & ~(1 << bit);
  const subsets = [1 << bit];
  for (let subset = rest; subset > 0; subset = (subset - 1) & rest) subsets.push(subset | (1 << bit));
  return subsets;
};

/**
 * The fewest bytes in which any set of statement pairs, each for some roles and some places, can give exactly a team's rights: every
 * choice is tried. `bytes` are those of a pair of statements for so many roles and places.
 */
export const leastBytes = (bytes: (roles: number, places: number) => number): ((rights: Rights) => number) => {
  const known = new Map<string, number>();
  /** Of the rights that are still to be given; a role's others may be given again. */
  const cover = (rights: Rights, open: Rights): number => {
    const role = open.findIndex((places) => places > 0);
    if (role < 0) return 0;
    const name = nameOf(rights.map((held, index) => held * 256 + (open[index] ?? 0)));
    const before = known.get(name);
    if (before !== undefined) return before;
    const [place = 0] = bitsOf(open[role] ?? 0);
    let fewest = Number.POSITIVE_INFINITY;
    for (const places of subsetsWith(rights[role] ?? 0, place)) {
      // Whoever gains nothing by it need not be named in it.
      const gains = (index: number) => ((open[index] ?? 0) & places) > 0;
      const holders = rights.reduce((mask, held, index) => ((held & places) === places && gains(index) ? mask | (1 << index) : mask), 0);
      for (const roles of subsetsWith(holders, role)) {
        const left = open.map((held, index) => ((roles >> index) & 1 ? held & ~places : held));
        fewest = Math.min(fewest, bytes(countBits(roles), countBits(places)) + cover(rights, left));
      }
    }
    known.set(name, fewest);
    return fewest;
  };
  return (rights) => cover(rights, rights);
};

/** Pairs of teams that share nothing with each other, as each team's rights. */
const rightsOf = (pairs: readonly Pair[], teamOf: (pair: Pair) => number) => {
  const teams = new Map<number, { roles: string[]; places: string[]; rights: number[] }>();
  const cells = pairs.map((pair) => {
    const team = teams.get(teamOf(pair)) ?? { roles: [], places: [], rights: [] };
    teams.set(teamOf(pair), team);
    const at = (list: string[], value: string) => (list.includes(value) ? list.indexOf(value) : list.push(value) - 1);
    const [role, place] = [at(team.roles, pair.role), at(team.places, pair.place.path)];
    team.rights[role] = (team.rights[role] ?? 0) | (1 << place);
    return { team, role, place };
  });
  return { teams: [...teams.values()], cells };
};

/** More roles, and more places, than any team has. */
const MOST = 6;

/**
 * The most pairs of teams, in their order, of which no list of allowed roles and places, however clever, is too long at any time while
 * they are revoked one by one in random order: what no layout can surpass.
 */
export const bestRevocableThroughout = (
  pairs: readonly Pair[],
  { teamOf, seeds }: { teamOf: (pair: Pair) => number; seeds: readonly number[] },
): number => {
  const [sample] = pairs;
  if (sample === undefined) return 0;
  const bytes = Array.from({ length: MOST }, (_, roles) =>
    Array.from({ length: MOST }, (_, places) =>
      groupBytes({ roles: Array(roles).fill(sample.role), places: Array(places).fill(sample.place) }),
    ),
  );
  const least = leastBytes((roles, places) => bytes[roles]?.[places] ?? Number.NaN);
  const empty = JSON.stringify({ Version: '2012-10-17', Statement: [] }).length - 1;
  const passes = (count: number): boolean =>
    seeds.every((seed) => {
      const { teams, cells } = rightsOf(pairs.slice(0, count), teamOf);
      const sizes = new Map(teams.map((team) => [team, least(team.rights)]));
      const total = () => empty + [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
      if (total() > LIMIT) return false;
      return shuffled(cells, seeded(seed)).every(({ team, role, place }) => {
        team.rights[role] = (team.rights[role] ?? 0) & ~(1 << place);
        sizes.set(team, least(team.rights));
        return total() <= LIMIT;
      });
    });
  let [enough, tooMany] = [0, pairs.length + 1];
  while (tooMany - enough > 1) {
    const middle = Math.floor((enough + tooMany) / 2);
    if (passes(middle)) enough = middle;
    else tooMany = middle;
  }
  return enough;
};
