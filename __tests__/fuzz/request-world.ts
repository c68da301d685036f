import { NAMESPACE, OTHER_DEPLOYMENT } from '../handler/core/builders';
import { RECEIPT } from '../handler/fake-state';
import { BUCKET, FakeWorld, READER, SETTINGS } from '../handler/fake-world';

export const OPERATOR_ROLE = SETTINGS.operatorRoleId ?? '';
export const OPERATOR = `${OPERATOR_ROLE}:ann`;
export const SECOND_READER = 'arn:aws:iam::333333333333:role/team/second';
/** Registered, and nobody was ever let in. */
export const EMPTY_BUCKET = 'acme-empty';
export const OTHER_BUCKET = 'acme-other';

/** Whose buckets the subscriptions are about. `ending` has ended in DataZone, and nobody has said so yet. */
export const SUBSCRIPTIONS: Readonly<Record<string, string>> = {
  ours: BUCKET.name,
  also: BUCKET.name,
  theirs: OTHER_BUCKET,
  ending: OTHER_BUCKET,
};

const HOUR = 60 * 60_000;
const OWNERS = { Sid: 'Owners', Effect: 'Allow', Principal: { AWS: '444444444444' }, Action: 's3:GetObject', Resource: 'arn:aws:s3:::*/x' };
/** A statement of another deployment of this product. */
const ANOTHERS = { ...OWNERS, Sid: OTHER_DEPLOYMENT.sid('R', 'another') };
const isOurs = ({ Sid: sid }: Record<string, unknown>): boolean =>
  typeof sid === 'string' && sid.startsWith(`DZS3F1${NAMESPACE.deployment}`);
export const ourStatements = (world: FakeWorld, bucket: string) => world.statements(bucket).filter(isOurs);

/**
 * Readers of two buckets, everything granted; since then somebody took our statements out of one policy, another deployment wrote into
 * the other, and a subscription ended: whatever is done beyond what a request names shows.
 */
export const unsettledWorld = async ({ frozen }: { frozen: boolean }): Promise<FakeWorld> => {
  const world = new FakeWorld();
  for (const name of [OTHER_BUCKET, EMPTY_BUCKET]) world.buckets.set(name, { ...BUCKET, name });
  world.targets.set('env1', [world.target('target1', { principals: [READER, SECOND_READER] })]);
  for (const name of new Set(Object.values(SUBSCRIPTIONS))) world.policies.set(name, policyOf([OWNERS]));
  await world.deliver({ kind: 'sweep', messageId: 'first' });
  for (const [id, bucket] of Object.entries(SUBSCRIPTIONS)) world.approve(id, { arn: `arn:aws:s3:::${bucket}/runs/${id}/` });
  await world.deliver(...Object.keys(SUBSCRIPTIONS).map((id) => world.created(id)));
  if (frozen) for (const scope of [{}, { bucket: BUCKET.name }]) await freeze(world, scope);
  world.now = new Date(world.now.getTime() + 2 * HOUR);
  world.policies.set(BUCKET.name, policyOf([OWNERS]));
  world.policies.set(OTHER_BUCKET, policyOf([...world.statements(OTHER_BUCKET), ANOTHERS]));
  world.end('ending');
  return world;
};

const policyOf = (statements: readonly object[]): string => JSON.stringify({ Version: '2012-10-17', Statement: statements });

const freeze = (world: FakeWorld, scope: { readonly bucket?: string }) => {
  const id = `freeze-${scope.bucket ?? 'all'}`;
  const request = { kind: 'request', id, at: world.now.toISOString(), reason: 'before', command: 'freeze', ...scope } as const;
  return world.deliver({ kind: 'request', messageId: id, request, by: OPERATOR, receiptHandle: RECEIPT });
};

/** A world of its own that holds the same. */
export const copyOf = (world: FakeWorld): FakeWorld => {
  const other = new FakeWorld();
  other.now = world.now;
  for (const name of MAPS) {
    const map: Map<unknown, unknown> = other[name];
    map.clear();
    for (const [key, value] of world[name]) map.set(key, structuredClone(value));
  }
  for (const name of world.bucketNames) other.bucketNames.add(name);
  return other;
};

const MAPS = [
  ...(['subscriptions', 'environments', 'targets', 'buckets', 'policies', 'records', 'grants', 'heads'] as const),
  ...(['history', 'confirmations', 'documents', 'approved', 'plans', 'catalogueGrants', 'settledGrants', 'unitFailures'] as const),
] as const;

/** The grants of a world: the settled ones that were moved to their subscriptions, then those of the buckets, which count. */
export const storedGrants = (world: FakeWorld) => [...world.settledGrants.values(), ...world.grants.values()];

/** What of a world may change, by a name for each: a principal's place in a grant is one of its own. */
const namesOf = (world: FakeWorld): ReadonlyMap<string, string> =>
  new Map(
    [
      ...[...world.policies].map(([bucket, policy]) => [`policy ${bucket}`, policy] as const),
      ...[...world.heads].map(([bucket, head]) => [`head ${bucket}`, head] as const),
      ...[...world.history.values()].map((entry) => [`history ${entry.bucket} ${entry.version}`, entry] as const),
      ...[...world.confirmations].map(([bucket, at]) => [`confirm ${bucket}`, at] as const),
      ...[...world.bucketNames].map((bucket) => [`name ${bucket}`, bucket] as const),
      ...[...world.records].map(([id, record]) => [`record ${id}`, record] as const),
      ...[...world.documents].map(([name, document]) => [name, document] as const),
      ...[...world.plans].map(([part, lines]) => [`plan ${part}`, lines] as const),
      ...[...world.approved].map(([part, ids]) => [`approved ${part}`, ids] as const),
      ...world.reports.map((report, index) => [`report ${index}`, report] as const),
      ...storedGrants(world).flatMap(({ grant }) =>
        grant.principals.map((entry) => [`grant ${grant.location.bucket} ${grant.subscriptionId} ${entry.arn}`, entry] as const),
      ),
    ].map(([name, value]) => [name, JSON.stringify(value)]),
  );

/** The names of all that differs between two worlds. */
export const differences = (before: FakeWorld, after: FakeWorld): readonly string[] => {
  const [had, has] = [namesOf(before), namesOf(after)];
  return [...new Set([...had.keys(), ...has.keys()])].filter((name) => had.get(name) !== has.get(name)).sort();
};
