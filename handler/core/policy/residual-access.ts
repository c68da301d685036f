import { type Location, locationArn, readResources } from '../grant/location';
import type { Statement } from './policy-document';
import { awsPrincipals } from './policy-equality';

const list = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === 'string');

/** A pattern up to its first wildcard or variable. */
const literal = (pattern: string): string => pattern.slice(0, /[*?]|\$\{/.exec(pattern)?.index ?? pattern.length);

/** Whether two patterns with `*` and `?` may match one and the same text. Compared up to their first wildcard: it may say yes too often, never no too often. */
const mayMeet = (one: string, other: string): boolean => {
  const [a, b] = [literal(one), literal(other)];
  const wild = (pattern: string, fixed: string) => fixed.length < pattern.length;
  if (!wild(one, a) && !wild(other, b)) return one === other;
  if (!wild(one, a)) return one.startsWith(b);
  if (!wild(other, b)) return other.startsWith(a);
  return a.startsWith(b) || b.startsWith(a);
};

/** Versions of objects, and lists of them, show the same data. */
const READS = ['s3:getobject*', 's3:listbucket*'];

const letsRead = (statement: Statement): boolean => {
  if (statement['NotAction'] !== undefined) return true;
  return list(statement['Action']).some((action) => READS.some((read) => mayMeet(action.toLowerCase(), read)));
};

const isRecord = (value: unknown): value is Statement => typeof value === 'object' && value !== null;

/**
 * Whether a condition on `s3:prefix` leaves a listing possible that shows keys of the location. The one condition that is looked
 * into: every reader of two prefixes has it, and a listing of the one is no access to the other.
 */
const mayList = ({ Condition: condition }: Statement, { path }: Location): boolean => {
  const operators = [condition].filter(isRecord).flatMap((by) => [by['StringLike'], by['StringEquals']].filter(isRecord));
  const prefixes = operators.flatMap((keys) => Object.entries(keys).filter(([key]) => key.toLowerCase() === 's3:prefix'));
  return prefixes.every(([, values]) =>
    [values].flat().some((value) => path.startsWith(literal(String(value))) || literal(String(value)).startsWith(path)),
  );
};

const reaches = (statement: Statement, location: Location): boolean => {
  if (statement['NotResource'] !== undefined) return true;
  const bucket = `arn:${location.partition}:s3:::${location.bucket}`;
  return list(statement['Resource']).some(
    (resource) =>
      (mayMeet(resource, bucket) && mayList(statement, location)) ||
      readResources(location).some((readable) => mayMeet(resource, readable)),
  );
};

const lets = (statement: Statement, principal: string): boolean => {
  if (statement['NotPrincipal'] !== undefined) return true;
  const named = statement['Principal'];
  // A canonical id is a whole account's, and does not say whose.
  if (typeof named === 'object' && named !== null && 'CanonicalUser' in named) return true;
  const [arn, partition, , , account] = principal.split(':');
  const session = `${arn}:${partition}:sts::${account}:${principal.includes(':user/') ? 'federated-user' : `assumed-role/${principal.split('/').at(-1)}`}/`;
  return awsPrincipals(statement).some(
    (name) => name === '*' || name === principal || name === account || name.endsWith(`::${account}:root`) || name.startsWith(session),
  );
};

/**
 * The statements of others, by Sid or place, that may still let a principal read a location after its grant is gone. Conservative:
 * conditions are taken for met, but for those on `s3:prefix`, and no Deny is taken into account. So an empty answer is proof, and any other a place to look.
 */
export const residualStatements = (
  foreign: readonly Statement[],
  { principal, location }: { principal: string; location: Location },
): readonly string[] =>
  foreign.flatMap((statement, index) =>
    statement['Effect'] === 'Allow' && letsRead(statement) && reaches(statement, location) && lets(statement, principal)
      ? [
          `${principal} on ${locationArn(location)} by ${typeof statement['Sid'] === 'string' && statement['Sid'] !== '' ? `statement '${statement['Sid']}'` : `statement ${index + 1} of others`}`,
        ]
      : [],
  );
