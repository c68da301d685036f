import { NEIGHBOUR, PLACES, type RegisteredPlace } from '../deployment';
import { type Drill, expectNoLeak } from '../drill';
import { MINUTE } from '../world';

const changed = (bucket: string, change: Partial<RegisteredPlace>): readonly RegisteredPlace[] =>
  PLACES.map((place) => (place.bucket === bucket ? { ...place, ...change } : place));

/** What a stranger allows on his bucket, so that only its owner tells it from ours. */
const INVITING = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::222222222222:root' },
      Action: 's3:*',
      Resource: ['arn:aws:s3:::acme-raw', 'arn:aws:s3:::acme-raw/*'],
    },
  ],
};

/** Buckets that come and go, and who may publish in them. */
export const BUCKETS: readonly Drill[] = [
  {
    name: 'a bucket deleted, and its name taken by another account',
    act: async (world) => {
      const { aws, domain, judge } = world;
      const made = domain.subscribe();
      domain.subscribe();
      await world.work();
      aws.state.buckets.delete('acme-raw');
      world.faults += 1;
      judge.expects = ({ place }) => (place.bucket === 'acme-raw' ? 'gone' : undefined);
      await world.reconcile();
      aws.seed.bucket({ name: 'acme-raw', account: '999999999999', region: 'eu-west-1', policy: INVITING });
      domain.end(made);
      domain.subscribe();
    },
  },
  {
    name: 'a bucket retired',
    act: async (world) => {
      const { domain } = world;
      domain.subscribe();
      domain.subscribe({ bucket: 'acme-more' });
      await world.work();
      await world.deploy({ places: changed('acme-more', { state: 'retiring' }) });
      world.faults += 1;
      world.skip(2 * MINUTE);
      domain.subscribe({ bucket: 'acme-more' });
    },
  },
  {
    name: 'a bucket un-registered with live grants, and registered again to be retired',
    act: async (world) => {
      const { domain, judge } = world;
      const made = domain.subscribe({ bucket: 'acme-more' });
      domain.subscribe({ bucket: 'acme-more' });
      domain.subscribe();
      await world.work();
      await world.deploy({ places: PLACES.filter(({ bucket }) => bucket !== 'acme-more') });
      world.faults += 1;
      world.skip(2 * MINUTE);
      judge.expects = ({ place }) => (place.bucket === 'acme-more' ? 'either' : undefined);
      domain.end(made);
      await world.settle();
      judge.expects = () => undefined;
      await world.deploy({ places: changed('acme-more', { state: 'retiring' }) });
      world.skip(2 * MINUTE);
    },
  },
  {
    name: 'a publisher de-listed: who is in stays, nobody new enters',
    act: async (world) => {
      const { domain, judge } = world;
      const [stays, ends] = [domain.subscribe(), domain.subscribe()];
      await world.work();
      await world.deploy({ places: changed('acme-raw', { prefixes: [{ prefix: 'runs/', owningProjects: [NEIGHBOUR] }] }) });
      world.faults += 1;
      world.skip(2 * MINUTE);
      judge.expects = ({ place }, made) => (made === stays && place.prefix === stays.published.prefix ? 'reads' : undefined);
      domain.subscribe();
      domain.end(ends);
    },
  },
  {
    name: "a publisher naming someone else's bucket, or a place of, in or above someone else's",
    act: async (world) => {
      const { aws, domain } = world;
      aws.seed.bucket({ name: 'other-company', account: '999999999999', region: 'eu-west-1' });
      domain.subscribe();
      domain.subscribe({ bucket: 'other-company', prefix: 'runs/1/' });
      for (const prefix of [
        '',
        'shared/',
        'shared/secret/',
        'shared/secret/deep/',
        'theirs/',
        'runs/*',
        'shared/s?cret/',
        'private/',
        'shared/sec',
      ])
        domain.subscribe({ prefix });
      domain.subscribe({ prefix: 'shared/secret/open/', by: NEIGHBOUR });
      world.faults += 10;
      await world.work();
      expectNoLeak(world, 'when all were approved');
    },
  },
  {
    name: "a consumer naming someone else's role, a whole account, or everybody",
    act: async (world) => {
      const { aws, domain } = world;
      const victim = aws.seed.role({ account: '555555555555', name: 'victim' }).arn;
      const good = domain.subscribe();
      for (const role of [victim, 'arn:aws:iam::444444444444:root', '444444444444', '*', 'arn:aws:iam::444444444444:role/*']) {
        const { consumer } = domain.subscribe();
        domain.retarget(consumer, [consumer.role, role]);
        world.faults += 1;
      }
      domain.retarget(good.consumer, [good.consumer.role]);
      await world.work();
      expectNoLeak(world, 'when all were approved');
    },
  },
];
