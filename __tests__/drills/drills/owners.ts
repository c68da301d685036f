import { type Drill, expectNoLeak } from '../drill';
import { HOUR, MINUTE } from '../world';

/** What the owner's Terraform writes over ours. */
const OWNERS = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'Owners', Effect: 'Deny', Principal: '*', Action: 's3:DeleteObject', Resource: 'arn:aws:s3:::acme-raw/*' }],
};

const otherDeployments = (role: string) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'DZS3F1zzzzzzRabcdefg',
      Effect: 'Allow',
      Principal: { AWS: role },
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::acme-raw/elsewhere/*',
    },
  ],
});

/** What a bucket's owner does to its policy. */
export const OWNERS_DRILLS: readonly Drill[] = [
  {
    name: "the policy wiped by its owner's Terraform, once",
    act: async (world) => {
      const made = [world.domain.subscribe(), world.domain.subscribe()];
      await world.settle();
      world.ownerPuts('acme-raw', OWNERS);
      const [first] = made;
      if (first !== undefined) world.domain.end(first);
    },
  },
  {
    name: "the policy wiped by its owner's Terraform, again and again, until an operator settles it",
    act: async (world) => {
      const { domain, judge } = world;
      const [first] = [domain.subscribe(), domain.subscribe()];
      judge.expects = (_question, made) => (made === undefined || made === first ? undefined : 'either');
      await world.settle();
      for (let wipes = 0; wipes < 5; wipes++) {
        world.ownerPuts('acme-raw', wipes % 2 === 0 ? OWNERS : undefined);
        world.skip(HOUR);
        if (wipes === 3) domain.end(first);
        await world.reconcile();
      }
      expectNoLeak(world, 'while the bucket is contended');
      judge.expects = () => undefined;
      await world.operate({ command: 'unfreeze', bucket: 'acme-raw' });
    },
  },
  ...[20, 600].map(
    (seconds): Drill => ({
      name: `a stale export of the policy put back ${seconds} seconds after a revocation`,
      act: async (world) => {
        const { aws, domain } = world;
        const made = domain.subscribe();
        domain.subscribe();
        await world.work();
        const exported = structuredClone(aws.state.buckets.get('acme-raw')?.policy);
        domain.end(made);
        await world.work();
        world.skip((seconds * MINUTE) / 60);
        world.ownerPuts('acme-raw', exported);
      },
    }),
  ),
  {
    name: 'a bucket shared with a second deployment, which leaves it later',
    act: async (world) => {
      const { aws, domain, judge } = world;
      const theirs = aws.seed.role({ account: '222222222222', name: 'theirs' }).arn;
      world.ownerPuts('acme-raw', otherDeployments(theirs));
      const before = structuredClone(aws.state.buckets.get('acme-raw')?.policy);
      domain.subscribe();
      judge.expects = () => 'shut out';
      await world.settle();
      expectNoLeak(world, 'while the bucket is shared');
      if (JSON.stringify(aws.state.buckets.get('acme-raw')?.policy) !== JSON.stringify(before))
        throw new Error('the policy of another deployment was changed');
      judge.expects = () => undefined;
      world.ownerPuts('acme-raw');
    },
  },
];
