import type { SubscriptionRecord } from '../../handler/core/ledger/subscription-record';
import { MOST_REPORTS } from '../../handler/core/limits';
import { Crowd, MINUTE, ODD, SWEEP } from './crowd';
import { BUCKET, FakeWorld } from './fake-world';

const RUNS = 'arn:aws:s3:::acme-raw/runs/';

describe('a subscription with thousands of statuses to report', () => {
  const GRANTS = 2_500;

  test('reports some of them in each invocation, and the others are served at once', async () => {
    const crowd = await Crowd.gather({ odd: 'approved' });
    const { world, messages } = crowd;
    for (let index = 0; index < GRANTS; index++) {
      const assets = [{ assetId: `asset-listing-${ODD}`, status: 'GRANT_PENDING' }];
      const grant = { environmentId: 'env-odd', targetId: 'target-odd', listingId: `listing-${ODD}`, assets };
      world.catalogueGrants.set(`g-${ODD}-${index}`, { id: `g-${ODD}-${index}`, ...grant });
    }
    const reports = () => world.reports.filter(({ grantId }) => grantId.startsWith(`g-${ODD}`)).length;
    expect(await world.deliver(...messages)).toEqual([]);
    expect(crowd.unserved).toEqual([ODD]);
    expect(crowd.reads(ODD)).toBe(true);
    expect(reports()).toBe(MOST_REPORTS);
    expect(world.records.get(ODD)).toMatchObject({ pending: false, due: { kind: 'report' } });

    let sweeps = 0;
    for (let before = reports(); before < GRANTS + 1; before = reports(), sweeps++) {
      await crowd.sweep(61);
      expect(reports()).toBe(Math.min(before + MOST_REPORTS, GRANTS + 1));
    }
    expect(sweeps).toBe(GRANTS / MOST_REPORTS);
    expect(world.records.get(ODD)?.due).toBeUndefined();
    expect(crowd.unserved).toEqual([]);
  });
});

describe('a sweep', () => {
  /** A world in which so many subscriptions wait, until this time. */
  const waiting = async (count: number, until: (index: number) => Date): Promise<FakeWorld> => {
    const world = new FakeWorld();
    world.approve('s0', { arn: RUNS });
    await world.deliver(world.created('s0'));
    const record = world.records.get('s0');
    if (record === undefined) throw new Error('the subscription has no record');
    for (let index = 1; index <= count; index++) {
      const id = `s${index}`;
      const due = { kind: 'grant', at: until(index).toISOString(), attempts: 1 } as const;
      world.records.set(id, { ...record, id, pending: true, lookup: { subscriptionId: id }, due } satisfies SubscriptionRecord);
    }
    world.calls.length = 0;
    return world;
  };

  const pagesOf = ({ calls }: FakeWorld) => calls.filter(({ name }) => name === 'ledger.due');

  test('reads no more pages of scheduled work where 500 subscriptions wait that are not due', async () => {
    const none = await waiting(0, () => new Date());
    await none.deliver(SWEEP);
    const many = await waiting(500, (index) => new Date(none.now.getTime() + index * MINUTE));
    await many.deliver(SWEEP);
    expect(pagesOf(many)).toHaveLength(pagesOf(none).length);
    expect(many.calls).toHaveLength(none.calls.length);
  });

  test('reads pages of one size, and the next only when the one before is done', async () => {
    const world = await waiting(35, () => new Date(0));
    await world.deliver(SWEEP);
    const limits = new Set(pagesOf(world).map(({ args: [, , limit] }) => limit));
    expect([...limits]).toEqual([10]);
    const grants = pagesOf(world).filter(({ args: [kind] }) => kind === 'grant');
    expect(grants).toHaveLength(4);
    for (const [index, page] of grants.slice(1).entries()) {
      const before = world.calls.slice(0, world.calls.indexOf(page));
      expect(before.filter(({ name }) => name === 'subscription').length).toBeGreaterThanOrEqual(10 * (index + 1));
    }
  });

  test('works on a revocation before the second page of what waits to be granted', async () => {
    const world = await waiting(35, () => new Date(0));
    const record = world.records.get('s35');
    if (record === undefined) throw new Error('there is no such record');
    world.records.set('s35', { ...record, due: { kind: 'revoke', at: world.now.toISOString(), attempts: 0 } });
    await world.deliver(SWEEP);
    const order = world.calls.flatMap(({ name, args }) => (name === 'subscription' ? [args[0]] : []));
    expect(order.indexOf('s35')).toBe(0);
  });
});

describe('grants that are settled', () => {
  const loop = async (world: FakeWorld, id: string): Promise<void> => {
    world.approve(id, { arn: `${RUNS}looped/` });
    await world.deliver(world.created(id));
    world.end(id, { status: 'CANCELLED' });
    await world.deliver(world.ended(id));
  };
  const read = async (world: FakeWorld): Promise<number> => (await world.ports.ledger.bucket(BUCKET.name)).grants.length;

  /** One subscription whose grant stays live. */
  const begin = async (): Promise<FakeWorld> => {
    const world = new FakeWorld();
    world.approve('live', { arn: `${RUNS}live/` });
    await world.deliver(world.created('live'));
    return world;
  };

  test('leave the bucket, so that 100 loops of subscribing and cancelling cost its readers nothing', async () => {
    const world = await begin();
    const most = Math.max(
      ...(await inTurn(100, async (index) => {
        await loop(world, `loop${index}`);
        const grants = await read(world);
        world.now = new Date(world.now.getTime() + 5 * MINUTE);
        await world.deliver(SWEEP);
        return grants;
      })),
    );
    expect(most).toBe(2);
    expect(await read(world)).toBe(1);
    expect(world.settledGrants.size).toBe(100);
    expect(world.statements().some(({ Resource }) => Resource === `${RUNS}live/*`)).toBe(true);
  });

  test('leave the bucket later where many are settled at once', async () => {
    const world = await begin();
    for (let index = 0; index < 100; index++) await loop(world, `loop${index}`);
    world.now = new Date(world.now.getTime() + 5 * MINUTE);
    await world.deliver(SWEEP);
    expect(await read(world)).toBe(51);
    await world.deliver({ kind: 'reconcile', messageId: 'reconcile' });
    expect(await read(world)).toBe(1);
  });

  test('still count when an event of their subscription comes late', async () => {
    const world = await begin();
    await loop(world, 'loop');
    world.now = new Date(world.now.getTime() + 5 * MINUTE);
    await world.deliver(SWEEP);
    expect(await read(world)).toBe(1);
    world.approve('loop', { arn: `${RUNS}looped/` });
    await world.deliver(world.created('loop'));
    expect(await read(world)).toBe(1);
    expect(world.statements().some(({ Resource }) => Resource === `${RUNS}looped/*`)).toBe(false);
    expect(world.records.get('loop')).toMatchObject({ ended: 'revoked', outcome: { kind: 'revoked' }, pending: false });
  });
});

const inTurn = async <Value>(count: number, work: (index: number) => Promise<Value>): Promise<readonly Value[]> => {
  const values: Value[] = [];
  for (let index = 0; index < count; index++) values.push(await work(index));
  return values;
};
