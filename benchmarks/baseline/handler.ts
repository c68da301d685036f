import { DataZoneClient, GetListingCommand, ListEnvironmentsCommand, ListSubscriptionTargetsCommand } from '@aws-sdk/client-datazone';
import { GetBucketPolicyCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod/mini';

/**
 * The baseline: the flow of "Implement a custom subscription workflow for unmanaged Amazon S3 assets published with Amazon DataZone"
 * (AWS Big Data Blog), written for this benchmark. It handles one event per invocation, makes one call at a time, appends two statements
 * per grant and stores nothing. The benchmarks compare the product with it; it is never deployed.
 */
const datazone = new DataZoneClient({});
const s3 = new S3Client({});

const created = z.object({
  detail: z.object({
    metadata: z.object({ domain: z.string() }),
    data: z.object({
      subscribedListing: z.object({ id: z.string() }),
      subscribedPrincipal: z.object({ id: z.string() }),
    }),
  }),
});
const listedForms = z.object({ S3ObjectCollectionForm: z.object({ bucketArn: z.string() }) });
const policyDocument = z.looseObject({ Statement: z.array(z.unknown()) });

const ASSET_TYPE = 'S3ObjectCollectionAssetType';

const readPolicy = async (bucket: string) => {
  try {
    const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket: bucket }));
    return policyDocument.parse(JSON.parse(Policy ?? ''));
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchBucketPolicy') return { Version: '2012-10-17', Statement: [] };
    throw error;
  }
};

/** Fulfills one "Subscription Created" event from EventBridge. */
export const handler = async (event: unknown): Promise<void> => {
  const { metadata, data } = created.parse(event).detail;
  const domainIdentifier = metadata.domain;
  const listing = await datazone.send(new GetListingCommand({ domainIdentifier, identifier: data.subscribedListing.id }));
  const forms: unknown = JSON.parse(listing.item?.assetListing?.forms ?? '{}');
  const { bucketArn } = listedForms.parse(forms).S3ObjectCollectionForm;
  const [bucket = '', ...path] = bucketArn.replace('arn:aws:s3:::', '').split('/');
  const prefix = path.join('/');

  const { items: environments = [] } = await datazone.send(
    new ListEnvironmentsCommand({ domainIdentifier, projectIdentifier: data.subscribedPrincipal.id }),
  );
  const principals: string[] = [];
  for (const { id } of environments) {
    const { items = [] } = await datazone.send(new ListSubscriptionTargetsCommand({ domainIdentifier, environmentIdentifier: id }));
    for (const target of items)
      if (target.applicableAssetTypes?.includes(ASSET_TYPE) === true) principals.push(...(target.authorizedPrincipals ?? []));
  }

  const policy = await readPolicy(bucket);
  const Principal = { AWS: principals };
  const statements = [
    { Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/${prefix}*` },
    {
      Effect: 'Allow',
      Principal,
      Action: 's3:ListBucket',
      Resource: `arn:aws:s3:::${bucket}`,
      Condition: { StringLike: { 's3:prefix': `${prefix}*` } },
    },
  ];
  const next = { ...policy, Statement: [...policy.Statement, ...statements] };
  await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify(next) }));
};
