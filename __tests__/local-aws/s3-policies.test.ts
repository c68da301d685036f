import { DeleteBucketPolicyCommand, GetBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { type LocalAws, startLocalAws } from '../../local-aws/local-aws';
import { allowing, BUCKET_ACCOUNT, CONSUMER_ACCOUNT, document, REGION, reading, s3As } from './world';

let aws: LocalAws;
let editor: string;
let reader: string;

beforeEach(async () => {
  aws = await startLocalAws();
  editor = aws.seed.role({ account: BUCKET_ACCOUNT, name: 'editor', policies: [allowing('s3:*BucketPolicy', 'arn:aws:s3:::raw')] }).arn;
  reader = aws.seed.role({ account: CONSUMER_ACCOUNT, name: 'team/reader' }).arn;
  aws.seed.bucket({ name: 'raw', account: BUCKET_ACCOUNT, region: REGION });
});
afterEach(() => aws.close());

const put = (Policy: string, arn = editor) => s3As(aws, arn).send(new PutBucketPolicyCommand({ Bucket: 'raw', Policy }));
const get = async (arn = editor, owner?: string) =>
  (await s3As(aws, arn).send(new GetBucketPolicyCommand({ Bucket: 'raw', ...(owner === undefined ? {} : { ExpectedBucketOwner: owner }) })))
    .Policy ?? '';
const statement = (fields: Readonly<Record<string, unknown>> = {}) => ({ ...reading(reader)[0], ...fields });

describe('the policy calls', () => {
  test('put, get and delete a policy', async () => {
    await expect(get()).rejects.toMatchObject({ name: 'NoSuchBucketPolicy', $metadata: { httpStatusCode: 404 } });
    await put(document(...reading(reader)));
    expect(JSON.parse(await get())).toEqual(JSON.parse(document(...reading(reader))));
    await s3As(aws, editor).send(new DeleteBucketPolicyCommand({ Bucket: 'raw' }));
    await expect(get()).rejects.toMatchObject({ name: 'NoSuchBucketPolicy' });
  });

  test('refuse who may not, and who may but is of another account', async () => {
    const stranger = aws.seed.role({ account: CONSUMER_ACCOUNT, name: 'stranger', policies: [allowing('s3:*')] }).arn;
    await expect(get(stranger)).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    await put(document(statement({ Principal: { AWS: stranger }, Action: 's3:GetBucketPolicy', Resource: 'arn:aws:s3:::raw' })));
    await expect(get(stranger)).rejects.toMatchObject({ name: 'MethodNotAllowed', $metadata: { httpStatusCode: 405 } });
  });

  test('refuse a bucket of another owner than expected, in another Region, and one that does not exist', async () => {
    await expect(get(editor, CONSUMER_ACCOUNT)).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(get(editor, BUCKET_ACCOUNT)).rejects.toMatchObject({ name: 'NoSuchBucketPolicy' });
    const elsewhere = s3As(aws, editor, 'us-west-2').send(new GetBucketPolicyCommand({ Bucket: 'raw' }));
    await expect(elsewhere).rejects.toMatchObject({ name: 'PermanentRedirect', $metadata: { httpStatusCode: 301 } });
    const missing = s3As(aws, editor).send(new GetBucketPolicyCommand({ Bucket: 'none' }));
    await expect(missing).rejects.toMatchObject({ name: 'NoSuchBucket', $metadata: { httpStatusCode: 404 } });
  });

  test('a stale read is the policy before the last write', async () => {
    await put(document(statement({ Sid: 'One' })));
    await put(document(statement({ Sid: 'Two' })));
    aws.faults.next('GetBucketPolicy', 'stale read', 2);
    expect([await get(), await get(), await get()].map((text) => JSON.parse(text).Statement[0].Sid)).toEqual(['One', 'One', 'Two']);
  });

  test('a conflict leaves the policy as it was', async () => {
    aws.faults.next('PutBucketPolicy', { status: 409, code: 'OperationAborted', message: 'A conflicting operation is in progress' });
    await expect(put(document(statement()))).rejects.toMatchObject({ name: 'OperationAborted', $metadata: { httpStatusCode: 409 } });
    await expect(get()).rejects.toMatchObject({ name: 'NoSuchBucketPolicy' });
  });
});

describe('what is stored reads back', () => {
  test('with accounts as root ARNs and one-element lists as strings', async () => {
    await put(
      document(
        statement({
          Principal: { AWS: [CONSUMER_ACCOUNT] },
          Action: ['s3:GetObject'],
          Condition: { Bool: { 'aws:SecureTransport': ['true'] } },
        }),
      ),
    );
    expect(JSON.parse(await get()).Statement).toEqual([
      statement({ Principal: { AWS: `arn:aws:iam::${CONSUMER_ACCOUNT}:root` }, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
    ]);
  });

  test('with the unique id of a role that was deleted, also when one of that name is created again', async () => {
    const { uniqueId } = aws.state.identities.byArn.get(reader) ?? {};
    await put(document(statement()));
    aws.seed.remove(reader);
    expect(JSON.parse(await get()).Statement[0].Principal.AWS).toBe(uniqueId);
    const again = aws.seed.role({ account: CONSUMER_ACCOUNT, name: 'team/reader' });
    expect(again.uniqueId).not.toBe(uniqueId);
    const stored = await get();
    expect(JSON.parse(stored).Statement[0].Principal.AWS).toBe(uniqueId);
    await expect(put(stored)).rejects.toMatchObject({ name: 'MalformedPolicy', Detail: `"AWS" : "${uniqueId}"` });
  });
});

describe('a policy is refused', () => {
  test.each([
    [
      'for a role that does not exist',
      () => statement({ Principal: { AWS: `arn:aws:iam::${CONSUMER_ACCOUNT}:role/none` } }),
      'Invalid principal in policy',
    ],
    ['for an account that does not exist', () => statement({ Principal: { AWS: '999999999999' } }), 'Invalid principal in policy'],
    [
      'for a wildcard in a principal',
      () => statement({ Principal: { AWS: `arn:aws:iam::${CONSUMER_ACCOUNT}:role/*` } }),
      'no wildcard inside an ARN',
    ],
    ['without a principal', () => statement({ Principal: undefined }), 'needs a Principal'],
    ['for a Sid with a dash', () => statement({ Sid: 'a-b' }), 'alpha-numeric'],
    ['for an unknown action', () => statement({ Action: 's3:ReadObject' }), 'invalid action'],
    ['for an action of another service', () => statement({ Action: 'ec2:RunInstances' }), 'invalid action'],
    ['for an unknown element', () => statement({ Comment: 'x' }), "unknown element 'Comment'"],
    ['for an unknown operator', () => statement({ Condition: { StringIs: { 's3:prefix': 'a' } } }), "operator 'StringIs'"],
    ['for another bucket', () => statement({ Resource: 'arn:aws:s3:::other/*' }), 'invalid resource'],
    ['for an action on objects without objects', () => statement({ Resource: 'arn:aws:s3:::raw' }), 'does not apply to any resource'],
  ])('%s', async (_, broken, message) => {
    await expect(put(document(broken()))).rejects.toMatchObject({ name: 'MalformedPolicy', message: expect.stringContaining(message) });
  });

  test('for a Sid used twice', async () => {
    await expect(put(document(statement({ Sid: 'A' }), statement({ Sid: 'A' })))).rejects.toMatchObject({
      message: expect.stringContaining('must be unique'),
    });
  });

  test('for text that is no JSON', async () => {
    await expect(put('{"Statement"')).rejects.toMatchObject({ name: 'MalformedPolicy' });
  });

  test('one byte over 20,480 of compact JSON, whatever the white space', async () => {
    const sized = (bytes: number) => {
      const empty = JSON.parse(document(statement({ Condition: { StringLike: { 's3:prefix': '' } } })));
      const pad = bytes - Buffer.byteLength(JSON.stringify(empty));
      empty.Statement[0].Condition.StringLike['s3:prefix'] = 'x'.repeat(pad);
      return JSON.stringify(empty, undefined, 2);
    };
    await put(sized(20_480));
    await expect(put(sized(20_481))).rejects.toMatchObject({ name: 'MalformedPolicy', message: expect.stringContaining('size') });
  });
});
