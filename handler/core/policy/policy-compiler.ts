import type { Access } from '../grant/grant';
import { type Location, listPattern, locationKey, readResources } from '../grant/location';
import { type Block, coverBy, distinctAccesses, type Side } from './policy-cover';
import { jsonBytes, type Statement } from './policy-document';
import { groupKey, type SidNamespace, type StatementKind } from './sid-namespace';

/** S3 stores a list of one as its element; writing it so saves the room and keeps the read like the write. */
const compact = (values: readonly string[]): string | readonly string[] => {
  const [only, another] = values;
  return only !== undefined && another === undefined ? only : values;
};

/** How a block lists: the whole bucket, or prefixes of it. */
export type ListKind = Extract<StatementKind, 'A' | 'L'>;

export const bucketArn = (location: Location): string => `arn:${location.partition}:s3:::${location.bucket}`;

/** The statement that lets a block's principals read; its list's twin is `listStatement`. */
export const readStatement = (block: Block, sid: string): Statement => ({
  Sid: sid,
  Effect: 'Allow',
  Principal: { AWS: compact(block.principals) },
  Action: 's3:GetObject',
  Resource: compact(block.locations.flatMap(readResources)),
});

/** The statement that lets a block's principals list `bucket`, an ARN: all of it (`A`), or under the prefixes of its locations (`L`). */
export const listStatement = (block: Block, { kind, sid, bucket }: { kind: ListKind; sid: string; bucket: string }): Statement => ({
  Sid: sid,
  Effect: 'Allow',
  Principal: { AWS: compact(block.principals) },
  Action: 's3:ListBucket',
  Resource: bucket,
  ...(kind === 'A' ? {} : { Condition: { StringLike: { 's3:prefix': compact(block.locations.map(listPattern)) } } }),
});

/**
 * The statements that give exactly these accesses to one bucket: `s3:GetObject` on the keys, `s3:ListBucket` under a condition on
 * `s3:prefix`. Whoever holds the whole bucket lists it without a condition, in a statement of its own: merged with conditioned ones
 * it would lift their condition.
 */
export const compileStatements = (accesses: readonly Access[], namespace: SidNamespace): readonly Statement[] => {
  const [sample] = accesses;
  if (sample === undefined) return [];
  const distinct = distinctAccesses(accesses);
  const whole = coverBy(
    'location',
    distinct.filter(({ location }) => location.shape === 'bucket'),
  );
  const prefixes = distinct.filter(({ location }) => location.shape !== 'bucket');
  const statementsBy = (side: Side) =>
    withSids([...whole.map(labelled('A')), ...coverBy(side, prefixes).map(labelled('L'))], {
      namespace,
      bucket: bucketArn(sample.location),
    });
  const [byLocation, byPrincipal] = [statementsBy('location'), statementsBy('principal')] as const;
  return jsonBytes(byPrincipal) < jsonBytes(byLocation) ? byPrincipal : byLocation;
};

type LabelledBlock = { readonly kind: ListKind; readonly block: Block };
const labelled =
  (kind: ListKind) =>
  (block: Block): LabelledBlock => ({ kind, block });

const withSids = (
  blocks: readonly LabelledBlock[],
  { namespace, bucket }: { namespace: SidNamespace; bucket: string },
): readonly Statement[] => {
  const taken = new Set<string>();
  return blocks.flatMap(({ kind, block }) => {
    const keys = block.locations.map(locationKey);
    let salt = 0;
    while (taken.has(groupKey(keys, salt))) salt++;
    const group = groupKey(keys, salt);
    taken.add(group);
    return [readStatement(block, namespace.sid('R', group)), listStatement(block, { kind, sid: namespace.sid(kind, group), bucket })];
  });
};
