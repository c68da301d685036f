import { contains, type Location, locationArn, locationOf } from '../grant/location';
import { type Refusal, refused } from '../outcome';

export type RegisteredPrefix = { readonly prefix: string; readonly owningProjects: readonly string[] };

/** A bucket that the platform team opted in. */
export type RegisteredBucket = {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly state: 'active' | 'retiring';
  readonly prefixes: readonly RegisteredPrefix[];
};

export type Registry = {
  readonly buckets: ReadonlyMap<string, RegisteredBucket>;
  /** Accounts, beside the environment's own, whose principals may be granted. */
  readonly principalAccounts: readonly string[];
};

const ANY_PROJECT = '*';

const mayPublish = (prefix: RegisteredPrefix, project: string): boolean =>
  prefix.owningProjects.includes(ANY_PROJECT) || prefix.owningProjects.includes(project);

/**
 * Where a project's published location may be granted, by the deepest registered prefix that holds it. A *name* `b/runs` whose
 * registered prefix is `runs/` is granted as the folder `b/runs/`: producers leave the slash out, and the key `runs` is nobody's.
 */
export const publishable = (
  published: Location,
  { owningProject, registry }: { owningProject: string; registry: Registry },
): Location | Refusal => {
  const bucket = registry.buckets.get(published.bucket);
  if (bucket === undefined)
    return refused(
      'bucket-not-registered',
      `bucket '${published.bucket}' is not registered; add it to bucketAccounts in the deployment and deploy`,
    );
  if (bucket.state === 'retiring')
    return refused(
      'bucket-retiring',
      `bucket '${bucket.name}' is retiring and takes no new grants; publish the data in another bucket, or set its state back to active`,
    );
  const places = bucket.prefixes.map((prefix) => ({ prefix, place: locationOf({ ...published, path: prefix.prefix }) }));
  const folder = locationOf({ ...published, path: `${published.path}/` });
  const location = published.shape === 'name' && places.some(({ place }) => place.path === folder.path) ? folder : published;
  const [deepest] = places
    .filter(({ place }) => contains(place, location))
    .sort((one, other) => other.place.path.length - one.place.path.length);
  if (deepest === undefined)
    return refused(
      'prefix-not-registered',
      `'${locationArn(published)}' lies in no registered prefix of bucket '${bucket.name}' (${bucket.prefixes.map(({ prefix }) => `'${prefix}'`).join(', ')}); register the prefix in the deployment, or publish within one of these`,
    );
  const foreign = [deepest, ...places.filter(({ place }) => contains(location, place))].find(
    ({ prefix }) => !mayPublish(prefix, owningProject),
  );
  if (foreign !== undefined)
    return refused(
      'project-may-not-publish',
      `project '${owningProject}' may not publish '${locationArn(published)}': prefix '${foreign.prefix.prefix}' of bucket '${bucket.name}' belongs to ${foreign.prefix.owningProjects.join(', ')}; add the project to its owningProjects, or publish elsewhere`,
    );
  return location;
};
