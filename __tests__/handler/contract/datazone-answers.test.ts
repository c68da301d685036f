import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { datazoneCatalogue } from '../../../handler/adapters/datazone/catalog';
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
    message: expect.stringContaining("status 'SUSPENDED', which this version does not know"),
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
    ['an item that is null', { items: [null] }],
    [
      'a principal that is a number',
      { items: [{ id: 't1', environmentId: 'e1', applicableAssetTypes: ['S3ObjectCollectionAssetType'], authorizedPrincipals: [7] }] },
    ],
    ['no items', {}],
  ])('%s', async (_what, page) => {
    answer = page;
    const catalogue = datazoneCatalogue(SETTINGS);
    const lists = [
      catalogue.subscriptions({ status: 'APPROVED', listingId: 'l1' }),
      catalogue.subscriptionTargets('e1'),
      catalogue.grants({ listingId: 'l1', environmentId: 'e1' }),
      ...('items' in page && Array.isArray(page.items) && page.items[0] !== null ? [] : [catalogue.environments('p1')]),
    ];
    const settled = await Promise.allSettled(lists);
    expect(settled.map((list) => list.status === 'rejected' && list.reason.name)).toEqual(lists.map(() => 'TransientFailure'));
  });
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
