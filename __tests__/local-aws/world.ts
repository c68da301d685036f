import { DataZoneClient } from '@aws-sdk/client-datazone';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import type { Credentials } from '../../local-aws/identities';
import type { LocalAws } from '../../local-aws/local-aws';
import type { NamedPolicy } from '../../src/iam/evaluate';

export const DOMAIN_ACCOUNT = '111111111111';
export const BUCKET_ACCOUNT = '222222222222';
export const CONSUMER_ACCOUNT = '333333333333';
export const REGION = 'eu-west-1';
export const DOMAIN = 'dzd_bc8e1ez8r2a6xz';

/** A clock that tests turn by hand. */
export const handClock = (start = '2026-11-23T12:00:00Z') => {
  let now = Date.parse(start);
  return {
    now: () => new Date(now),
    advance: (seconds: number) => {
      now += seconds * 1000;
    },
  };
};

export const allowing = (action: string | readonly string[], resource: string | readonly string[] = '*'): NamedPolicy => ({
  name: 'test',
  document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: action, Resource: resource } },
});

/** A statement of a bucket policy that lets `arn` read one prefix. */
export const reading = (arn: string | readonly string[], bucket = 'raw', prefix = 'runs/') => [
  { Effect: 'Allow', Principal: { AWS: arn }, Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/${prefix}*` },
  {
    Effect: 'Allow',
    Principal: { AWS: arn },
    Action: 's3:ListBucket',
    Resource: `arn:aws:s3:::${bucket}`,
    Condition: { StringLike: { 's3:prefix': `${prefix}*` } },
  },
];

export const document = (...statements: readonly unknown[]): string => JSON.stringify({ Version: '2012-10-17', Statement: statements });

const settings = ({ endpoint }: LocalAws, credentials: Credentials, region: string) => ({ endpoint, region, credentials, maxAttempts: 1 });

export const s3As = (aws: LocalAws, arn: string, region = REGION) =>
  new S3Client({ ...settings(aws, aws.credentialsFor(arn), region), forcePathStyle: true });
export const dataZoneAs = (aws: LocalAws, arn: string) => new DataZoneClient(settings(aws, aws.credentialsFor(arn), REGION));
export const stsAs = (aws: LocalAws, arn: string) => new STSClient(settings(aws, aws.credentialsFor(arn), REGION));
export const stsWith = (aws: LocalAws, credentials: Credentials) => new STSClient(settings(aws, credentials, REGION));
export const dynamoDbAs = (aws: LocalAws, arn: string) => new DynamoDBClient(settings(aws, aws.credentialsFor(arn), REGION));
