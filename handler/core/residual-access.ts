import { type Location, locationArn, readPatterns } from './location';
import type { Statement } from './policy-document';

const list = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === 'string');

/** Whether two patterns with `*` and `?` may match one and the same text. Compared up to their first wildcard: it may say yes too often, never no too often. */
const mayMeet = (one: string, other: string): boolean => {
  const literal = (pattern: string) => pattern.slice(0, /[*?]|\$\{/.exec(pattern)?.index ?? pattern.length);
  const [a, b] = [literal(one), literal(other)];
  const wild = (pattern: string, fixed: string) => fixed.length < pattern.length;
  if (!wild(one, a) && !wild(other, b)) return one === other;
  if (!wild(one, a)) return one.startsWith(b);
  if (!wild(other, b)) return other.startsWith(a);
  return a.startsWith(b) || b.startsWith(a);
};

const letsRead = (statement: Statement): boolean => {
  if (statement['NotAction'] !== undefined) return true;
  return list(statement['Action']).some(
    (action) => mayMeet(action.toLowerCase(), 's3:getobject') || mayMeet(action.toLowerCase(), 's3:listbucket'),
  );
};

const reaches = (statement: Statement, location: Location): boolean => {
  if (statement['NotResource'] !== undefined) return true;
  const bucket = `arn:${location.partition}:s3:::${location.bucket}`;
  return list(statement['Resource']).some(
    (resource) => mayMeet(resource, bucket) || readPatterns(location).some((pattern) => mayMeet(resource, `${bucket}/${pattern}`)),
  );
};

const lets = (statement: Statement, principal: string): boolean => {
  if (statement['NotPrincipal'] !== undefined) return true;
  const named = statement['Principal'];
  const principals = list(typeof named === 'object' && named !== null && 'AWS' in named ? named.AWS : named);
  const account = principal.split(':')[4] ?? '';
  return principals.some((name) => name === '*' || name === principal || name === account || name.endsWith(`::${account}:root`));
};

/**
 * The statements of others, by Sid or place, that may still let a principal read a location after its grant is gone. Conservative:
 * conditions are taken for met, and no Deny is taken into account. So an empty answer is proof, and any other a place to look.
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
