import type { Access } from '../grant/grant';
import { type Location, locationKey, locationOf } from '../grant/location';
import type { Statement } from './policy-document';
import { awsPrincipals } from './policy-equality';

const list = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === 'string');

const RESOURCE = /^arn:([a-z-]+):s3:::([^/]+)\/(.*)$/;

/**
 * The locations that a read statement's resources stand for: `b/p/*` a folder, `b/*` the bucket, `b/n` with `b/n/*` a name. Of a name
 * and the folder of the same name, the statement holds `b/n/*` twice.
 */
const locationsIn = (resources: readonly string[]): readonly Location[] => {
  const places = resources.flatMap((resource) => {
    const [, partition, bucket, pattern] = RESOURCE.exec(resource) ?? [];
    return partition === undefined || bucket === undefined || pattern === undefined ? [] : [{ partition, bucket, pattern }];
  });
  const ofNames = new Set(places.filter(({ pattern }) => !pattern.endsWith('*')).map(({ bucket, pattern }) => `${bucket}/${pattern}/*`));
  return places
    .filter(({ bucket, pattern }) => !ofNames.delete(`${bucket}/${pattern}`))
    .map(({ pattern, ...place }) => locationOf({ ...place, path: pattern.replace(/\*$/, '') }));
};

/** Returns the accesses that statements of ours give. Of each pair of statements the one that reads objects is enough. */
export const accessesIn = (statements: readonly Statement[]): readonly Access[] =>
  statements
    .filter((statement) => list(statement['Action']).includes('s3:GetObject'))
    .flatMap((statement) => {
      const locations = locationsIn(list(statement['Resource']));
      return awsPrincipals(statement).flatMap((principal) => locations.map((location) => ({ principal, location })));
    });

/** Returns the text by which two accesses are compared. */
export const accessText = ({ principal, location }: Access): string => `${principal} ${locationKey(location)}`;

/** Returns what was added and what was removed between two lists of accesses. */
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
