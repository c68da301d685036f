import type { Access } from './grant';
import { type Location, listPattern, locationArn, locationKey, readResources } from './location';
import { bucketArn, listStatement, readStatement } from './policy-compiler';
import { distinctAccesses, type Side } from './policy-cover';
import { jsonBytes } from './policy-document';
import { groupKey, type SidNamespace } from './sid-namespace';

/** Elements and bytes that a block holds of principals, read patterns and list patterns. */
type Content = {
  readonly principals: number;
  readonly principalBytes: number;
  readonly reads: number;
  readonly readBytes: number;
  readonly lists: number;
  readonly listBytes: number;
};

const NOTHING: Content = { principals: 0, principalBytes: 0, reads: 0, readBytes: 0, lists: 0, listBytes: 0 };

const plus = (one: Content, other: Content, times = 1): Content => ({
  principals: one.principals + times * other.principals,
  principalBytes: one.principalBytes + times * other.principalBytes,
  reads: one.reads + times * other.reads,
  readBytes: one.readBytes + times * other.readBytes,
  lists: one.lists + times * other.lists,
  listBytes: one.listBytes + times * other.listBytes,
});

const principalContent = (principal: string): Content => ({ ...NOTHING, principals: 1, principalBytes: jsonBytes(principal) });

const locationContent = (location: Location): Content => {
  const resources = readResources(location);
  return {
    ...NOTHING,
    reads: resources.length,
    readBytes: resources.reduce((sum, resource) => sum + jsonBytes(resource), 0),
    // A whole bucket is listed without a condition.
    ...(location.shape === 'bucket' ? {} : { lists: 1, listBytes: jsonBytes(listPattern(location)) }),
  };
};

/** A JSON list in place of `[]`: its elements and commas; a single element stands without brackets. */
const listBytes = (count: number, bytes: number): number => (count === 0 ? 0 : count === 1 ? bytes - 2 : bytes + count - 1);

/** Bytes that a block's two statements take in a policy, each with the comma after it. */
const blockBytes = (content: Content, empty: number): number =>
  empty +
  2 * listBytes(content.principals, content.principalBytes) +
  listBytes(content.reads, content.readBytes) +
  listBytes(content.lists, content.listBytes);

/** Two statements of a block that holds nothing, with the comma after each. */
const emptyBlockBytes = ({ location }: Access, namespace: SidNamespace): number => {
  const nothing = { principals: [], locations: [] };
  const kind = location.shape === 'bucket' ? 'A' : 'L';
  const group = groupKey([], 0);
  const list = listStatement(nothing, { kind, sid: namespace.sid(kind, group), bucket: bucketArn(location) });
  return jsonBytes(readStatement(nothing, namespace.sid('R', group))) + jsonBytes(list) + 2;
};

/** A principal or a location; of a cover by one side that side's members are its rows, the other's its columns. */
type Member = { readonly content: Content; readonly hash: readonly [number, number] };

/** Rows with equal columns: one block. */
type Group = { readonly rows: number; readonly row: Content; readonly columns: Content };

/** The size of one cover, and of what it would be with some accesses gone, without compiling it again. */
export type CoverSize = { readonly bytes: number; readonly bytesWithout: (gone: readonly Access[]) => number };

const memberOf = (key: string, content: Content): Member => ({
  content,
  hash: [Number.parseInt(groupKey([key], 1), 36) | 0, Number.parseInt(groupKey([key], 2), 36) | 0],
});

/** What names a set of columns: two 32-bit sums of their hashes. */
const setId = (columns: Iterable<Member>): string => {
  let [a, b, count] = [0, 0, 0];
  for (const { hash } of columns) [a, b, count] = [(a + hash[0]) | 0, (b + hash[1]) | 0, count + 1];
  return `${count} ${a} ${b}`;
};

const groupOf = (columns: ReadonlySet<Member>): Group => ({
  rows: 0,
  row: NOTHING,
  columns: [...columns].reduce((sum, { content }) => plus(sum, content), NOTHING),
});

const withRow = (group: Group, { content }: Member, times: 1 | -1): Group => ({
  ...group,
  rows: group.rows + times,
  row: plus(group.row, content, times),
});

/** The columns that each row of these accesses holds. `members` are those known by their keys; new ones are added to it. */
const rowsOf = (side: Side, accesses: readonly Access[], members: Map<string, Member>): ReadonlyMap<Member, ReadonlySet<Member>> => {
  const memberAt = (key: string, content: () => Content): Member => {
    const member = members.get(key) ?? memberOf(key, content());
    members.set(key, member);
    return member;
  };
  const rows = new Map<Member, Set<Member>>();
  for (const { principal, location } of accesses) {
    const who = memberAt(principal, () => principalContent(principal));
    const where = memberAt(locationArn(location), () => locationContent(location));
    const [row, column] = side === 'principal' ? [who, where] : [where, who];
    rows.set(row, (rows.get(row) ?? new Set()).add(column));
  }
  return rows;
};

/** Sizes the cover by one side of accesses that all lie in prefixes, or all in the whole bucket. */
const coverSize = (side: Side, accesses: readonly Access[], namespace: SidNamespace): CoverSize => {
  const [sample] = accesses;
  if (sample === undefined) return { bytes: 0, bytesWithout: () => 0 };
  const empty = emptyBlockBytes(sample, namespace);
  const bytesOf = (group: Group | undefined) =>
    group === undefined || group.rows === 0 ? 0 : blockBytes(plus(group.row, group.columns), empty);
  const members = new Map<string, Member>();
  const rows = rowsOf(side, accesses, members);
  const groups = new Map<string, Group>();
  for (const [row, columns] of rows) {
    const id = setId(columns);
    groups.set(id, withRow(groups.get(id) ?? groupOf(columns), row, 1));
  }
  const bytes = [...groups.values()].reduce((sum, group) => sum + bytesOf(group), 0);

  const bytesWithout = (gone: readonly Access[]): number => {
    const changed = new Map<string, Group>();
    const move = (row: Member, columns: ReadonlySet<Member>, times: 1 | -1) => {
      const id = setId(columns);
      changed.set(id, withRow(changed.get(id) ?? groups.get(id) ?? groupOf(columns), row, times));
    };
    for (const [row, leaving] of rowsOf(side, gone, members)) {
      const columns = rows.get(row) ?? new Set();
      const rest = new Set([...columns].filter((column) => !leaving.has(column)));
      if (rest.size === columns.size) continue;
      move(row, columns, -1);
      if (rest.size > 0) move(row, rest, 1);
    }
    return [...changed].reduce((sum, [id, group]) => sum + bytesOf(group) - bytesOf(groups.get(id)), bytes);
  };
  return { bytes, bytesWithout };
};

/**
 * Sizes what `compileStatements` would write for these accesses: the shorter of the two covers, with a comma after every statement.
 * `bytesWithout` costs time in proportion to what goes, so that every grant's revocation can be tried before a new one is admitted.
 */
export const statementsSize = (accesses: readonly Access[], namespace: SidNamespace): CoverSize => {
  const distinct = distinctAccesses(accesses);
  const prefixes = distinct.filter(({ location }) => location.shape !== 'bucket');
  const whole = coverSize(
    'location',
    distinct.filter(({ location }) => location.shape === 'bucket'),
    namespace,
  );
  const sides = (['location', 'principal'] as const).map((side) => coverSize(side, prefixes, namespace));
  return {
    bytes: whole.bytes + Math.min(...sides.map((side) => side.bytes)),
    bytesWithout: (gone) => whole.bytesWithout(gone) + Math.min(...sides.map((side) => side.bytesWithout(gone))),
  };
};

export const accessKey = (access: Access): string => `${access.principal} ${locationKey(access.location)}`;
