import {
  CancelSubscriptionCommand,
  CreateAssetRevisionCommand,
  CreateListingChangeSetCommand,
  CreateProjectMembershipCommand,
  CreateSubscriptionGrantCommand,
  CreateUserProfileCommand,
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
  GetUserProfileCommand,
  ListEnvironmentsCommand,
  ListProjectMembershipsCommand,
  ListProjectsCommand,
  ListSubscriptionGrantsCommand,
  ListSubscriptionsCommand,
  ListSubscriptionTargetsCommand,
  RevokeSubscriptionCommand,
  UpdateSubscriptionGrantStatusCommand,
  UpdateSubscriptionTargetCommand,
} from '@aws-sdk/client-datazone';
import { type LocalAws, startLocalAws } from '../../local-aws/local-aws';
import { CONSUMER, createTarget, ENVIRONMENT, formOf, PRODUCER, publish, READER, seedDomain, subscribe } from '../local-aws/datazone-story';
import { DOMAIN } from '../local-aws/world';

const inDomain = { domainIdentifier: DOMAIN };
const inEnvironment = { ...inDomain, environmentIdentifier: ENVIRONMENT };

/** An answer that is to be a refusal. */
const refused = async (call: Promise<unknown>): Promise<void> => {
  const answer = await call.then(
    () => 'granted',
    () => 'refused',
  );
  if (answer === 'granted') throw new Error('the double granted what the tour expects it to refuse');
};

const reads = async (client: DataZoneClient, ids: { listingId: string; assetId: string; targetId: string; subscriptionId: string }) => {
  const { listingId, assetId, targetId, subscriptionId } = ids;
  await client.send(new GetDomainCommand({ identifier: DOMAIN }));
  await client.send(new GetSubscriptionCommand({ ...inDomain, identifier: subscriptionId }));
  await client.send(new GetListingCommand({ ...inDomain, identifier: listingId, listingRevision: '1' }));
  await client.send(new GetAssetCommand({ ...inDomain, identifier: assetId, revision: '1' }));
  await client.send(new GetEnvironmentCommand({ ...inDomain, identifier: ENVIRONMENT }));
  await client.send(new GetSubscriptionTargetCommand({ ...inEnvironment, identifier: targetId }));
  await client.send(new ListEnvironmentsCommand({ ...inDomain, projectIdentifier: CONSUMER, maxResults: 1 }));
  await client.send(new ListSubscriptionTargetsCommand({ ...inEnvironment, sortBy: 'CREATED_AT', sortOrder: 'ASCENDING' }));
  for (const status of ['APPROVED', 'REVOKED', 'CANCELLED'] as const)
    await client.send(new ListSubscriptionsCommand({ ...inDomain, status, owningProjectId: CONSUMER, subscribedListingId: listingId }));
};

const refusals = async (client: DataZoneClient, aws: LocalAws) => {
  const get = (identifier: string) => client.send(new GetSubscriptionCommand({ ...inDomain, identifier }));
  await refused(get('none'));
  for (const fault of ['throttled', 'denied', 'failed'] as const) {
    const { end } = aws.befall([{ service: 'datazone', operation: 'GetSubscription', occurrences: [1], fault }]);
    await refused(get('none'));
    end();
  }
};

const NEWCOMER = 'arn:aws:iam::111111111111:role/newcomer';

/** Who is a user of the domain, and a member of its projects. */
const people = async (client: DataZoneClient) => {
  const inProject = { ...inDomain, projectIdentifier: CONSUMER };
  await client.send(new ListProjectsCommand(inDomain));
  const { id } = await client.send(new CreateUserProfileCommand({ ...inDomain, userIdentifier: NEWCOMER, userType: 'IAM_ROLE' }));
  await client.send(new GetUserProfileCommand({ ...inDomain, userIdentifier: NEWCOMER, type: 'IAM' }));
  const member = { userIdentifier: id ?? '' };
  const designation = 'PROJECT_CATALOG_VIEWER';
  await client.send(new CreateProjectMembershipCommand({ ...inProject, member, designation }));
  await refused(client.send(new CreateProjectMembershipCommand({ ...inProject, member, designation })));
  await client.send(new ListProjectMembershipsCommand(inProject));
};

/** Grants: made by themselves and on request, looked at, reported on. */
const grants = async (client: DataZoneClient, { targetId, listingId }: { readonly targetId: string; readonly listingId: string }) => {
  const { items = [] } = await client.send(new ListSubscriptionGrantsCommand({ ...inDomain, subscriptionTargetId: targetId }));
  const [grant] = items;
  const assetIdentifier = grant?.assets?.[0]?.assetId;
  const report = { ...inDomain, identifier: grant?.id, assetIdentifier } as const;
  for (const status of ['GRANT_IN_PROGRESS', 'GRANTED'] as const)
    await client.send(new UpdateSubscriptionGrantStatusCommand({ ...report, status }));
  const failureCause = { message: 'no room' };
  await client.send(new UpdateSubscriptionGrantStatusCommand({ ...report, status: 'GRANT_FAILED', failureCause }));
  await client.send(new GetSubscriptionGrantCommand({ ...inDomain, identifier: grant?.id }));
  const second = await createTarget(client);
  const entity = { grantedEntity: { listing: { identifier: listingId, revision: '1' } } };
  await refused(client.send(new CreateSubscriptionGrantCommand({ ...inEnvironment, ...entity, subscriptionTargetIdentifier: second })));
  const other = await publish(client, 'arn:aws:s3:::raw/other/');
  const asked = { grantedEntity: { listing: { identifier: other.listingId, revision: '1' } }, subscriptionTargetIdentifier: second };
  await client.send(new CreateSubscriptionGrantCommand({ ...inEnvironment, ...asked }));
  await client.send(new DeleteSubscriptionTargetCommand({ ...inEnvironment, identifier: second }));
};

const journey = async (aws: LocalAws, version: 'V1' | 'V2'): Promise<void> => {
  const client = seedDomain(aws, version);
  const targetId = await createTarget(client);
  const { listingId, assetId } = await publish(client);
  const { requestId, subscriptionId } = await subscribe(client, listingId);
  await client.send(new GetSubscriptionRequestDetailsCommand({ ...inDomain, identifier: requestId }));
  await reads(client, { listingId, assetId, targetId, subscriptionId });
  await grants(client, { targetId, listingId });
  await client.send(new UpdateSubscriptionTargetCommand({ ...inEnvironment, identifier: targetId, authorizedPrincipals: [READER] }));
  const again = { ...inDomain, identifier: assetId, name: 'Runs', formsInput: [formOf('arn:aws:s3:::raw/all/')] };
  await client.send(new CreateAssetRevisionCommand(again));
  await client.send(new CreateListingChangeSetCommand({ ...inDomain, entityIdentifier: assetId, entityType: 'ASSET', action: 'PUBLISH' }));
  await client.send(new RevokeSubscriptionCommand({ ...inDomain, identifier: subscriptionId, retainPermissions: true }));
  const product = aws.seed.dataProduct({ projectId: PRODUCER, name: 'All', assetIds: [assetId] });
  const bundle = await subscribe(client, product);
  await client.send(new GetListingCommand({ ...inDomain, identifier: product }));
  await reads(client, { listingId: product, assetId, targetId, subscriptionId: bundle.subscriptionId });
  await client.send(new CancelSubscriptionCommand({ ...inDomain, identifier: bundle.subscriptionId }));
  await refused(client.send(new CancelSubscriptionCommand({ ...inDomain, identifier: bundle.subscriptionId })));
  await people(client);
  await refusals(client, aws);
};

/** Every operation of DataZone that the double has, of V1 and V2 domains, answered and refused. @returns the exchanges, a line each. */
export const tour = async (): Promise<string> => {
  let lines = '';
  for (const version of ['V1', 'V2'] as const) {
    const aws = await startLocalAws();
    try {
      await journey(aws, version);
      lines += aws.recorder.lines('datazone');
    } finally {
      await aws.close();
    }
  }
  return lines;
};
