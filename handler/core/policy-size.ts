import { blockBytes, type Content, emptyBlockBytes, locationContent, NOTHING, plus, principalContent } from './block-size';
import type { Access } from './grant';
import { locationKey } from './location';
import type { Side } from './policy-cover';
import { groupKey, type SidNamespace } from './sid-namespace';

/** A principal or a location, with what names it in sums. */
type Member = { readonly content: Content; readonly hash: readonly [number, number] };

/** An access with what it weighs: of a cover by one side that side's member is its row, the other's a column of it. */
export type Weighed = { readonly principal: Member; readonly location: Member; readonly isWholeBucket: boolean };

/** The size of one cover, and of what it would be with some accesses gone, without compiling it again. Bytes. */
export type CoverSize = { readonly bytes: number; readonly bytesWithout: (gone: readonly Weighed[]) => number };

export type Scales = {
  /** Equal accesses give the same. */
  readonly weigh: (access: Access) => Weighed;
  /**
   * Sizes what `compileStatements` would write for these accesses: the shorter of the two covers, with a comma after every statement.
   * `bytesWithout` costs time in proportion to what goes, so that every grant's revocation can be tried before a new one is admitted.
   */
  readonly size: (accesses: Iterable<Weighed>) => CoverSize;
};

/** A set of columns: two 32-bit sums of their hashes and their number name it. */
type Columns = { readonly count: number; readonly a: number; readonly b: number; readonly content: Content };
const NO_COLUMNS: Columns = { count: 0, a: 0, b: 0, content: NOTHING };

const withColumn = ({ count, a, b, content }: Columns, { hash, content: added }: Member, times: 1 | -1): Columns => ({
  count: count + times,
  a: (a + times * hash[0]) | 0,
  b: (b + times * hash[1]) | 0,
  content: plus(content, added, times),
});

const nameOf = ({ count, a, b }: Columns): string => `${count} ${a} ${b}`;

/** Rows with equal columns: one block. */
type Group = { readonly rows: number; readonly row: Content; readonly columns: Content };

const withRow = (group: Group | undefined, { row, columns }: { row: Member; columns: Columns }, times: 1 | -1): Group => ({
  rows: (group?.rows ?? 0) + times,
  row: plus(group?.row ?? NOTHING, row.content, times),
  columns: columns.content,
});

const bytesOf = (group: Group | undefined, empty: number): number =>
  group === undefined || group.rows === 0 ? 0 : blockBytes(plus(group.row, group.columns, 1), empty);

/** The columns of each row. */
const rowsOf = (side: Side, accesses: Iterable<Weighed>): ReadonlyMap<Member, ReadonlySet<Member>> => {
  const rows = new Map<Member, Set<Member>>();
  for (const access of accesses) {
    const [row, column] = side === 'principal' ? [access.principal, access.location] : [access.location, access.principal];
    const columns = rows.get(row);
    if (columns === undefined) rows.set(row, new Set([column]));
    else columns.add(column);
  }
  return rows;
};

/** Sizes the cover by one side of accesses that all lie in prefixes, or all in the whole bucket. */
const coverSize = (side: Side, { accesses, empty }: { accesses: Iterable<Weighed>; empty: number }): CoverSize => {
  const rows = rowsOf(side, accesses);
  const columnsOf = new Map<Member, Columns>();
  const groups = new Map<string, Group>();
  for (const [row, held] of rows) {
    let columns = NO_COLUMNS;
    for (const column of held) columns = withColumn(columns, column, 1);
    columnsOf.set(row, columns);
    const name = nameOf(columns);
    groups.set(name, withRow(groups.get(name), { row, columns }, 1));
  }
  let bytes = 0;
  for (const group of groups.values()) bytes += bytesOf(group, empty);

  const bytesWithout = (gone: readonly Weighed[]): number => {
    const changed = new Map<string, Group>();
    const move = (row: Member, columns: Columns, times: 1 | -1) => {
      const name = nameOf(columns);
      changed.set(name, withRow(changed.get(name) ?? groups.get(name), { row, columns }, times));
    };
    for (const [row, leaving] of rowsOf(side, gone)) {
      const columns = columnsOf.get(row) ?? NO_COLUMNS;
      let rest = columns;
      for (const column of leaving) if (rows.get(row)?.has(column)) rest = withColumn(rest, column, -1);
      if (rest === columns) continue;
      move(row, columns, -1);
      if (rest.count > 0) move(row, rest, 1);
    }
    let without = bytes;
    for (const [name, group] of changed) without += bytesOf(group, empty) - bytesOf(groups.get(name), empty);
    return without;
  };
  return { bytes, bytesWithout };
};

const memberOf = (key: string, content: Content): Member => ({
  content,
  hash: [Number.parseInt(groupKey([key], 1), 36) | 0, Number.parseInt(groupKey([key], 2), 36) | 0],
});

/** Scales for the accesses to one bucket. They remember what they have weighed: a decision weighs the same accesses many times over. */
export const scales = (namespace: SidNamespace): Scales => {
  const members = new Map<string, Member>();
  const weighed = new Map<string, Weighed>();
  const empty = { prefix: 0, bucket: 0 };

  const memberAt = (key: string, content: () => Content): Member => {
    const member = members.get(key) ?? memberOf(key, content());
    members.set(key, member);
    return member;
  };

  const weigh = (access: Access): Weighed => {
    const key = accessKey(access);
    const known = weighed.get(key);
    if (known !== undefined) return known;
    const { principal, location } = access;
    const isWholeBucket = location.shape === 'bucket';
    empty[isWholeBucket ? 'bucket' : 'prefix'] ||= emptyBlockBytes(location, namespace);
    const fresh = {
      principal: memberAt(principal, () => principalContent(principal)),
      location: memberAt(`at ${locationKey(location)}`, () => locationContent(location)),
      isWholeBucket,
    };
    weighed.set(key, fresh);
    return fresh;
  };

  const size = (accesses: Iterable<Weighed>): CoverSize => {
    const [prefixes, buckets]: [Weighed[], Weighed[]] = [[], []];
    for (const access of accesses) (access.isWholeBucket ? buckets : prefixes).push(access);
    const whole = coverSize('location', { accesses: buckets, empty: empty.bucket });
    const byLocation = coverSize('location', { accesses: prefixes, empty: empty.prefix });
    const byPrincipal = coverSize('principal', { accesses: prefixes, empty: empty.prefix });
    return {
      bytes: whole.bytes + Math.min(byLocation.bytes, byPrincipal.bytes),
      bytesWithout: (gone) => {
        const from = gone.filter(({ isWholeBucket }) => !isWholeBucket);
        const less = Math.min(byLocation.bytesWithout(from), byPrincipal.bytesWithout(from));
        return less + whole.bytesWithout(gone.filter(({ isWholeBucket }) => isWholeBucket));
      },
    };
  };
  return { weigh, size };
};

export const accessKey = (access: Access): string => `${access.principal} ${locationKey(access.location)}`;
