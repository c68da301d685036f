import { type Location, listPattern, readResources } from '../../handler/core/grant/location';
import { BUCKET, type Pair } from './scenarios';

/** S3's limit, with white space removed. Bytes. */
export const LIMIT = 20_480;

type Group = { readonly roles: readonly string[]; readonly pairs: readonly Pair[] };
type Layout = (pairs: readonly Pair[]) => readonly Group[];

const one = (values: readonly string[]) => (values.length === 1 ? values[0] : values);

/** A group's two statements as anybody would write them: without a Sid. */
const statementsFor = ({
  roles,
  places,
}: {
  readonly roles: readonly string[];
  readonly places: readonly Location[];
}): readonly unknown[] => {
  const Principal = { AWS: one(roles) };
  return [
    { Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: one(places.flatMap(readResources)) },
    {
      Effect: 'Allow',
      Principal,
      Action: 's3:ListBucket',
      Resource: `arn:aws:s3:::${BUCKET}`,
      Condition: { StringLike: { 's3:prefix': one(places.map(listPattern)) } },
    },
  ];
};

/** What they take in a policy, each with the comma after it. Bytes. */
export const groupBytes = (group: Parameters<typeof statementsFor>[0]): number => JSON.stringify(statementsFor(group)).length - 1;

const statements = ({ roles, pairs }: Group): readonly unknown[] =>
  statementsFor({ roles, places: [...new Map(pairs.map(({ place }) => [place.path, place])).values()] });

const groupBy = <Value>(values: readonly Value[], key: (value: Value) => string): readonly (readonly Value[])[] => {
  const groups = new Map<string, Value[]>();
  for (const value of values) groups.set(key(value), [...(groups.get(key(value)) ?? []), value]);
  return [...groups.values()];
};

const distinct = (values: readonly string[]) => [...new Set(values)].sort();
const rolesOf = (pairs: readonly Pair[]) => distinct(pairs.map(({ role }) => role));
const placesOf = (pairs: readonly Pair[]) => distinct(pairs.map(({ place }) => place.path));

const perPrefix: Layout = (pairs) => groupBy(pairs, ({ place }) => place.path).map((group) => ({ roles: rolesOf(group), pairs: group }));
const perRole: Layout = (pairs) => groupBy(pairs, ({ role }) => role).map((group) => ({ roles: rolesOf(group), pairs: group }));
/** Groups with equal sets on their other side are one. */
const merged =
  (layout: Layout, other: (pairs: readonly Pair[]) => readonly string[]): Layout =>
  (pairs) =>
    groupBy(layout(pairs), (group) => JSON.stringify(other(group.pairs))).map((groups) => {
      const all = groups.flatMap((group) => group.pairs);
      return { roles: rolesOf(all), pairs: all };
    });

const bytes = (layout: Layout, pairs: readonly Pair[]): number =>
  JSON.stringify({ Version: '2012-10-17', Statement: layout(pairs).flatMap(statements) }).length;

/** The layouts that the product is held against; the last takes the shorter of its two sides. */
export const LAYOUTS: Readonly<Record<string, (pairs: readonly Pair[]) => number>> = {
  'two statements a grant': (pairs) => bytes((all) => all.map((pair) => ({ roles: [pair.role], pairs: [pair] })), pairs),
  'a pair per prefix': (pairs) => bytes(perPrefix, pairs),
  'a pair per role': (pairs) => bytes(perRole, pairs),
  'equal sets merged': (pairs) => Math.min(bytes(merged(perPrefix, rolesOf), pairs), bytes(merged(perRole, placesOf), pairs)),
};

/** The grants up to the first one whose policy would be too long. */
export const fitting = (size: (pairs: readonly Pair[]) => number, pairs: readonly Pair[]): number => {
  const tooLong = pairs.findIndex((_, index) => size(pairs.slice(0, index + 1)) > LIMIT);
  return tooLong < 0 ? pairs.length : tooLong;
};
