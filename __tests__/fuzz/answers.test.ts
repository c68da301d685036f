import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { datazoneCatalogue } from '../../handler/adapters/datazone/catalog';
import { recordFromItem, recordToItem } from '../../handler/adapters/ledger/items';
import { LEDGER, LEDGER_KEYS } from '../../handler/contract/ledger-keys';
import { decidedRecord, newRecord } from '../../handler/core/subscription/record-plan';
import type { Provenance, Subscription } from '../../handler/core/subscription/subscription';
import type { Catalogue, SubscriptionList } from '../../handler/ports';
import { SETTINGS } from '../handler/fake-world';
import { fuzz } from './inputs';
import { mutatedJson } from './mutations';

/** What the server answers to any call. */
let answer = '';
const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(answer);
});
const before = process.env['AWS_ENDPOINT_URL'];
let catalogue: Catalogue;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['AWS_ENDPOINT_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  catalogue = datazoneCatalogue(SETTINGS);
});

afterAll(async () => {
  if (before === undefined) delete process.env['AWS_ENDPOINT_URL'];
  else process.env['AWS_ENDPOINT_URL'] = before;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const AT = 1_768_469_400;
const listed = (item: object) => ({
  id: 's1',
  status: 'APPROVED',
  createdAt: AT,
  updatedAt: AT,
  createdBy: 'approver',
  subscribedPrincipal: { project: { id: 'p1', name: 'consumers' } },
  subscribedListing: { id: 'l1', revision: '1', name: 'images', ownerProjectId: 'p2', item },
});
const asset = listed({ assetListing: { entityId: 'a1', entityType: 'S3ObjectCollectionAssetType', entityRevision: '1', forms: '{}' } });
const product = listed({ productListing: { assetListings: [{ entityId: 'a1', entityType: 'S3ObjectCollectionAssetType' }] } });
const target = {
  id: 't1',
  environmentId: 'e1',
  provider: 'datazone-s3-fulfillment',
  applicableAssetTypes: ['S3ObjectCollectionAssetType'],
  authorizedPrincipals: ['arn:aws:iam::333333333333:role/reader'],
};
const grant = {
  id: 'g1',
  environmentId: 'e1',
  subscriptionTargetId: 't1',
  grantedEntity: { listing: { id: 'l1', revision: '1' } },
  assets: [{ assetId: 'a1', status: 'GRANTED' }],
};
const form = { formName: 'S3ObjectCollectionForm', content: '{"bucketArn":"arn:aws:s3:::acme-raw/runs/"}' };

const ID = /^[a-zA-Z0-9_-]{1,36}$/;

/** What is read goes into the ledger: it must come out of it again. */
const expectKept = (known: { readonly subscription?: Subscription; readonly provenance?: Provenance }): void => {
  const now = new Date(1000 * AT);
  const decision = { kind: 'end', ended: 'revoked' } as const;
  const record = decidedRecord(newRecord('s1', { lookup: {}, now }), { ...known, decision, grants: [], now });
  const item = { ...recordToItem(record), [LEDGER.partitionKey]: LEDGER_KEYS.subscription(record.id) };
  expect(recordFromItem(item)).toEqual(record);
};

type Ask = (catalogue: Catalogue) => Promise<unknown>;
const asked: readonly (readonly [string, object, Ask])[] = [
  ['subscription', asset, (of) => of.subscription('s1')],
  ['subscription', product, (of) => of.subscription('s1')],
  ['subscriptions', { items: [asset, product] }, (of) => of.subscriptions({ status: 'APPROVED', listingId: 'l1' })],
  ['subscriptions', { items: [asset, product], nextToken: 'next' }, (of) => of.approvedPage(undefined)],
  ['list', { items: [{ id: 'e1', awsAccountId: '333333333333' }] }, (of) => of.environments('p1')],
  ['list', { items: [target] }, (of) => of.subscriptionTargets('e1')],
  ['list', { items: [grant] }, (of) => of.grants({ listingId: 'l1', environmentId: 'e1' })],
  ['grant', grant, (of) => of.grant('g1')],
  ['provenance', { createdBy: 'asker', requestReason: 'work', reviewerId: 'approver', decisionComment: 'go' }, (of) => of.provenance('r1')],
  ['asset', { id: 'a1', owningProjectId: 'p2', formsOutput: [form] }, (of) => of.asset({ id: 'a1', revision: '1' })],
  ['asset', { item: { assetListing: { assetId: 'a1', owningProjectId: 'p2', forms: '{}' } } }, (of) => of.listedAsset({ id: 'l1' })],
];

const calls = fc.oneof(...asked.map(([kind, shape, ask]) => mutatedJson(shape, 2).map((text) => ({ kind, ask, text }))));

fuzz('an answer of DataZone is read, or the call failed: nothing else becomes of it', {
  inputs: calls,
  verdicts: ['read', 'failed'],
  share: 0.5,
  check: async ({ kind, ask, text }, tally) => {
    answer = text;
    try {
      const read = await ask(catalogue);
      if (kind === 'list') expect(Array.isArray(read)).toBe(true);
      if (kind === 'subscriptions') {
        const { subscriptions, skipped } = read as SubscriptionList;
        for (const subscription of subscriptions) expectKept({ subscription });
        for (const { id = 's1', reason } of skipped) expect([id, reason.length < 1000]).toEqual([expect.stringMatching(ID), true]);
      }
      if (kind === 'subscription') {
        expect(read).toMatchObject({ id: expect.stringMatching(ID), listing: { owningProject: expect.stringMatching(ID) } });
        expect(['APPROVED', 'REVOKED', 'CANCELLED']).toContain(Reflect.get(read ?? {}, 'status'));
        expectKept({ subscription: read as Subscription });
      }
      if (kind === 'provenance') expectKept({ provenance: read as Provenance });
      tally('read');
    } catch (error) {
      expect(error).toMatchObject({ name: 'TransientFailure' });
      tally('failed');
    }
  },
});
