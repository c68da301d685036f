import { grantKey } from '../../handler/core/grant/grant';
import { type ItemKey, UnreadableItem } from '../../handler/errors';
import type { Message } from '../../handler/messages';
import { Crowd, type Event, MINUTE, ODD, ODD_BUCKET, OTHERS } from './crowd';
import { BUCKET } from './fake-world';

const EVENTS: readonly Event[] = ['approved', 'ended'];
const RECONCILE: Message = { kind: 'reconcile', messageId: 'reconcile' };

/** Makes an item of the ledger unreadable. `name`: as the fake ports know it. */
const corrupt = ({ world }: Crowd, item: ItemKey, name = `${item.partition} / ${item.sort}`): void => {
  world.corrupted.set(name, new UnreadableItem(item, `ledger item '${item.partition}' / '${item.sort}' cannot be read`));
};

/** Sweeps until everything that failed was tried again. */
const sweepAll = async (crowd: Crowd): Promise<void> => {
  for (let sweeps = 0; sweeps < 3; sweeps++) expect(await crowd.sweep(2)).toEqual([]);
};

const expectMended = async (crowd: Crowd): Promise<void> => {
  crowd.mend();
  await sweepAll(crowd);
  expect(crowd.unserved).toEqual([]);
  expect(crowd.failures).toEqual([]);
};

describe.each(EVENTS)('an unreadable record of a subscription that is %s', (odd) => {
  const item = { partition: `subscription#${ODD}`, sort: 'state' };

  test('is listed and never overwritten, and the other nine are served', async () => {
    const crowd = await Crowd.gather({ odd });
    const { world, messages } = crowd;
    corrupt(crowd, item);
    const stored = world.records.get(ODD);
    expect(await world.deliver(...messages)).toEqual([]);
    await sweepAll(crowd);
    expect(crowd.unserved).toEqual([ODD]);
    expect(crowd.failures).toEqual([`subscription#${ODD} unreadable`]);
    expect(world.unitFailures.get(`subscription#${ODD}`)).toMatchObject({ item, message: expect.stringContaining('cannot be read') });
    expect(world.records.get(ODD)).toEqual(stored);
    expect(crowd.reads(ODD)).toBe(odd === 'ended');
    await expectMended(crowd);
  });

  test('leaves the schedule, so that the sweep goes on with what else is scheduled', async () => {
    const crowd = await Crowd.gather({ odd });
    const { world, messages } = crowd;
    crowd.fail(['readPolicy']);
    await world.deliver(...messages);
    crowd.mend();
    corrupt(crowd, item);
    expect(world.records.get(ODD)?.due).toBeDefined();
    await sweepAll(crowd);
    expect(crowd.unserved).toEqual([ODD]);
    expect(world.records.get(ODD)?.due).toBeUndefined();
    expect(crowd.failures).toEqual([`subscription#${ODD} unreadable`]);
    await expectMended(crowd);
  });
});

describe('an unreadable grant', () => {
  const corruptGrant = (crowd: Crowd): void => {
    const grant = crowd.world.grantOf(ODD);
    if (grant === undefined) throw new Error('the subscription in trouble has no grant');
    corrupt(crowd, { partition: `bucket#${BUCKET.name}`, sort: `grant#${grantKey(grant)}` });
  };

  test('keeps the access that it gave, and the others of the same bucket are served', async () => {
    const crowd = await Crowd.gather({ odd: 'ended' });
    const { world, messages } = crowd;
    corruptGrant(crowd);
    expect(crowd.reads(ODD)).toBe(true);
    expect(await world.deliver(...messages)).toEqual([]);
    await sweepAll(crowd);
    expect(crowd.unserved).toEqual([ODD]);
    expect(crowd.reads(ODD)).toBe(true);
    expect(crowd.failures.toSorted()).toEqual([`bucket#${BUCKET.name} unreadable`, `subscription#${ODD} unreadable`]);
    await expectMended(crowd);
  });

  test('keeps the access that it gave when it becomes unreadable while another writer changes the bucket', async () => {
    const crowd = await Crowd.gather({ odd: 'ended' });
    const { world, messages } = crowd;
    let isOver = false;
    world.interfere = ({ name }) => {
      if (name !== 'ledger.announce' || isOver) return undefined;
      isOver = true;
      corruptGrant(crowd);
      return { answer: false };
    };
    await world.deliver(...messages.filter(({ messageId }) => messageId !== `m-${ODD}`));
    expect(isOver).toBe(true);
    expect(crowd.unserved).toEqual([ODD]);
    expect(crowd.reads(ODD)).toBe(true);
  });

  test('keeps the access that it gave when a reconcile compares the bucket', async () => {
    const crowd = await Crowd.gather({ odd: 'ended' });
    const { world, messages } = crowd;
    corruptGrant(crowd);
    await world.deliver(...messages.filter(({ messageId }) => messageId !== `m-${ODD}`));
    expect(await world.deliver(RECONCILE)).toEqual([]);
    await sweepAll(crowd);
    expect(crowd.reads(ODD)).toBe(true);
    expect(world.reconciled).toHaveLength(1);
    expect(crowd.failures).toContain(`bucket#${BUCKET.name} unreadable`);
  });
});

describe.each(EVENTS)('an unreadable state of a bucket in which a subscription is %s', (odd) => {
  test('has the bucket wait, and the other buckets are served', async () => {
    const crowd = await Crowd.gather({ odd, bucket: ODD_BUCKET.name });
    const { world, messages } = crowd;
    const policy = world.policies.get(ODD_BUCKET.name);
    const head = world.heads.get(ODD_BUCKET.name);
    corrupt(crowd, { partition: `bucket#${ODD_BUCKET.name}`, sort: 'head' });
    expect(await world.deliver(...messages)).toEqual([]);
    await sweepAll(crowd);
    expect(crowd.unserved).toEqual([ODD]);
    expect(world.policies.get(ODD_BUCKET.name)).toBe(policy);
    expect(world.heads.get(ODD_BUCKET.name)).toEqual(head);
    expect(crowd.failures).toContain(`subscription#${ODD} unreadable`);
    await expectMended(crowd);
  });

  test('leaves reconcile to go on with the other buckets', async () => {
    const crowd = await Crowd.gather({ odd, bucket: ODD_BUCKET.name });
    const { world } = crowd;
    corrupt(crowd, { partition: `bucket#${ODD_BUCKET.name}`, sort: 'head' });
    expect(await world.deliver(RECONCILE)).toEqual([]);
    await sweepAll(crowd);
    expect(world.reconciled).toHaveLength(1);
    expect(OTHERS.filter((id) => !crowd.isServed(id))).toEqual([]);
    expect(crowd.failures).toContain(`bucket#${ODD_BUCKET.name} unreadable`);
    crowd.mend();
    await sweepAll(crowd);
    expect(await world.deliver(RECONCILE)).toEqual([]);
    expect(crowd.unserved).toEqual([]);
    expect(crowd.failures).toEqual([]);
  });
});

describe('an unreadable state of the deployment', () => {
  test('stops what is to be granted, and revocations go on', async () => {
    const crowd = await Crowd.gather({ odd: 'ended' });
    const { world, messages } = crowd;
    corrupt(crowd, { partition: 'deployment', sort: 'state' }, 'deployment');
    const approved = OTHERS.filter((_, index) => index % 2 === 1);
    expect(await world.deliver(...messages)).toEqual([]);
    await sweepAll(crowd);
    expect(crowd.unserved).toEqual(approved);
    expect(approved.filter((id) => crowd.reads(id))).toEqual([]);
    expect(world.records.get(approved[0] ?? '')).toMatchObject({ outcome: { kind: 'waiting', code: 'frozen' } });
    expect(crowd.failures).toEqual(['deployment#state unreadable']);
    crowd.mend();
    await crowd.sweep(61);
    await sweepAll(crowd);
    expect(crowd.unserved).toEqual([]);
    expect(crowd.failures).toEqual([]);
  });
});

describe('an unreadable state of reconcile', () => {
  test('stops reconcile, and the sweep does its other work', async () => {
    const crowd = await Crowd.gather({ odd: 'approved' });
    const { world, messages } = crowd;
    crowd.fail(['readPolicy']);
    await world.deliver(...messages);
    crowd.mend();
    corrupt(crowd, { partition: 'reconcile', sort: 'cursor' }, 'reconcile');
    expect(await world.deliver(RECONCILE)).toEqual([]);
    await sweepAll(crowd);
    expect(crowd.unserved).toEqual([]);
    expect(world.gauges['failedUnits']).toBe(1);
    expect(crowd.failures).toEqual(['deployment#reconcile unreadable']);
    expect(world.reconciled).toEqual([]);
    crowd.mend();
    world.now = new Date(world.now.getTime() + 61 * MINUTE);
    await sweepAll(crowd);
    expect(crowd.failures).toEqual([]);
    expect(await world.deliver(RECONCILE)).toEqual([]);
    expect(world.reconciled).toHaveLength(1);
  });
});
