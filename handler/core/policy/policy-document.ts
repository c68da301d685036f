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

/** Reads a policy's JSON text. `undefined`: this is no policy document, and whoever read it must not write over it. */
export const parsePolicy = (text: string): PolicyDocument | undefined => {
  let parsed: unknown;
  try {
    JSON.parse(text);
    parsed = JSON.parse(withExactNumbers(text));
  } catch {
    return undefined;
  }
  if (!isRecord(parsed)) return undefined;
  const statement = parsed['Statement'];
  const statements = Array.isArray(statement) ? statement : [statement];
  return statements.every(isRecord) ? { ...parsed, Statement: statements } : undefined;
};

export const serialisePolicy = (document: PolicyDocument): string => JSON.stringify(document);

const encoder = new TextEncoder();

/** Length of a value's compact JSON in bytes of UTF-8, which is how S3 measures a policy. `undefined` has no JSON: 0. */
export const jsonBytes = (value: unknown): number => encoder.encode(JSON.stringify(value)).length;

/** The document with other statements; `undefined` when nothing is left in it and the policy is to be deleted. */
export const withStatements = (document: PolicyDocument | undefined, statements: readonly Statement[]): PolicyDocument | undefined =>
  statements.length === 0 ? undefined : { ...(document ?? NEW_POLICY), Statement: statements };
