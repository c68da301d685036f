import { AUDE, BUCKET, CliWorld, READER } from './cli-world';

const DEAD = { account: '333333333333', name: 'gone' };

describe('doctor', () => {
  let world: CliWorld;
  beforeAll(async () => {
    world = await CliWorld.start();
    const listing = await world.publish('public/');
    await world.target(READER);
    await world.subscribe(listing);
  });
  afterAll(() => world.close());

  it('finds nothing where all is in order, with the rights of an auditor', async () => {
    const { code, stdout, stderr } = await world.cli(AUDE, 'doctor');
    expect({ code, stderr, stdout }).toEqual({ code: 0, stderr: '', stdout: 'All is in order: 10 checks.\n' });
  });

  it('finds what is not, each with its remedy', async () => {
    const { aws } = world;
    await world.subscribe(await world.publish('private/'));
    const [[arn, rule] = []] = aws.state.rules;
    if (arn !== undefined && rule !== undefined) aws.state.rules.set(arn, { ...rule, enabled: false });
    aws.queue('acme-fulfillment-undelivered').send({ body: '{}', senderId: 'someone' });
    const gone = aws.seed.role(DEAD);
    aws.seed.bucket({
      name: BUCKET,
      account: '222222222222',
      region: 'eu-west-1',
      kmsKey: 'aws/s3',
      publicAccessBlock: { blockPublicPolicy: false },
      policy: world.policyWith(BUCKET, [
        { Sid: 'Gone', Effect: 'Allow', Principal: { AWS: gone.arn }, Action: 's3:GetObject', Resource: `arn:aws:s3:::${BUCKET}/x` },
        {
          Sid: 'DZS3F1abcdefRabcdefg',
          Effect: 'Allow',
          Principal: { AWS: READER },
          Action: 's3:GetObject',
          Resource: `arn:aws:s3:::${BUCKET}/y`,
        },
        { Sid: 'Everyone', Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${BUCKET}/z` },
      ]),
    });
    aws.seed.remove(gone.arn);
    aws.state.buckets.delete('acme-empty');

    const { code, answer } = await world.answer(AUDE, 'doctor');
    expect(code).toBe(1);
    const found = (check: string, subject: unknown, text: RegExp, remedy: string) =>
      expect.objectContaining({ check, subject, finding: expect.stringMatching(text), remedy: expect.stringContaining(remedy) });
    expect(answer).toMatchObject({
      findings: expect.arrayContaining([
        found('rule', 'acme-fulfillment', /DISABLED/, 'datazone-s3 reconcile'),
        found('queue', 'acme-fulfillment-undelivered', /^1 message/, 'datazone-s3 redrive'),
        found('subscription', expect.any(String), /^was refused \(prefix-not-registered\)/, 'grants --status refused'),
        found('bucket', BUCKET, new RegExp(`deleted principal ${gone.uniqueId}`), 'owner'),
        found('bucket', BUCKET, /deployment 'abcdef'/, 'un-register it in one of the two'),
        found('bucket', BUCKET, /shuts out every other account/, 'narrow'),
        found('bucket', BUCKET, /aws\/s3/, 'readers of other accounts'),
        found('bucket', 'acme-empty', /cannot be read/, 'create the bucket in account 222222222222'),
      ]),
    });
    expect(answer).toMatchObject({ findings: { length: 8 } });
  });

  it('says what it could not look at', async () => {
    const { aws } = world;
    const role = 'arn:aws:iam::222222222222:role/acme-policy-inspector';
    aws.seed.remove(role);
    const { code, stdout } = await world.cli(AUDE, 'doctor');
    expect(code).toBe(1);
    expect(stdout).toContain('the roles of account 222222222222 cannot be taken on');
    expect(stdout).toContain('deploy the stack bucket-account-222222222222');
  });
});
