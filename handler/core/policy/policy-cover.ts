import type { Access } from '../grant/grant';
import { type Location, locationKey } from '../grant/location';

/** Principals that all have access to the same locations. A block is written as one pair of statements. */
export type Block = { readonly principals: readonly string[]; readonly locations: readonly Location[] };

/** Which members are grouped: principals with equal locations, or locations with equal principals. The data decides which is shorter. */
export type Side = 'principal' | 'location';

/** Returns the text that identifies an access within its bucket. */
export const accessKey = (access: Access): string => `${access.principal} ${locationKey(access.location)}`;

/** Returns one text for a list of principals or of location keys. Neither can contain a line break. */
export const listKey = (members: readonly string[]): string => members.join('\n');

/** Orders entries by their texts, of which no two are equal. */
const byText = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number => (one < other ? -1 : 1);

/**
 * Returns blocks that cover exactly the given accesses; repeated ones count once. Members with equal sets on the other side share a block. Everything is sorted,
 * so that a change to one block leaves the text of the other blocks as it was.
 */
export const coverBy = (side: Side, accesses: readonly Access[]): readonly Block[] => {
  const locations = new Map<string, Location>();
  const rows = new Map<string, Set<string>>();
  for (const { principal, location } of accesses) {
    const key = locationKey(location);
    locations.set(key, location);
    const [row, column] = side === 'principal' ? [principal, key] : [key, principal];
    rows.set(row, (rows.get(row) ?? new Set()).add(column));
  }
  const groups = new Map<string, { rows: string[]; columns: readonly string[] }>();
  for (const [row, held] of [...rows].sort(byText)) {
    const columns = [...held].sort();
    const key = listKey(columns);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { rows: [row], columns });
    else group.rows.push(row);
  }
  // No two blocks of a cover have the same locations, so that these give the order.
  const blocks = new Map<string, Block>();
  for (const { rows: members, columns } of groups.values()) {
    const [principals, keys] = side === 'principal' ? [members, columns] : [columns, members];
    blocks.set(listKey(keys), { principals, locations: keys.map((key) => locations.get(key)).filter((one) => one !== undefined) });
  }
  return [...blocks].sort(byText).map(([, block]) => block);
};
