import { type FaultPlan, parseFaultPlan } from '../../../local-aws/faults/fault-plan';
import { BEFALLEN, faultPlanOf } from '../../../local-aws/faults/fault-plan-generator';
import { type Drill, expectNoLeak, expectNoLoss, expectRight } from '../drill';
import { HOUR, type World } from '../world';

/** A plan for each fault that may befall a call of the function to a service: the first such call of each kind. */
const singleFaults = (service: string): readonly FaultPlan[] =>
  Object.entries(BEFALLEN)
    .filter(([name]) => name === service)
    .flatMap(([, operations]) => Object.entries<readonly string[]>(operations))
    .flatMap(([operation, faults]) =>
      faults.map((fault) =>
        parseFaultPlan([{ service, operation, fault, occurrences: [1], ...(fault === 'lands-late' ? { delayMs: 90_000 } : {}) }]),
      ),
    );

/** Of many subscriptions in one world, those that a run is about, and some before. */
const RECENT = 3;

/** The function dies after so many of its calls: the last takes effect unheard, and none comes after it. @returns how many it came to */
const killedAfter = async (world: World, calls: number): Promise<number> => {
  let made = 0;
  const remove = world.aws.faults.add(() => {
    made += 1;
    return made < calls ? undefined : made === calls ? 'drop after' : 'drop before';
  });
  await world.work();
  remove();
  world.faults += made >= calls ? 1 : 0;
  await world.restart();
  return made;
};

/** What befalls calls of the function to AWS. */
export const CALLS: readonly Drill[] = [
  ...(['s3', 'sts', 'datazone', 'dynamodb'] as const).map(
    (service): Drill => ({
      name: `each fault of each single call to ${service}, in a grant and in a revocation`,
      act: async (world) => {
        const { domain } = world;
        const published = domain.publish();
        const plans = singleFaults(service);
        for (const plan of plans) {
          const about = JSON.stringify(plan);
          // An instance that holds no session and no registry yet makes every call.
          await world.restart();
          world.befall(plan);
          const made = domain.approve(domain.consumer(), published);
          await world.work();
          expectNoLeak(world, `a grant under ${about}`, RECENT);
          await world.settleSoon(RECENT);
          expectRight(world, `after a grant under ${about}`, RECENT);
          await world.restart();
          world.befall(plan);
          domain.end(made);
          await world.work();
          await world.settleSoon(RECENT);
          expectRight(world, `after a revocation under ${about}`, RECENT);
        }
        return 2 * plans.length;
      },
    }),
  ),
  {
    name: 'killed after each of its calls, in a grant and in a revocation',
    act: async (world) => {
      const { domain } = world;
      const published = domain.publish();
      let runs = 0;
      for (const isGrant of [true, false]) {
        for (let calls = 1; ; calls++) {
          const made = domain.approve(domain.consumer(), published);
          if (!isGrant) await world.work();
          if (!isGrant) domain.end(made);
          const count = await killedAfter(world, calls);
          await world.settleSoon(RECENT);
          expectRight(world, `a ${isGrant ? 'grant' : 'revocation'} killed after ${calls} calls`, RECENT);
          if (isGrant) domain.end(made);
          await world.work();
          runs += 1;
          if (count < calls) break;
        }
      }
      return runs;
    },
  },
  {
    name: 'four faults at a time, as seeds draw them',
    seeds: 40,
    act: async (world, draw) => {
      const { domain } = world;
      const plan = faultPlanOf(draw.whole(1_000_000));
      world.befall(plan);
      const made = Array.from({ length: 4 }, (_, index) => domain.subscribe({ bucket: index % 2 === 0 ? 'acme-raw' : 'acme-far' }));
      await world.work();
      for (const one of made.slice(0, 2)) domain.end(one);
      await world.work();
      domain.subscribe();
      for (let sweeps = 0; sweeps < 3; sweeps++) await world.sweep(2);
    },
  },
  {
    name: 'a revoked reader whose every policy read is stale, for an hour',
    act: async (world) => {
      const { domain } = world;
      const before = domain.subscribe();
      domain.subscribe();
      await world.work();
      world.befall([{ service: 's3', operation: 'GetBucketPolicy', fault: 'frozen', occurrences: 'every' }]);
      domain.end(before);
      await world.work();
      for (const minutes of [1, 2, 5, 15, 37]) {
        expectNoLeak(world, `${minutes} minutes before the next look`);
        await world.sweep(minutes);
      }
    },
  },
  ...(['denied', 'throttled', 'failed', 'half-list'] as const).map(
    (fault): Drill => ({
      name: fault === 'half-list' ? 'DataZone gives half a list, always' : `every call to DataZone is ${fault}, for half a day`,
      act: async (world) => {
        const { domain } = world;
        const old = Array.from({ length: 4 }, () => domain.subscribe());
        await world.settle();
        const lists = ['ListSubscriptions', 'ListEnvironments', 'ListSubscriptionTargets', 'ListSubscriptionGrants'];
        const operations = Object.keys(BEFALLEN.datazone ?? {}).filter((name) => fault !== 'half-list' || lists.includes(name));
        world.befall(operations.map((operation) => ({ service: 'datazone', operation, fault, occurrences: 'every' }) as const));
        const [ended] = old;
        if (ended !== undefined) domain.end(ended);
        const late = domain.subscribe();
        world.judge.expects = (_question, made) => (made === late ? 'either' : undefined);
        await world.work();
        for (let hours = 0; hours < 12; hours += 4) {
          world.skip(4 * HOUR);
          await world.reconcile();
          expectNoLoss(world, 'while DataZone says nothing');
        }
        world.judge.expects = () => undefined;
      },
    }),
  ),
  {
    name: 'one account is throttled while others work',
    act: async (world) => {
      const { domain } = world;
      const operations = ['GetBucketPolicy', 'PutBucketPolicy', 'DeleteBucketPolicy'] as const;
      world.befall(
        operations.map(
          (operation) => ({ service: 's3', operation, fault: 'throttled', account: '333333333333', occurrences: 'every' }) as const,
        ),
      );
      for (let count = 0; count < 3; count++) domain.subscribe({ bucket: 'acme-far' });
      const near = Array.from({ length: 3 }, () => domain.subscribe());
      world.judge.expects = ({ place }) => (place.bucket === 'acme-far' ? 'either' : undefined);
      await world.work();
      expectRight(world, 'while the other account is throttled: a grant');
      for (const one of near.slice(0, 2)) domain.end(one);
      await world.work();
      expectRight(world, 'while the other account is throttled: a revocation');
      world.judge.expects = () => undefined;
    },
  },
  {
    name: 'the ledger is throttled, for an hour',
    act: async (world) => {
      const { domain } = world;
      const old = Array.from({ length: 3 }, () => domain.subscribe());
      await world.work();
      const operations = ['GetItem', 'PutItem', 'UpdateItem', 'Query'] as const;
      world.befall(operations.map((operation) => ({ service: 'dynamodb', operation, fault: 'throttled', occurrences: 'every' }) as const));
      for (const one of old.slice(0, 2)) domain.end(one);
      domain.subscribe();
      for (let sweeps = 0; sweeps < 10; sweeps++) await world.sweep(7);
    },
  },
  {
    name: 'the clock jumps, back and forth',
    seeds: 3,
    act: async (world, draw) => {
      const { domain } = world;
      const jumps = draw.shuffled([-3 * HOUR, 26 * HOUR, -20 * HOUR, 400 * HOUR, -HOUR]);
      // S3 does not know roles that are yet to be created.
      const consumers = jumps.map((jump) => ({ jump, consumer: domain.consumer() }));
      for (const { jump, consumer } of consumers) {
        const one = domain.approve(consumer, domain.publish());
        await world.work();
        world.skip(jump);
        world.faults += 1;
        if (draw.whole(2) === 0) domain.end(one);
        await world.work();
        await world.sweep();
      }
    },
  },
];
