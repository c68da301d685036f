import { CONSUMER_ACCOUNT, FUNCTION_ROLE } from '../deployment';
import type { Made } from '../domain';
import { type Drill, expectNoLoss } from '../drill';
import type { World } from '../world';

/** Things that may be deleted in DataZone while access by them is live. */
const DELETED: Readonly<Record<string, (world: World, made: Made) => void>> = {
  'subscription target': ({ aws }, { consumer }) => void aws.state.datazone.targets.delete(consumer.target),
  environment: ({ aws }, { consumer }) => aws.seed.deleteEnvironment(consumer.environment),
  'consumer project': ({ aws }, { consumer }) => aws.seed.deleteProject(consumer.id),
  asset: ({ aws }, { published }) => aws.seed.deleteAsset(published.asset),
};

/** What vanishes, or comes late: in DataZone and among roles. */
export const GONE: readonly Drill[] = [
  {
    name: 'a principal taken out of the target, and another put in',
    act: async (world) => {
      const { aws, domain } = world;
      const made = domain.subscribe();
      domain.subscribe();
      await world.work();
      domain.retarget(made.consumer, [aws.seed.role({ account: CONSUMER_ACCOUNT, name: 'successor' }).arn]);
      world.faults += 1;
    },
  },
  ...Object.entries(DELETED).map(
    ([what, remove]): Drill => ({
      name: `${what} deleted, and its subscription revoked after`,
      act: async (world) => {
        const { domain } = world;
        const [stays, ends] = [domain.subscribe(), domain.subscribe()];
        domain.subscribe();
        await world.settle();
        for (const one of [stays, ends]) remove(world, one);
        world.faults += 2;
        await world.sweep();
        expectNoLoss(world, 'right after');
        await world.settle();
        domain.end(ends);
      },
    }),
  ),
  {
    name: 'a role deleted, and created again under the same name',
    act: async (world) => {
      const { aws, domain } = world;
      const made = [domain.subscribe(), domain.subscribe(), domain.subscribe()];
      await world.settle();
      for (const { consumer } of made.slice(0, 2)) aws.seed.remove(consumer.role);
      world.faults += 2;
      domain.subscribe();
      await world.reconcile();
      expectNoLoss(world, 'with dead principals in the policy');
      const [again] = made;
      if (again !== undefined) aws.seed.role({ account: CONSUMER_ACCOUNT, name: again.consumer.role.split('/').at(-1) ?? '' });
    },
  },
  {
    name: 'a role created after its approval, and known to S3 later still',
    act: async (world) => {
      const { aws, domain } = world;
      domain.subscribe();
      const late = domain.consumer({ role: `arn:aws:iam::${CONSUMER_ACCOUNT}:role/late` });
      domain.approve(late, domain.publish());
      domain.subscribe();
      await world.work();
      expectNoLoss(world, 'while one role does not exist');
      await world.sweep(10);
      aws.seed.role({ account: CONSUMER_ACCOUNT, name: 'late', knownAfter: 90 });
      world.faults += 1;
      await world.sweep();
    },
  },
  {
    name: "the function's role replaced",
    act: async (world) => {
      const { aws, domain } = world;
      const made = domain.subscribe();
      await world.work();
      aws.seed.remove(FUNCTION_ROLE);
      world.faults += 1;
      await world.deploy({});
      await world.restart();
      domain.end(made);
      domain.subscribe();
    },
  },
];
