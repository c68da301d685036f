import { GetBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { environmentOf } from '../contenders';
import { REGION, type Stage } from '../stage';

/** What a subscription should give: a role's right to read below a prefix. */
export type Expected = { readonly role: string; readonly bucket: string; readonly prefix: string };

const many = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const policyDocument = z.object({
  Statement: z.array(z.looseObject({ Action: z.string(), Principal: z.object({ AWS: many }), Resource: many })),
});

/** How many of these nobody gave, or somebody took back: read from the policies as their owner sees them. */
export const lost = async (stage: Stage, expected: readonly Expected[]): Promise<number> => {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId = '',
    AWS_SECRET_ACCESS_KEY: secretAccessKey = '',
    ...rest
  } = environmentOf(stage, { runsAs: 'peer' });
  const client = new S3Client({
    endpoint: stage.aws.endpoint,
    region: REGION,
    credentials: { accessKeyId, secretAccessKey, sessionToken: rest['AWS_SESSION_TOKEN'] ?? '' },
  });
  const given = new Set<string>();
  for (const bucket of new Set(expected.map((one) => one.bucket))) {
    const text = await client.send(new GetBucketPolicyCommand({ Bucket: bucket })).then(
      ({ Policy }) => Policy ?? '',
      (error: unknown) => {
        if (error instanceof Error && error.name === 'NoSuchBucketPolicy') return undefined;
        throw error;
      },
    );
    if (text === undefined) continue;
    for (const { Action, Principal, Resource } of policyDocument.parse(JSON.parse(text)).Statement)
      if (Action === 's3:GetObject') for (const role of Principal.AWS) for (const resource of Resource) given.add(`${role} ${resource}`);
  }
  client.destroy();
  return expected.filter(({ role, bucket, prefix }) => !given.has(`${role} arn:aws:s3:::${bucket}/${prefix}*`)).length;
};
