import {
  AcceptSubscriptionRequestCommand,
  CreateAssetCommand,
  CreateListingChangeSetCommand,
  CreateSubscriptionRequestCommand,
  CreateSubscriptionTargetCommand,
  type DataZoneClient,
} from '@aws-sdk/client-datazone';
import type { LocalAws } from '../../local-aws/local-aws';
import { allowing, CONSUMER_ACCOUNT, DOMAIN, DOMAIN_ACCOUNT, dataZoneAs, REGION } from './world';

export const PRODUCER = '5a3se66qm88947';
export const CONSUMER = '6oy92hwk937pgn';
export const ENVIRONMENT = '3fahnt3ymnhfd3';
export const READER = `arn:aws:iam::${CONSUMER_ACCOUNT}:role/team/reader`;

/** A domain with a producer, a consumer and its environment; @returns a client that may do anything in it. */
export const seedDomain = (aws: LocalAws, version: 'V1' | 'V2' = 'V1'): DataZoneClient => {
  const steward = aws.seed.role({ account: DOMAIN_ACCOUNT, name: 'steward', policies: [allowing('datazone:*')] }).arn;
  aws.seed.domain({ id: DOMAIN, account: DOMAIN_ACCOUNT, region: REGION, version });
  aws.seed.project({ id: PRODUCER, name: 'Producers', members: [steward] });
  aws.seed.project({ id: CONSUMER, name: 'Consumers', members: [steward] });
  aws.seed.environment({ id: ENVIRONMENT, projectId: CONSUMER, account: CONSUMER_ACCOUNT, region: REGION });
  return dataZoneAs(aws, steward);
};

/** The form of an S3 asset, as producers write it. */
export const formOf = (bucketArn: string) => ({
  formName: 'S3ObjectCollectionForm',
  typeIdentifier: 'amazon.datazone.S3ObjectCollectionFormType',
  content: JSON.stringify({ bucketArn }),
});

export const publish = async (client: DataZoneClient, bucketArn = 'arn:aws:s3:::raw/runs/') => {
  const asset = await client.send(
    new CreateAssetCommand({
      domainIdentifier: DOMAIN,
      owningProjectIdentifier: PRODUCER,
      name: 'Runs',
      typeIdentifier: 'amazon.datazone.S3ObjectCollectionAssetType',
      formsInput: [formOf(bucketArn)],
    }),
  );
  const change = { domainIdentifier: DOMAIN, entityIdentifier: asset.id, entityType: 'ASSET', action: 'PUBLISH' } as const;
  const { listingId = '' } = await client.send(new CreateListingChangeSetCommand(change));
  return { assetId: asset.id ?? '', listingId };
};

export const createTarget = async (client: DataZoneClient, authorizedPrincipals = [READER]) => {
  const target = await client.send(
    new CreateSubscriptionTargetCommand({
      domainIdentifier: DOMAIN,
      environmentIdentifier: ENVIRONMENT,
      name: 'S3',
      type: 'BaseSubscriptionTargetType',
      provider: 'acme',
      subscriptionTargetConfig: [],
      authorizedPrincipals,
      manageAccessRole: `arn:aws:iam::${CONSUMER_ACCOUNT}:role/manage`,
      applicableAssetTypes: ['S3ObjectCollectionAssetType'],
    }),
  );
  return target.id ?? '';
};

export const subscribe = async (client: DataZoneClient, listingId: string) => {
  const request = await client.send(
    new CreateSubscriptionRequestCommand({
      domainIdentifier: DOMAIN,
      subscribedPrincipals: [{ project: { identifier: CONSUMER } }],
      subscribedListings: [{ identifier: listingId }],
      requestReason: 'for the model',
    }),
  );
  const accept = { domainIdentifier: DOMAIN, identifier: request.id, decisionComment: 'fine' };
  const accepted = await client.send(new AcceptSubscriptionRequestCommand(accept));
  return { requestId: request.id ?? '', subscriptionId: accepted.existingSubscriptionId ?? '' };
};
