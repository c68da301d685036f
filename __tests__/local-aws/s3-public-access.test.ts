import { GetObjectCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { type LocalAws, startLocalAws } from '../../local-aws/local-aws';
import { isPublic } from '../../local-aws/s3/public-access';
import { allowing, BUCKET_ACCOUNT, CONSUMER_ACCOUNT, document, REGION, reading, s3As } from './world';

let aws: LocalAws;
let editor: string;
let stranger: string;
let own: string;

const start = async (publicAccessBlock: object, unverified: object = {}) => {
  aws = await startLocalAws({ unverified });
  editor = aws.seed.role({ account: BUCKET_ACCOUNT, name: 'editor', policies: [allowing('s3:*BucketPolicy')] }).arn;
  own = aws.seed.role({ account: BUCKET_ACCOUNT, name: 'reader' }).arn;
  stranger = aws.seed.role({ account: CONSUMER_ACCOUNT, name: 'reader', policies: [allowing('s3:GetObject')] }).arn;
  aws.seed.bucket({ name: 'raw', account: BUCKET_ACCOUNT, region: REGION, objects: { 'runs/1': 'x' }, publicAccessBlock });
};
afterEach(() => aws.close());

const open = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::raw/open/*' };
const put = (...statements: readonly object[]) =>
  s3As(aws, editor).send(new PutBucketPolicyCommand({ Bucket: 'raw', Policy: document(...statements) }));
const read = (arn: string) =>
  s3As(aws, arn)
    .send(new GetObjectCommand({ Bucket: 'raw', Key: 'runs/1' }))
    .then(
      () => 200,
      ({ $metadata }) => $metadata.httpStatusCode,
    );

describe('Block Public Access', () => {
  test('of a new bucket refuses a public policy, and keeps the one before', async () => {
    await start({});
    await put(...reading([own, stranger]));
    await expect(put(...reading([own, stranger]), open)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('BlockPublicPolicy'),
    });
    expect([await read(own), await read(stranger)]).toEqual([200, 200]);
  });

  test('restricts a bucket that is public: no other account gets in, not even where a statement names it', async () => {
    await start({ blockPublicPolicy: false });
    await put(...reading([own, stranger]), open);
    expect([await read(own), await read(stranger)]).toEqual([200, 403]);
    await put(...reading([own, stranger]));
    expect([await read(own), await read(stranger)]).toEqual([200, 200]);
  });

  test('that is off, or is believed to do no such thing, shuts nobody out', async () => {
    await start({ blockPublicPolicy: false, restrictPublicBuckets: false });
    await put(...reading([stranger]), open);
    expect(await read(stranger)).toBe(200);
    await aws.close();
    await start({ blockPublicPolicy: false }, { restrictPublicBuckets: 'ignored' });
    await put(...reading([stranger]), open);
    expect(await read(stranger)).toBe(200);
  });
});

describe('a policy is public', () => {
  beforeEach(() => start({}));
  test.each([
    ['everyone', open, true],
    ['everyone, as AWS', { ...open, Principal: { AWS: '*' } }, true],
    ['everyone but one', { ...open, Principal: undefined, NotPrincipal: { AWS: `arn:aws:iam::${BUCKET_ACCOUNT}:root` } }, true],
    ['everyone denied', { ...open, Effect: 'Deny' }, false],
    ['an account', { ...open, Principal: { AWS: CONSUMER_ACCOUNT } }, false],
    ['a service', { ...open, Principal: { Service: 'cloudtrail.amazonaws.com' } }, false],
    ['everyone of an organization', { ...open, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }, false],
    ['everyone of any organization', { ...open, Condition: { StringLike: { 'aws:PrincipalOrgID': 'o-*' } } }, true],
    ['everyone, where a key is there', { ...open, Condition: { StringEqualsIfExists: { 'aws:SourceVpce': 'vpce-1' } } }, true],
    ['everyone but an endpoint', { ...open, Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } } }, true],
    ['everyone at an endpoint', { ...open, Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }, false],
    ['everyone from a range', { ...open, Condition: { IpAddress: { 'aws:SourceIp': '198.51.100.0/24' } } }, false],
    ['everyone from nearly everywhere', { ...open, Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/1' } } }, true],
    ['everyone over TLS', { ...open, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }, true],
    [
      'everyone with a tag that a variable names',
      { ...open, Condition: { StringEquals: { 'aws:SourceVpc': '${aws:PrincipalTag/v}' } } },
      true,
    ],
  ])('where it lets in %s: %#', (_, statement, expected) => {
    expect(isPublic(document(statement))).toBe(expected);
  });
});

describe('a policy that denies its writer the next one', () => {
  const lockout = (arn: string) => ({
    Effect: 'Deny',
    Principal: { AWS: arn },
    Action: 's3:PutBucketPolicy',
    Resource: 'arn:aws:s3:::raw',
  });

  test('is refused, unless the writer confirms it', async () => {
    await start({});
    await expect(put(lockout(editor))).rejects.toMatchObject({ name: 'AccessDenied' });
    const confirmed = { Bucket: 'raw', Policy: document(lockout(editor)), ConfirmRemoveSelfBucketAccess: true };
    await s3As(aws, editor).send(new PutBucketPolicyCommand(confirmed));
    await expect(put(...reading([own]))).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('is taken where S3 is believed to take it', async () => {
    await start({}, { selfLockout: 'accepted' });
    await put(lockout(editor));
    await expect(put(...reading([own]))).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});
