import { BUCKET, FakeWorld, READER } from './fake-world';

const RUNS = 'arn:aws:s3:::acme-raw/runs/';

const granted = async (): Promise<FakeWorld> => {
  const world = new FakeWorld();
  world.approve('s1', { arn: RUNS });
  expect(await world.deliver(world.created('s1'))).toEqual([]);
  return world;
};

describe('an approved subscription', () => {
  it('gives a bucket without a policy one that lets the reader list and read the prefix, and nothing else', async () => {
    const world = await granted();
    expect(JSON.parse(world.policies.get(BUCKET.name) ?? '')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: expect.any(String),
          Effect: 'Allow',
          Principal: { AWS: READER },
          Action: 's3:GetObject',
          Resource: 'arn:aws:s3:::acme-raw/runs/*',
        },
        {
          Sid: expect.any(String),
          Effect: 'Allow',
          Principal: { AWS: READER },
          Action: 's3:ListBucket',
          Resource: 'arn:aws:s3:::acme-raw',
          Condition: { StringLike: { 's3:prefix': 'runs/*' } },
        },
      ],
    });
    expect(world.outcomeOf('s1')).toEqual({ kind: 'granted' });
  });

  it('is recorded before the policy is touched, and settled after it was verified', async () => {
    const world = await granted();
    const order = world.calls.map(({ name }) => name);
    expect(order.indexOf('ledger.saveSubscription')).toBeLessThan(order.indexOf('ledger.announce'));
    expect(order.indexOf('ledger.announce')).toBeLessThan(order.indexOf('writePolicy'));
    expect(order.indexOf('writePolicy')).toBeLessThan(order.indexOf('ledger.recordHistory'));
    expect(order.indexOf('ledger.recordHistory')).toBeLessThan(order.indexOf('ledger.settle'));
    expect(world.history.size).toBe(1);
    expect(world.heads.get(BUCKET.name)).toMatchObject({ version: 1, written: world.statements() });
    expect(world.heads.get(BUCKET.name)?.intended).toBeUndefined();
    expect(world.records.get('s1')).toMatchObject({ pending: false, outcome: { kind: 'granted' }, buckets: [BUCKET.name] });
    expect(world.underWay).toBe(0);
  });

  it('changes nothing when its event comes twice', async () => {
    const world = await granted();
    const before = world.policies.get(BUCKET.name);
    await world.deliver(world.created('s1'));
    expect(world.policies.get(BUCKET.name)).toBe(before);
    expect(world.calls.filter(({ name }) => name === 'writePolicy')).toHaveLength(1);
    expect(world.history.size).toBe(1);
    expect(world.outcomeOf('s1')).toEqual({ kind: 'unchanged' });
  });

  it('saves nothing when its event comes twice, and keeps saying that it is granted', async () => {
    const world = await granted();
    const record = world.records.get('s1');
    world.calls.length = 0;
    await world.deliver(world.created('s1'));
    expect(world.calls.map(({ name }) => name)).toContain('readPolicy');
    expect(world.calls.filter(({ name }) => name.includes('save'))).toEqual([]);
    expect(world.records.get('s1')).toEqual(record);
    expect(record?.outcome).toEqual({ kind: 'granted' });
  });

  it('is given again when its event comes twice and somebody took its statements out meanwhile', async () => {
    const world = await granted();
    const before = world.policies.get(BUCKET.name);
    world.policies.delete(BUCKET.name);
    world.now = new Date(world.now.getTime() + 3_600_000);
    await world.deliver(world.created('s1'));
    expect(world.policies.get(BUCKET.name)).toBe(before);
  });

  it.each([
    {
      name: 'a principal is new to it',
      before: () => undefined,
      after: (world: FakeWorld) => {
        world.targets.set('env1', [world.target('target1', { principals: [READER, READER.replace('reader', 'second')] })]);
      },
    },
    {
      name: 'it was observed so far',
      before: (world: FakeWorld) => {
        world.settings = { ...world.settings, mode: 'observe' };
      },
      after: (world: FakeWorld) => {
        world.settings = { ...world.settings, mode: 'enforce' };
      },
    },
  ])('is taken down as pending before the policy is touched again, because $name', async ({ before, after }) => {
    const world = new FakeWorld();
    world.approve('s1', { arn: RUNS });
    before(world);
    await world.deliver(world.created('s1'));
    after(world);
    world.calls.length = 0;
    world.interfere = ({ name }) => {
      if (name === 'ledger.announce') expect(world.records.get('s1')).toMatchObject({ pending: true, due: { kind: 'grant' } });
      return undefined;
    };
    await world.deliver(world.created('s1'));
    expect(world.calls.map(({ name }) => name)).toContain('ledger.announce');
    expect(world.records.get('s1')).toMatchObject({ pending: false, outcome: { kind: 'granted' } });
  });

  it('leaves the statements of others as they were', async () => {
    const world = new FakeWorld();
    const foreign = {
      Id: 'theirs',
      Version: '2008-10-17',
      Statement: [{ Sid: 'Theirs', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::acme-raw/*' }],
    };
    world.policies.set(BUCKET.name, JSON.stringify(foreign));
    world.approve('s1', { arn: RUNS });
    await world.deliver(world.created('s1'));
    const after = JSON.parse(world.policies.get(BUCKET.name) ?? '');
    expect({ ...after, Statement: after.Statement.slice(0, 1) }).toEqual(foreign);
    expect(after.Statement).toHaveLength(3);
    world.end('s1');
    await world.deliver(world.ended('s1'));
    expect(JSON.parse(world.policies.get(BUCKET.name) ?? '')).toEqual(foreign);
  });
});

describe('a revoked subscription', () => {
  it('loses its access, and a policy left empty is deleted', async () => {
    const world = await granted();
    world.end('s1');
    await world.deliver(world.ended('s1'));
    expect(world.policies.has(BUCKET.name)).toBe(false);
    expect(world.outcomeOf('s1')).toEqual({ kind: 'revoked' });
    expect(world.records.get('s1')).toMatchObject({ ended: 'revoked', pending: false });
    expect(world.history.size).toBe(2);
  });

  it('keeps its access when its owner chose to let the consumer keep it', async () => {
    const world = await granted();
    world.end('s1', { retain: true });
    await world.deliver(world.ended('s1'));
    expect(world.statements()).toHaveLength(2);
    expect(world.outcomeOf('s1')).toEqual({ kind: 'retained' });
    await world.deliver(world.ended('s1'));
    expect(world.statements()).toHaveLength(2);
  });

  it('is terminal: a late Created event does not bring it back, even when DataZone shows it approved again', async () => {
    const world = await granted();
    world.end('s1');
    await world.deliver(world.ended('s1'));
    world.approve('s1', { arn: RUNS });
    await world.deliver(world.created('s1'));
    expect(world.policies.has(BUCKET.name)).toBe(false);
  });

  it('keeps access that another subscription still gives', async () => {
    const world = await granted();
    world.approve('s2', { arn: RUNS, listing: 'other' });
    await world.deliver(world.created('s2'));
    world.end('s1');
    await world.deliver(world.ended('s1'));
    expect(world.statements()).toHaveLength(2);
    world.end('s2', { status: 'CANCELLED' });
    await world.deliver(world.ended('s2'));
    expect(world.policies.has(BUCKET.name)).toBe(false);
  });

  it('waits while DataZone still shows it approved', async () => {
    const world = await granted();
    await world.deliver(world.ended('s1'));
    expect(world.outcomeOf('s1')).toMatchObject({ kind: 'waiting', code: 'disagreement' });
    expect(world.statements()).toHaveLength(2);
    expect(world.records.get('s1')?.due).toBeDefined();
  });
});

describe('what is not ours', () => {
  it('is acknowledged without a row or a write', async () => {
    const world = new FakeWorld();
    const subscription = world.approve('s1', { arn: RUNS });
    world.subscriptions.set('s1', { ...subscription, item: { kind: 'asset', assetId: 'a', assetType: 'GlueTableAssetType' } });
    await world.deliver(world.created('s1'));
    expect(world.records.size).toBe(0);
    expect(world.outcomeOf('s1')?.kind).toBe('ignored');
    expect(world.calls.filter(({ name }) => name.startsWith('write'))).toEqual([]);
  });
});
