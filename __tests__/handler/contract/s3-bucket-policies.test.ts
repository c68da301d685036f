import type { RegisteredBucket } from '../../../handler/core/subscription/registry';
import type { BucketPolicies, PolicyAccess } from '../../../handler/ports';
import { BUCKET, DomainStory, IDS, READER } from '../../end-to-end/domain-story';
import { Adapters } from './adapters';

const ACCOUNT = '222222222222';
const REGISTERED: RegisteredBucket = { name: BUCKET, account: ACCOUNT, region: 'eu-west-1', state: 'active', prefixes: [] };
const ACCESS: PolicyAccess = { bucket: REGISTERED, owningProject: IDS.producer };
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Sid: 'Reads', Effect: 'Allow', Principal: { AWS: READER }, Action: 's3:GetObject', Resource: `arn:aws:s3:::${BUCKET}/public/*` },
  ],
});

let story: DomainStory;
let adapters: Adapters;
let policies: BucketPolicies;

beforeAll(async () => {
  story = await DomainStory.start();
  adapters = new Adapters(story.aws);
});

beforeEach(() => {
  story.aws.faults.clear();
  story.aws.recorder.clear();
  story.aws.seed.bucket({ name: BUCKET, account: ACCOUNT, region: 'eu-west-1', policy: JSON.parse(POLICY) });
  policies = adapters.policies();
});

afterAll(async () => {
  adapters.giveBack();
  await story.deployment.close();
});

const s3Calls = () => story.aws.recorder.calls.filter(({ service }) => service === 's3');

describe('every call to S3', () => {
  it("states the bucket's owner and goes to the bucket's Region, with the editor role's session", async () => {
    story.aws.seed.bucket({ name: BUCKET, account: ACCOUNT, region: 'us-west-2', policy: JSON.parse(POLICY) });
    const access = { ...ACCESS, bucket: { ...REGISTERED, region: 'us-west-2' } };
    await policies.read(access);
    await policies.write(access, POLICY);
    await policies.remove(access);
    expect(s3Calls().map(({ operation }) => operation)).toEqual(['GetBucketPolicy', 'PutBucketPolicy', 'DeleteBucketPolicy']);
    for (const call of s3Calls()) {
      expect(call).toMatchObject({ region: 'us-west-2', account: ACCOUNT, params: { ExpectedBucketOwner: ACCOUNT } });
      expect(call.caller).toContain(':assumed-role/acme-policy-editor/acme-');
    }
  });

  it('names the session of a write, as CloudTrail does', async () => {
    const written = await policies.write(ACCESS, POLICY);
    const [put] = story.aws.recorder.of('PutBucketPolicy');
    expect(written).toEqual({ kind: 'written', session: put?.caller.split('/').at(-1) });
  });
});

describe('no policy', () => {
  it.each([
    ['NoSuchBucket', 404],
    ['AccessDenied', 403],
    ['MethodNotAllowed', 405],
    ['OperationAborted', 409],
    ['InternalError', 500],
    ['NoSuchKey', 404],
  ])('is what %s does not mean', async (code, status) => {
    story.aws.faults.next('GetBucketPolicy', { code, status, message: 'as arranged' });
    await expect(policies.read(ACCESS)).rejects.toMatchObject({ name: 'TransientFailure' });
  });

  it.each([
    ['in another Region', { region: 'eu-central-1' }, "is not in Region 'eu-central-1'"],
    ['of another account', { account: '111111111111' }, 'account 111111111111'],
    ['that is gone', { name: 'nobodys-bucket' }, "'nobodys-bucket' does not exist"],
  ])('is not what a bucket %s has, and the sentence says what to correct', async (_what, change, said) => {
    const access = { ...ACCESS, bucket: { ...REGISTERED, ...change } };
    await expect(policies.read(access)).rejects.toMatchObject({ name: 'TransientFailure', message: expect.stringContaining(said) });
  });
});

describe('tries', () => {
  afterEach(() => adapters.attempts(1));

  it('are three of a read, and one of a write, whatever the environment says', async () => {
    adapters.attempts(3);
    policies = adapters.policies();
    await policies.read(ACCESS);
    story.aws.recorder.clear();
    story.aws.faults.add(({ service }) => (service === 's3' ? { status: 500, code: 'InternalError', message: 'as arranged' } : undefined));
    await expect(policies.read(ACCESS)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(policies.write(ACCESS, POLICY)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(policies.remove(ACCESS)).rejects.toMatchObject({ code: 'unavailable' });
    const tries = ['GetBucketPolicy', 'PutBucketPolicy', 'DeleteBucketPolicy'].map((operation) => story.aws.recorder.of(operation).length);
    expect(tries).toEqual([3, 1, 1]);
  });
});

describe("S3's refusal of a policy", () => {
  const refusedWith = async (message: string, code = 'MalformedPolicy', status = 400) => {
    story.aws.faults.next('PutBucketPolicy', { status, code, message });
    return policies.write(ACCESS, POLICY);
  };

  it('for a principal names it, an ARN or a unique id, if S3 does', async () => {
    expect(await refusedWith('Invalid principal in policy')).toEqual({ kind: 'invalid-principal' });
    expect(await refusedWith('Invalid principal in policy: "AWS":"AROAEXAMPLEEXAMPLE12"')).toEqual({
      kind: 'invalid-principal',
      named: 'AROAEXAMPLEEXAMPLE12',
    });
  });

  it.each([
    ['its size', 'Policy exceeds the maximum allowed document size', 'MalformedPolicy', 400, 'policy-full', 'too long'],
    ['another statement', 'Policy has invalid action', 'MalformedPolicy', 400, 'unavailable', 'S3 no longer accepts'],
    [
      'a public statement',
      'User is not authorized because public policies are blocked by the BlockPublicPolicy setting',
      'AccessDenied',
      403,
      'unavailable',
      'Block Public Access',
    ],
  ])('for %s is an answer with what to do', async (_what, message, code, status, refusal, said) => {
    expect(await refusedWith(message, code, status)).toMatchObject({
      kind: 'rejected',
      code: refusal,
      message: expect.stringContaining(said),
    });
  });

  it('because of another change is a conflict', async () => {
    expect(await refusedWith('A conflicting conditional operation is currently in progress', 'OperationAborted', 409)).toEqual({
      kind: 'conflict',
    });
  });
});

describe('sessions of the editor role', () => {
  const assumed = () => story.aws.recorder.of('AssumeRole').map(({ params }) => params);

  it('are asked for with external id and owning project, once for each account and project', async () => {
    await Promise.all([policies.prepare(ACCESS), policies.read(ACCESS), policies.read(ACCESS)]);
    await policies.read({ ...ACCESS, owningProject: '-' });
    await policies.write(ACCESS, POLICY);
    expect(assumed()).toEqual(
      [IDS.producer, '-'].map((project) =>
        expect.objectContaining({
          RoleArn: `arn:aws:iam::${ACCOUNT}:role/acme-policy-editor`,
          ExternalId: 'dzd_bc8e1ez8r2a6xz',
          Tags: [{ Key: 'OwningProject', Value: project }],
        }),
      ),
    );
  });

  it('are renewed five minutes before they end', async () => {
    const minutes = 60_000;
    const start = adapters.now;
    await policies.read(ACCESS);
    adapters.now = start + 54 * minutes;
    await policies.read(ACCESS);
    expect(assumed()).toHaveLength(1);
    adapters.now = start + 56 * minutes;
    await policies.read(ACCESS);
    expect(assumed()).toHaveLength(2);
    adapters.now = start;
  });

  it.each([
    ['AccessDenied', 403],
    ['InvalidAccessKeyId', 403],
    ['ExpiredToken', 400],
  ])('are given up when S3 answers %s, as it does when the role was created again', async (code, status) => {
    await policies.read(ACCESS);
    story.aws.faults.next('GetBucketPolicy', { code, status, message: 'as arranged' });
    await expect(policies.read(ACCESS)).rejects.toMatchObject({ name: 'TransientFailure' });
    expect(await policies.read(ACCESS)).toBeDefined();
    expect(assumed()).toHaveLength(2);
  });

  it('that could not be had are asked for again', async () => {
    story.aws.faults.next('AssumeRole', { status: 403, code: 'AccessDenied', message: 'as arranged' });
    await expect(policies.read(ACCESS)).rejects.toMatchObject({
      code: 'editor-role-unreachable',
      message: expect.stringContaining(ACCOUNT),
    });
    expect(await policies.read(ACCESS)).toBeDefined();
  });

  it('of another project are refused by the bucket account when they let somebody in', async () => {
    const another = { ...ACCESS, owningProject: 'another' };
    await expect(policies.write(another, POLICY)).rejects.toMatchObject({ code: 'editor-role-unreachable' });
    expect(await policies.write({ ...ACCESS, owningProject: '-' }, POLICY)).toMatchObject({ kind: 'written' });
  });
});
