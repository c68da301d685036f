import { ASSET_FORM, ASSET_FORM_TYPE, ASSET_TYPE, ASSET_TYPE_NAMESPACE } from '../../../handler/contract/datazone';
import { bucketArnIn, parseForms } from '../../../handler/core/subscription/asset-forms';
import type { Catalogue } from '../../../handler/ports';
import { DomainStory, IDS } from '../../end-to-end/domain-story';
import { Adapters } from './adapters';
import { formsAt, PLACES, setDataZone } from './catalogue-stage';

let story: DomainStory;
let adapters: Adapters;
let catalogue: Catalogue;

beforeAll(async () => {
  story = await DomainStory.start({ pageSize: 2 });
  adapters = new Adapters(story.aws);
});

beforeEach(() => {
  story.aws.faults.clear();
  setDataZone(story);
  story.aws.recorder.clear();
  catalogue = adapters.catalogue();
});

afterAll(async () => {
  adapters.giveBack();
  await story.deployment.close();
});

const subscription = (change: object) => {
  const { subscriptions } = story.aws.state.datazone;
  const sub1 = subscriptions.get('sub1');
  if (sub1 === undefined) throw new Error('the stage has no sub1');
  subscriptions.set('sub1', { ...sub1, ...change });
};

describe('a list', () => {
  it('is read to its last page, however short its pages are', async () => {
    const { subscriptions } = await catalogue.subscriptions({ status: 'APPROVED', requestId: IDS.request });
    expect(subscriptions).toHaveLength(5);
    expect(story.aws.recorder.of('ListSubscriptions').map(({ params }) => params['maxResults'])).toEqual(['50', '50', '50']);
  });

  it.each(['ListSubscriptions', 'ListEnvironments', 'ListSubscriptionTargets', 'ListSubscriptionGrants'])(
    'is a failure when a later page of %s fails',
    async (operation) => {
      let pages = 0;
      story.aws.faults.add((call) => {
        if (call.operation !== operation) return undefined;
        pages += 1;
        return pages === 2 ? { status: 429, code: 'ThrottlingException', message: 'as arranged' } : undefined;
      });
      const lists: Record<string, () => Promise<unknown>> = {
        ListSubscriptions: () => catalogue.subscriptions({ status: 'APPROVED', requestId: IDS.request }),
        ListEnvironments: () => catalogue.environments(IDS.consumer),
        ListSubscriptionTargets: () => catalogue.subscriptionTargets('env1'),
        ListSubscriptionGrants: () => catalogue.grants({ listingId: IDS.listing, environmentId: 'env1' }),
      };
      await expect(lists[operation]?.()).rejects.toMatchObject({ name: 'TransientFailure', code: 'throttled' });
      expect(pages).toBe(2);
    },
  );
});

describe('a subscriber', () => {
  it.each([
    [{ project: { id: IDS.consumer, name: 'consumers' } }, { kind: 'project', id: IDS.consumer, name: 'consumers' }],
    [{ iam: { principalArn: 'arn:aws:iam::555555555555:role/analyst' } }, { kind: 'iam', arn: 'arn:aws:iam::555555555555:role/analyst' }],
    [{ user: { id: 'u1' } }, { kind: 'user', id: 'u1' }],
    [{ group: { id: 'g1' } }, { kind: 'group', id: 'g1' }],
  ])('%j is told from the others', async (subscribedPrincipal, subscriber) => {
    subscription({ subscribedPrincipal });
    expect((await catalogue.subscription('sub1'))?.subscriber).toEqual(subscriber);
  });
});

describe('what is subscribed', () => {
  it('may be a data product: its assets with type and revision, and no forms', async () => {
    const { listings } = story.aws.state.datazone;
    const assets = [
      { id: IDS.asset, revision: '1', type: ASSET_TYPE },
      { id: 'table1', revision: '4', type: 'GlueTableAssetType' },
    ];
    const item = { kind: 'product' as const, productId: 'product1', assets };
    listings.set('product', {
      id: 'product',
      owningProjectId: IDS.producer,
      status: 'ACTIVE',
      revisions: [{ name: 'p', description: '', createdAt: '2026-01-15T09:30:00.000Z', item }],
    });
    subscription({ subscribedListing: { id: 'product', revision: '1' } });
    expect((await catalogue.subscription('sub1'))?.item).toEqual({
      kind: 'product',
      assets: [
        { assetId: IDS.asset, assetType: ASSET_TYPE, revision: '1' },
        { assetId: 'table1', assetType: 'GlueTableAssetType', revision: '4' },
      ],
    });
  });

  it('may be an asset without its forms', async () => {
    const { listings } = story.aws.state.datazone;
    const listing = listings.get(IDS.listing);
    for (const { item } of listing?.revisions ?? []) Reflect.set(item, 'forms', undefined);
    const seen = await catalogue.subscription('sub1');
    expect(seen?.item).toEqual({ kind: 'asset', assetId: IDS.asset, assetType: ASSET_TYPE, revision: '1' });
  });

  it('has the place in a form of whatever name, in listings and in assets', async () => {
    const form = { formName: 'Renamed', typeName: ASSET_FORM_TYPE, content: JSON.stringify({ bucketArn: PLACES[0] }) };
    const revision = { name: 'images', forms: [form], createdAt: '2026-01-15T09:30:00.000Z', createdBy: 'someone' };
    const asset = story.aws.state.datazone.assets.get(IDS.asset);
    asset?.revisions.splice(0, 1, revision);
    const seen = await catalogue.asset({ id: IDS.asset, revision: '1' });
    expect(bucketArnIn(seen?.forms ?? [], { formName: ASSET_FORM, listing: 'l' })).toBe(PLACES[0]);
    expect(bucketArnIn(parseForms(formsAt(PLACES[0]).replace(ASSET_FORM, 'Renamed')), { formName: ASSET_FORM, listing: 'l' })).toBe(
      PLACES[0],
    );
    expect(asset?.typeIdentifier).toBe(`${ASSET_TYPE_NAMESPACE}${ASSET_TYPE}`);
  });
});

describe('a denial', () => {
  const deny = () =>
    story.aws.faults.add(({ service }) =>
      service === 'datazone' ? { status: 403, code: 'AccessDeniedException', message: 'denied' } : undefined,
    );

  it('in a V2 domain says which memberships the role lacks', async () => {
    deny();
    await expect(adapters.catalogue({ domainVersion: 'v2' }).subscription('sub1')).rejects.toMatchObject({
      code: 'membership-missing',
      message: expect.stringMatching(
        /subscription 'sub1'.*user of domain.*activated profile.*member of the producer's and the consumer's project/,
      ),
    });
  });

  it('in a V1 domain says which actions to allow, and that the domain may be a V2 one by now', async () => {
    deny();
    await expect(catalogue.environments(IDS.consumer)).rejects.toMatchObject({
      code: 'membership-missing',
      message: expect.stringMatching(/environments of project '6oy92hwk937pgn'.*allow the role's DataZone actions.*domain.version to v2/),
    });
  });

  it('is what a role that is no member meets in a V2 domain, whatever IAM allows', async () => {
    const { datazone } = story.aws.state;
    const { domain } = datazone;
    if (domain === undefined) throw new Error('the story has no domain');
    datazone.domain = { ...domain, version: 'V2' };
    await expect(adapters.catalogue({ domainVersion: 'v2' }).environments(IDS.consumer)).rejects.toMatchObject({
      code: 'membership-missing',
    });
    datazone.domain = domain;
  });
});
