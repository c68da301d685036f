import * as z from 'zod';
import { partitionOf } from './partition';
import { overlaps } from './prefix-overlap';
import { type Problem, pathText } from './problem';

/** A tolerant view of the file: whatever is wrong elsewhere, what can be compared is compared. */
const word = z.string().optional().catch(undefined);
const words = z.array(word).catch([]);
const prefixView = z.object({ prefix: word, owningProjects: z.array(word).catch([]) }).catch({ prefix: undefined, owningProjects: [] });
const bucketView = z
  .object({ name: word, region: word, prefixes: z.array(prefixView).catch([]) })
  .catch({ name: undefined, region: undefined, prefixes: [] });
const accountView = z.object({ account: word, buckets: z.array(bucketView).catch([]) }).catch({ account: undefined, buckets: [] });
const fileView = z
  .object({
    domain: z.object({ region: word }).catch({ region: undefined }),
    bucketAccounts: z.array(accountView).catch([]),
    principalAccounts: words,
    operators: words,
    auditors: words,
    registryWriters: words,
  })
  .catch({
    domain: { region: undefined },
    bucketAccounts: [],
    principalAccounts: [],
    operators: [],
    auditors: [],
    registryWriters: [],
  });

type Path = Problem['path'];
type Named = { readonly path: Path; readonly value: string | undefined };

/** What does not fit together in a deployment file, each value being right or wrong on its own. */
export const inconsistencies = (file: unknown): readonly Problem[] => {
  const { domain, bucketAccounts, principalAccounts, ...people } = fileView.parse(file);
  const accounts = bucketAccounts.map((entry, index) => ({ ...entry, path: ['bucketAccounts', index] }));
  const buckets = accounts.flatMap((entry) =>
    entry.buckets.map((bucket, index) => ({ ...bucket, path: [...entry.path, 'buckets', index] })),
  );
  const prefixes = buckets.map((bucket) =>
    bucket.prefixes.map((entry, index) => ({ ...entry, path: [...bucket.path, 'prefixes', index] })),
  );
  const regions = buckets.map((bucket) => named(bucket.path, 'region', bucket.region));
  return [
    ...repeated(
      accounts.map((entry) => named(entry.path, 'account', entry.account)),
      'list each account once, with all its buckets',
    ),
    ...repeated(
      buckets.map((bucket) => named(bucket.path, 'name', bucket.name)),
      'name each bucket once, under the account that owns it',
    ),
    ...prefixes.flatMap((entries) =>
      repeated(
        entries.map((entry) => named(entry.path, 'prefix', entry.prefix)),
        'write each prefix of a bucket once, with all its owning projects',
      ),
    ),
    ...prefixes.flatMap(overlaps),
    ...prefixes.flat().flatMap((entry) =>
      repeated(
        entry.owningProjects.map((value, index) => ({ path: [...entry.path, 'owningProjects', index], value })),
        'name each project once',
      ),
    ),
    ...repeated(
      principalAccounts.map((value, index) => ({ path: ['principalAccounts', index], value })),
      'list each account once',
    ),
    ...Object.entries(people).flatMap(([key, arns]) =>
      repeated(
        arns.map((value, index) => ({ path: [key, index], value })),
        'name each once',
      ),
    ),
    ...otherPartitions(named(['domain'], 'region', domain.region), regions),
  ];
};

const named = (path: Path, key: string, value: string | undefined): Named => ({ path: [...path, key], value });

const repeated = (values: readonly Named[], advice: string): readonly Problem[] => {
  const first = new Map<string, Path>();
  return values.flatMap(({ path, value }) => {
    if (value === undefined) return [];
    const earlier = first.get(value);
    if (earlier) return [{ path, message: `is '${value}', as is ${pathText(earlier)}; ${advice}` }];
    first.set(value, path);
    return [];
  });
};

/** Roles and policies do not reach across partitions. */
const otherPartitions = (domain: Named, regions: readonly Named[]): readonly Problem[] => {
  if (domain.value === undefined) return [];
  const home = partitionOf(domain.value);
  if (!home)
    return [
      { path: domain.path, message: `is '${domain.value}', whose partition is not supported; write a Region of aws, aws-cn or aws-us-gov` },
    ];
  return regions.flatMap(({ path, value }) => {
    const partition = value === undefined ? home : partitionOf(value);
    return partition === home
      ? []
      : [
          {
            path,
            message: `is '${value}' in partition ${partition ?? 'unknown'}, but the domain is in ${home}; write a Region of ${home}`,
          },
        ];
  });
};
