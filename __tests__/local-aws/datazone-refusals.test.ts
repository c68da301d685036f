import {
  type DataZoneClient,
  GetDomainCommand,
  GetSubscriptionCommand,
  ListEnvironmentsCommand,
  ListMetadataGenerationRunsCommand,
  ListSubscriptionsCommand,
} from '@aws-sdk/client-datazone';
import { type LocalAws, startLocalAws } from '../../local-aws/local-aws';
import { CONSUMER, createTarget, ENVIRONMENT, seedDomain } from './datazone-story';
import { allowing, CONSUMER_ACCOUNT, DOMAIN, DOMAIN_ACCOUNT, dataZoneAs } from './world';

let aws: LocalAws;
let client: DataZoneClient;
const inDomain = { domainIdentifier: DOMAIN };

beforeEach(async () => {
  aws = await startLocalAws();
  client = seedDomain(aws);
});
afterEach(() => aws.close());

const subscription = (identifier: string) => client.send(new GetSubscriptionCommand({ ...inDomain, identifier }));

describe('the domain refuses', () => {
  test('whoever has no permission', async () => {
    const nobody = aws.seed.role({ account: DOMAIN_ACCOUNT, name: 'nobody', policies: [allowing('datazone:GetDomain')] }).arn;
    const list = dataZoneAs(aws, nobody).send(new ListSubscriptionsCommand(inDomain));
    await expect(list).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('datazone:ListSubscriptions'),
    });
  });

  test('an account that it is not shared with', async () => {
    const stranger = aws.seed.role({ account: '999999999999', name: 'steward', policies: [allowing('datazone:*')] }).arn;
    await expect(dataZoneAs(aws, stranger).send(new GetDomainCommand({ identifier: DOMAIN }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    const associated = aws.seed.role({ account: CONSUMER_ACCOUNT, name: 'steward', policies: [allowing('datazone:*')] }).arn;
    await expect(dataZoneAs(aws, associated).send(new GetDomainCommand({ identifier: DOMAIN }))).resolves.toMatchObject({ id: DOMAIN });
  });

  test('who is no member of the project, in a V2 domain', async () => {
    seedDomain(aws, 'V2');
    const outsider = aws.seed.role({ account: DOMAIN_ACCOUNT, name: 'outsider', policies: [allowing('datazone:*')] }).arn;
    aws.seed.profile(outsider, 'ACTIVATED');
    const list = new ListEnvironmentsCommand({ ...inDomain, projectIdentifier: CONSUMER });
    await expect(dataZoneAs(aws, outsider).send(list)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('no member'),
    });
    await expect(client.send(list)).resolves.toMatchObject({ items: [{ id: ENVIRONMENT }] });
    aws.seed.profile(`arn:aws:iam::${DOMAIN_ACCOUNT}:role/steward`, 'DEACTIVATED');
    await expect(client.send(list)).rejects.toMatchObject({ message: expect.stringContaining('no activated user profile') });
  });

  test('what its model does not know, or knows to be wrong', async () => {
    await expect(createTarget(client, ['*'])).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(subscription('not an id')).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(subscription('unknown')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(client.send(new ListSubscriptionsCommand({ ...inDomain, maxResults: 51 }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  test('what is not built, by name', async () => {
    await expect(client.send(new ListMetadataGenerationRunsCommand(inDomain))).rejects.toMatchObject({
      message: expect.stringContaining('/metadata-generation-runs'),
      $metadata: { httpStatusCode: 501 },
    });
  });
});
