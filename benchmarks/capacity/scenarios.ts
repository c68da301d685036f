import { type Location, locationOf } from '../../handler/core/grant/location';
import { seeded, shuffled } from '../random';

/** One role's right to one place. */
export type Pair = { readonly role: string; readonly place: Location };
/** The pairs that one subscription gives: what is granted and revoked as one. */
export type Approval = readonly Pair[];
export type Shape = 'folder' | 'name';

/** The bucket of all scenarios: a name of 24 characters. */
export const BUCKET = 'acme-raw-sequencing-runs';
const ROLE_ARN = 70;
const PREFIX = 40;
/** More than any layout holds. */
const ENOUGH = 400;

const role = (index: number): string => {
  const start = `arn:aws:iam::333333333333:role/reader-${index}-`;
  return start.padEnd(ROLE_ARN, 'r');
};

/** A place whose path is 40 characters long, with the slash where it is a folder. */
const place = (index: number, shape: Shape): Location => {
  const path = `runs-${index}-`.padEnd(PREFIX - (shape === 'folder' ? 1 : 0), 'p');
  return locationOf({ partition: 'aws', bucket: BUCKET, path: shape === 'folder' ? `${path}/` : path });
};

type Cell = readonly [role: number, place: number];

const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);
const TEAM = { roles: 5, places: 4 };
const team = (index: number): readonly Cell[] =>
  range(TEAM.places).flatMap((own) => range(TEAM.roles).map((member): Cell => [index * TEAM.roles + member, index * TEAM.places + own]));
const teams = (): readonly Cell[] => range(ENOUGH / 20).flatMap(team);

/** Roles one after the other, each with `count` of a pool of places. */
const drawn = ({ count, pool, seed }: { readonly count: number; readonly pool: number; readonly seed: number }): readonly Cell[] => {
  const random = seeded(seed);
  return range(Math.ceil(ENOUGH / count)).flatMap((one) =>
    shuffled(range(pool), random)
      .slice(0, count)
      .map((where): Cell => [one, where]),
  );
};

/** Teams, and after every tenth pair one that crosses the teams so far. */
const teamsWithStrays = (): readonly Cell[] => {
  const random = seeded(7);
  const among = (count: number) => Math.floor(random() * count);
  const taken = new Set(teams().map(String));
  return teams().flatMap((cell, index): readonly Cell[] => {
    if (index % 10 !== 9) return [cell];
    const soFar = Math.floor(index / 20) + 1;
    const stray = range(ENOUGH)
      .map((): Cell => [among(soFar * TEAM.roles), among(soFar * TEAM.places)])
      .find((one) => !taken.has(String(one)));
    if (stray === undefined) return [cell];
    taken.add(String(stray));
    return [cell, stray];
  });
};

/** Who shares what with whom, in the order of approval: from nobody shares anything to teams that share everything. */
export const SCENARIOS: Readonly<Record<string, () => readonly Cell[]>> = {
  '1 prefix × N roles': () => range(ENOUGH).map((index): Cell => [index, 0]),
  'N prefixes × 1 role': () => range(ENOUGH).map((index): Cell => [0, index]),
  'sparse, 3 per role': () => drawn({ count: 3, pool: 27, seed: 3 }),
  '30 % dense': () => drawn({ count: 6, pool: 20, seed: 30 }),
  'teams 5×4': teams,
  'teams + 10 % strays': teamsWithStrays,
};

/** Every pair a subscription of its own, as where each project has one role: the hardest case to revoke. */
export const approvalsOf = (scenario: () => readonly Cell[], shape: Shape): readonly Approval[] =>
  scenario().map(([who, where]) => [{ role: role(who), place: place(where, shape) }]);

/** The team of a pair of `teams 5×4`. */
export const teamOf = ({ role: arn }: Pair): number => Math.floor(Number(/reader-(\d+)-/.exec(arn)?.[1]) / TEAM.roles);

/** 300 grants that all fit: fifteen roles that share twenty places. */
export const sharedByAll = (shape: Shape): readonly Approval[] =>
  range(15).flatMap((who) => range(20).map((where) => [{ role: role(who), place: place(where, shape) }]));

/** Teams as DataZone subscribes them: a project's roles are the principals of one target, and get and lose a place together. */
export const projectApprovals = (shape: Shape): readonly Approval[] => {
  const cells = teams();
  return range(cells.length / TEAM.roles).map((subscription) =>
    cells
      .slice(subscription * TEAM.roles, (subscription + 1) * TEAM.roles)
      .map(([who, where]) => ({ role: role(who), place: place(where, shape) })),
  );
};
