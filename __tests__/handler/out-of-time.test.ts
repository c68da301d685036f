import { dispatch } from '../../handler/dispatch';
import type { Message } from '../../handler/messages';
import { FakeWorld } from './fake-world';

const RUNS = 'arn:aws:s3:::acme-raw/runs/';
/** Names of the ports' calls that go to the ledger or the registry, which are never waited for too long to be made. */
const isOfTheLedger = (name: string) => name.startsWith('ledger.') || name.startsWith('operations.') || name === 'registry';

/** Delivers a message to a function whose time is up after so many calls. */
const deliverUntil = (world: FakeWorld, { message, calls }: { message: Message; calls: number }) => {
  const before = world.calls.length;
  return dispatch([message], {
    ports: world.ports,
    settings: world.settings,
    breaker: world.breaker,
    timeIsUp: () => world.calls.length - before >= calls,
  });
};

const granted = async () => {
  const world = new FakeWorld();
  world.approve('s1', { arn: RUNS });
  await world.deliver(world.created('s1'));
  world.end('s1');
  return world;
};
const approved = async () => {
  const world = new FakeWorld();
  world.approve('s1', { arn: RUNS });
  return world;
};

describe('a function whose time runs out', () => {
  it('asks nobody anything any more, and writes down what is due', async () => {
    const world = await approved();
    expect(await deliverUntil(world, { message: world.created('s1'), calls: 0 })).toEqual([]);
    expect(world.calls.map(({ name }) => name).filter((name) => !isOfTheLedger(name))).toEqual([]);
    expect(world.records.get('s1')).toMatchObject({
      pending: true,
      outcome: { kind: 'waiting', code: 'unavailable' },
      due: { kind: 'grant' },
    });
  });

  it.each([
    ['grant', approved, (world: FakeWorld) => world.created('s1'), { kind: 'granted' }],
    ['revocation', granted, (world: FakeWorld) => world.ended('s1'), { kind: 'revoked' }],
  ] as const)('after any of its calls gives no message back, and the next look ends the %s', async (_what, begin, messageOf, outcome) => {
    for (let calls = 0; ; calls++) {
      const world = await begin();
      const before = world.calls.length;
      const message = messageOf(world);
      expect(await deliverUntil(world, { message, calls })).toEqual([]);
      expect(world.records.get('s1')?.due !== undefined || world.outcomeOf('s1')?.kind === outcome.kind).toBe(true);
      const wasDone = world.records.get('s1')?.due === undefined;
      const made = world.calls.length - before;
      if (!wasDone) {
        await world.deliver(message);
        expect(world.records.get('s1')?.due).toBeUndefined();
      }
      expect(world.statements().length > 0).toBe(outcome.kind === 'granted');
      if (made < calls) return expect(calls).toBeGreaterThan(12);
    }
  });
});
