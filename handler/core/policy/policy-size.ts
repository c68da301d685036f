import type { Access } from '../grant/grant';
import { locationKey } from '../grant/location';
import { blockBytes, type Content, emptyBlockBytes, locationContent, NOTHING, plus, principalContent } from './block-size';
import type { SidNamespace } from './sid-namespace';

/** A principal or a location. `order` tells it from all others of the same scales. */
type Member = { readonly order: number; readonly content: Content };

/** An access with what it weighs. */
export type Weighed = { readonly access: Access; readonly principal: Member; readonly location: Member };

/** The size of one cover, and of what it would be with some accesses gone, without compiling it again. Bytes. */
export type CoverSize = { readonly bytes: number; readonly bytesWithout: (gone: readonly Weighed[]) => number };

export type Scales = {
  /** Equal accesses give the same. */
  readonly weigh: (access: Access) => Weighed;
  /**
   * Sizes what `compileStatements` would write for these accesses: the shorter of the two covers, with a comma after every statement.
   * `bytesWithout` costs time in proportion to what goes, so that every grant's revocation can be tried before a new one is admitted.
   */
  readonly size: (accesses: readonly Weighed[]) => CoverSize;
};

/** Which member of an access is the row of a cover, and which a column of it. */
type Side = (access: Weighed) => { readonly row: Member; readonly column: Member };
const byLocation: Side = ({ principal, location }) => ({ row: location, column: principal });
const byPrincipal: Side = ({ principal, location }) => ({ row: principal, column: location });

/** The columns that rows share, in their order, and what they hold together. */
type Columns = { readonly members: readonly Member[]; readonly content: Content };

const columnsOf = (held: ReadonlySet<Member>): Columns => {
  const members = [...held].sort((one, other) => one.order - other.order);
  return { members, content: members.reduce((sum, { content }) => plus(sum, content, 1), NOTHING) };
};

const without = ({ members, content }: Columns, leaving: ReadonlySet<Member>): Columns => {
  const [left, gone] = [members.filter((member) => !leaving.has(member)), members.filter((member) => leaving.has(member))];
  return { members: left, content: gone.reduce((sum, member) => plus(sum, member.content, -1), content) };
};

const nameOf = ({ members }: Columns): string => members.map(({ order }) => order).join();

/** Rows with equal columns, and what these rows hold together: one block. */
type Group = { readonly rows: Content; readonly columns: Content };

const withRow = (group: Group | undefined, { row, columns }: { row: Member; columns: Columns }, times: 1 | -1): Group => ({
  rows: plus(group?.rows ?? NOTHING, row.content, times),
  columns: columns.content,
});

const isEmpty = ({ principals, reads }: Content): boolean => Math.max(principals, reads) === 0;

/** The columns of each row. */
const rowsOf = (side: Side, accesses: readonly Weighed[]): ReadonlyMap<Member, ReadonlySet<Member>> => {
  const rows = new Map<Member, Set<Member>>();
  for (const access of accesses) {
    const { row, column } = side(access);
    rows.set(row, (rows.get(row) ?? new Set()).add(column));
  }
  return rows;
};

/** Sizes the cover by one side of accesses that all lie in prefixes, or all in the whole bucket. */
const coverSize = (side: Side, accesses: readonly Weighed[], namespace: SidNamespace): CoverSize => {
  const [sample] = accesses;
  if (sample === undefined) return { bytes: 0, bytesWithout: () => 0 };
  const empty = emptyBlockBytes(sample.access.location, namespace);
  const bytesOf = (group: Group | undefined): number =>
    group === undefined || isEmpty(group.rows) ? 0 : blockBytes(plus(group.rows, group.columns, 1), empty);
  const rows = new Map([...rowsOf(side, accesses)].map(([row, held]) => [row, columnsOf(held)]));
  const groups = new Map<string, Group>();
  for (const [row, columns] of rows) {
    const name = nameOf(columns);
    groups.set(name, withRow(groups.get(name), { row, columns }, 1));
  }
  const bytes = [...groups.values()].reduce((sum, group) => sum + bytesOf(group), 0);

  const bytesWithout = (gone: readonly Weighed[]): number => {
    const changed = new Map<string, Group>();
    const move = (row: Member, columns: Columns, times: 1 | -1) => {
      const name = nameOf(columns);
      changed.set(name, withRow(changed.get(name) ?? groups.get(name), { row, columns }, times));
    };
    for (const [row, leaving] of rowsOf(side, gone)) {
      const columns = rows.get(row);
      if (columns === undefined) continue;
      const rest = without(columns, leaving);
      move(row, columns, -1);
      if (rest.members.length > 0) move(row, rest, 1);
    }
    return [...changed].reduce((sum, [name, group]) => sum + bytesOf(group) - bytesOf(groups.get(name)), bytes);
  };
  return { bytes, bytesWithout };
};

/** Scales for the accesses to one bucket. They remember what they have weighed: a decision weighs the same accesses many times over. */
export const scales = (namespace: SidNamespace): Scales => {
  const members = new Map<string, Member>();
  const weighed = new Map<string, Weighed>();

  const memberAt = (key: string, content: () => Content): Member => {
    const member = members.get(key) ?? { order: members.size, content: content() };
    members.set(key, member);
    return member;
  };

  const weigh = (access: Access): Weighed => {
    const key = accessKey(access);
    const { principal, location } = access;
    const known = weighed.get(key) ?? {
      access,
      principal: memberAt(principal, () => principalContent(principal)),
      location: memberAt(locationKey(location), () => locationContent(location)),
    };
    weighed.set(key, known);
    return known;
  };

  const size = (accesses: readonly Weighed[]): CoverSize => {
    const isWholeBucket = ({ access }: Weighed) => access.location.shape === 'bucket';
    const whole = coverSize(byLocation, accesses.filter(isWholeBucket), namespace);
    const prefixes = accesses.filter((access) => !isWholeBucket(access));
    const sides = [byLocation, byPrincipal].map((side) => coverSize(side, prefixes, namespace));
    return {
      bytes: whole.bytes + Math.min(...sides.map(({ bytes }) => bytes)),
      bytesWithout: (gone) => whole.bytesWithout(gone) + Math.min(...sides.map(({ bytesWithout }) => bytesWithout(gone))),
    };
  };
  return { weigh, size };
};

export const accessKey = (access: Access): string => `${access.principal} ${locationKey(access.location)}`;
