import { GetDomainCommand } from '@aws-sdk/client-datazone';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { type LocalAws, startLocalAws } from '../../local-aws/local-aws';
import { seedDomain } from './datazone-story';
import { allowing, BUCKET_ACCOUNT, DOMAIN, REGION, s3As, stsAs, stsWith } from './world';

let aws: LocalAws;
let owner: string;
beforeEach(async () => {
  aws = await startLocalAws();
  owner = aws.seed.role({ account: BUCKET_ACCOUNT, name: 'owner', policies: [allowing('s3:*')] }).arn;
  aws.seed.bucket({ name: 'raw', account: BUCKET_ACCOUNT, region: REGION });
});
afterEach(() => aws.close());

const put = () => s3As(aws, owner).send(new PutObjectCommand({ Bucket: 'raw', Key: 'a', Body: 'x' }));
const stored = () => aws.state.buckets.get('raw')?.objects.size;

describe('the front refuses', () => {
  test('who does not sign', async () => {
    expect((await fetch(`${aws.endpoint}/raw/a`)).status).toBe(403);
  });

  test('keys that it did not issue, and those without their token', async () => {
    const unknown = { accessKeyId: 'AKIAUNKNOWN', secretAccessKey: 'x' };
    await expect(stsWith(aws, unknown).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
    const { accessKeyId, secretAccessKey } = aws.credentialsFor(owner);
    await expect(stsWith(aws, { accessKeyId, secretAccessKey }).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
    });
  });

  test('a service that is not built, by name', async () => {
    const authorization = 'AWS4-HMAC-SHA256 Credential=AKIA/20261123/eu-west-1/sns/aws4_request, SignedHeaders=host, Signature=0';
    const response = await fetch(aws.endpoint, { method: 'POST', headers: { authorization, 'x-amz-target': 'AmazonSNS.Publish' } });
    expect([response.status, await response.text()]).toEqual([501, expect.stringContaining('sns AmazonSNS.Publish')]);
  });
});

describe('a fault', () => {
  test('cuts a call off before it takes effect, or after', async () => {
    aws.faults.next('PutObject', 'drop before');
    await expect(put()).rejects.toThrow();
    expect(stored()).toBe(0);
    aws.faults.next('PutObject', 'drop after');
    await expect(put()).rejects.toThrow();
    expect(stored()).toBe(1);
    expect(aws.recorder.of('PutObject').map(({ cut }) => cut)).toEqual(['before', 'after']);
  });

  test('answers in the words of the service', async () => {
    const client = seedDomain(aws);
    aws.faults.next('GetDomain', { status: 429, code: 'ThrottlingException', message: 'Rate exceeded' });
    const get = new GetDomainCommand({ identifier: DOMAIN });
    await expect(client.send(get)).rejects.toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded' });
    await expect(client.send(get)).resolves.toMatchObject({ id: DOMAIN });
  });

  test('holds a call until told', async () => {
    let release = () => {};
    aws.faults.next('PutObject', {
      delay: new Promise<void>((resolve) => {
        release = resolve;
      }),
    });
    const held = put();
    await put();
    release();
    await held;
    expect(aws.recorder.of('PutObject')).toHaveLength(2);
  });
});

test('the recorder has each call with its caller, and DataZone exchanges line by line', async () => {
  await stsAs(aws, owner).send(new GetCallerIdentityCommand({}));
  await seedDomain(aws).send(new GetDomainCommand({ identifier: DOMAIN }));
  expect(aws.recorder.calls).toMatchObject([
    { service: 'sts', operation: 'GetCallerIdentity', account: BUCKET_ACCOUNT, status: 200 },
    { service: 'datazone', operation: 'GetDomain', params: { identifier: DOMAIN }, status: 200 },
  ]);
  const lines = aws.recorder.lines('datazone').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ method: 'GET', path: `/v2/domains/${DOMAIN}`, body: null, status: 200 }]);
});
