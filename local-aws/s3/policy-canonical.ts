import type { Fields } from '../call';
import type { Identities } from '../identities';
import { mapPrincipals, nameUniqueIds } from '../principal-binding';

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A list of one is written as its element; other lists of principals in the order of their text, not the one given. */
const collapsed = (value: unknown, key?: string): unknown => {
  if (Array.isArray(value)) {
    if (key === 'Statement') return value.map((statement) => collapsed(statement));
    const [first, ...others] = value;
    if (others.length === 0 && first !== undefined) return first;
    return key === 'AWS' ? value.toSorted() : value;
  }
  return isFields(value) ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, collapsed(inner, name)])) : value;
};

/**
 * What GetBucketPolicy answers: accounts as root ARNs, one-element lists as strings, deleted roles as unique ids.
 * @returns JSON text.
 */
export const canonicalPolicy = (stored: Fields, identities: Identities, partition: string): string => {
  const rooted = mapPrincipals(stored, (value) => (/^\d{12}$/.test(value) ? `arn:${partition}:iam::${value}:root` : value));
  return JSON.stringify(collapsed(nameUniqueIds(identities, rooted)));
};
