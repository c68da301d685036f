import { type Location, listPattern, readResources } from '../../handler/core/grant/location';
import { LONGEST_POLICY } from '../../handler/core/policy/policy-document';
import { BUCKET, type Pair } from './scenarios';

type Group = { readonly roles: readonly string[]; readonly pairs: readonly Pair[] };
type Layout = (pairs: readonly Pair[]) => readonly Group[];

const compact = (values: readonly string[]) => (values.length === 1 ? values[0] : values);

/** Returns the two statements of a group without Sids. Written independently of the product. */
const statementsFor = ({
  roles,
  locations,
}: {
  readonly roles: readonly string[];
  readonly locations: readonly Location[];
}): readonly unknown[] => {
  const Principal = { AWS: compact(roles) };
  return [
    { Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: compact(locations.flatMap(readResources)) },
    {
      Effect: 'Allow',
      Principal,
      Action: 's3:ListBucket',
      Resource: `arn:aws:s3:::${BUCKET}`,
      Condition: { StringLike: { 's3:prefix': compact(locations.map(listPattern)) } },
    },
  ];
};

/** Returns the bytes of a group's statements in a policy, each with the comma after it. */
export const groupBytes = (group: Parameters<typeof statementsFor>[0]): number => JSON.stringify(statementsFor(group)).length - 1;

const groupStatements = ({ roles, pairs }: Group): readonly unknown[] =>
  statementsFor({ roles, locations: [...new Map(pairs.map(({ location }) => [location.path, location])).values()] });

const groupBy = <Value>(values: readonly Value[], key: (value: Value) => string): readonly (readonly Value[])[] => {
  const groups = new Map<string, Value[]>();
  for (const value of values) groups.set(key(value), [...(groups.get(key(value)) ?? []), value]);
  return [...groups.values()];
};

const distinct = (values: readonly string[]) => [...new Set(values)].sort();
const rolesOf = (pairs: readonly Pair[]) => distinct(pairs.map(({ role }) => role));
const pathsOf = (pairs: readonly Pair[]) => distinct(pairs.map(({ location }) => location.path));

const perGrant: Layout = (pairs) => pairs.map((pair) => ({ roles: [pair.role], pairs: [pair] }));
const perPrefix: Layout = (pairs) =>
  groupBy(pairs, ({ location }) => location.path).map((group) => ({ roles: rolesOf(group), pairs: group }));
const perRole: Layout = (pairs) => groupBy(pairs, ({ role }) => role).map((group) => ({ roles: rolesOf(group), pairs: group }));
/** Merges the groups that have equal sets on their other side. */
const merged =
  (layout: Layout, otherSide: (pairs: readonly Pair[]) => readonly string[]): Layout =>
  (pairs) =>
    groupBy(layout(pairs), (group) => JSON.stringify(otherSide(group.pairs))).map((groups) => {
      const all = groups.flatMap((group) => group.pairs);
      return { roles: rolesOf(all), pairs: all };
    });

const bytesOf = (layout: Layout, pairs: readonly Pair[]): number =>
  JSON.stringify({ Version: '2012-10-17', Statement: layout(pairs).flatMap(groupStatements) }).length;

/** The bytes of a policy in the layouts that the product is compared with. `merged` takes the shorter of its two sides. */
export const LAYOUTS = {
  naive: (pairs: readonly Pair[]) => bytesOf(perGrant, pairs),
  perPrefix: (pairs: readonly Pair[]) => bytesOf(perPrefix, pairs),
  perRole: (pairs: readonly Pair[]) => bytesOf(perRole, pairs),
  merged: (pairs: readonly Pair[]) => Math.min(bytesOf(merged(perPrefix, rolesOf), pairs), bytesOf(merged(perRole, pathsOf), pairs)),
} as const;

/** Counts the pairs before the first one whose policy exceeds S3's limit. */
export const countFitting = (bytes: (pairs: readonly Pair[]) => number, pairs: readonly Pair[]): number => {
  const tooLong = pairs.findIndex((_, index) => bytes(pairs.slice(0, index + 1)) > LONGEST_POLICY);
  return tooLong < 0 ? pairs.length : tooLong;
};
