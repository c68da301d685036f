import { printable } from '../printable';
import { duplicateKey } from './duplicate-key';

/** A policy statement as read or written; what we do not know in it we carry along untouched. */
export type Statement = Readonly<Record<string, unknown>>;

/** A bucket policy: everything but `Statement` survives as read. */
export type PolicyDocument = { readonly Statement: readonly Statement[] } & Readonly<Record<string, unknown>>;

/**
 * The longest bucket policy, in bytes of compact JSON: 20 KB.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
 */
export const LONGEST_POLICY = 20_480;

/** The version of a policy that starts with us. An existing document keeps its own, or none: changing it changes what `${…}` means in others' statements. */
export const NEW_POLICY = { Version: '2012-10-17' } as const;

const isRecord = (value: unknown): value is Statement => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The strings and the numbers of a JSON text. */
const SCALARS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * Numbers that JavaScript would not write as it read them (`1.10`, and whatever has more digits than a double) as texts. In a policy
 * both mean the same, and others' statements are to stay what they were.
 */
const withExactNumbers = (text: string): string =>
  text.replace(SCALARS, (scalar) => (scalar.startsWith('"') || JSON.stringify(Number(scalar)) === scalar ? scalar : `"${scalar}"`));

/** A policy's JSON text as it was read. A text that is not `policy` must never be written over. */
export type ParsedPolicy =
  | { readonly kind: 'policy'; readonly document: PolicyDocument }
  | { readonly kind: 'not-a-policy' }
  /** One object of the text holds `key` twice. */
  | { readonly kind: 'duplicate-key'; readonly key: string };

const NOT_A_POLICY: ParsedPolicy = { kind: 'not-a-policy' };

/** Parses a policy's JSON text. */
export const parsePolicy = (text: string): ParsedPolicy => {
  let parsed: unknown;
  try {
    JSON.parse(text);
    parsed = JSON.parse(withExactNumbers(text));
  } catch {
    return NOT_A_POLICY;
  }
  const key = duplicateKey(text);
  if (key !== undefined) return { kind: 'duplicate-key', key };
  if (!isRecord(parsed)) return NOT_A_POLICY;
  const statement = parsed['Statement'];
  const statements = Array.isArray(statement) ? statement : [statement];
  return statements.every(isRecord) ? { kind: 'policy', document: { ...parsed, Statement: statements } } : NOT_A_POLICY;
};

/** Returns the sentence that says why a bucket's policy cannot be edited, and what to do. */
export const policyFault = (parsed: Exclude<ParsedPolicy, { kind: 'policy' }>, bucket: string): string => {
  switch (parsed.kind) {
    case 'duplicate-key':
      return `the policy of bucket '${bucket}' holds the key '${printable(parsed.key)}' twice in one object, and an edit would lose one of them; ask the owner to write the policy with each key once`;
    case 'not-a-policy':
      return `S3 returned no valid policy document for bucket '${bucket}'; the policy is not changed, and it is read again later`;
  }
};

export const serialisePolicy = (document: PolicyDocument): string => JSON.stringify(document);

const encoder = new TextEncoder();

/** Length of a value's compact JSON in bytes of UTF-8, which is how S3 measures a policy. `undefined` has no JSON: 0. */
export const jsonBytes = (value: unknown): number => encoder.encode(JSON.stringify(value)).length;

/** The document with other statements; `undefined` when nothing is left in it and the policy is to be deleted. */
export const withStatements = (document: PolicyDocument | undefined, statements: readonly Statement[]): PolicyDocument | undefined =>
  statements.length === 0 ? undefined : { ...(document ?? NEW_POLICY), Statement: statements };
