import type { Access } from './grant';
import { type Location, listPattern, locationKey, readPatterns } from './location';
import { type Block, coverBy, distinctAccesses } from './policy-cover';
import { jsonBytes, type Statement } from './policy-document';
import { groupKey, type SidNamespace } from './sid-namespace';

/** S3 stores a list of one as its element; writing it so saves the room and keeps the read like the write. */
const compact = (values: readonly string[]): string | readonly string[] =>
  values.length === 1 && values[0] !== undefined ? values[0] : values;

const bucketArn = (location: Location): string => `arn:${location.partition}:s3:::${location.bucket}`;

/** The statement that lets a block's principals read; its list's twin is `listStatement`. */
export const readStatement = (block: Block, sid: string): Statement => ({
  Sid: sid,
  Effect: 'Allow',
  Principal: { AWS: compact(block.principals) },
  Action: 's3:GetObject',
  Resource: compact(block.locations.flatMap((location) => readPatterns(location).map((pattern) => `${bucketArn(location)}/${pattern}`))),
});

/** The statement that lets a block's principals list; `first` is any location of the block. */
export const listStatement = (block: Block, { sid, first }: { sid: string; first: Location }): Statement => ({
  Sid: sid,
  Effect: 'Allow',
  Principal: { AWS: compact(block.principals) },
  Action: 's3:ListBucket',
  Resource: bucketArn(first),
  ...(first.shape === 'bucket' ? {} : { Condition: { StringLike: { 's3:prefix': compact(block.locations.map(listPattern)) } } }),
});

/**
 * The statements that give exactly these accesses to one bucket: `s3:GetObject` on the keys, `s3:ListBucket` under a condition on
 * `s3:prefix`. Whoever holds the whole bucket lists it without a condition, in a statement of its own: merged with conditioned ones
 * it would lift their condition.
 */
export const compileStatements = (accesses: readonly Access[], namespace: SidNamespace): readonly Statement[] => {
  const distinct = distinctAccesses(accesses);
  const whole = coverBy(
    'location',
    distinct.filter(({ location }) => location.shape === 'bucket'),
  );
  const prefixes = distinct.filter(({ location }) => location.shape !== 'bucket');
  const [byLocation, byPrincipal] = [coverBy('location', prefixes), coverBy('principal', prefixes)].map((blocks) =>
    withSids([...whole, ...blocks], namespace),
  );
  if (byLocation === undefined || byPrincipal === undefined) return [];
  return jsonBytes(byPrincipal) < jsonBytes(byLocation) ? byPrincipal : byLocation;
};

const withSids = (blocks: readonly Block[], namespace: SidNamespace): readonly Statement[] => {
  const taken = new Set<string>();
  return blocks.flatMap((block) => {
    const [first] = block.locations;
    if (first === undefined) return [];
    const keys = block.locations.map(locationKey);
    let salt = 0;
    while (taken.has(groupKey(keys, salt))) salt++;
    const group = groupKey(keys, salt);
    taken.add(group);
    return [
      readStatement(block, namespace.sid('R', group)),
      listStatement(block, { sid: namespace.sid(first.shape === 'bucket' ? 'A' : 'L', group), first }),
    ];
  });
};
