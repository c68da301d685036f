import type { Access } from '../grant/grant';
import { type Location, listPattern, locationKey, readResources } from '../grant/location';
import { type Block, coverBy, type Side } from './policy-cover';
import { jsonBytes, type Statement } from './policy-document';
import { groupKey, type SidNamespace, type StatementKind } from './sid-namespace';

/** S3 stores a list of one element as that element. Writing it this way saves space and keeps the policy as read equal to the policy as written. */
const compact = (values: readonly string[]): string | readonly string[] => {
  const [only, another] = values;
  return only !== undefined && another === undefined ? only : values;
};

/** What a block's principals may list: the whole bucket (`A`), or the prefixes of its locations (`L`). */
export type ListKind = Extract<StatementKind, 'A' | 'L'>;

const bucketArn = (location: Location): string => `arn:${location.partition}:s3:::${location.bucket}`;

/** One way to write accesses as blocks: the whole bucket as one block at most, and prefixes grouped by `side`. */
export type Layout = { readonly side: Side; readonly whole: readonly Block[]; readonly prefixes: readonly Block[] };

/** Returns the two layouts of these accesses to one bucket. Repeated accesses count once. */
export const layoutsOf = (accesses: readonly Access[]): readonly Layout[] => {
  const whole = coverBy(
    'location',
    accesses.filter(({ location }) => location.shape === 'bucket'),
  );
  const prefixes = accesses.filter(({ location }) => location.shape !== 'bucket');
  return (['location', 'principal'] as const).map((side) => ({ side, whole, prefixes: coverBy(side, prefixes) }));
};

/**
 * Returns the two statements of a block: `s3:GetObject` on the keys, and `s3:ListBucket`, which has a condition on `s3:prefix` unless
 * the block gives the whole bucket. For this reason the whole bucket is never in one block with prefixes.
 */
export const statementPair = (
  { principals, locations }: Block,
  { kind, group, namespace }: { kind: ListKind; group: string; namespace: SidNamespace },
): readonly Statement[] => {
  const principal = { AWS: compact(principals) };
  return [
    {
      Sid: namespace.sid('R', group),
      Effect: 'Allow',
      Principal: principal,
      Action: 's3:GetObject',
      Resource: compact(locations.flatMap(readResources)),
    },
    {
      Sid: namespace.sid(kind, group),
      Effect: 'Allow',
      Principal: principal,
      Action: 's3:ListBucket',
      // All locations of a block are in one bucket.
      Resource: compact([...new Set(locations.map(bucketArn))]),
      ...(kind === 'A' ? {} : { Condition: { StringLike: { 's3:prefix': compact(locations.map(listPattern)) } } }),
    },
  ];
};

/** Writes a layout. Every block has a Sid key of its own, also where two hashes are equal. */
const writeLayout = ({ whole, prefixes }: Layout, namespace: SidNamespace): readonly Statement[] => {
  const taken = new Set<string>();
  const write = (block: Block, kind: ListKind): readonly Statement[] => {
    const keys = block.locations.map(locationKey);
    let salt = 0;
    while (taken.has(groupKey(keys, salt))) salt++;
    const group = groupKey(keys, salt);
    taken.add(group);
    return statementPair(block, { kind, group, namespace });
  };
  return [...whole.flatMap((block) => write(block, 'A')), ...prefixes.flatMap((block) => write(block, 'L'))];
};

/** Returns the statements that give exactly these accesses to one bucket, in the shorter layout; by location if both are equally long. */
export const compileStatements = (accesses: readonly Access[], namespace: SidNamespace): readonly Statement[] =>
  layoutsOf(accesses)
    .map((layout) => writeLayout(layout, namespace))
    .reduce((shortest, statements) => (jsonBytes(statements) < jsonBytes(shortest) ? statements : shortest));
