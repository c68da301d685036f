import { type Location, locationArn, readResources } from '../grant/location';
import { printable } from '../printable';
import type { Statement } from './policy-document';
import { awsPrincipals } from './policy-equality';

const list = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === 'string');

/** Returns a pattern up to its first wildcard or variable. */
const literal = (pattern: string): string => pattern.slice(0, /[*?]|\$\{/.exec(pattern)?.index ?? pattern.length);

/**
 * Returns whether two patterns with `*` and `?` can match the same text. It compares them up to their first wildcard, so it may
 * return true too often but never false too often.
 */
const mayOverlap = (one: string, other: string): boolean => {
  const [a, b] = [literal(one), literal(other)];
  const isOpen = (pattern: string, fixed: string) => fixed.length < pattern.length;
  if (!isOpen(one, a) && !isOpen(other, b)) return one === other;
  if (!isOpen(one, a)) return one.startsWith(b);
  if (!isOpen(other, b)) return other.startsWith(a);
  return a.startsWith(b) || b.startsWith(a);
};

/** Versions of objects, and lists of versions, show the same data. */
const READ_ACTIONS = ['s3:getobject*', 's3:listbucket*'];

const allowsReading = (statement: Statement): boolean => {
  if (statement['NotAction'] !== undefined) return true;
  return list(statement['Action']).some((action) => READ_ACTIONS.some((read) => mayOverlap(action.toLowerCase(), read)));
};

const isRecord = (value: unknown): value is Statement => typeof value === 'object' && value !== null;

/**
 * Returns whether a statement's condition on `s3:prefix` allows a listing that shows keys of the location. This is the only condition
 * that is evaluated: every principal with two prefixes has it, and listing one prefix is not access to the other.
 */
const mayList = ({ Condition: condition }: Statement, { path }: Location): boolean => {
  const operators = [condition].filter(isRecord).flatMap((by) => [by['StringLike'], by['StringEquals']].filter(isRecord));
  const prefixes = operators.flatMap((keys) => Object.entries(keys).filter(([key]) => key.toLowerCase() === 's3:prefix'));
  return prefixes.every(([, values]) =>
    [values].flat().some((value) => path.startsWith(literal(String(value))) || literal(String(value)).startsWith(path)),
  );
};

const coversLocation = (statement: Statement, location: Location): boolean => {
  if (statement['NotResource'] !== undefined) return true;
  const bucket = `arn:${location.partition}:s3:::${location.bucket}`;
  return list(statement['Resource']).some(
    (resource) =>
      (mayOverlap(resource, bucket) && mayList(statement, location)) ||
      readResources(location).some((readable) => mayOverlap(resource, readable)),
  );
};

const namesPrincipal = (statement: Statement, principal: string): boolean => {
  if (statement['NotPrincipal'] !== undefined) return true;
  const named = statement['Principal'];
  // A canonical user id stands for a whole account, and does not show which one.
  if (typeof named === 'object' && named !== null && 'CanonicalUser' in named) return true;
  const [arn, partition, , , account] = principal.split(':');
  const session = `${arn}:${partition}:sts::${account}:${principal.includes(':user/') ? 'federated-user' : `assumed-role/${principal.split('/').at(-1)}`}/`;
  return awsPrincipals(statement).some(
    (name) => name === '*' || name === principal || name === account || name.endsWith(`::${account}:root`) || name.startsWith(session),
  );
};

/** Characters of a Sid that are shown. The bucket's owner chooses Sids, and they can be as long as the policy. */
const SHOWN_SID = 64;

const statementName = ({ Sid: sid }: Statement, index: number): string => {
  if (typeof sid !== 'string' || sid === '') return `statement ${index + 1} of others`;
  return `statement '${printable(sid.slice(0, SHOWN_SID))}${sid.length > SHOWN_SID ? '…' : ''}'`;
};

/** What may still allow one principal to read one location. */
export type ResidualAccess = {
  /** The first statements that may allow it, and what they allow. */
  readonly sentences: readonly ResidualSentence[];
  /** The number of all such statements. */
  readonly count: number;
};

export type ResidualSentence = {
  /** `statement 'Owners'`, or its position if it has no Sid. */
  readonly statement: string;
  /** `<principal> on <location>`. */
  readonly access: string;
};

/** Sentences that are kept of one principal, and lines of a summary. */
const LIMIT = 20;

/**
 * Finds the statements that may still allow a principal to read a location after its grant was revoked. It assumes that all conditions
 * are met, except those on `s3:prefix`, and ignores Deny statements. A count of zero is therefore proof that no access remains; any
 * other count must be checked by a person.
 */
export const residualStatements = (
  statements: readonly Statement[],
  { principal, location, limit = LIMIT }: { principal: string; location: Location; limit?: number },
): ResidualAccess => {
  const access = `${principal} on ${locationArn(location)}`;
  const sentences: ResidualSentence[] = [];
  let count = 0;
  for (const [index, statement] of statements.entries()) {
    if (statement['Effect'] !== 'Allow' || !allowsReading(statement)) continue;
    if (!coversLocation(statement, location) || !namesPrincipal(statement, principal)) continue;
    count += 1;
    if (count <= limit) sentences.push({ statement: statementName(statement, index), access });
  }
  return { sentences, count };
};

/** Accesses that a line of a summary names. */
const SHOWN_ACCESSES = 3;

/**
 * Summarizes residual access in at most `limit` lines, one for each statement, and a last line that counts the rest. The lines are
 * short enough for a ledger item, whatever the number of principals and statements.
 */
export const summarizeResidualAccess = (found: readonly ResidualAccess[], limit = LIMIT): readonly string[] => {
  const byStatement = new Map<string, string[]>();
  for (const { statement, access } of found.flatMap(({ sentences }) => sentences)) {
    const accesses = byStatement.get(statement) ?? [];
    accesses.push(access);
    byStatement.set(statement, accesses);
  }
  const shown = [...byStatement].slice(0, limit);
  const lines = shown.map(([statement, accesses]) => {
    const more = accesses.length - SHOWN_ACCESSES;
    return `${accesses.slice(0, SHOWN_ACCESSES).join(', ')}${more > 0 ? ` and ${more} more` : ''} by ${statement}`;
  });
  const total = found.reduce((sum, { count }) => sum + count, 0);
  const rest = total - shown.reduce((sum, [, accesses]) => sum + accesses.length, 0);
  return rest > 0 ? [...lines, `and ${rest} more`] : lines;
};
