import { LedgerUnavailable, TransientFailure } from '../../handler/errors';
import type { Message } from '../../handler/messages';
import { readMessages } from '../../handler/messages';
import { BUCKET, FakeWorld, SETTINGS } from './fake-world';

const RUNS = 'arn:aws:s3:::acme-raw/runs/';
const SWEEP: Message = { kind: 'sweep', messageId: 'sweep' };
const MINUTE = 60_000;

const later = (world: FakeWorld, milliseconds: number) => {
  world.now = new Date(world.now.getTime() + milliseconds);
};

/** A world in which calls of this name fail until it is mended. */
const broken = (name: string): FakeWorld => {
  const world = new FakeWorld();
  world.approve('s1', { arn: RUNS });
  world.interfere = (call) => {
    if (call.name === name) throw new TransientFailure('throttled', `${name} was throttled`);
    return undefined;
  };
  return world;
};

const mend = (world: FakeWorld) => {
  world.interfere = () => undefined;
};

describe('a sweep', () => {
  it("is the scheduler's message", () => {
    const body = JSON.stringify({ kind: 'sweep', at: '2026-01-15T09:30:00Z' });
    expect(readMessages({ Records: [{ messageId: 'm1', body, eventSourceARN: SETTINGS.queueArn }] }, SETTINGS)).toEqual([
      { kind: 'sweep', messageId: 'm1' },
    ]);
  });

  it('makes no call but for due work where none is due', async () => {
    const world = new FakeWorld();
    await world.deliver(SWEEP);
    expect(world.calls.map(({ name }) => name)).toEqual([
      'registry',
      'operations.deployment',
      'operations.save deployment',
      ...world.ports.ledger.dueKinds.map(() => 'ledger.due'),
      'operations.reconcile',
      'ledger.oldestWaiting',
      'ledger.failures',
    ]);
  });

  it.each(['subscription', 'subscriptionTargets', 'readPolicy', 'writePolicy'])('finishes what a failing %s left', async (name) => {
    const world = broken(name);
    expect(await world.deliver(world.created('s1'))).toEqual([]);
    expect(world.statements()).toEqual([]);
    mend(world);
    later(world, MINUTE);
    await world.deliver(SWEEP);
    expect(world.statements()).toHaveLength(2);
    expect(world.records.get('s1')).toMatchObject({ outcome: { kind: 'granted' }, pending: false });
    expect(world.records.get('s1')?.due).toBeUndefined();
  });

  it('leaves alone what is not due yet, and comes back later each time', async () => {
    const world = broken('readPolicy');
    await world.deliver(world.created('s1'));
    const first = Date.parse(world.records.get('s1')?.due?.at ?? '') - world.now.getTime();
    await world.deliver(SWEEP);
    expect(world.calls.filter((call) => call.name === 'readPolicy')).toHaveLength(1);
    later(world, first);
    await world.deliver(SWEEP);
    expect(world.calls.filter((call) => call.name === 'readPolicy')).toHaveLength(2);
    expect(Date.parse(world.records.get('s1')?.due?.at ?? '') - world.now.getTime()).toBe(2 * first);
  });

  it('takes away before it gives', async () => {
    const world = new FakeWorld();
    world.approve('s1', { arn: RUNS });
    await world.deliver(world.created('s1'));
    world.approve('s2', { arn: `${RUNS}b/`, listing: 'other' });
    world.end('s1');
    world.interfere = (call) => {
      if (call.name === 'readPolicy') throw new TransientFailure('throttled', 'throttled');
      return undefined;
    };
    await world.deliver(world.created('s2'), world.ended('s1'));
    mend(world);
    later(world, MINUTE);
    const before = world.calls.length;
    await world.deliver(SWEEP);
    const looked = world.calls.slice(before).filter(({ name }) => name === 'subscription');
    expect(looked.map(({ args }) => args[0])).toEqual(['s1', 's2']);
    expect(world.outcomes.slice(-2)).toEqual(
      expect.arrayContaining([
        { id: 's1', outcome: { kind: 'revoked' } },
        { id: 's2', outcome: { kind: 'granted' } },
      ]),
    );
  });

  it('works through more than a batch holds', async () => {
    const world = new FakeWorld();
    const ids = Array.from({ length: 25 }, (_, index) => `s${index}`);
    for (const id of ids) world.approve(id, { arn: `${RUNS}${id}/` });
    world.interfere = (call) => {
      if (call.name === 'readPolicy') throw new TransientFailure('throttled', 'throttled');
      return undefined;
    };
    for (const id of ids) await world.deliver(world.created(id));
    mend(world);
    later(world, MINUTE);
    await world.deliver(SWEEP);
    expect(ids.map((id) => world.records.get(id)?.outcome.kind)).toEqual(ids.map(() => 'granted'));
    expect(world.calls.filter(({ name }) => name === 'writePolicy').length).toBeLessThanOrEqual(3);
  });

  it('believes the event that said a subscription ended for a while, and then DataZone', async () => {
    const world = new FakeWorld();
    world.approve('s1', { arn: RUNS });
    await world.deliver(world.created('s1'));
    await world.deliver(world.ended('s1'));
    for (let minutes = 0; minutes < 14; minutes++) {
      later(world, MINUTE);
      await world.deliver(SWEEP);
      expect(world.outcomeOf('s1')).toMatchObject({ kind: 'waiting', code: 'disagreement' });
    }
    later(world, 20 * MINUTE);
    await world.deliver(SWEEP);
    expect(world.records.get('s1')).toMatchObject({ outcome: { kind: 'unchanged' }, pending: false });
    expect(world.statements()).toHaveLength(2);
  });

  it('takes away as soon as DataZone shows the end', async () => {
    const world = new FakeWorld();
    world.approve('s1', { arn: RUNS });
    await world.deliver(world.created('s1'));
    await world.deliver(world.ended('s1'));
    world.end('s1');
    later(world, MINUTE);
    await world.deliver(SWEEP);
    expect(world.policies.has(BUCKET.name)).toBe(false);
    expect(world.records.get('s1')).toMatchObject({ ended: 'revoked', pending: false });
  });

  it('finds a subscription that the event was ahead of', async () => {
    const world = new FakeWorld();
    await world.deliver(world.created('s1'));
    expect(world.outcomeOf('s1')).toMatchObject({ code: 'disagreement' });
    world.approve('s1', { arn: RUNS });
    later(world, MINUTE);
    await world.deliver(SWEEP);
    expect(world.statements()).toHaveLength(2);
  });

  it('goes back to the queue when the ledger cannot say what is due', async () => {
    const world = broken('none');
    world.interfere = (call) => {
      if (call.name === 'ledger.due') throw new LedgerUnavailable('the ledger is throttled');
      return undefined;
    };
    expect(await world.deliver(SWEEP)).toEqual(['sweep']);
  });
});
