import {
  CopyObjectCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { type LocalAws, startLocalAws } from '../../local-aws/local-aws';
import { allowing, BUCKET_ACCOUNT, CONSUMER_ACCOUNT, REGION, reading, s3As } from './world';

let aws: LocalAws;
let own: string;
let foreign: string;

const KEYS = ['open/1.txt', 'runs/1.txt', 'runs/2 ä+.txt', 'runs/day/3.txt', 'runs/day/4.txt'];

beforeEach(async () => {
  aws = await startLocalAws();
  own = aws.seed.role({ account: BUCKET_ACCOUNT, name: 'reader' }).arn;
  foreign = aws.seed.role({ account: CONSUMER_ACCOUNT, name: 'reader' }).arn;
  const objects = Object.fromEntries(KEYS.map((key) => [key, `content of ${key}`]));
  const policy = { Version: '2012-10-17', Statement: reading([own, foreign]) };
  aws.seed.bucket({ name: 'raw', account: BUCKET_ACCOUNT, region: REGION, objects, policy });
});
afterEach(() => aws.close());

const read = async (arn: string, Key: string) =>
  (await s3As(aws, arn).send(new GetObjectCommand({ Bucket: 'raw', Key }))).Body?.transformToString();
const list = (arn: string, input: object = {}) => s3As(aws, arn).send(new ListObjectsV2Command({ Bucket: 'raw', ...input }));

describe('who reads', () => {
  test('a role of the bucket account reads with the bucket policy alone', async () => {
    expect(await read(own, 'runs/2 ä+.txt')).toBe('content of runs/2 ä+.txt');
  });

  test('not outside the prefix, and a missing key is a 403 to who may not list the bucket', async () => {
    const denied = { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } };
    await expect(read(own, 'open/1.txt')).rejects.toMatchObject(denied);
    await expect(read(own, 'runs/none.txt')).rejects.toMatchObject(denied);
  });

  test('a role of another account needs an identity policy too', async () => {
    await expect(read(foreign, 'runs/1.txt')).rejects.toMatchObject({ name: 'AccessDenied' });
    aws.seed.role({ account: CONSUMER_ACCOUNT, name: 'reader', policies: [allowing('s3:GetObject', 'arn:aws:s3:::raw/*')] });
    expect(await read(foreign, 'runs/1.txt')).toBe('content of runs/1.txt');
  });

  test('a role created again under the same name does not inherit the grant', async () => {
    aws.seed.remove(own);
    aws.seed.role({ account: BUCKET_ACCOUNT, name: 'reader' });
    await expect(read(own, 'runs/1.txt')).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('a missing key is a 404 to who may list', async () => {
    const owner = aws.seed.role({ account: BUCKET_ACCOUNT, name: 'owner', policies: [allowing('s3:*')] }).arn;
    await expect(read(owner, 'none')).rejects.toMatchObject({ name: 'NoSuchKey', $metadata: { httpStatusCode: 404 } });
  });
});

describe('what is listed', () => {
  test('keys below the prefix, and nothing without it', async () => {
    expect((await list(own, { Prefix: 'runs/' })).Contents?.map(({ Key }) => Key)).toEqual(KEYS.slice(1));
    await expect(list(own)).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(list(own, { Prefix: 'runs' })).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('folders by delimiter, page by page', async () => {
    const pages = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await list(own, { Prefix: 'runs/', Delimiter: '/', MaxKeys: 1, ContinuationToken });
      pages.push(page.Contents?.[0]?.Key ?? page.CommonPrefixes?.[0]?.Prefix);
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    expect(pages).toEqual(['runs/1.txt', 'runs/2 ä+.txt', 'runs/day/']);
  });
});

describe('the owner', () => {
  beforeEach(() => aws.seed.role({ account: BUCKET_ACCOUNT, name: 'owner', policies: [allowing('s3:*')] }));
  const owner = `arn:aws:iam::${BUCKET_ACCOUNT}:role/owner`;

  test('puts an object and sees its head', async () => {
    await s3As(aws, owner).send(new PutObjectCommand({ Bucket: 'raw', Key: 'new/a b.txt', Body: 'hello', ContentType: 'text/plain' }));
    expect(await read(owner, 'new/a b.txt')).toBe('hello');
    expect(await s3As(aws, owner).send(new HeadObjectCommand({ Bucket: 'raw', Key: 'new/a b.txt' }))).toMatchObject({
      ContentLength: 5,
      ContentType: 'text/plain',
    });
  });

  test('finds the bucket from any Region', async () => {
    expect((await s3As(aws, owner, 'us-west-2').send(new GetBucketLocationCommand({ Bucket: 'raw' }))).LocationConstraint).toBe(REGION);
  });

  test('is told 501, by name, what is not built', async () => {
    const copy = s3As(aws, owner).send(new CopyObjectCommand({ Bucket: 'raw', Key: 'copy', CopySource: 'raw/open/1.txt' }));
    await expect(copy).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('CopyObject'),
      $metadata: { httpStatusCode: 501 },
    });
  });
});
