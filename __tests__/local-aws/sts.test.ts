import { GetBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { type LocalAws, startLocalAws } from '../../local-aws/local-aws';
import { allowing, BUCKET_ACCOUNT, DOMAIN_ACCOUNT, handClock, REGION, stsAs, stsWith } from './world';

let aws: LocalAws;
const clock = handClock();
const lambda = `arn:aws:iam::${DOMAIN_ACCOUNT}:role/acme-fulfillment`;
const editor = `arn:aws:iam::${BUCKET_ACCOUNT}:role/acme-policy-editor`;

const trust = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${DOMAIN_ACCOUNT}:root` },
      Action: 'sts:AssumeRole',
      Condition: {
        ArnEquals: { 'aws:PrincipalArn': lambda },
        StringEquals: { 'sts:ExternalId': 'dzd_1' },
        Null: { 'aws:RequestTag/OwningProject': 'false' },
      },
    },
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${DOMAIN_ACCOUNT}:root` },
      Action: 'sts:TagSession',
      Condition: {
        ArnEquals: { 'aws:PrincipalArn': lambda },
        'ForAllValues:StringEquals': { 'aws:TagKeys': 'OwningProject' },
        Null: { 'sts:TransitiveTagKeys': 'true' },
      },
    },
  ],
};
const tagged = {
  name: 'edit',
  document: {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Action: 's3:GetBucketPolicy',
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalTag/OwningProject': 'p1' } },
    },
  },
};

beforeEach(async () => {
  aws = await startLocalAws({ clock: clock.now });
  aws.seed.role({ account: DOMAIN_ACCOUNT, name: 'acme-fulfillment', policies: [allowing(['sts:AssumeRole', 'sts:TagSession'], editor)] });
  aws.seed.role({ account: BUCKET_ACCOUNT, name: 'acme-policy-editor', trust, policies: [tagged] });
  aws.seed.bucket({ name: 'raw', account: BUCKET_ACCOUNT, region: REGION });
});
afterEach(() => aws.close());

const request = { RoleArn: editor, RoleSessionName: 'change-1', ExternalId: 'dzd_1', Tags: [{ Key: 'OwningProject', Value: 'p1' }] };
const assume = (changes: object = {}, arn = lambda) => stsAs(aws, arn).send(new AssumeRoleCommand({ ...request, ...changes }));
const credentials = async (changes: object = {}) => {
  const { Credentials: issued } = await assume(changes);
  return {
    accessKeyId: issued?.AccessKeyId ?? '',
    secretAccessKey: issued?.SecretAccessKey ?? '',
    sessionToken: issued?.SessionToken ?? '',
  };
};
const denied = { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } };

describe('AssumeRole', () => {
  test('gives a session of the role, in its account, with the tags', async () => {
    const session = await credentials();
    expect(await stsWith(aws, session).send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: BUCKET_ACCOUNT,
      Arn: `arn:aws:sts::${BUCKET_ACCOUNT}:assumed-role/acme-policy-editor/change-1`,
    });
    const s3 = (own: typeof session) =>
      new S3Client({ endpoint: aws.endpoint, region: REGION, credentials: own, forcePathStyle: true, maxAttempts: 1 });
    const ask = new GetBucketPolicyCommand({ Bucket: 'raw' });
    await expect(s3(session).send(ask)).rejects.toMatchObject({ name: 'NoSuchBucketPolicy' });
    const other = await credentials({ Tags: [{ Key: 'OwningProject', Value: 'p2' }] });
    await expect(s3(other).send(ask)).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test.each([
    ['another external id', { ExternalId: 'dzd_2' }],
    ['no external id', { ExternalId: undefined }],
    ['no tag', { Tags: [] }],
    ['a tag too many', { Tags: [...request.Tags, { Key: 'Team', Value: 'x' }] }],
    ['a transitive tag', { TransitiveTagKeys: ['OwningProject'] }],
    ['a role that does not exist', { RoleArn: `${editor}2` }],
  ])('is refused for %s', async (_, changes) => {
    await expect(assume(changes)).rejects.toMatchObject(denied);
  });

  test('is refused to another role of the trusted account', async () => {
    const other = aws.seed.role({ account: DOMAIN_ACCOUNT, name: 'other', policies: [allowing('sts:*')] }).arn;
    await expect(assume({}, other)).rejects.toMatchObject(denied);
  });

  test('is refused where the caller may not tag the session', async () => {
    aws.seed.role({ account: DOMAIN_ACCOUNT, name: 'acme-fulfillment', policies: [allowing('sts:AssumeRole', editor)] });
    await expect(assume()).rejects.toMatchObject({ ...denied, message: expect.stringContaining('sts:TagSession') });
  });

  test('is refused for more than an hour from a session, and for a session name with a space', async () => {
    await expect(assume({ DurationSeconds: 7200 })).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining('1 hour'),
    });
    await expect(assume({ RoleSessionName: 'a b' })).rejects.toMatchObject({ name: 'ValidationError' });
  });

  test('works again for a caller whose role was deleted and created anew', async () => {
    aws.seed.remove(lambda);
    aws.seed.role({ account: DOMAIN_ACCOUNT, name: 'acme-fulfillment', policies: [allowing('sts:*')] });
    await expect(assume()).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } });
  });
});

describe('a session ends', () => {
  test('with its time', async () => {
    const session = await credentials({ DurationSeconds: 900 });
    clock.advance(900);
    await expect(stsWith(aws, session).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'ExpiredToken' });
  });

  test('with its role', async () => {
    const session = await credentials();
    aws.seed.remove(editor);
    await expect(stsWith(aws, session).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  });
});
