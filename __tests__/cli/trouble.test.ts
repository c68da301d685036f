import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allowing } from '../local-aws/world';
import { AUDE, BUCKET, CliWorld, DEPLOYMENT, OLGA, READER } from './cli-world';
import { envOf, runCli } from './run-cli';

/** One sentence, the next step, and nothing else. */
const told = (stderr: string): readonly [sentence: string, next: string] => {
  const lines = stderr.split('\n');
  expect(lines).toHaveLength(3);
  return [lines[0] ?? '', lines[1] ?? ''];
};

describe('trouble', () => {
  let world: CliWorld;
  beforeAll(async () => {
    world = await CliWorld.start();
  });
  afterAll(() => world.close());

  it('no credentials: 3', async () => {
    const { code, stdout, stderr } = await runCli(['grants'], { DEPLOYMENT });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    const [sentence, next] = told(stderr);
    expect(sentence).toMatch(/^no AWS credentials could be loaded/);
    expect(next).toContain('aws sso login');
  });

  it('a profile that there is not: 3', async () => {
    const { code, stderr } = await runCli(['grants', '--profile', 'nobody'], { DEPLOYMENT });
    expect(code).toBe(3);
    expect(told(stderr)[1]).toContain('--profile');
  });

  it('credentials that AWS does not know: 3', async () => {
    const env = { ...envOf(world.aws, OLGA), AWS_SESSION_TOKEN: 'another' };
    const { code, stderr } = await runCli(['grants'], { DEPLOYMENT, ...env });
    expect(code).toBe(3);
    expect(told(stderr)[0]).toBe('AWS does not accept these credentials (InvalidClientTokenId from STS GetCallerIdentity)');
  });

  it('an endpoint that nobody listens at: 5', async () => {
    const env = { ...envOf(world.aws, OLGA), AWS_ENDPOINT_URL: 'http://127.0.0.1:9' };
    const { code, stderr } = await runCli(['status', 's1'], { DEPLOYMENT, ...env });
    expect(code).toBe(5);
    const [sentence, next] = told(stderr);
    expect(sentence).toBe('STS cannot be reached at http://127.0.0.1:9 (ECONNREFUSED)');
    expect(next).toContain('AWS_ENDPOINT_URL');
  });

  it('no Region: 2', async () => {
    const { code, stderr } = await runCli(['init', '--domain', 'dzd_bc8e1ez8r2a6xz'], envOf(world.aws, OLGA));
    expect(code).toBe(2);
    expect(told(stderr)).toEqual(['no Region is known', '  name one with --region, or a deployment with --deployment']);
  });

  it('a Region that it is not deployed in: 4, since its roles are for one Region alone', async () => {
    const { code, stderr } = await world.cli(AUDE, 'grants', '--region', 'us-east-1');
    expect(code).toBe(4);
    expect(told(stderr)[0]).toContain('not authorized to perform: dynamodb:GetItem');
  });

  it('a deployment that is not deployed: 8', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cli-'));
    const other = join(folder, 'other.yaml');
    writeFileSync(other, readFileSync(DEPLOYMENT, 'utf8').replace('name: acme\n', 'name: other\n'));
    const somebody = world.aws.seed.role({ account: '111111111111', name: 'somebody', policies: [allowing('dynamodb:*')] });
    const { code, stderr } = await world.cli(somebody.arn, 'grants', '--deployment', other);
    rmSync(folder, { recursive: true });
    expect(code).toBe(8);
    const [sentence, next] = told(stderr);
    expect(sentence).toContain('table/other-registry');
    expect(next).toContain("deploy the domain account's stack");
  });

  it('a domain that there is not: 8', async () => {
    const { code, stderr } = await runCli(
      ['init', '--domain', 'dzd_nosuchdomain', '--region', 'eu-west-1'],
      envOf(world.aws, 'arn:aws:iam::111111111111:role/steward'),
    );
    expect(code).toBe(8);
    expect(told(stderr)[0]).toBe("DataZone GetDomain found nothing: domain 'dzd_nosuchdomain' does not exist in the domain");
  });

  it('a missing flag: 2, saying what to write', async () => {
    const { code, stderr } = await world.cli(OLGA, 'freeze', BUCKET);
    expect(code).toBe(2);
    expect(told(stderr)).toEqual([
      '--reason <sentence> is missing; write a sentence of 3 to 500 characters',
      '  see: datazone-s3 freeze --help',
    ]);
  });

  it.each([
    [['grants', '--at', 'yesterday'], "--at <date> is 'yesterday'; write a date such as 2026-01-31"],
    [['grants', '--at', '2026-13-45'], '--at <date> is no date of the calendar'],
    [['grants', '--status', 'fine'], "--status <status> is 'fine'; write one of waiting, granted"],
    [['freeze', '--reason', 'incident'], 'neither or both of a bucket and --all were given'],
    [['why', READER, 'acme-raw/x'], "<object> is 'acme-raw/x'; write s3://bucket/key"],
    [['revoke', 'no-principal@', '--reason', 'incident'], "is 'no-principal@'; write a subscription's id"],
  ])('%j: 2', async (args, sentence) => {
    const { code, stderr } = await world.cli(OLGA, ...args);
    expect(code).toBe(2);
    expect(told(stderr)[0]).toContain(sentence);
  });
});
