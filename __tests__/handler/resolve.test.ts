import { ASSET_FORM, ASSET_TYPE, ASSET_TYPE_NAMESPACE } from '../../handler/contract/datazone';
import { entryOf } from '../../handler/core/grant/grant';
import type { RegisteredBucket } from '../../handler/core/subscription/registry';
import type { Subscriber, Subscription } from '../../handler/core/subscription/subscription';
import { TransientFailure } from '../../handler/errors';
import type { Message } from '../../handler/messages';
import { BUCKET, CONSUMER, FakeWorld, PRODUCER, READER } from './fake-world';

const RUNS = 'arn:aws:s3:::acme-raw/runs/';
const PAPERS: RegisteredBucket = { ...BUCKET, name: 'acme-papers', prefixes: [{ prefix: 'public/', owningProjects: ['another'] }] };
const formsAt = (bucketArn: string, formName: string = ASSET_FORM) => [{ name: formName, content: JSON.stringify({ bucketArn }) }];

const approved = (change: Partial<Subscription> = {}): FakeWorld => {
  const world = new FakeWorld();
  world.subscriptions.set('s1', { ...world.approve('s1', { arn: RUNS }), ...change });
  return world;
};
const fulfilled = async (world: FakeWorld, message: Message = world.created('s1')) => {
  expect(await world.deliver(message)).toEqual([]);
  return world.outcomeOf('s1');
};
const resources = (world: FakeWorld, bucket?: string) => world.statements(bucket).map(({ Resource }) => Resource);

describe('the place of a subscribed asset', () => {
  it.each([ASSET_TYPE, `${ASSET_TYPE_NAMESPACE}${ASSET_TYPE}`])('is found in an asset of type %s', async (assetType) => {
    const world = approved({ item: { kind: 'asset', assetId: 'a1', assetType, forms: formsAt(RUNS) } });
    expect(await fulfilled(world)).toEqual({ kind: 'granted' });
  });

  it('is found in a form of another name, by its content', async () => {
    const world = approved({ item: { kind: 'asset', assetId: 'a1', assetType: ASSET_TYPE, forms: formsAt(RUNS, 'RenamedForm') } });
    expect(await fulfilled(world)).toEqual({ kind: 'granted' });
    expect(resources(world)[0]).toBe(`${RUNS}*`);
  });

  it('is that of the approved revision of the listing, when the subscription comes without forms', async () => {
    const world = approved({ item: { kind: 'asset', assetId: 'a1', assetType: ASSET_TYPE } });
    for (const [revision, place] of [
      ['1', RUNS],
      ['2', `${RUNS}later/`],
    ] as const)
      world.assets.set(`listing-s1@${revision}`, { assetId: 'a1', owningProject: PRODUCER, forms: formsAt(place) });
    expect(await fulfilled(world)).toEqual({ kind: 'granted' });
    expect(resources(world)[0]).toBe(`${RUNS}*`);
  });

  it.each([
    ['is not found', { id: 'listing-s1', revision: '7' }, 'revision 7 is not found'],
    ['is not named', { id: 'listing-s1' }, 'its approved revision is not named'],
  ])('waits when its approved revision %s, though a later one is there', async (_what, listing, why) => {
    const { name, owningProject } = new FakeWorld().approve('s1', { arn: RUNS }).listing;
    const world = approved({ item: { kind: 'asset', assetId: 'a1', assetType: ASSET_TYPE }, listing: { name, owningProject, ...listing } });
    world.assets.set('listing-s1@8', { assetId: 'a1', owningProject: PRODUCER, forms: formsAt(RUNS) });
    world.assets.set('listing-s1@', { assetId: 'a1', owningProject: PRODUCER, forms: formsAt(RUNS) });
    expect(await fulfilled(world)).toMatchObject({ kind: 'waiting', code: 'disagreement', message: expect.stringContaining(why) });
    expect(world.policies.size).toBe(0);
  });

  it('stays where it was approved: a later place is reported and not followed', async () => {
    const world = approved();
    await fulfilled(world);
    world.approve('s1', { arn: `${RUNS}elsewhere/` });
    expect(await fulfilled(world)).toMatchObject({ kind: 'refused', code: 'location-changed' });
    expect(resources(world)[0]).toBe(`${RUNS}*`);
  });
});

describe('a data product', () => {
  const product = (): FakeWorld => {
    const assets = [
      { assetId: 'raw', assetType: `${ASSET_TYPE_NAMESPACE}${ASSET_TYPE}`, revision: '3' },
      { assetId: 'papers', assetType: ASSET_TYPE, revision: '1' },
      { assetId: 'table', assetType: 'GlueTableAssetType', revision: '9' },
    ];
    const world = approved({ item: { kind: 'product', assets } });
    world.buckets.set(PAPERS.name, PAPERS);
    world.assets.set('raw@3', { assetId: 'raw', owningProject: PRODUCER, forms: formsAt(RUNS) });
    world.assets.set('raw@4', { assetId: 'raw', owningProject: PRODUCER, forms: formsAt(`${RUNS}later/`) });
    world.assets.set('papers@1', { assetId: 'papers', owningProject: 'another', forms: formsAt('arn:aws:s3:::acme-papers/public/') });
    return world;
  };

  it("gives each S3 asset's place, with its own project's session, and leaves the others alone", async () => {
    const world = product();
    expect(await fulfilled(world)).toEqual({ kind: 'granted' });
    expect([resources(world)[0], resources(world, PAPERS.name)[0]]).toEqual([`${RUNS}*`, 'arn:aws:s3:::acme-papers/public/*']);
    const sessions = world.calls.filter(({ name }) => name === 'writePolicy').map(({ args }) => JSON.parse(JSON.stringify(args[0])));
    expect(sessions.map(({ bucket, owningProject }) => [bucket.name, owningProject]).sort()).toEqual([
      ['acme-papers', 'another'],
      ['acme-raw', PRODUCER],
    ]);
    expect(world.calls.filter(({ name }) => name === 'asset').map(({ args }) => args[0])).toEqual([
      { id: 'raw', revision: '3' },
      { id: 'papers', revision: '1' },
    ]);
  });

  it('gives nothing yet when one of its assets cannot be read', async () => {
    const world = product();
    world.assets.delete('papers@1');
    expect(await fulfilled(world)).toMatchObject({ kind: 'waiting', code: 'disagreement' });
    expect(world.policies.size).toBe(0);
  });

  it('gives the place that may be granted when another is refused', async () => {
    const world = product();
    world.buckets.delete(PAPERS.name);
    expect(await fulfilled(world)).toMatchObject({ kind: 'refused', code: 'bucket-not-registered' });
    expect(resources(world)[0]).toBe(`${RUNS}*`);
  });
});

describe('a subscriber', () => {
  it.each<[string, Subscriber, string]>([
    ['user', { kind: 'user', id: 'u1' }, 'made by a user'],
    ['group', { kind: 'group', id: 'g1' }, 'made by a group'],
    ['member unknown to us', { kind: 'unknown', id: '' }, 'does not know'],
  ])('that is a %s is refused with a reason', async (_what, subscriber, reason) => {
    const world = approved({ subscriber });
    expect(await fulfilled(world)).toMatchObject({
      kind: 'refused',
      code: 'subscriber-unsupported',
      message: expect.stringContaining(reason),
    });
    expect(world.policies.size).toBe(0);
  });

  it('that is an IAM principal of a listed account is let in itself', async () => {
    const arn = 'arn:aws:iam::555555555555:role/analyst';
    const world = approved({ subscriber: { kind: 'iam', arn } });
    const message = { ...world.created('s1'), lookup: { subscriptionId: 's1' } };
    expect(await fulfilled(world, message)).toMatchObject({ kind: 'refused', code: 'principal-account-not-allowed' });
    world.principalAccounts.push('555555555555');
    expect(await fulfilled(world, message)).toEqual({ kind: 'granted' });
    expect(world.statements()[0]?.['Principal']).toEqual({ AWS: arn });
    expect(world.calls.filter(({ name }) => name === 'environments')).toEqual([]);
  });
});

describe("the consumer's targets", () => {
  it('count where asset type and provider are ours, each principal once', async () => {
    const world = approved();
    const other = 'arn:aws:iam::333333333333:role/other';
    world.environments.set(CONSUMER, [
      { id: 'env1', account: '333333333333' },
      { id: 'env2', account: '333333333333' },
    ]);
    world.targets.set('env1', [
      world.target('t1', { principals: [READER] }),
      world.target('datazones', { principals: [other], provider: 'Amazon DataZone' }),
      { ...world.target('glue', { principals: [other] }), assetTypes: ['GlueTableAssetType'] },
    ]);
    world.targets.set('env2', [
      { ...world.target('t2', { principals: [READER], environmentId: 'env2' }), assetTypes: [`${ASSET_TYPE_NAMESPACE}${ASSET_TYPE}`] },
    ]);
    expect(await fulfilled(world)).toEqual({ kind: 'granted' });
    expect(world.statements()[0]?.['Principal']).toEqual({ AWS: READER });
    expect(entryOf(world.allGrants()[0]?.grant, READER)?.targets).toEqual(['env1/t1', 'env2/t2']);
  });

  it('are waited for, and an environment that is gone holds up no other', async () => {
    const world = approved();
    world.environments.set(CONSUMER, [
      { id: 'env1', account: '333333333333' },
      { id: 'gone', account: '333333333333' },
    ]);
    world.interfere = ({ name, args }) => (name === 'subscriptionTargets' && args[0] === 'gone' ? { answer: undefined } : undefined);
    expect(await fulfilled(world)).toEqual({ kind: 'granted' });
    world.targets.delete('env1');
    world.approve('s2', { arn: `${RUNS}b/` });
    await world.deliver(world.created('s2'));
    expect(world.outcomeOf('s2')).toMatchObject({ kind: 'waiting', code: 'no-subscription-target' });
  });

  it('take nothing away while they cannot be read whole', async () => {
    const world = approved();
    await fulfilled(world);
    world.interfere = ({ name }) => {
      if (name === 'subscriptionTargets') throw new TransientFailure('throttled', 'slow down');
      return undefined;
    };
    expect(await fulfilled(world)).toMatchObject({ kind: 'waiting', code: 'throttled' });
    expect(world.statements()).toHaveLength(2);
  });

  it('take away from whom they name no more, and only then', async () => {
    const world = approved();
    await fulfilled(world);
    world.targets.set('env1', []);
    await fulfilled(world);
    expect(world.statements()).toHaveLength(2);
    world.targets.set('env1', [world.target('target1', { principals: ['arn:aws:iam::333333333333:role/other'] })]);
    await fulfilled(world);
    expect(world.statements().map(({ Principal }) => Principal)).toEqual(Array(2).fill({ AWS: 'arn:aws:iam::333333333333:role/other' }));
    expect(entryOf(world.allGrants()[0]?.grant, READER)?.state).toBe('revoked');
  });
});

describe('the subscription of a message', () => {
  const lookups: readonly (readonly [string, Message])[] = [
    [
      'its request',
      { kind: 'subscription', messageId: 'm', lookup: { subscriptionId: 'unknown', requestId: 'r1' }, saidToHaveEnded: false },
    ],
    [
      'its listing and project',
      { kind: 'subscription', messageId: 'm', lookup: { listingId: 'listing-s1', projectId: CONSUMER }, saidToHaveEnded: false },
    ],
    ['its listing', { kind: 'subscription', messageId: 'm', lookup: { listingId: 'listing-s1' }, saidToHaveEnded: false }],
    ['a grant of its listing', { kind: 'grant', messageId: 'm', grantId: 'g1', lookup: { projectId: CONSUMER } }],
    [
      'a grant that DataZone does not show',
      { kind: 'grant', messageId: 'm', grantId: 'g2', lookup: { listingId: 'listing-s1', projectId: CONSUMER } },
    ],
  ];
  it.each(lookups)('is found by %s', async (_what, message) => {
    const world = approved({ requestId: 'r1' });
    world.catalogueGrants.set('g1', { id: 'g1', environmentId: 'env1', targetId: 'target1', listingId: 'listing-s1', assets: [] });
    expect(await fulfilled(world, message)).toEqual({ kind: 'granted' });
  });

  it('is not the one of its id when the request says that it is another', async () => {
    const world = approved({ requestId: 'r1' });
    world.subscriptions.set('s2', { ...world.approve('s2', { arn: RUNS, listing: 'listing-s1' }), requestId: 'r2' });
    await world.deliver({
      kind: 'subscription',
      messageId: 'm',
      lookup: { subscriptionId: 's1', requestId: 'r2' },
      saidToHaveEnded: false,
    });
    expect([world.outcomeOf('s1'), world.outcomeOf('s2')]).toEqual([undefined, { kind: 'granted' }]);
  });

  describe('that DataZone lists beside one which cannot be read', () => {
    const message: Message = { kind: 'subscription', messageId: 'm', lookup: { listingId: 'listing-s1' }, saidToHaveEnded: false };
    const listing = (
      world: FakeWorld,
      { shown, skipped }: { shown: readonly Subscription[]; skipped: readonly { id?: string; reason: string }[] },
    ) => {
      world.interfere = ({ name, args: [filter] }) =>
        name === 'subscriptions' && Object(filter).status === 'APPROVED' ? { answer: { subscriptions: shown, skipped } } : undefined;
    };
    const one = (world: FakeWorld) => [...world.subscriptions.values()];

    it('is granted, and the other is reported', async () => {
      const world = approved();
      listing(world, { shown: one(world), skipped: [{ id: 's9', reason: 'odd' }, { reason: 'odder' }] });
      expect(await fulfilled(world, message)).toEqual({ kind: 'granted' });
      expect(world.failures).toEqual([new Error('odd'), new Error('odder')]);
    });

    it('waits, if it is the one that cannot be read', async () => {
      const world = approved();
      listing(world, { shown: one(world), skipped: [{ id: 's2', reason: 'odd' }] });
      await world.deliver({ ...message, lookup: { ...message.lookup, subscriptionId: 's2' } });
      expect(world.outcomeOf('s2')).toEqual({ kind: 'waiting', code: 'unavailable', message: 'odd' });
    });

    it('is not taken for missing, if nothing else is listed', async () => {
      const world = approved();
      listing(world, { shown: [], skipped: [{ reason: 'odd' }] });
      await world.deliver(message);
      expect([...world.records.values()]).toMatchObject([{ outcome: { kind: 'waiting', code: 'unavailable', message: 'odd' } }]);
    });
  });

  it('is looked for again when DataZone does not show it yet', async () => {
    const world = new FakeWorld();
    expect(await fulfilled(world)).toMatchObject({ kind: 'waiting', code: 'disagreement' });
    expect(world.records.get('s1')?.due).toBeDefined();
    world.approve('s1', { arn: RUNS });
    expect(await fulfilled(world)).toEqual({ kind: 'granted' });
    expect(world.records.get('s1')?.due).toBeUndefined();
  });

  it('takes over what was due under a grant while it could not be found', async () => {
    const world = approved();
    const message: Message = { kind: 'grant', messageId: 'm', grantId: 'g1', lookup: { listingId: 'listing-s1', projectId: CONSUMER } };
    world.interfere = ({ name }) => {
      if (name === 'grant') throw new TransientFailure('throttled', 'slow down');
      return undefined;
    };
    await world.deliver(message);
    expect([...world.records.values()].map(({ id, due }) => [id, due?.kind])).toEqual([['grant-g1', 'grant']]);
    world.interfere = () => undefined;
    await world.deliver(message);
    expect([...world.records.values()].map(({ due }) => due)).toEqual([undefined, undefined]);
    expect(world.outcomeOf('s1')).toEqual({ kind: 'granted' });
  });

  it('is due no more when it turns out not to be ours', async () => {
    const world = approved({ item: { kind: 'asset', assetId: 'a1', assetType: 'GlueTableAssetType' } });
    world.interfere = ({ name }) => {
      if (name === 'subscription') throw new TransientFailure('throttled', 'slow down');
      return undefined;
    };
    await fulfilled(world);
    expect(world.records.get('s1')?.due).toBeDefined();
    world.interfere = () => undefined;
    expect(await fulfilled(world)).toMatchObject({ kind: 'ignored' });
    expect(world.records.get('s1')).toMatchObject({ outcome: { kind: 'ignored' }, pending: false });
    expect(world.records.get('s1')?.due).toBeUndefined();
  });

  it('is recorded with who asked, who approved and why', async () => {
    const world = approved({ requestId: 'r1' });
    const provenance = { requestedBy: 'alice', requestReason: 'a model', reviewedBy: 'bob', decisionComment: 'fine' };
    world.provenances.set('r1', provenance);
    await fulfilled(world);
    expect(world.records.get('s1')?.provenance).toEqual(provenance);
    world.provenances.clear();
    world.end('s1');
    await world.deliver(world.ended('s1'));
    expect(world.records.get('s1')?.provenance).toEqual(provenance);
  });
});
