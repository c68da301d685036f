import { GetBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { credentialsOf } from '../contenders';
import { type DomainFixture, REGION } from '../domain-fixture';

/** The right of a role to read below a prefix, which a subscription must give. */
export type ExpectedGrant = { readonly role: string; readonly bucket: string; readonly prefix: string };

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const policyDocument = z.object({
  Statement: z.array(z.looseObject({ Action: z.string(), Principal: z.object({ AWS: oneOrMore }), Resource: oneOrMore })),
});

const readPolicy = async (client: S3Client, bucket: string): Promise<string | undefined> => {
  try {
    return (await client.send(new GetBucketPolicyCommand({ Bucket: bucket }))).Policy ?? '';
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchBucketPolicy') return undefined;
    throw error;
  }
};

/** Counts the expected grants that no bucket policy contains, read through S3's API. */
export const countMissingGrants = async (domain: DomainFixture, expected: readonly ExpectedGrant[]): Promise<number> => {
  const client = new S3Client({
    endpoint: domain.aws.endpoint,
    region: REGION,
    credentials: credentialsOf(domain, { runsAs: 'baseline' }),
  });
  const granted = new Set<string>();
  for (const bucket of new Set(expected.map((grant) => grant.bucket))) {
    const text = await readPolicy(client, bucket);
    if (text === undefined) continue;
    for (const { Action, Principal, Resource } of policyDocument.parse(JSON.parse(text)).Statement)
      if (Action === 's3:GetObject') for (const role of Principal.AWS) for (const resource of Resource) granted.add(`${role} ${resource}`);
  }
  client.destroy();
  return expected.filter(({ role, bucket, prefix }) => !granted.has(`${role} arn:aws:s3:::${bucket}/${prefix}*`)).length;
};
