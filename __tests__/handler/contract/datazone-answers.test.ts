import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { datazoneCatalogue } from '../../../handler/adapters/datazone/catalog';
import type { Catalogue } from '../../../handler/ports';
import { SETTINGS } from '../fake-world';

/** What the server answers to any call, and how. */
let answer: unknown;
let status = 200;
let headers: Readonly<Record<string, string>> = {};
const server = createServer((request, response) => {
  request.resume();
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(answer));
});
const before = process.env['AWS_ENDPOINT_URL'];

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['AWS_ENDPOINT_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  if (before === undefined) delete process.env['AWS_ENDPOINT_URL'];
  else process.env['AWS_ENDPOINT_URL'] = before;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

afterEach(() => {
  status = 200;
  headers = {};
});

const SUBSCRIPTION = {
  id: 's1',
  status: 'APPROVED',
  createdAt: 1_768_469_400,
  createdBy: 'approver',
  updatedAt: 1_768_469_400,
  subscribedPrincipal: { project: { id: 'p1', name: 'consumers' } },
  subscribedListing: {
    id: 'l1',
    name: 'images',
    ownerProjectId: 'p2',
    item: { assetListing: { entityId: 'a1', entityType: 'S3ObjectCollectionAssetType', forms: '{}' } },
  },
};

const ask = (change: object) => {
  answer = { ...SUBSCRIPTION, ...change };
  return datazoneCatalogue(SETTINGS).subscription('s1');
};

it('a subscription is read as DataZone gives it', async () => {
  expect(await ask({})).toMatchObject({ id: 's1', status: 'APPROVED', updatedAt: '2026-01-15T09:30:00.000Z' });
});

it('a status that this version does not know is no ending: it is asked for again', async () => {
  await expect(ask({ status: 'SUSPENDED' })).rejects.toMatchObject({
    name: 'TransientFailure',
    code: 'unavailable',
    message:
      "DataZone answered with 'SUSPENDED' as 'status' of a subscription, which is a status that this version does not know (look for a newer version); nothing is changed, and it is read again",
  });
});

describe('the failure names the member that is', () => {
  it.each([
    ['missing', { status: undefined }, "DataZone answered without 'status' of a subscription, which its API always returns"],
    [
      'missing in a member',
      { subscribedListing: { ...SUBSCRIPTION.subscribedListing, ownerProjectId: '' } },
      "DataZone answered without 'subscribedListing.ownerProjectId' of a subscription, which its API always returns",
    ],
    ['of another type', { id: 7 }, "DataZone answered with a value of type number as 'id' of a subscription, which is not of type string"],
    ['not an id', { id: 'a\nb' }, "DataZone answered with 'a?b' as 'id' of a subscription, which is not an id of DataZone"],
    [
      'too long a revision',
      { subscribedListing: { ...SUBSCRIPTION.subscribedListing, revision: '9'.repeat(65) } },
      `DataZone answered with '${'9'.repeat(65)}' as 'subscribedListing.revision' of a subscription, which is longer than 64 characters`,
    ],
  ])('%s', async (_what, change, message) => {
    await expect(ask(change)).rejects.toMatchObject({ message: `${message}; nothing is changed, and it is read again` });
  });
});

describe('what is shown and compared is cut to its bound:', () => {
  it('names and creators', async () => {
    const listing = { ...SUBSCRIPTION.subscribedListing, name: 'n'.repeat(300), ownerProjectName: 'o'.repeat(300) };
    const seen = await ask({ createdBy: 'c'.repeat(300), subscribedListing: listing });
    expect([seen?.createdBy, seen?.listing.name, seen?.listing.owningProjectName]).toEqual(['c', 'n', 'o'].map((a) => `${a.repeat(256)}…`));
  });

  it('the reason of a request, and the comment on it', async () => {
    answer = { createdBy: 'asker', requestReason: 'r'.repeat(5000), decisionComment: 'd'.repeat(5000) };
    const seen = await datazoneCatalogue(SETTINGS).provenance('r1');
    expect([seen?.requestReason, seen?.decisionComment]).toEqual(['r', 'd'].map((a) => `${a.repeat(4096)}…`));
  });

  it('an IAM principal that cannot be one', async () => {
    const seen = await ask({ subscribedPrincipal: { iam: { principalArn: 'x'.repeat(400) } } });
    expect(seen?.subscriber).toEqual({ kind: 'iam', arn: `${'x'.repeat(300)}…` });
  });
});

describe('a data product', () => {
  const product = (types: readonly string[]) => ({
    subscribedListing: {
      ...SUBSCRIPTION.subscribedListing,
      item: { productListing: { assetListings: types.map((entityType, index) => ({ entityId: `a${index}`, entityType })) } },
    },
  });
  const S3 = 'S3ObjectCollectionAssetType';
  const assetsOf = async (types: readonly string[]) => {
    const item = (await ask(product(types)))?.item;
    return item?.kind === 'product' ? item.assets : [];
  };

  it('of 100 assets is read whole', async () => {
    expect(await assetsOf([...Array(99).fill('GlueTableAssetType'), S3])).toHaveLength(100);
  });

  it('of more is read as its S3 assets', async () => {
    expect((await assetsOf([...Array(500).fill('GlueTableAssetType'), S3])).map(({ assetId }) => assetId)).toEqual(['a500']);
  });

  it('of more than 100 S3 assets is read to one more than may be granted', async () => {
    expect(await assetsOf(Array(5000).fill(S3))).toHaveLength(101);
  });
});

describe('a subscription of a list that cannot be read', () => {
  const items = [SUBSCRIPTION, { ...SUBSCRIPTION, id: 's2', status: 'SUSPENDED' }, { ...SUBSCRIPTION, id: 7 }, null];

  it.each([
    ['of all approved ones', (catalogue: Catalogue) => catalogue.approvedPage(undefined)],
    ['of a listing', (catalogue: Catalogue) => catalogue.subscriptions({ status: 'APPROVED', listingId: 'l1' })],
  ])('%s is skipped with the reason', async (_what, list) => {
    answer = { items };
    expect(await list(datazoneCatalogue(SETTINGS))).toEqual({
      subscriptions: [expect.objectContaining({ id: 's1' })],
      skipped: [
        { id: 's2', reason: expect.stringContaining("'SUSPENDED'") },
        { reason: expect.stringContaining("'id' of a subscription") },
        { reason: expect.stringContaining('without a subscription') },
      ],
    });
  });
});

describe('a subscription target is read whatever its principals are:', () => {
  const TARGET = { id: 't1', environmentId: 'e1', applicableAssetTypes: ['S3ObjectCollectionAssetType'] };
  const READER = 'arn:aws:iam::333333333333:role/reader';
  const read = async (authorizedPrincipals: unknown) => {
    answer = { items: [{ ...TARGET, authorizedPrincipals }] };
    return (await datazoneCatalogue(SETTINGS).subscriptionTargets('e1'))?.[0];
  };

  it('empty, not text, over-long or not an ARN', async () => {
    expect(await read([READER, '', 7, {}, 'constructor', '__proto__', 'x'.repeat(420_000)])).toMatchObject({
      authorizedPrincipals: [READER, '', '7', '{}', 'constructor', '__proto__', `${'x'.repeat(300)}…`],
      authorizedPrincipalsOmitted: 0,
    });
  });

  it('more than are kept of one target', async () => {
    const target = await read(Array.from({ length: 130 }, (_, index) => `${READER}${index}`));
    expect([target?.authorizedPrincipals.length, target?.authorizedPrincipalsOmitted]).toEqual([100, 30]);
  });

  it('and is a failure where they are no list', async () => {
    await expect(read('all')).rejects.toMatchObject({
      message: expect.stringContaining("'authorizedPrincipals' of a subscription target"),
    });
  });
});

describe('a list that does not end is a failure:', () => {
  const lists: readonly (readonly [string, (catalogue: Catalogue) => Promise<unknown>])[] = [
    ['subscriptions', (catalogue) => catalogue.subscriptions({ status: 'APPROVED', listingId: 'l1' })],
    ['environments', (catalogue) => catalogue.environments('p1')],
    ['subscription targets', (catalogue) => catalogue.subscriptionTargets('e1')],
    ['grants', (catalogue) => catalogue.grants({ listingId: 'l1', environmentId: 'e1' })],
  ];

  it.each(lists)('%s with the same token again', async (_what, list) => {
    answer = { items: [], nextToken: 'again' };
    await expect(list(datazoneCatalogue(SETTINGS))).rejects.toMatchObject({
      message: expect.stringContaining('twice with the same token'),
    });
  });

  it.each(lists)('%s with ever new tokens', async (_what, list) => {
    let page = 0;
    answer = {
      items: [],
      get nextToken() {
        return `token${page++}`;
      },
    };
    await expect(list(datazoneCatalogue(SETTINGS))).rejects.toMatchObject({ message: expect.stringContaining('more than 200 pages') });
    expect(page).toBe(200);
  });

  it.each(lists)('%s with a token that is not text', async (_what, list) => {
    answer = { items: [], nextToken: {} };
    await expect(list(datazoneCatalogue(SETTINGS))).rejects.toMatchObject({ name: 'TransientFailure' });
  });

  it('a page of the approved subscriptions that leads to itself', async () => {
    answer = { items: [], nextToken: 'again' };
    const catalogue = datazoneCatalogue(SETTINGS);
    expect(await catalogue.approvedPage(undefined)).toMatchObject({ next: 'again' });
    await expect(catalogue.approvedPage('again')).rejects.toMatchObject({ message: expect.stringContaining('the token of the same page') });
  });

  it('more environments than a domain can have', async () => {
    answer = { items: Array.from({ length: 501 }, (_, index) => ({ id: `e${index}` })) };
    await expect(datazoneCatalogue(SETTINGS).environments('p1')).rejects.toMatchObject({
      message: expect.stringContaining('more than 500'),
    });
  });
});

describe('an answer that is not of the shape of its API is a failure of the call, which waits:', () => {
  it.each([
    ['no listing', { subscribedListing: undefined }],
    ['a listing without its owner', { subscribedListing: { ...SUBSCRIPTION.subscribedListing, ownerProjectId: '' } }],
    ['an id that is a number', { id: 7 }],
    ['a project that is an object', { subscribedPrincipal: { project: { id: {} } } }],
    ['a time that is none', { updatedAt: 1e300 }],
    [
      'a product whose assets are no list',
      { subscribedListing: { ...SUBSCRIPTION.subscribedListing, item: { productListing: { assetListings: 7 } } } },
    ],
    ['an item whose asset is a text', { subscribedListing: { ...SUBSCRIPTION.subscribedListing, item: { assetListing: 'a1' } } }],
  ])('%s', async (_what, change) => {
    await expect(ask(change)).rejects.toMatchObject({ name: 'TransientFailure', code: 'unavailable' });
  });

  it.each([
    ['items that are no list', { items: 'none' }],
    ['no items', {}],
  ])('%s', async (_what, page) => {
    answer = page;
    const catalogue = datazoneCatalogue(SETTINGS);
    const lists = [
      catalogue.subscriptions({ status: 'APPROVED', listingId: 'l1' }),
      catalogue.subscriptionTargets('e1'),
      catalogue.grants({ listingId: 'l1', environmentId: 'e1' }),
      catalogue.environments('p1'),
      catalogue.approvedPage(undefined),
    ];
    const settled = await Promise.allSettled(lists);
    expect(settled.map((list) => list.status === 'rejected' && list.reason.name)).toEqual(lists.map(() => 'TransientFailure'));
  });
});

it.each([
  ['targets', (catalogue: Catalogue) => catalogue.subscriptionTargets('e1')],
  ['environments', (catalogue: Catalogue) => catalogue.environments('p1')],
  ['grants', (catalogue: Catalogue) => catalogue.grants({ listingId: 'l1', environmentId: 'e1' })],
])('a list of %s with an item that is null is a failure of the call', async (_what, list) => {
  answer = { items: [null] };
  await expect(list(datazoneCatalogue(SETTINGS))).rejects.toMatchObject({ name: 'TransientFailure' });
});

describe('a grant that DataZone is asked to keep', () => {
  const create = () =>
    datazoneCatalogue(SETTINGS).createGrant({ environmentId: 'e1', targetId: 't1', listing: { id: 'l1', revision: '1' } });
  const refuse = (code: string, http: number) => {
    [answer, status, headers] = [{ message: 'as arranged' }, http, { 'x-amzn-errortype': code }];
  };

  it('is the one that it made', async () => {
    answer = {
      id: 'g1',
      environmentId: 'e1',
      subscriptionTargetId: 't1',
      grantedEntity: { listing: { id: 'l1', revision: '1' } },
      assets: [{ assetId: 'a1', assetRevision: '1', status: 'GRANT_PENDING' }],
      createdAt: 1_768_469_400,
      updatedAt: 1_768_469_400,
      createdBy: 'us',
      domainId: SETTINGS.domainId,
      status: 'PENDING',
    };
    const assets = [{ assetId: 'a1', status: 'GRANT_PENDING' }];
    expect(await create()).toEqual({ id: 'g1', environmentId: 'e1', targetId: 't1', listingId: 'l1', assets });
  });

  it('is kept already where DataZone says that it conflicts with one', async () => {
    refuse('ConflictException', 409);
    expect(await create()).toBeUndefined();
  });

  it.each([
    ['AccessDeniedException', 403, 'membership-missing'],
    ['UnauthorizedException', 401, 'membership-missing'],
    ['ThrottlingException', 429, 'throttled'],
    ['ResourceNotFoundException', 404, 'unavailable'],
    ['ValidationException', 400, 'unavailable'],
    ['ServiceQuotaExceededException', 402, 'unavailable'],
    ['InternalServerException', 500, 'unavailable'],
  ])('waits at %s', async (code, http, waiting) => {
    refuse(code, http);
    await expect(create()).rejects.toMatchObject({ name: 'TransientFailure', code: waiting });
  });

  it('waits where its answer is not whole', async () => {
    answer = { id: 'g1' };
    await expect(create()).rejects.toMatchObject({ name: 'TransientFailure', code: 'unavailable' });
  });
});
