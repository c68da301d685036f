import type { Statement } from './policy-document';

const ROOT = /^arn:aws[a-z-]*:iam::(\d{12}):root$/;

/** S3 shows a deleted role or user as its unique id. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
const UNIQUE_ID = /^A[A-Z]{2}A[A-Z0-9]{12,}$/;

/** Returns whether this is the unique id of a deleted role or user. */
export const isDeadPrincipal = (principal: string): boolean => UNIQUE_ID.test(principal);

const isRecord = (value: unknown): value is Statement => typeof value === 'object' && value !== null && !Array.isArray(value);

const scalarText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const asSet = (value: unknown, each: (item: unknown) => string): readonly string[] =>
  [...new Set((Array.isArray(value) ? value : [value]).map(each))].sort();

/** Returns the id of an account that is named as `111111111111` or as `arn:aws:iam::111111111111:root`. S3 stores the second form. */
const principalText = (value: unknown): string => {
  const text = scalarText(value);
  return ROOT.exec(text)?.[1] ?? text;
};

const principalMeaning = (value: unknown): unknown => {
  if (!isRecord(value)) return { AWS: asSet(value, principalText) };
  return Object.fromEntries(sortedEntries(value).map(([type, members]) => [type, asSet(members, principalText)]));
};

const sortedEntries = (record: Statement): readonly (readonly [string, unknown])[] =>
  Object.keys(record)
    .sort()
    .map((key) => [key, record[key]]);

/** Condition keys are case-insensitive, so they are sorted after they are made lower case. */
const keyMeanings = (keys: Statement): readonly unknown[] =>
  Object.entries(keys)
    .map(([key, values]) => JSON.stringify([key.toLowerCase(), asSet(values, scalarText)]))
    .sort();

const conditionMeaning = (value: unknown): unknown => {
  if (!isRecord(value)) return value;
  return sortedEntries(value).map(([operator, keys]) => [operator, isRecord(keys) ? keyMeanings(keys) : keys]);
};

const meaning = (statement: Statement): unknown =>
  sortedEntries(statement).map(([element, value]) => {
    switch (element) {
      case 'Principal':
      case 'NotPrincipal':
        return [element, principalMeaning(value)];
      case 'Action':
      case 'NotAction':
        return [element, asSet(value, (action) => scalarText(action).toLowerCase())];
      case 'Resource':
      case 'NotResource':
        return [element, asSet(value, scalarText)];
      case 'Condition':
        return [element, conditionMeaning(value)];
      default:
        return [element, value];
    }
  });

/**
 * Returns a text that is equal for two statements exactly if they have the same meaning. S3 rewrites statements: it stores one-element
 * arrays as strings, account ids as root ARNs, and lists in another order. Policies must never be compared as raw text.
 */
export const meaningOf = (statement: Statement): string => JSON.stringify(meaning(statement));

/** Returns whether two lists contain statements of the same meaning, in any order. */
export const sameStatements = (one: readonly Statement[], other: readonly Statement[]): boolean => {
  const left = one.map(meaningOf).sort();
  const right = other.map(meaningOf).sort();
  return left.length === right.length && left.every((text, index) => text === right[index]);
};

/** Returns the principals of a statement's `Principal.AWS`, which may be a text or a list. */
export const awsPrincipals = (statement: Statement): readonly string[] => {
  const principal = statement['Principal'];
  return asSet(isRecord(principal) ? (principal['AWS'] ?? []) : (principal ?? []), scalarText);
};
