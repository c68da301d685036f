import {
  CreateSubscriptionTargetCommand,
  type DataZoneClient,
  GetEnvironmentCommand,
  GetSubscriptionCommand,
  GetSubscriptionTargetCommand,
  ListEnvironmentsCommand,
  ListSubscriptionGrantsCommand,
  ListSubscriptionTargetsCommand,
  RevokeSubscriptionCommand,
  UpdateSubscriptionGrantStatusCommand,
} from '@aws-sdk/client-datazone';
import { type LocalAws, startLocalAws } from '../../local-aws/local-aws';
import { CONSUMER, createTarget, ENVIRONMENT, publish, READER, seedDomain, subscribe } from './datazone-story';
import { CONSUMER_ACCOUNT, DOMAIN, DOMAIN_ACCOUNT } from './world';

let aws: LocalAws;
let client: DataZoneClient;
const inDomain = { domainIdentifier: DOMAIN };
const inEnvironment = { ...inDomain, environmentIdentifier: ENVIRONMENT };
const steward = `arn:aws:iam::${DOMAIN_ACCOUNT}:role/steward`;

beforeEach(async () => {
  aws = await startLocalAws();
});
afterEach(() => aws.close());

const targets = async () => (await client.send(new ListSubscriptionTargetsCommand(inEnvironment))).items ?? [];
const grants = async () => (await client.send(new ListSubscriptionGrantsCommand({ ...inDomain, environmentId: ENVIRONMENT }))).items ?? [];

describe('a V2 domain', () => {
  beforeEach(() => {
    client = seedDomain(aws, 'V2');
  });

  test('has a target of its own for each environment, beside ours', async () => {
    const ours = await createTarget(client);
    expect((await targets()).map(({ id, provider }) => [id === ours, provider])).toEqual(
      expect.arrayContaining([
        [false, 'Amazon DataZone'],
        [true, 'acme'],
      ]),
    );
  });

  test('fulfils its own target by itself, for the project role, and lets nobody else report on it', async () => {
    const ours = await createTarget(client);
    const { listingId, assetId } = await publish(client);
    const { subscriptionId: identifier } = await subscribe(client, listingId);
    const [native, own] = (await grants()).toSorted((a) => (a.subscriptionTargetId === ours ? 1 : -1));
    expect([native?.status, own?.status]).toEqual(['COMPLETED', 'PENDING']);
    expect(aws.state.datazone.nativeAccess).toEqual([
      { grantId: native?.id, assetId, principals: [expect.stringContaining(`:role/datazone_usr_role_${CONSUMER}`)] },
    ]);
    const report = { ...inDomain, identifier: native?.id, assetIdentifier: assetId, status: 'GRANTED' } as const;
    await expect(client.send(new UpdateSubscriptionGrantStatusCommand(report))).rejects.toMatchObject({ name: 'ConflictException' });
    await client.send(new RevokeSubscriptionCommand({ ...inDomain, identifier }));
    expect(aws.state.datazone.nativeAccess).toEqual([]);
    expect((await grants()).map(({ status }) => status).toSorted()).toEqual(['COMPLETED', 'PENDING']);
  });

  test('lets nobody in whose profile is not activated, or who left the project', async () => {
    const list = () => client.send(new ListEnvironmentsCommand({ ...inDomain, projectIdentifier: CONSUMER }));
    await list();
    aws.seed.members(CONSUMER, () => []);
    await expect(list()).rejects.toMatchObject({ name: 'AccessDeniedException', message: expect.stringContaining('no member') });
    aws.seed.members(CONSUMER, () => [steward]);
    aws.seed.profile(steward, 'NOT_ASSIGNED');
    await expect(list()).rejects.toMatchObject({ message: expect.stringContaining('no activated user profile') });
  });
});

test('a V1 domain that is upgraded keeps everything, and wants profiles from then on', async () => {
  client = seedDomain(aws);
  const { subscriptionId: identifier } = await subscribe(client, (await publish(client)).listingId);
  const get = () => client.send(new GetSubscriptionCommand({ ...inDomain, identifier }));
  aws.seed.profile(steward, 'DEACTIVATED');
  const before = await get();
  aws.seed.upgradeDomain();
  await expect(get()).rejects.toMatchObject({ name: 'AccessDeniedException' });
  aws.seed.profile(steward, 'ACTIVATED');
  expect({ ...(await get()), $metadata: {} }).toEqual({ ...before, $metadata: {} });
  expect(await targets()).toEqual([expect.objectContaining({ provider: 'Amazon DataZone' })]);
});

describe('what was deleted', () => {
  beforeEach(() => {
    client = seedDomain(aws);
  });

  test('is not found: an environment with its targets, a project with its environments', async () => {
    const identifier = await createTarget(client);
    const target = new GetSubscriptionTargetCommand({ ...inEnvironment, identifier });
    await expect(client.send(target)).resolves.toMatchObject({ authorizedPrincipals: [READER] });
    aws.seed.deleteEnvironment(ENVIRONMENT);
    for (const asked of [
      client.send(target),
      client.send(new GetEnvironmentCommand({ ...inDomain, identifier: ENVIRONMENT })),
      client.send(new ListSubscriptionTargetsCommand(inEnvironment)),
      createTarget(client),
    ])
      await expect(asked).rejects.toMatchObject({ name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 } });
    const other = aws.seed.environment({ projectId: CONSUMER, account: CONSUMER_ACCOUNT, region: 'eu-west-1' });
    aws.seed.deleteProject(CONSUMER);
    await expect(client.send(new GetEnvironmentCommand({ ...inDomain, identifier: other.id }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    expect(() => aws.seed.deleteProject(CONSUMER)).toThrow('does not exist');
  });

  test('an asset goes, its subscriptions stay as they were', async () => {
    const { listingId, assetId } = await publish(client);
    const { subscriptionId: identifier } = await subscribe(client, listingId);
    aws.seed.deleteAsset(assetId);
    const { status, subscribedListing } = await client.send(new GetSubscriptionCommand({ ...inDomain, identifier }));
    expect([status, subscribedListing?.item?.assetListing?.entityId]).toEqual(['APPROVED', assetId]);
    expect(() => aws.seed.deleteAsset(assetId)).toThrow('does not exist');
  });
});

test('a target of a type of DataZone’s is not fulfilled in a V1 domain', async () => {
  client = seedDomain(aws);
  const target = {
    ...inEnvironment,
    name: 'S3',
    type: 'BaseSubscriptionTargetType',
    subscriptionTargetConfig: [],
    authorizedPrincipals: [READER],
    manageAccessRole: READER,
    applicableAssetTypes: ['S3ObjectCollectionAssetType'],
  };
  await client.send(new CreateSubscriptionTargetCommand({ ...target, manageAccessRole: `arn:aws:iam::${CONSUMER_ACCOUNT}:role/manage` }));
  await subscribe(client, (await publish(client)).listingId);
  expect((await grants()).map(({ status }) => status)).toEqual(['PENDING']);
});
