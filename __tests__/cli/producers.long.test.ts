import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allowing } from '../local-aws/world';
import { ANALYST, AUDE, CliWorld, CONSUMER, DEPLOYMENT, OLGA, PRODUCER, READER, STEWARD } from './cli-world';
import { envOf, runCli } from './run-cli';

describe('producers and consumers', () => {
  let world: CliWorld;
  let folder = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cli-'));
    world = await CliWorld.start();
  });
  afterAll(async () => {
    await world.close();
    rmSync(folder, { recursive: true });
  });

  describe('publish', () => {
    it('makes and lists an asset, and revises the same one the next time', async () => {
      const first = await world.answer(STEWARD, 'publish', 's3://acme-raw/public/', '--name', 'Public images');
      expect(first).toMatchObject({ code: 0, answer: { revision: '1', project: PRODUCER, bucketArn: 'arn:aws:s3:::acme-raw/public/' } });
      const again = await world.answer(STEWARD, 'publish', 's3://acme-raw/public/', '--name', 'All public images');
      expect(again.answer).toMatchObject({ revision: '2' });
      expect([...world.aws.state.datazone.assets.keys()]).toHaveLength(1);
      expect([...world.aws.state.datazone.listings.values()]).toMatchObject([{ status: 'ACTIVE' }]);
    });

    it.each([
      ['s3://acme-raw/private/', 6, 'lies in no registered prefix'],
      ['s3://elsewhere/x/', 2, 'is registered for no project'],
      ['acme-raw/public', 2, 'write s3://bucket/prefix/'],
    ])('refuses %s before anything is made', async (prefix, exit, sentence) => {
      const { code, stderr } = await world.cli(STEWARD, 'publish', prefix, ...(prefix.includes('private') ? ['--project', PRODUCER] : []));
      expect(code).toBe(exit);
      expect(stderr).toContain(sentence);
    });

    it('says what to do where the domain denies it', async () => {
      const { code, stderr } = await world.cli(READER, 'publish', 's3://acme-raw/public/');
      expect(code).toBe(4);
      expect(stderr).toMatch(
        /^DataZone Search was denied: .*not authorized to perform: datazone:Search.*\n {2}allow the action in IAM, and in a V2 domain/,
      );
    });
  });

  describe('target', () => {
    it('is made once, listed, and deleted', async () => {
      const made = await world.answer(STEWARD, 'target', 'create', '--project', CONSUMER, '--principal', READER);
      expect(made).toMatchObject({ code: 0, answer: { created: true, environment: world.environment } });
      const again = await world.answer(STEWARD, 'target', 'create', '--project', CONSUMER, '--principal', READER);
      expect(again.answer).toMatchObject({ created: false });
      const listed = await world.answer(STEWARD, 'target', 'list', '--project', CONSUMER);
      const targets = [...world.aws.state.datazone.targets.values()];
      expect(targets).toMatchObject([{ authorizedPrincipals: [READER], provider: 'datazone-s3-fulfillment', manageAccessRole: READER }]);
      expect(listed.answer).toMatchObject({ targets: [{ id: targets[0]?.id, ours: true, principals: [READER] }] });
      const deleted = await world.cli(STEWARD, 'target', 'delete', targets[0]?.id ?? '', '--project', CONSUMER, '--yes');
      expect(deleted.code).toBe(0);
      expect(world.aws.state.datazone.targets.size).toBe(0);
    });

    it('is made from a file', async () => {
      const file = join(folder, 'target.yaml');
      writeFileSync(file, `project: ${CONSUMER}\nenvironment: lab\nname: analysts\nprincipals: ["${ANALYST}"]\n`);
      const { code, answer } = await world.answer(STEWARD, 'target', 'create', '--file', file);
      expect({ code, answer }).toMatchObject({ code: 0, answer: { name: 'analysts', principals: [ANALYST] } });
    });

    it.each([
      [['--principal', 'arn:aws:iam::999999999999:role/stranger'], 6, 'belongs to account 999999999999'],
      [['--principal', READER, '--environment', 'nowhere'], 8, "no environment 'nowhere' among lab"],
      [[], 2, 'has 1 to 20 principals, not 0'],
    ])('is refused as the function would: %j', async (args, exit, sentence) => {
      const { code, stderr } = await world.cli(STEWARD, 'target', 'create', '--project', CONSUMER, ...args);
      expect(code).toBe(exit);
      expect(stderr).toContain(sentence);
    });
  });

  describe('config check --live', () => {
    it('tells what applying another file would do to live grants', async () => {
      await world.subscribe([...world.aws.state.datazone.listings.keys()][0] ?? '');
      const same = await world.answer(AUDE, 'config', 'check', '--live');
      expect(same).toMatchObject({ code: 0, answer: { consequences: [] } });
      const file = join(folder, 'changed.yaml');
      writeFileSync(file, readFileSync(DEPLOYMENT, 'utf8').replace('name: acme-raw', 'name: acme-new'));
      const { code, answer } = await world.answer(AUDE, 'config', 'check', '--live', '--deployment', file);
      expect(code).toBe(1);
      expect(answer).toMatchObject({
        consequences: [{ kind: 'stranded', location: 'arn:aws:s3:::acme-raw/public/', principals: [ANALYST] }],
      });
    });
  });

  describe('init', () => {
    it('proposes a deployment file from the domain, with what it could not tell', async () => {
      const { aws } = world;
      aws.seed.bucket({ name: 'acme-own', account: '111111111111', region: 'us-west-2' });
      await world.publish('genomes', 'acme-own');
      aws.seed.role({ account: '111111111111', name: 'founder', policies: [allowing(['datazone:*', 's3:ListBucket'])] });
      const out = join(folder, 'proposed.yaml');
      const env = { ...envOf(aws, 'arn:aws:iam::111111111111:role/founder'), AWS_REGION: 'eu-west-1' };
      const { code, stdout, stderr } = await runCli(['init', '--domain', 'dzd_bc8e1ez8r2a6xz', '--name', 'acme', '--out', out], env);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('2 buckets, 1 of an account that you have to fill in');
      const text = readFileSync(out, 'utf8');
      expect(text).toContain('account: account-unknown');
      expect(text).toContain('region: us-west-2');
      expect(text).toContain(`{ prefix: "genomes/", owningProjects: ["${PRODUCER}"] }`);
      expect(text).toContain(`# Project ${CONSUMER} has a target for this provider already: ${ANALYST}`);

      const unfilled = await runCli(['config', 'check', '--deployment', out]);
      expect(unfilled).toMatchObject({ code: 2, stderr: expect.stringContaining("is 'account-unknown'") });
      writeFileSync(out, text.replace('account-unknown', '"222222222222"'));
      expect(await runCli(['config', 'check', '--deployment', out])).toMatchObject({ code: 0 });
      const twice = await runCli(['init', '--domain', 'dzd_bc8e1ez8r2a6xz', '--out', out], env);
      expect(twice).toMatchObject({ code: 6, stderr: expect.stringContaining('is there already') });
    });
  });

  describe('membership', () => {
    it('is not needed in a V1 domain', async () => {
      const { code, answer } = await world.answer(OLGA, 'membership', 'plan');
      expect({ code, answer }).toEqual({ code: 0, answer: { needed: false } });
    });
  });
});

describe('membership in a V2 domain', () => {
  it('is planned, applied, and then complete', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cli-'));
    const file = join(folder, 'v2.yaml');
    writeFileSync(file, readFileSync(DEPLOYMENT, 'utf8').replace('version: v1', 'version: v2'));
    const world = await CliWorld.start({ file });
    try {
      const { aws } = world;
      const owner = aws.seed.role({ account: '111111111111', name: 'owner', policies: [allowing(['datazone:*', 'dynamodb:*'])] });
      for (const id of [PRODUCER, CONSUMER]) aws.seed.project({ id, name: id, members: [owner.arn] });
      const as = (...args: readonly string[]) =>
        runCli([...args, '--project', CONSUMER, '--json'], { DEPLOYMENT: file, ...envOf(aws, owner.arn) });
      const before = await as('membership', 'plan');
      expect(before).toMatchObject({ code: 1, stderr: '' });
      expect(JSON.parse(before.stdout)).toMatchObject({
        projects: [
          { project: PRODUCER, member: false },
          { project: CONSUMER, member: false },
        ],
      });
      const applied = await as('membership', 'apply', '--yes');
      expect(JSON.parse(applied.stdout)).toMatchObject({ profileCreated: true, added: [PRODUCER, CONSUMER] });
      const after = await as('membership', 'plan');
      expect(after.code).toBe(0);
      expect(aws.state.datazone.projects.get(PRODUCER)?.members).toContain('arn:aws:iam::111111111111:role/acme-fulfillment');
    } finally {
      await world.close();
      rmSync(folder, { recursive: true });
    }
  });
});
