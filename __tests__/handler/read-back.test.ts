import { setImmediate } from 'node:timers/promises';
import { entryOf } from '../../handler/core/grant/grant';
import { BUCKET, FakeWorld, READER } from './fake-world';

const RUNS = 'arn:aws:s3:::acme-raw/runs/';

const approved = (): FakeWorld => {
  const world = new FakeWorld();
  world.approve('s1', { arn: RUNS });
  return world;
};

const states = (world: FakeWorld) => world.allGrants().map(({ grant }) => entryOf(grant, READER)?.state);
const tells = (world: FakeWorld) => ({ states: states(world), outcome: world.outcomeOf('s1')?.kind, settled: world.history.size });

describe('a write', () => {
  it('counts for nothing while no read shows it', async () => {
    const world = approved();
    world.interfere = ({ name }) => (name === 'readPolicy' ? { answer: undefined } : undefined);
    expect(await world.deliver(world.created('s1'))).toEqual([]);
    expect(world.policies.has(BUCKET.name)).toBe(true);
    expect(tells(world)).toEqual({ states: ['waiting'], outcome: 'waiting', settled: 0 });
  });

  it('counts for nothing while reads show it only now and then, never twice in a row', async () => {
    const world = approved();
    world.interfere = ({ name, n }) => (name === 'readPolicy' && n % 2 === 1 ? { answer: undefined } : undefined);
    expect(await world.deliver(world.created('s1'))).toEqual([]);
    expect(tells(world)).toEqual({ states: ['waiting'], outcome: 'waiting', settled: 0 });
  });

  it('counts as soon as two reads in a row show it', async () => {
    const world = approved();
    world.interfere = ({ name, n }) => (name === 'readPolicy' && n < 4 ? { answer: undefined } : undefined);
    expect(await world.deliver(world.created('s1'))).toEqual([]);
    expect(tells(world)).toEqual({ states: ['granted'], outcome: 'granted', settled: 1 });
    expect(world.calls.filter(({ name }) => name === 'readPolicy')).toHaveLength(5);
  });

  it.each(['ledger.saveSubscription', 'ledger.saveGrant'])('does not begin before %s has ended', async (name) => {
    const world = approved();
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    world.turn = async (call) => (call.name === name ? held : undefined);
    const delivery = world.deliver(world.created('s1'));
    for (let turns = 0; turns < 50; turns++) await setImmediate();
    expect(world.calls.map((call) => call.name)).toContain('readPolicy');
    expect(world.calls.map((call) => call.name)).not.toContain('writePolicy');
    if (name === 'ledger.saveSubscription') expect(world.calls.map((call) => call.name)).not.toContain('ledger.announce');
    letGo();
    await delivery;
    expect(states(world)).toEqual(['granted']);
  });
});
