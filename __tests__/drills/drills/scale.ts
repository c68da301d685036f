import { FUNCTION_ROLE, PRODUCER } from '../deployment';
import type { Made } from '../domain';
import { type Drill, expectNoLeak, expectNoLoss } from '../drill';
import type { World } from '../world';

const LONG = 'a-folder-with-a-name-that-takes-its-room-in-the-policy-of-a-bucket-'.repeat(3);

/** 500 subscriptions that were approved before anything of ours was there: no event tells of them. */
const approveOld = ({ domain }: World): void => {
  domain.eventsOf(() => {
    const consumers = Array.from({ length: 25 }, () => domain.consumer());
    const places = Array.from({ length: 20 }, (_, index) =>
      domain.publish({ bucket: ['acme-raw', 'acme-more', 'acme-far'][index % 3] ?? '' }),
    );
    for (const consumer of consumers) for (const place of places) domain.approve(consumer, place);
  });
};

const refused = ({ aws }: World): number =>
  [...aws.state.datazone.grants.values()].filter(({ assets }) => assets.some(({ status }) => status === 'GRANT_FAILED')).length;

/** Crowds, and a domain that changes under way. */
export const SCALE: readonly Drill[] = [
  {
    name: 'the policy full, and revocations at the limit in random order',
    seeds: 2,
    act: async (world, draw) => {
      const { domain, judge } = world;
      const consumers = Array.from({ length: 12 }, () => domain.consumer());
      const places = Array.from({ length: 40 }, (_, index) => domain.publish({ prefix: `runs/${LONG}${index}/` }));
      const pairs = draw.shuffled(consumers.flatMap((consumer) => places.map((place) => ({ consumer, place })))).slice(0, 110);
      const made: Made[] = pairs.map(({ consumer, place }) => domain.approve(consumer, place));
      judge.expects = (_question, one) => (one !== undefined && made.includes(one) ? 'either' : undefined);
      await world.work();
      world.faults += refused(world);
      const left = [...draw.shuffled(made)];
      while (left.length > 10) {
        for (const one of left.splice(0, 5)) domain.end(one);
        made.splice(0, made.length, ...left);
        await world.work();
        expectNoLeak(world, `with ${left.length} left`);
      }
      judge.expects = () => undefined;
      return 100;
    },
  },
  {
    name: 'a V1 domain upgraded to V2 midway, and the function made a member later',
    act: async (world) => {
      const { aws, domain } = world;
      const made = [domain.subscribe(), domain.subscribe()];
      await world.work();
      aws.seed.upgradeDomain();
      world.faults += 1;
      const [first] = made;
      if (first !== undefined) domain.end(first);
      await world.reconcile();
      expectNoLoss(world, 'while the function is no member');
      domain.subscribe();
      await world.work();
      aws.seed.profile(FUNCTION_ROLE, 'ACTIVATED');
      for (const id of [PRODUCER, ...domain.made.map(({ consumer }) => consumer.id)])
        aws.seed.members(id, (members) => [...members, FUNCTION_ROLE]);
    },
  },
  {
    name: '500 old subscriptions, enforced',
    act: async (world) => {
      approveOld(world);
      await world.settle();
      return 500;
    },
  },
  {
    name: '500 old subscriptions, observed: nobody is let in',
    deployment: { mode: 'observe' },
    act: async (world) => {
      world.judge.expects = () => 'shut out';
      approveOld(world);
      await world.settle();
      return 500;
    },
  },
];
