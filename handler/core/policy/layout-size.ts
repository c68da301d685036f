import type { Access } from '../grant/grant';
import { type Location, listPattern, locationKey, readResources } from '../grant/location';
import { type Layout, type ListKind, layoutsOf, statementPair } from './policy-compiler';
import { type Block, listKey, type Side } from './policy-cover';
import { jsonBytes } from './policy-document';
import { groupKey, type SidNamespace } from './sid-namespace';

/** The bytes of a layout's statements, each with a comma after it. */
export type LayoutSize = {
  readonly bytes: number;
  /** Returns an upper bound of the bytes that the layout has without these accesses. */
  readonly bytesWithout: (leaving: readonly Access[]) => number;
};

/** Bytes of a list element in JSON with its comma, at least. Characters with escapes or of several bytes take more. */
const leastBytes = (element: string): number => element.length + 3;

/** Bytes that a member takes in the two statements of a block, at least. */
const principalBytes = (principal: string): number => 2 * leastBytes(principal);
const locationBytes = (location: Location): number =>
  [...readResources(location), listPattern(location)].reduce((sum, element) => sum + leastBytes(element), 0);

const sumOf = <Value>(values: readonly Value[], bytesOf: (value: Value) => number): number =>
  values.reduce((sum, value) => sum + bytesOf(value), 0);

/** A block as it concerns its rows, the members that a layout groups. The members of the other side are the columns that its rows share. */
type SharedBlock = {
  readonly name: number;
  readonly rows: readonly string[];
  readonly columnCount: number;
  /** Bytes of the two statements without the rows. */
  readonly columnBytes: number;
};

const sharedBlock = ({ principals, locations }: Block, { side, name, bytes }: { side: Side; name: number; bytes: number }): SharedBlock =>
  side === 'principal'
    ? { name, rows: principals, columnCount: locations.length, columnBytes: bytes - sumOf(principals, principalBytes) }
    : {
        name,
        rows: locations.map(locationKey),
        columnCount: principals.length,
        columnBytes: bytes - sumOf(locations, locationBytes),
      };

/** The columns that a row of a block loses, and their bytes. */
type Loss = { readonly block: SharedBlock; readonly columns: readonly string[]; readonly bytes: number };

const lossesOf = (
  leaving: readonly Access[],
  { side, blockOf }: { side: Side; blockOf: ReadonlyMap<string, SharedBlock> },
): readonly Loss[] => {
  const losses = new Map<string, Loss>();
  for (const { principal, location } of leaving) {
    const key = locationKey(location);
    const [row, column, bytes] =
      side === 'principal' ? [principal, key, locationBytes(location)] : [key, principal, principalBytes(principal)];
    const block = blockOf.get(row);
    // The whole bucket is one block with one location, which is never split.
    if (location.shape === 'bucket' || block === undefined) continue;
    const { columns = [], bytes: before = 0 } = losses.get(row) ?? {};
    losses.set(row, { block, columns: [...columns, column], bytes: before + bytes });
  }
  return [...losses.values()];
};

/**
 * Returns by how many bytes a layout grows at most. Rows that lose some of their columns leave their block, which is then written
 * twice: the second time without the rows, which it already pays for, and without the lost columns. Rows that lose everything, or all rows of
 * a block that lose the same, only make the policy shorter.
 */
const growthBy = (losses: readonly Loss[]): number => {
  const parts = new Map<string, Loss & { readonly rowCount: number }>();
  for (const loss of losses) {
    const key = `${loss.block.name}\n${listKey(loss.columns)}`;
    parts.set(key, { ...loss, rowCount: (parts.get(key)?.rowCount ?? 0) + 1 });
  }
  const split = [...parts.values()].filter(
    ({ block, rowCount, columns }) => rowCount < block.rows.length && columns.length < block.columnCount,
  );
  return sumOf(split, ({ block, bytes }) => block.columnBytes - bytes);
};

const sizeOf = ({ side, whole, prefixes }: Layout, namespace: SidNamespace): LayoutSize => {
  // A key that is not written. All keys are equally long.
  const group = groupKey([], 0);
  const pairBytes = (block: Block, kind: ListKind): number => jsonBytes(statementPair(block, { kind, group, namespace })) - 1;
  const sized = prefixes.map((block) => ({ block, bytes: pairBytes(block, 'L') }));
  const bytes = sumOf(whole, (block) => pairBytes(block, 'A')) + sumOf(sized, (one) => one.bytes);
  // Most layouts are too long, and are never asked.
  let blockOf: ReadonlyMap<string, SharedBlock> | undefined;
  const indexed = (): ReadonlyMap<string, SharedBlock> =>
    new Map(
      sized
        .map((one, name) => sharedBlock(one.block, { side, name, bytes: one.bytes }))
        .flatMap((block) => block.rows.map((row) => [row, block] as const)),
    );
  return {
    bytes,
    bytesWithout: (leaving) => {
      blockOf ??= indexed();
      return bytes + growthBy(lossesOf(leaving, { side, blockOf }));
    },
  };
};

/** Returns the sizes of the two layouts of these accesses. `compileStatements` writes the shorter one. */
export const layoutSizes = (accesses: readonly Access[], namespace: SidNamespace): readonly LayoutSize[] =>
  layoutsOf(accesses).map((layout) => sizeOf(layout, namespace));
