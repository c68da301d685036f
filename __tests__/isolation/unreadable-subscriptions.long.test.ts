import { LEDGER, LEDGER_KEYS } from '../../handler/contract/ledger-keys';
import { CORRUPTIONS, corruptEach, grantKeyOf, itemAt } from './ledger-items';
import { ROUTES } from './offence';
import { survives } from './unreadable';
import { OWN, SHARED } from './world';

const stateOf = (id: string) => ({ pk: LEDGER_KEYS.subscription(id), sk: LEDGER_KEYS.subscriptionState });

survives({
  name: 'unreadable records of subscriptions whose work is scheduled',
  routes: ROUTES,
  prepare: async (world) => {
    const published = world.publish(OWN[0]);
    const missingRole = 'arn:aws:iam::444444444444:role/not-created-yet';
    const made = CORRUPTIONS.map(() => {
      const consumer = world.consumer();
      world.domain.retarget(consumer, [missingRole]);
      return world.domain.approve(consumer, published);
    });
    await world.work();
    for (const { id } of made) {
      const item = await itemAt(world, stateOf(id));
      if (item[LEDGER.dueKind] === undefined) throw new Error(`nothing is scheduled for subscription '${id}', whose role does not exist`);
    }
    return () =>
      corruptEach(
        world,
        made.map(({ id }) => stateOf(id)),
      );
  },
});

survives({
  name: 'unreadable grant items on a bucket of the others',
  routes: ROUTES,
  prepare: async (world) => {
    const published = world.publish(SHARED[0]);
    const made = CORRUPTIONS.map(() => world.domain.approve(world.consumer(), published));
    await world.work();
    const keys = await Promise.all(made.map(({ id }) => grantKeyOf(world, { subscription: id, bucket: SHARED[0] })));
    return () => corruptEach(world, keys);
  },
});

survives({
  name: 'unreadable bucket states of other buckets',
  routes: ROUTES,
  prepare: async (world) => {
    for (const bucket of OWN) world.domain.approve(world.consumer(), world.publish(bucket));
    await world.work();
    return () =>
      corruptEach(
        world,
        OWN.map((bucket) => ({ pk: LEDGER_KEYS.bucket(bucket), sk: LEDGER_KEYS.head })),
      );
  },
});
