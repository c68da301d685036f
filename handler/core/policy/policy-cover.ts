import type { Access } from '../grant/grant';
import { type Location, locationKey } from '../grant/location';

/** A group of principals that all hold a group of locations: one pair of statements. */
export type Block = { readonly principals: readonly string[]; readonly locations: readonly Location[] };

/** Which side's equal sets are merged. Which of the two is shorter depends on who shares what. */
export type Side = 'principal' | 'location';

/** Sorts texts of which no two are equal. */
const byText = (one: string, other: string): number => (one < other ? -1 : 1);

/** Each distinct pair of principal and location once: overlapping subscriptions hold the same access. */
export const distinctAccesses = (accesses: readonly Access[]): readonly Access[] => [
  ...new Map(accesses.map((access) => [`${access.principal} ${locationKey(access.location)}`, access])).values(),
];

/**
 * Blocks that cover exactly the given accesses: principals with equal sets of locations share a block, or locations with equal sets
 * of principals. Sorted throughout, so that a change to one group leaves the text of all others as it was.
 */
export const coverBy = (side: Side, accesses: readonly Access[]): readonly Block[] => {
  const locations = new Map(accesses.map(({ location }) => [locationKey(location), location]));
  const rows = new Map<string, Set<string>>();
  for (const { principal, location } of accesses) {
    const [row, column] = side === 'principal' ? [principal, locationKey(location)] : [locationKey(location), principal];
    rows.set(row, (rows.get(row) ?? new Set()).add(column));
  }
  const groups = new Map<string, { rows: string[]; columns: readonly string[] }>();
  for (const [row, columns] of [...rows].sort(([one], [other]) => byText(one, other))) {
    const sorted = [...columns].sort(byText);
    const key = JSON.stringify(sorted);
    const group = groups.get(key) ?? { rows: [], columns: sorted };
    group.rows.push(row);
    groups.set(key, group);
  }
  const placesOf = (keys: readonly string[]) => keys.map((key) => locations.get(key)).filter((location) => location !== undefined);
  return [...groups.values()]
    .map((group) =>
      side === 'principal'
        ? { principals: group.rows, locations: placesOf(group.columns) }
        : { principals: group.columns, locations: placesOf(group.rows) },
    )
    .sort((one, other) => byText(blockKey(one), blockKey(other)));
};

/** Blocks of one cover never share their set of locations, so this names each. */
export const blockKey = (block: Block): string => JSON.stringify(block.locations.map(locationKey));
