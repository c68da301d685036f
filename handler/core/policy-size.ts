import type { Access } from './grant';
import { type Location, listPattern, locationArn, locationKey, readPatterns } from './location';
import { listStatement, readStatement } from './policy-compiler';
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
  const patterns = readPatterns(location).map((pattern) => `arn:${location.partition}:s3:::${location.bucket}/${pattern}`);
  return {
    ...NOTHING,
    reads: patterns.length,
    readBytes: patterns.reduce((sum, pattern) => sum + jsonBytes(pattern), 0),
    lists: 1,
    listBytes: jsonBytes(listPattern(location)),
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
const emptyBlockBytes = (sample: Location, namespace: SidNamespace): number => {
  const nothing = { principals: [], locations: [] };
  const group = groupKey([], 0);
  const list = listStatement(nothing, { sid: namespace.sid(sample.shape === 'bucket' ? 'A' : 'L', group), first: sample });
  return jsonBytes(readStatement(nothing, namespace.sid('R', group))) + jsonBytes(list) + 2;
};

type Group = { readonly rows: number; readonly row: Content; readonly columns: Content };
type Row = { readonly content: Content; readonly columns: ReadonlySet<string>; readonly group: string };

/** The size of one cover, and of what it would be with some accesses gone, without compiling it again. */
export type CoverSize = { readonly bytes: number; readonly bytesWithout: (gone: readonly Access[]) => number };

/** A set's identity that a member's leaving changes in one step: two 32-bit sums of the members' hashes. */
const memberHash = (text: string): readonly [number, number] => [
  Number.parseInt(groupKey([text], 1), 36) | 0,
  Number.parseInt(groupKey([text], 2), 36) | 0,
];
const groupId = (columns: Iterable<string>, hashes: ReadonlyMap<string, readonly [number, number]>): string => {
  let [a, b, count] = [0, 0, 0];
  for (const column of columns) {
    const [x, y] = hashes.get(column) ?? [0, 0];
    [a, b, count] = [(a + x) | 0, (b + y) | 0, count + 1];
  }
  return `${count} ${a} ${b}`;
};

/** Sizes the cover by one side of accesses that all lie in prefixes, or all in the whole bucket. */
const coverSize = (side: Side, accesses: readonly Access[], namespace: SidNamespace): CoverSize => {
  const [sample] = accesses;
  if (sample === undefined) return { bytes: 0, bytesWithout: () => 0 };
  const empty = emptyBlockBytes(sample.location, namespace);
  const keysOf = ({ principal, location }: Access) =>
    (side === 'principal' ? [principal, locationArn(location)] : [locationArn(location), principal]) as [string, string];
  const contents = new Map<string, Content>();
  const columnsOfRow = new Map<string, Set<string>>();
  for (const access of accesses) {
    if (!contents.has(access.principal)) contents.set(access.principal, principalContent(access.principal));
    const arn = locationArn(access.location);
    if (!contents.has(arn)) contents.set(arn, locationContent(access.location));
    const [row, column] = keysOf(access);
    columnsOfRow.set(row, (columnsOfRow.get(row) ?? new Set()).add(column));
  }
  const content = (key: string) => contents.get(key) ?? NOTHING;
  const hashes = new Map([...contents.keys()].map((key) => [key, memberHash(key)]));
  const rows = new Map<string, Row>();
  const groups = new Map<string, Group>();
  for (const [row, columns] of columnsOfRow) {
    const group = groupId(columns, hashes);
    rows.set(row, { content: content(row), columns, group });
    const known = groups.get(group) ?? {
      rows: 0,
      row: NOTHING,
      columns: [...columns].reduce((sum, column) => plus(sum, content(column)), NOTHING),
    };
    groups.set(group, { ...known, rows: known.rows + 1, row: plus(known.row, content(row)) });
  }
  const bytesOf = (group: Group | undefined) =>
    group === undefined || group.rows === 0 ? 0 : blockBytes(plus(group.row, group.columns), empty);
  const bytes = [...groups.values()].reduce((sum, group) => sum + bytesOf(group), 0);

  const bytesWithout = (gone: readonly Access[]): number => {
    const leaving = new Map<string, Set<string>>();
    for (const access of gone) {
      const [row, column] = keysOf(access);
      if (rows.get(row)?.columns.has(column)) leaving.set(row, (leaving.get(row) ?? new Set()).add(column));
    }
    const changed = new Map<string, Group>();
    const look = (id: string) => changed.get(id) ?? groups.get(id);
    for (const [key, columns] of leaving) {
      const row = rows.get(key);
      const old = row && look(row.group);
      if (row === undefined || old === undefined) continue;
      changed.set(row.group, { ...old, rows: old.rows - 1, row: plus(old.row, row.content, -1) });
      const rest = [...row.columns].filter((column) => !columns.has(column));
      if (rest.length === 0) continue;
      const id = groupId(rest, hashes);
      const joined = look(id) ?? { rows: 0, row: NOTHING, columns: rest.reduce((sum, column) => plus(sum, content(column)), NOTHING) };
      changed.set(id, { ...joined, rows: joined.rows + 1, row: plus(joined.row, row.content) });
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
