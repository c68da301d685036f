import { TransientFailure } from '../../handler/errors';
import type { CatalogueGrant } from '../../handler/ports';
import { BUCKET, CONSUMER, FakeWorld, PRODUCER, READER } from './fake-world';

const RUNS = 'arn:aws:s3:::acme-raw/runs/';
const LISTING = 'listing-runs';
const SECOND = 'arn:aws:iam::333333333333:role/second';

/** Two targets in the consumer's environment, ours and DataZone's own, with a grant of the listing each. */
const story = (id = 's1'): FakeWorld => {
  const world = new FakeWorld();
  world.approve(id, { arn: RUNS, listing: LISTING });
  world.targets.set('env1', [
    world.target('ours', { principals: [READER] }),
    world.target('theirs', { principals: [READER], provider: 'Amazon DataZone' }),
  ]);
  for (const targetId of ['ours', 'theirs']) {
    const grant: CatalogueGrant = {
      id: `grant-${targetId}`,
      environmentId: 'env1',
      targetId,
      listingId: LISTING,
      assets: [
        { assetId: `asset-${LISTING}`, status: 'GRANT_PENDING' },
        { assetId: 'glue-asset', status: 'GRANT_PENDING' },
      ],
    };
    world.catalogueGrants.set(grant.id, grant);
  }
  return world;
};

const shown = (world: FakeWorld, targetId = 'ours') => world.catalogueGrants.get(`grant-${targetId}`)?.assets[0]?.status;
const ask = (world: FakeWorld, status: string) => {
  const grant = world.catalogueGrants.get('grant-ours');
  if (grant !== undefined) world.catalogueGrants.set(grant.id, { ...grant, assets: grant.assets.map((asset) => ({ ...asset, status })) });
};

describe('DataZone is told GRANTED', () => {
  it('of the S3 asset at our target, and of nothing else', async () => {
    const world = story();
    await world.deliver(world.created('s1'));
    expect(world.reports).toEqual([{ grantId: 'grant-ours', assetId: `asset-${LISTING}`, status: 'GRANTED' }]);
    expect(world.records.get('s1')?.reported).toEqual([{ grant: 'grant-ours', asset: `asset-${LISTING}`, status: 'GRANTED' }]);
  });

  it('once: a second look does not say it again', async () => {
    const world = story();
    await world.deliver(world.created('s1'));
    await world.deliver(world.created('s1'));
    expect(world.reports).toHaveLength(1);
  });

  it('of a grant that DataZone shows only later, by the next event, which is taken down', async () => {
    const world = story();
    const late = world.catalogueGrants.get('grant-ours');
    world.catalogueGrants.delete('grant-ours');
    await world.deliver(world.created('s1'));
    expect(world.reports).toEqual([]);
    if (late !== undefined) world.catalogueGrants.set(late.id, late);
    await world.deliver(world.created('s1'));
    expect(shown(world)).toBe('GRANTED');
    expect(world.records.get('s1')?.reported).toEqual([{ grant: 'grant-ours', asset: `asset-${LISTING}`, status: 'GRANTED' }]);
  });

  it('again when DataZone shows the grant as before, and looks once more if another writer was there meanwhile', async () => {
    const world = story();
    await world.deliver(world.created('s1'));
    ask(world, 'GRANT_PENDING');
    world.interfere = ({ name }) => {
      const record = world.records.get('s1');
      if (name !== 'reportStatus' || record === undefined) return undefined;
      return { after: () => void world.records.set('s1', { ...record, revision: record.revision + 1 }) };
    };
    const reads = () => world.calls.filter(({ name }) => name === 'ledger.subscription').length;
    const before = reads();
    expect(await world.deliver(world.created('s1'))).toEqual([]);
    expect(reads() - before).toBeGreaterThan(1);
    expect(shown(world)).toBe('GRANTED');
  });

  it('by what DataZone shows once the policy is proven, not before', async () => {
    const world = story();
    await world.deliver(world.created('s1'));
    const order = world.calls.map(({ name }) => name);
    expect(order.indexOf('grants')).toBeGreaterThan(order.lastIndexOf('readPolicy'));
    expect(order.indexOf('grants')).toBeLessThan(order.indexOf('reportStatus'));
  });

  it('only when every principal of the asset at the target is verified', async () => {
    const world = story();
    world.targets.set('env1', [world.target('ours', { principals: [READER, SECOND] })]);
    world.unknownPrincipals.add(SECOND);
    await world.deliver(world.created('s1'));
    expect(world.statements()).toHaveLength(2);
    expect([world.outcomeOf('s1'), world.reports]).toEqual([expect.objectContaining({ code: 'principal-unknown' }), []]);
    world.unknownPrincipals.clear();
    await world.deliver(world.created('s1'));
    expect(shown(world)).toBe('GRANTED');
  });

  it('not while DataZone asks for the grant to be revoked; that is due again', async () => {
    const world = story();
    ask(world, 'REVOKE_PENDING');
    await world.deliver(world.created('s1'));
    expect(world.reports).toEqual([]);
    expect(world.records.get('s1')).toMatchObject({ outcome: { kind: 'granted' }, pending: false, due: { kind: 'report' } });
    world.end('s1');
    await world.deliver(world.ended('s1'));
    expect(shown(world)).toBe('REVOKED');
    expect(world.records.get('s1')?.due).toBeUndefined();
  });
});

describe('DataZone is told GRANT_FAILED', () => {
  it.each([
    ['a bucket that is not registered', 'arn:aws:s3:::nobodys/runs/', "bucket 'nobodys' is not registered"],
    ['a project that may not publish there', 'arn:aws:s3:::acme-raw/private/', 'no registered prefix'],
  ])('with the reason, of %s', async (_what, arn, reason) => {
    const world = story();
    world.approve('s1', { arn, listing: LISTING });
    await world.deliver(world.created('s1'));
    expect(world.reports).toEqual([
      { grantId: 'grant-ours', assetId: `asset-${LISTING}`, status: 'GRANT_FAILED', message: expect.stringContaining(reason) },
    ]);
    expect(world.records.get('s1')?.due).toBeUndefined();
  });

  it('of a principal that no bucket policy can name, though the others are let in', async () => {
    const world = story();
    world.targets.set('env1', [world.target('ours', { principals: [READER, 'arn:aws:iam::333333333333:root'] })]);
    await world.deliver(world.created('s1'));
    expect(world.statements()).toHaveLength(2);
    expect(world.reports).toEqual([expect.objectContaining({ status: 'GRANT_FAILED', message: expect.stringContaining(':root') })]);
  });
});

describe('DataZone is told REVOKED', () => {
  const OWNERS = {
    Sid: 'Owners',
    Effect: 'Allow',
    Principal: { AWS: READER },
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::acme-raw/*',
  };

  const ended = async (world: FakeWorld, id = 's1') => {
    world.end(id);
    ask(world, 'REVOKE_PENDING');
    await world.deliver(world.ended(id));
  };

  it('with what else lets the principal in, also when telling it failed at first', async () => {
    const world = story();
    world.policies.set(BUCKET.name, JSON.stringify({ Version: '2012-10-17', Statement: [OWNERS] }));
    await world.deliver(world.created('s1'));
    world.interfere = ({ name }) => {
      if (name === 'reportStatus') throw new TransientFailure('throttled', 'slow down');
      return undefined;
    };
    await ended(world);
    expect(world.records.get('s1')).toMatchObject({ outcome: { kind: 'revoked' }, due: { kind: 'report' } });
    world.interfere = () => undefined;
    await world.deliver(world.ended('s1'));
    expect(world.reports.at(-1)).toMatchObject({ status: 'REVOKED', message: expect.stringMatching(/residual access: .*'Owners'/) });
    expect(world.records.get('s1')?.due).toBeUndefined();
  });

  it('without a word on what lets the principal into the place of another subscription of the batch', async () => {
    const world = story();
    world.approve('s1', { arn: `${RUNS}a/`, listing: LISTING });
    world.approve('s2', { arn: `${RUNS}b/`, listing: 'other' });
    const statement = { ...OWNERS, Resource: `${RUNS}b/*` };
    world.policies.set(BUCKET.name, JSON.stringify({ Version: '2012-10-17', Statement: [statement] }));
    await world.deliver(world.created('s1'), world.created('s2'));
    world.end('s1');
    world.end('s2');
    await world.deliver(world.ended('s1'), world.ended('s2'));
    expect(world.residuals).toEqual([{ bucket: BUCKET.name, count: 1 }]);
    expect(world.reports.at(-1)).toEqual({ grantId: 'grant-ours', assetId: `asset-${LISTING}`, status: 'REVOKED' });
  });

  it('not before the last of several subscriptions to the listing ends', async () => {
    const world = story();
    await world.deliver(world.created('s1'));
    world.approve('s2', { arn: RUNS, listing: LISTING });
    await world.deliver(world.created('s2'));
    await ended(world);
    expect(world.reports.map(({ status }) => status)).not.toContain('REVOKED');
    await ended(world, 's2');
    expect(shown(world)).toBe('REVOKED');
  });

  it('not when another subscription to the listing gives access in another bucket', async () => {
    const world = story();
    await world.deliver(world.created('s1'));
    world.buckets.set('acme-new', { ...BUCKET, name: 'acme-new' });
    world.approve('s2', { arn: 'arn:aws:s3:::acme-new/runs/', listing: LISTING });
    await world.deliver(world.created('s2'));
    world.end('s1');
    await world.deliver(world.ended('s1'));
    expect(world.outcomeOf('s1')).toEqual({ kind: 'revoked' });
    expect(shown(world)).toBe('GRANTED');
  });

  it('of a subscription that was refused and never had access', async () => {
    const world = story();
    world.approve('s1', { arn: 'arn:aws:s3:::nobodys/runs/', listing: LISTING });
    await world.deliver(world.created('s1'));
    await ended(world);
    expect([shown(world), shown(world, 'theirs')]).toEqual(['REVOKED', 'GRANT_PENDING']);
  });

  it('of a subscription that ended before any event of it came through, also when telling it failed at first', async () => {
    const world = story();
    world.interfere = ({ name, n }) => {
      if (name === 'reportStatus' && n === 1) throw new TransientFailure('throttled', 'as arranged');
      return undefined;
    };
    await ended(world);
    expect([shown(world), world.records.get('s1')?.due?.kind]).toEqual(['REVOKE_PENDING', 'report']);
    await world.deliver(world.ended('s1'));
    expect([shown(world), shown(world, 'theirs'), world.records.get('s1')?.due]).toEqual(['REVOKED', 'GRANT_PENDING', undefined]);
    expect(world.policies.size).toBe(0);
  });

  it('not when the owner let the consumer keep access', async () => {
    const world = story();
    await world.deliver(world.created('s1'));
    world.end('s1', { retain: true });
    await world.deliver(world.ended('s1'));
    expect(shown(world)).toBe('GRANTED');
  });
});

describe('a status that cannot be told', () => {
  it.each(['grants', 'reportStatus'])('is due work of its own when %s fails, and told by the next look', async (failing) => {
    const world = story();
    world.interfere = ({ name }) => {
      if (name === failing) throw new TransientFailure('unavailable', 'gone');
      return undefined;
    };
    await world.deliver(world.created('s1'));
    expect(world.records.get('s1')).toMatchObject({ outcome: { kind: 'granted' }, pending: false, due: { kind: 'report' } });
    world.interfere = () => undefined;
    await world.deliver(world.created('s1'));
    expect(shown(world)).toBe('GRANTED');
    expect(world.records.get('s1')?.due).toBeUndefined();
    expect(world.calls.filter(({ name }) => name === 'writePolicy')).toHaveLength(1);
  });

  it('is not told at all of a subscriber without targets', async () => {
    const world = story();
    const subscription = world.approve('s1', { arn: RUNS, listing: LISTING, owner: PRODUCER, consumer: CONSUMER });
    world.principalAccounts.push('333333333333');
    world.subscriptions.set('s1', { ...subscription, subscriber: { kind: 'iam', arn: READER } });
    await world.deliver(world.created('s1'));
    expect([world.outcomeOf('s1'), world.reports]).toEqual([{ kind: 'granted' }, []]);
  });
});

describe('a grant that DataZone did not make', () => {
  const without = (): FakeWorld => {
    const world = story();
    world.catalogueGrants.clear();
    return world;
  };
  const made = (world: FakeWorld) => world.calls.filter(({ name }) => name === 'createGrant').map(({ args }) => args[0]);

  it('is left out, unless the deployment says otherwise', async () => {
    const world = without();
    await world.deliver(world.created('s1'));
    expect([made(world), world.reports]).toEqual([[], []]);
  });

  it('is made for our target once access was verified, and told GRANTED', async () => {
    const world = without();
    world.settings = { ...world.settings, missingGrants: 'create' };
    await world.deliver(world.created('s1'));
    expect(made(world)).toEqual([{ environmentId: 'env1', targetId: 'ours', listing: { id: LISTING, revision: '1' } }]);
    expect(world.reports).toEqual([{ grantId: 'made-ours', assetId: `asset-${LISTING}`, status: 'GRANTED' }]);
    await world.deliver(world.created('s1'));
    expect(made(world)).toHaveLength(1);
  });

  it('is told of by the next look where DataZone made one in the meantime, or its answer was lost', async () => {
    const world = without();
    world.settings = { ...world.settings, missingGrants: 'create' };
    world.interfere = ({ name, args }) => {
      if (name !== 'createGrant') return undefined;
      const made = { id: 'grant-ours', listingId: LISTING, assets: [{ assetId: `asset-${LISTING}`, status: 'GRANT_PENDING' }] };
      world.catalogueGrants.set(made.id, { ...(args[0] as { environmentId: string; targetId: string }), ...made });
      return { answer: undefined };
    };
    await world.deliver(world.created('s1'));
    expect(world.records.get('s1')).toMatchObject({ outcome: { kind: 'granted' }, pending: false, due: { kind: 'report' } });
    await world.deliver(world.created('s1'));
    expect([made(world).length, shown(world)]).toEqual([1, 'GRANTED']);
    expect(world.records.get('s1')?.due).toBeUndefined();
  });

  it('is due work of its own when it cannot be made', async () => {
    const world = without();
    world.settings = { ...world.settings, missingGrants: 'create' };
    world.interfere = ({ name }) => {
      if (name === 'createGrant') throw new TransientFailure('throttled', 'slow down');
      return undefined;
    };
    await world.deliver(world.created('s1'));
    expect(world.records.get('s1')).toMatchObject({ outcome: { kind: 'granted' }, pending: false, due: { kind: 'report' } });
  });

  it('is not made for access that is refused or ended', async () => {
    const world = without();
    world.settings = { ...world.settings, missingGrants: 'create' };
    world.unknownPrincipals.add(READER);
    await world.deliver(world.created('s1'));
    world.end('s1');
    await world.deliver(world.ended('s1'));
    expect(made(world)).toEqual([]);
  });
});
