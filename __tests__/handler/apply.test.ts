import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { entryOf } from '../../handler/core/grant/grant';
import type { RegisteredBucket } from '../../handler/core/subscription/registry';
import { TransientFailure } from '../../handler/errors';
import { BUCKET, FakeWorld, PRODUCER, READER } from './fake-world';

const RUNS = 'arn:aws:s3:::acme-raw/runs/';
const PAPERS: RegisteredBucket = {
  ...BUCKET,
  name: 'acme-papers',
  account: '444444444444',
  prefixes: [
    { prefix: 'mine/', owningProjects: [PRODUCER] },
    { prefix: 'theirs/', owningProjects: ['another'] },
  ],
};

const withPapers = (): FakeWorld => {
  const world = new FakeWorld();
  world.buckets.set(PAPERS.name, PAPERS);
  return world;
};

const count = (world: FakeWorld, name: string) => world.calls.filter((call) => call.name === name).length;
const stateOf = (world: FakeWorld, id: string) =>
  world
    .allGrants()
    .filter(({ grant }) => grant.subscriptionId === id)
    .map(({ grant }) => entryOf(grant, READER)?.state);
const reads = (world: FakeWorld, arn: string, bucket?: string) =>
  world.statements(bucket).some(({ Resource }) => [Resource].flat().includes(`${arn}*`));

describe('a batch of ten messages', () => {
  const batch = (world: FakeWorld) => {
    world.approve('s1', { arn: RUNS });
    world.approve('s2', { arn: `${RUNS}b/` });
    world.approve('s3', { arn: 'arn:aws:s3:::acme-papers/mine/' });
    world.approve('s4', { arn: 'arn:aws:s3:::acme-papers/theirs/', owner: 'another' });
    const ids = ['s1', 's2', 's1', 's3', 's4', 's2', 's1', 's3', 's4', 's1'];
    return ids.map((id, index) => ({ ...world.created(id), messageId: `m${index}` }));
  };

  it('resolves each subscription once and reads the shared things once', async () => {
    const world = withPapers();
    await world.deliver(...batch(world));
    expect(count(world, 'subscription')).toBe(4);
    expect(count(world, 'environments')).toBe(1);
    expect(count(world, 'subscriptionTargets')).toBe(1);
    expect(count(world, 'ledger.bucket')).toBe(2);
  });

  it('writes each bucket once per owning project', async () => {
    const world = withPapers();
    await world.deliver(...batch(world));
    const written = world.calls.filter(({ name }) => name === 'writePolicy').map(({ args: [access] }) => access);
    expect(written).toEqual([
      expect.objectContaining({ owningProject: PRODUCER, bucket: expect.objectContaining({ name: expect.any(String) }) }),
      expect.objectContaining({ owningProject: expect.any(String) }),
      expect.objectContaining({ owningProject: expect.any(String) }),
    ]);
    const keys = world.calls
      .filter(({ name }) => name === 'writePolicy')
      .map(({ args }) => JSON.stringify(args[0]))
      .map((text) => JSON.parse(text))
      .map(({ bucket, owningProject }) => `${bucket.name} ${owningProject}`);
    expect(keys.toSorted()).toEqual([`acme-papers ${PRODUCER}`, 'acme-papers another', `acme-raw ${PRODUCER}`].toSorted());
    expect(['s1', 's2', 's3', 's4'].flatMap((id) => stateOf(world, id))).toEqual(['granted', 'granted', 'granted', 'granted']);
  });

  it('takes away with the session of no project, before anything is given', async () => {
    const world = withPapers();
    world.approve('s0', { arn: `${RUNS}old/` });
    await world.deliver(world.created('s0'));
    world.end('s0');
    world.approve('s1', { arn: RUNS });
    world.calls.length = 0;
    await world.deliver(world.created('s1'), world.ended('s0'));
    const projects = world.calls
      .filter(({ name }) => name === 'writePolicy')
      .map(({ args }) => JSON.parse(JSON.stringify(args[0])).owningProject);
    const removed = world.calls
      .filter(({ name }) => name === 'removePolicy')
      .map(({ args }) => JSON.parse(JSON.stringify(args[0])).owningProject);
    expect([removed, projects]).toEqual([['-'], [PRODUCER]]);
    expect([stateOf(world, 's0'), stateOf(world, 's1')]).toEqual([['revoked'], ['granted']]);
  });

  it('is not held up by one failing bucket', async () => {
    const world = withPapers();
    const messages = batch(world);
    world.interfere = ({ name, args }) => {
      if (name === 'readPolicy' && JSON.stringify(args).includes('acme-papers'))
        throw new TransientFailure('bucket-missing', 'no such bucket');
      return undefined;
    };
    expect(await world.deliver(...messages)).toEqual([]);
    expect(['s1', 's2'].flatMap((id) => stateOf(world, id))).toEqual(['granted', 'granted']);
    expect(['s3', 's4'].map((id) => world.outcomeOf(id))).toEqual([
      expect.objectContaining({ kind: 'waiting', code: 'bucket-missing' }),
      expect.objectContaining({ kind: 'waiting', code: 'bucket-missing' }),
    ]);
    expect(['s3', 's4'].map((id) => world.records.get(id)?.due?.kind)).toEqual(['grant', 'grant']);
  });

  it.each(['subscriptions', 'subscription', 'subscriptionTargets', 'environments', 'ledger.bucket', 'ledger.saveGrant', 'readPolicy'])(
    'has nothing in flight when it returns, though %s fails at once and everything else is slow',
    async (failing) => {
      const world = withPapers();
      const messages = batch(world);
      const [first] = world.environments.values();
      first?.push({ id: 'env2', account: '333333333333' });
      let failed = false;
      world.turn = async ({ name }) => {
        if (name === failing && !failed) {
          failed = true;
          throw new TransientFailure('unavailable', 'gone');
        }
        for (let turns = 0; turns < 5; turns++) await setImmediate();
      };
      const search = { ...world.created('s1'), messageId: 'm', lookup: { listingId: 'listing-s1' } };
      await world.deliver(...messages, search).catch(() => []);
      expect(failed).toBe(true);
      expect(world.underWay).toBe(0);
    },
  );
});

describe('a policy that somebody else is changing', () => {
  const withConflicts = async (conflicts: number) => {
    const world = new FakeWorld();
    world.approve('s1', { arn: RUNS });
    let left = conflicts;
    world.interfere = ({ name }) => (name === 'writePolicy' && left-- > 0 ? { answer: { kind: 'conflict' } } : undefined);
    await world.deliver(world.created('s1'));
    return world;
  };

  it('is read again and written again after a conflict, in the same invocation', async () => {
    const world = await withConflicts(1);
    expect(world.outcomeOf('s1')).toEqual({ kind: 'granted' });
    expect(count(world, 'writePolicy')).toBe(2);
    const order = world.calls.map(({ name }) => name).filter((name) => name === 'readPolicy' || name === 'writePolicy');
    expect(order.slice(0, 4)).toEqual(['readPolicy', 'writePolicy', 'readPolicy', 'writePolicy']);
    expect(world.history.size).toBe(1);
  });

  it('becomes due when the conflict does not end', async () => {
    const world = await withConflicts(Number.POSITIVE_INFINITY);
    expect(world.outcomeOf('s1')).toMatchObject({ kind: 'waiting', code: 'unavailable' });
    expect(world.records.get('s1')?.due?.kind).toBe('grant');
    expect(stateOf(world, 's1')).toEqual(['waiting']);
    expect(world.history.size).toBe(0);
  });
});

describe('two instances of the function at once', () => {
  it('do not bring back what the other took away in between', async () => {
    const world = new FakeWorld();
    world.approve('s1', { arn: RUNS });
    await world.deliver(world.created('s1'));
    world.end('s1');
    world.approve('s2', { arn: `${RUNS}b/` });
    let interrupted = false;
    world.turn = async ({ name }) => {
      if (name !== 'ledger.announce' || interrupted) return;
      interrupted = true;
      await world.deliver(world.ended('s1'));
    };
    await world.deliver(world.created('s2'));
    expect(interrupted).toBe(true);
    expect([reads(world, RUNS), reads(world, `${RUNS}b/`)]).toEqual([false, true]);
    expect([stateOf(world, 's1'), stateOf(world, 's2')]).toEqual([['revoked'], ['granted']]);
    expect(world.heads.get(BUCKET.name)).toMatchObject({ written: world.statements() });
  });

  it('lose nothing, in whatever order their calls come, once their due work was looked at again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const world = new FakeWorld();
        world.approve('s1', { arn: RUNS });
        world.approve('s2', { arn: `${RUNS}b/` });
        await world.deliver(world.created('s1'));
        world.end('s1');
        world.approve('s3', { arn: `${RUNS}c/` });
        world.turn = ({ name }) => scheduler.schedule(Promise.resolve(), name);
        const both = Promise.all([world.deliver(world.ended('s1'), world.created('s2')), world.deliver(world.created('s3'))]);
        await scheduler.waitFor(both);
        world.turn = () => Promise.resolve();
        for (const id of ['s1', 's2', 's3']) await world.deliver(id === 's1' ? world.ended(id) : world.created(id));
        expect([RUNS, `${RUNS}b/`, `${RUNS}c/`].map((arn) => reads(world, arn))).toEqual([false, true, true]);
        expect(['s1', 's2', 's3'].flatMap((id) => stateOf(world, id))).toEqual(['revoked', 'granted', 'granted']);
        expect([...world.records.values()].every(({ due }) => due === undefined)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});

describe('what still lets in whose access was taken', () => {
  const OWNERS = {
    Sid: 'Owners',
    Effect: 'Allow',
    Principal: { AWS: READER },
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::acme-raw/*',
  };

  it('is in the history and counted', async () => {
    const world = new FakeWorld();
    world.policies.set(BUCKET.name, JSON.stringify({ Version: '2012-10-17', Statement: [OWNERS] }));
    world.approve('s1', { arn: RUNS });
    await world.deliver(world.created('s1'));
    world.end('s1');
    await world.deliver(world.ended('s1'));
    expect(world.history.get(`${BUCKET.name}#2`)?.residualAccess).toEqual([expect.stringContaining("'Owners'")]);
    expect(world.residuals).toEqual([{ bucket: BUCKET.name, count: 1 }]);
  });
});
