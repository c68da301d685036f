import { LEDGER_KEYS } from '../../handler/contract/ledger-keys';
import { SERVED } from './crowd';
import { CORRUPTIONS, corruptEach, corruptItem, putItem } from './ledger-items';
import { ROUTES } from './offence';
import { survives } from './unreadable';
import { OWN } from './world';

const requestOf = (id: string) => ({ pk: LEDGER_KEYS.request(id), sk: LEDGER_KEYS.requestState });
const CURSOR = { pk: LEDGER_KEYS.reconcile, sk: LEDGER_KEYS.cursor };
const DEPLOYMENT = { pk: LEDGER_KEYS.deployment, sk: LEDGER_KEYS.deploymentState };

// There is one cursor, so each corruption needs a world of its own. Reconcile itself waits, so only events are promised.
for (const [corruption, corrupt] of CORRUPTIONS)
  survives({
    name: `the cursor of reconcile unreadable: ${corruption}`,
    routes: ['events'],
    prepare: async (world) => {
      await world.reconcile();
      return async () => [await corruptItem(world, CURSOR, { corrupt })];
    },
  });

/** Parts that no run of this size writes itself, so that what is there afterwards is what was put there. */
const FAR_PART = 900;

survives({
  name: 'unreadable lists of the subscriptions that reconcile has seen',
  routes: ROUTES,
  prepare: async (world) => async () => {
    // These lists have no member with JSON text, so the last corruption would leave them readable.
    const keys = CORRUPTIONS.slice(0, -1).map((_, index) => ({ pk: LEDGER_KEYS.reconcile, sk: LEDGER_KEYS.approved(FAR_PART + index) }));
    for (const { pk, sk } of keys)
      await putItem(world, { pk: { S: pk }, sk: { S: sk }, schema: { N: '1' }, run: { S: 'earlier' }, ids: { L: [{ S: 'one' }] } });
    return corruptEach(world, keys);
  },
});

survives({
  name: "unreadable operators' requests whose messages come again",
  routes: ROUTES,
  prepare: async (world) => {
    const requests = OWN.map((bucket, index) => ({ id: `request-${index}-of-an-operator`, bucket }));
    const bodies = requests.map(({ id, bucket }) => world.requestText({ command: 'freeze', bucket }, id));
    for (const body of bodies) world.sendAsOperator(body);
    await world.work();
    // SQS drops a message that repeats another within five minutes.
    world.skip(6);
    return async () => {
      const items = await corruptEach(
        world,
        requests.map(({ id }) => requestOf(id)),
      );
      for (const body of bodies) world.sendAsOperator(body);
      return items;
    };
  },
});

survives({
  name: 'the unreadable request of a reconcile that is under way',
  routes: ROUTES,
  prepare: async (world) => {
    const id = 'request-of-a-reconcile';
    const fail = world.aws.faults.add(({ operation }) =>
      operation === 'ListSubscriptions' ? { status: 500, code: 'InternalServerException', message: 'try again' } : undefined,
    );
    world.sendAsOperator(world.requestText({ command: 'reconcile', dryRun: false }, id));
    await world.work();
    fail();
    return async () => {
      const [, corrupt] = CORRUPTIONS[0] ?? [];
      return corrupt === undefined ? [] : [await corruptItem(world, requestOf(id), { corrupt })];
    };
  },
});

const { stillReading, returned, returnedSchedules, left, deadLetters } = SERVED;

// What an operator stopped is not known then: revocations go on, and nothing is granted.
for (const [index, [corruption, corrupt]] of CORRUPTIONS.entries())
  survives({
    name: `the deployment state unreadable: ${corruption}`,
    routes: index === 0 ? ROUTES : ['events'],
    promised: { stillReading, returned, returnedSchedules, left, deadLetters },
    prepare: async (world) => async () => [await corruptItem(world, DEPLOYMENT, { corrupt })],
  });
