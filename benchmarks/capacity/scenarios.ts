import { type Location, locationOf } from '../../handler/core/grant/location';
import { seeded, shuffled } from '../random';

/** The right of one role to one location. */
export type Pair = { readonly role: string; readonly location: Location };
/** The pairs that one subscription gives. They are granted and revoked together. */
export type Approval = readonly Pair[];
export type Shape = 'folder' | 'name';

/** The bucket of all scenarios, with a name of 24 characters. */
export const BUCKET = 'acme-raw-sequencing-runs';
const ROLE_ARN_LENGTH = 70;
const PATH_LENGTH = 40;
/** More pairs than any layout can hold. */
const PAIRS = 400;

const roleAt = (index: number): string => `arn:aws:iam::333333333333:role/reader-${index}-`.padEnd(ROLE_ARN_LENGTH, 'r');

/** Returns a location whose path has 40 characters, including the slash of a folder. */
const locationAt = (index: number, shape: Shape): Location => {
  const path = `runs-${index}-`.padEnd(PATH_LENGTH - (shape === 'folder' ? 1 : 0), 'p');
  return locationOf({ partition: 'aws', bucket: BUCKET, path: shape === 'folder' ? `${path}/` : path });
};

/** A pair by the numbers of its role and its location. */
type Cell = readonly [role: number, location: number];

const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);
const TEAM = { roles: 5, locations: 4 };
const team = (index: number): readonly Cell[] =>
  range(TEAM.locations).flatMap((own) =>
    range(TEAM.roles).map((member): Cell => [index * TEAM.roles + member, index * TEAM.locations + own]),
  );
const teams = (): readonly Cell[] => range(PAIRS / (TEAM.roles * TEAM.locations)).flatMap(team);

/** Returns one role after the other, each with `count` random locations out of `pool`. */
const randomCells = ({ count, pool, seed }: { readonly count: number; readonly pool: number; readonly seed: number }): readonly Cell[] => {
  const random = seeded(seed);
  return range(Math.ceil(PAIRS / count)).flatMap((role) =>
    shuffled(range(pool), random)
      .slice(0, count)
      .map((location): Cell => [role, location]),
  );
};

/** Returns teams, with a random pair across the teams so far after every tenth pair. */
const teamsWithStrays = (): readonly Cell[] => {
  const random = seeded(7);
  const below = (count: number) => Math.floor(random() * count);
  const taken = new Set(teams().map(String));
  return teams().flatMap((cell, index): readonly Cell[] => {
    if (index % 10 !== 9) return [cell];
    const teamsSoFar = Math.floor(index / (TEAM.roles * TEAM.locations)) + 1;
    const stray = range(PAIRS)
      .map((): Cell => [below(teamsSoFar * TEAM.roles), below(teamsSoFar * TEAM.locations)])
      .find((candidate) => !taken.has(String(candidate)));
    if (stray === undefined) return [cell];
    taken.add(String(stray));
    return [cell, stray];
  });
};

/** Which roles share which locations, in the order of approval: from no sharing to teams that share everything. */
export const SCENARIOS: Readonly<Record<string, () => readonly Cell[]>> = {
  '1 prefix × N roles': () => range(PAIRS).map((index): Cell => [index, 0]),
  'N prefixes × 1 role': () => range(PAIRS).map((index): Cell => [0, index]),
  'sparse, 3 per role': () => randomCells({ count: 3, pool: 27, seed: 3 }),
  '30 % dense': () => randomCells({ count: 6, pool: 20, seed: 30 }),
  'teams 5×4': teams,
  'teams + 10 % strays': teamsWithStrays,
};

/** Returns each pair as its own subscription, as if every project had one role. This is the hardest case to revoke. */
export const approvalsOf = (scenario: () => readonly Cell[], shape: Shape): readonly Approval[] =>
  scenario().map(([role, location]) => [{ role: roleAt(role), location: locationAt(location, shape) }]);

/** Returns the number of the team of a pair of `teams 5×4`. */
export const teamOf = ({ role }: Pair): number => Math.floor(Number(/reader-(\d+)-/.exec(role)?.[1]) / TEAM.roles);

/** Returns 300 grants that all fit: fifteen roles that share twenty locations. */
export const sharedByAll = (shape: Shape): readonly Approval[] =>
  range(15).flatMap((role) => range(20).map((location) => [{ role: roleAt(role), location: locationAt(location, shape) }]));

/** Returns grants without a common role or location, of which most must be refused. */
export const unrelated = (count: number): readonly Approval[] =>
  range(count).map((index) => {
    const number = String(index).padStart(6, '0');
    return [
      {
        role: `${roleAt(0).slice(0, -number.length)}${number}`,
        location: locationOf({ partition: 'aws', bucket: BUCKET, path: `run-${number}/` }),
      },
    ];
  });

/** Returns the teams as DataZone subscribes them: a project's roles are the principals of one target, so they are granted together. */
export const projectApprovals = (shape: Shape): readonly Approval[] => {
  const cells = teams();
  return range(cells.length / TEAM.roles).map((subscription) =>
    cells
      .slice(subscription * TEAM.roles, (subscription + 1) * TEAM.roles)
      .map(([role, location]) => ({ role: roleAt(role), location: locationAt(location, shape) })),
  );
};
