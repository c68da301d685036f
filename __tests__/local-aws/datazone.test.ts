import {
  CancelSubscriptionCommand,
  CreateAssetRevisionCommand,
  CreateListingChangeSetCommand,
  CreateSubscriptionGrantCommand,
  type DataZoneClient,
  DeleteSubscriptionTargetCommand,
  GetAssetCommand,
  GetDomainCommand,
  GetEnvironmentCommand,
  GetListingCommand,
  GetSubscriptionCommand,
  GetSubscriptionGrantCommand,
  GetSubscriptionRequestDetailsCommand,
  GetSubscriptionTargetCommand,
  ListEnvironmentsCommand,
  ListSubscriptionGrantsCommand,
  ListSubscriptionsCommand,
  ListSubscriptionTargetsCommand,
  RevokeSubscriptionCommand,
  UpdateSubscriptionGrantStatusCommand,
  UpdateSubscriptionTargetCommand,
} from '@aws-sdk/client-datazone';
import { type LocalAws, startLocalAws } from '../../local-aws/local-aws';
import { CONSUMER, createTarget, ENVIRONMENT, formOf, PRODUCER, publish, READER, seedDomain, subscribe } from './datazone-story';
import { CONSUMER_ACCOUNT, DOMAIN, handClock } from './world';

let aws: LocalAws;
let client: DataZoneClient;
const clock = handClock();
const inDomain = { domainIdentifier: DOMAIN };
const inEnvironment = { ...inDomain, environmentIdentifier: ENVIRONMENT };

beforeEach(async () => {
  aws = await startLocalAws({ clock: clock.now });
  client = seedDomain(aws);
});
afterEach(() => aws.close());

const events = () => aws.bus.published.map(({ event }) => event['detail-type']);
const subscription = (identifier: string) => client.send(new GetSubscriptionCommand({ ...inDomain, identifier }));

describe('a subscription', () => {
  test('shows the location as its listing did when it was asked for', async () => {
    const { listingId, assetId } = await publish(client);
    const { subscriptionId } = await subscribe(client, listingId);
    await client.send(
      new CreateAssetRevisionCommand({ ...inDomain, identifier: assetId, name: 'Runs', formsInput: [formOf('arn:aws:s3:::raw/all')] }),
    );
    await client.send(
      new CreateListingChangeSetCommand({ ...inDomain, entityIdentifier: assetId, entityType: 'ASSET', action: 'PUBLISH' }),
    );
    const { subscribedListing, subscribedPrincipal, status } = await subscription(subscriptionId);
    expect(status).toBe('APPROVED');
    expect(subscribedPrincipal).toEqual({ project: { id: CONSUMER, name: 'Consumers' } });
    expect(subscribedListing?.item?.assetListing).toEqual({
      entityId: assetId,
      entityRevision: '1',
      entityType: 'S3ObjectCollectionAssetType',
      forms: '{"S3ObjectCollectionForm":{"bucketArn":"arn:aws:s3:::raw/runs/"}}',
    });
    const listing = await client.send(new GetListingCommand({ ...inDomain, identifier: listingId }));
    expect(listing).toMatchObject({
      listingRevision: '2',
      status: 'ACTIVE',
      item: { assetListing: { assetId, assetRevision: '2', owningProjectId: PRODUCER } },
    });
    const first = await client.send(new GetAssetCommand({ ...inDomain, identifier: assetId, revision: '1' }));
    expect(first).toMatchObject({ revision: '1', typeIdentifier: 'amazon.datazone.S3ObjectCollectionAssetType', listing: { listingId } });
  });

  test('remembers who asked and who approved', async () => {
    const { requestId } = await subscribe(client, (await publish(client)).listingId);
    const details = await client.send(new GetSubscriptionRequestDetailsCommand({ ...inDomain, identifier: requestId }));
    expect(details).toMatchObject({ status: 'ACCEPTED', requestReason: 'for the model', decisionComment: 'fine', createdAt: clock.now() });
  });

  test('ends by revocation, retaining permissions or not, or by cancellation, once', async () => {
    const { listingId } = await publish(client);
    const first = await subscribe(client, listingId);
    await client.send(new RevokeSubscriptionCommand({ ...inDomain, identifier: first.subscriptionId, retainPermissions: true }));
    expect(await subscription(first.subscriptionId)).toMatchObject({ status: 'REVOKED', retainPermissions: true });
    const second = await subscribe(client, listingId);
    await client.send(new CancelSubscriptionCommand({ ...inDomain, identifier: second.subscriptionId }));
    await expect(client.send(new CancelSubscriptionCommand({ ...inDomain, identifier: second.subscriptionId }))).rejects.toMatchObject({
      name: 'ConflictException',
    });
    expect(events().filter((type) => !type.includes('Request'))).toEqual([
      'Subscription Created',
      'Subscription Revoked',
      'Subscription Created',
      'Subscription Cancelled',
    ]);
  });

  test('is asked for once, and only of what is published', async () => {
    const { listingId, assetId } = await publish(client);
    await subscribe(client, listingId);
    await expect(subscribe(client, listingId)).rejects.toMatchObject({ name: 'ConflictException' });
    const other = await publish(client, 'arn:aws:s3:::raw/other/');
    await client.send(
      new CreateListingChangeSetCommand({ ...inDomain, entityIdentifier: other.assetId, entityType: 'ASSET', action: 'UNPUBLISH' }),
    );
    await expect(subscribe(client, other.listingId)).rejects.toMatchObject({ name: 'ConflictException' });
    expect(assetId).not.toBe(other.assetId);
  });

  test('of a data product names the assets, without their forms', async () => {
    const { assetId } = await publish(client);
    const { subscriptionId } = await subscribe(client, aws.seed.dataProduct({ projectId: PRODUCER, name: 'All', assetIds: [assetId] }));
    expect((await subscription(subscriptionId)).subscribedListing?.item?.productListing?.assetListings).toEqual([
      { entityId: assetId, entityRevision: '1', entityType: 'S3ObjectCollectionAssetType' },
    ]);
  });
});

describe('lists', () => {
  test('only approved subscriptions, unless a status is given, page by page', async () => {
    for (const prefix of ['a', 'b', 'c']) {
      const { subscriptionId } = await subscribe(client, (await publish(client, `arn:aws:s3:::raw/${prefix}/`)).listingId);
      clock.advance(1);
      if (prefix === 'b') await client.send(new CancelSubscriptionCommand({ ...inDomain, identifier: subscriptionId }));
    }
    const page = async (input: object) => client.send(new ListSubscriptionsCommand({ ...inDomain, ...input }));
    const first = await page({ maxResults: 1 });
    const second = await page({ maxResults: 1, nextToken: first.nextToken });
    expect([first.items?.length, second.items?.length, second.nextToken]).toEqual([1, 1, undefined]);
    expect(first.items?.[0]?.id).not.toBe(second.items?.[0]?.id);
    expect((await page({ status: 'CANCELLED' })).items).toHaveLength(1);
    expect((await page({ owningProjectId: PRODUCER })).items).toHaveLength(0);
    expect((await page({ approverProjectId: PRODUCER, owningProjectId: CONSUMER })).items).toHaveLength(2);
    await expect(page({ nextToken: 'nonsense' })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('no more on a page than the double was told', async () => {
    aws.state.datazone.pageSize = 1;
    for (const name of ['a', 'b']) aws.seed.environment({ projectId: CONSUMER, account: CONSUMER_ACCOUNT, region: 'eu-west-1', name });
    const page = await client.send(new ListEnvironmentsCommand({ ...inDomain, projectIdentifier: CONSUMER, maxResults: 50 }));
    expect([page.items?.length, page.nextToken]).toEqual([1, expect.any(String)]);
  });

  test('the environments of a project, whose dates are ISO 8601', async () => {
    const { items } = await client.send(new ListEnvironmentsCommand({ ...inDomain, projectIdentifier: CONSUMER }));
    expect(items).toEqual([expect.objectContaining({ id: ENVIRONMENT, awsAccountId: CONSUMER_ACCOUNT, createdAt: expect.any(Date) })]);
    expect(await client.send(new GetEnvironmentCommand({ ...inDomain, identifier: ENVIRONMENT }))).toMatchObject({ projectId: CONSUMER });
    expect(await client.send(new GetDomainCommand({ identifier: DOMAIN }))).toMatchObject({ status: 'AVAILABLE', domainVersion: 'V1' });
  });
});

describe('subscription targets', () => {
  test('are created, changed and deleted', async () => {
    const identifier = await createTarget(client);
    await client.send(new UpdateSubscriptionTargetCommand({ ...inEnvironment, identifier, authorizedPrincipals: [READER, `${READER}2`] }));
    const target = await client.send(new GetSubscriptionTargetCommand({ ...inEnvironment, identifier }));
    expect(target).toMatchObject({ authorizedPrincipals: [READER, `${READER}2`], provider: 'acme', projectId: CONSUMER, name: 'S3' });
    await client.send(new DeleteSubscriptionTargetCommand({ ...inEnvironment, identifier }));
    expect((await client.send(new ListSubscriptionTargetsCommand(inEnvironment))).items).toEqual([]);
  });

  test('get their grants, whose status is told, and lose them with the subscription', async () => {
    const targetId = await createTarget(client);
    const { listingId, assetId } = await publish(client);
    const { subscriptionId } = await subscribe(client, listingId);
    const { items = [] } = await client.send(new ListSubscriptionGrantsCommand({ ...inDomain, subscriptionTargetId: targetId }));
    const identifier = items[0]?.id;
    expect(items).toEqual([expect.objectContaining({ status: 'PENDING', subscriptionId })]);
    await client.send(new UpdateSubscriptionGrantStatusCommand({ ...inDomain, identifier, assetIdentifier: assetId, status: 'GRANTED' }));
    const get = new GetSubscriptionGrantCommand({ ...inDomain, identifier });
    expect(await client.send(get)).toMatchObject({
      status: 'COMPLETED',
      assets: [{ assetId, status: 'GRANTED', grantedTimestamp: clock.now() }],
    });
    await client.send(new RevokeSubscriptionCommand({ ...inDomain, identifier: subscriptionId }));
    expect(await client.send(get)).toMatchObject({ status: 'PENDING', assets: [{ status: 'REVOKE_PENDING' }] });
    const failed = { identifier, assetIdentifier: assetId, status: 'REVOKE_FAILED', failureCause: { message: 'no room' } } as const;
    await client.send(new UpdateSubscriptionGrantStatusCommand({ ...inDomain, ...failed }));
    expect(await client.send(get)).toMatchObject({ status: 'REVOKE_FAILED', assets: [{ failureCause: { message: 'no room' } }] });
    expect(events().filter((type) => type.includes('Grant'))).toEqual([
      'Subscription Grant Requested',
      'Subscription Grant Completed',
      'Subscription Grant Revoke Requested',
      'Subscription Grant Revoke Failed',
    ]);
  });

  test('get none by themselves where the double is told so, but on request', async () => {
    const manual = await startLocalAws({ unverified: { grants: 'none' } });
    try {
      const steward = seedDomain(manual);
      await createTarget(steward);
      const { listingId } = await publish(steward);
      await subscribe(steward, listingId);
      const list = new ListSubscriptionGrantsCommand({ ...inDomain, environmentId: ENVIRONMENT });
      expect((await steward.send(list)).items).toEqual([]);
      await steward.send(
        new CreateSubscriptionGrantCommand({ ...inEnvironment, grantedEntity: { listing: { identifier: listingId, revision: '1' } } }),
      );
      expect((await steward.send(list)).items).toHaveLength(1);
    } finally {
      await manual.close();
    }
  });
});
