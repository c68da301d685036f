import type { Access } from '../../../handler/core/grant/grant';
import { type Location, locationKey, locationOf } from '../../../handler/core/grant/location';
import type { Statement } from '../../../handler/core/policy/policy-document';
import { awsPrincipals } from '../../../handler/core/policy/policy-equality';

const list = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === 'string');

const RESOURCE = /^arn:([a-z-]+):s3:::([^/]+)\/(.*)$/;

/** The locations that a read statement's resources stand for: `b/p/*` a folder, `b/*` the bucket, `b/n` with `b/n/*` a name. */
const locationsIn = (resources: readonly string[]): readonly Location[] => {
  const places = resources.flatMap((resource) => {
    const [, partition, bucket, pattern] = RESOURCE.exec(resource) ?? [];
    return partition === undefined || bucket === undefined || pattern === undefined ? [] : [{ partition, bucket, pattern }];
  });
  const names = new Set(places.filter(({ pattern }) => !pattern.endsWith('*')).map(({ bucket, pattern }) => `${bucket}/${pattern}/*`));
  return places
    .filter(({ bucket, pattern }) => !names.has(`${bucket}/${pattern}`))
    .map(({ pattern, ...place }) => locationOf({ ...place, path: pattern.replace(/\*$/, '') }));
};

/** Who may read what by statements of ours: of each pair of statements the one that reads says it all. */
export const accessesIn = (statements: readonly Statement[]): readonly Access[] =>
  statements
    .filter((statement) => list(statement['Action']).includes('s3:GetObject'))
    .flatMap((statement) => {
      const locations = locationsIn(list(statement['Resource']));
      return awsPrincipals(statement).flatMap((principal) => locations.map((location) => ({ principal, location })));
    });

/** What two accesses are compared by. */
export const accessText = ({ principal, location }: Access): string => `${principal} ${locationKey(location)}`;

/** What came and what went between two lists of accesses. */
export const accessChange = (
  before: readonly Access[],
  after: readonly Access[],
): { readonly added: readonly Access[]; readonly removed: readonly Access[] } => {
  const [had, has] = [new Set(before.map(accessText)), new Set(after.map(accessText))];
  return {
    added: after.filter((access) => !had.has(accessText(access))),
    removed: before.filter((access) => !has.has(accessText(access))),
  };
};
