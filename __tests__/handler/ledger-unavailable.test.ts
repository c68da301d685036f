import { ItemTooLarge, LedgerUnavailable } from '../../handler/errors';
import { BUCKET, FakeWorld } from './fake-world';

const RUNS = `arn:aws:s3:::${BUCKET.name}/runs/`;

const approved = (): FakeWorld => {
  const world = new FakeWorld();
  world.approve('s1', { arn: RUNS });
  return world;
};

/** The calls of the ledger on the way from an event to a granted subscription, in their order. */
const ledgerCalls = async (): Promise<readonly string[]> => {
  const world = approved();
  await world.deliver(world.created('s1'));
  return [...new Set(world.calls.map(({ name }) => name).filter((name) => name.startsWith('ledger.')))];
};

it('a ledger that fails at any of its calls returns the message, and a later attempt grants all', async () => {
  const names = await ledgerCalls();
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) {
    const world = approved();
    world.interfere = (call) => {
      if (call.name === name) throw new LedgerUnavailable('as arranged');
      return undefined;
    };
    expect([name, await world.deliver(world.created('s1'))]).toEqual([name, ['m-s1']]);
    world.interfere = () => undefined;
    world.now = new Date(world.now.getTime() + 60_000);
    expect([name, await world.deliver(world.created('s1'))]).toEqual([name, []]);
    expect([name, world.records.get('s1')?.outcome.kind]).toEqual([name, 'granted']);
    expect(world.statements()).toHaveLength(2);
  }
});

it.each([
  ['and the failure can be recorded', 'ledger.none', []],
  ['and nothing can be recorded', 'ledger.recordFailure', ['m-s1']],
])('a record that is too large in any form is a failure of its subscription: %s', async (_what, failing, returned) => {
  const world = approved();
  world.interfere = ({ name }) => {
    if (name === 'ledger.saveSubscription')
      throw new ItemTooLarge(500_000, "ledger item 'subscription#s1' / 'state' would take 500000 bytes");
    if (name === failing) throw new LedgerUnavailable('as arranged');
    return undefined;
  };
  expect(await world.deliver(world.created('s1'))).toEqual(returned);
  expect(world.statements()).toEqual([]);
  const failures = [...world.unitFailures.values()];
  expect(failures.map(({ unit, outcome }) => [unit.kind, outcome])).toEqual(returned.length > 0 ? [] : [['subscription', 'defect']]);
  for (const { message } of failures) expect(message).toContain('would take 500000 bytes; publish smaller data products');
});
