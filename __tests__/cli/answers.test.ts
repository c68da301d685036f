import { ANALYST, AUDE, CliWorld, OLGA, READER } from './cli-world';

describe('the answers', () => {
  let world: CliWorld;
  let publicSubscription = '';
  let refused = '';
  beforeAll(async () => {
    world = await CliWorld.start();
    const listing = await world.publish('public/');
    await world.target(READER);
    publicSubscription = await world.subscribe(listing);
    refused = await world.subscribe(await world.publish('private/'));
  });
  afterAll(() => world.close());

  describe('grants', () => {
    it('lists what is granted and what was refused, with who approved it, to an auditor', async () => {
      const { code, answer, stderr } = await world.answer(AUDE, 'grants');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(answer).toMatchObject({
        grants: [
          { state: 'refused', code: 'prefix-not-registered', subscription: refused, location: 'arn:aws:s3:::acme-raw/private/' },
          {
            state: 'granted',
            principal: READER,
            location: 'arn:aws:s3:::acme-raw/public/',
            subscription: publicSubscription,
            consumerProject: '6oy92hwk937pgn',
          },
        ],
      });
      const text = await world.cli(AUDE, 'grants');
      expect(text.stdout).toMatch(/^granted +s3:\/\/acme-raw\/public\/ +arn:aws:iam::111111111111:role\/reader/m);
      expect(text.stdout).toContain('2 grants');
    });

    it.each([
      ['--status', 'live', 1],
      ['--prefix', 'public/deeper/', 1],
      ['--prefix', 'elsewhere/', 0],
      ['--project', '6oy92hwk937pgn', 2],
      ['--principal', ANALYST, 0],
      ['--at', '2000-01-01', 0],
      ['--at', '2999-01-01', 1],
    ])('filters by %s %s', async (option, value, count) => {
      const { answer } = await world.answer(OLGA, 'grants', option, value);
      expect(answer).toMatchObject({ grants: { length: count } });
    });

    it('reconstructs who could read from the history', async () => {
      const { answer } = await world.answer(AUDE, 'grants', '--at', '2999-01-01');
      expect(answer).toMatchObject({
        grants: [{ subscription: publicSubscription, principal: READER, location: 'arn:aws:s3:::acme-raw/public/' }],
      });
    });
  });

  describe('status', () => {
    it('tells each step of a granted subscription', async () => {
      const { code, answer } = await world.answer(AUDE, 'status', publicSubscription);
      expect(code).toBe(0);
      expect(answer).toMatchObject({ outcome: 'granted', settled: true });
      const { stdout } = await world.cli(AUDE, 'status', publicSubscription, '--watch');
      expect(stdout).toContain('training a model');
      expect(stdout).toMatch(/✓ .* arn:aws:iam::111111111111:role\/reader on arn:aws:s3:::acme-raw\/public\/: granted/);
    });

    it('says what a refused one is refused for, and that an unknown one is unknown', async () => {
      expect((await world.cli(AUDE, 'status', refused)).stdout).toContain('register the prefix');
      const { code, stderr } = await world.cli(AUDE, 'status', 'nosuchsubscr');
      expect(code).toBe(8);
      expect(stderr).toContain("the ledger knows no subscription 'nosuchsubscr'");
    });
  });

  describe('why', () => {
    it('names the subscription and its approver', async () => {
      const { code, answer } = await world.answer(AUDE, 'why', READER, 's3://acme-raw/public/a.png');
      expect(code).toBe(0);
      expect(answer).toMatchObject({
        allowed: true,
        subscriptions: [{ subscription: publicSubscription, decisionComment: 'go ahead' }],
        policy: [
          { action: 's3:GetObject', decision: 'allowed', whose: 'ours' },
          { action: 's3:ListBucket', decision: 'allowed' },
        ],
      });
    });

    it.each([
      [ANALYST, 's3://acme-raw/public/a.png', 'principal', 'target create'],
      [READER, 's3://acme-raw/private/a.png', 'prefix', 'register one that does'],
      [READER, 's3://acme-raw/runs/1', 'subscription', 'datazone-s3 publish'],
      [READER, 's3://elsewhere/x', 'registered', 'bucketAccounts'],
    ])('%s %s: names the missing condition', async (principal, object, condition, remedy) => {
      const { code, answer } = await world.answer(AUDE, 'why', principal, object);
      expect(code).toBe(1);
      expect(answer).toMatchObject({ missing: [{ condition, sentence: expect.stringContaining(remedy) }] });
      expect(answer).not.toMatchObject({ allowed: true });
    });

    it("sees other people's statements, which let in and shut out", async () => {
      const bucket = world.aws.state.buckets.get('acme-empty');
      world.aws.seed.bucket({
        name: 'acme-empty',
        account: '222222222222',
        region: 'eu-west-1',
        policy: {
          Version: '2012-10-17',
          Statement: [
            { Sid: 'Everything', Effect: 'Allow', Principal: { AWS: READER }, Action: 's3:Get*', Resource: 'arn:aws:s3:::acme-empty/*' },
            { Sid: 'NotThis', Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::acme-empty/secret/*' },
          ],
        },
      });
      const open = await world.answer(AUDE, 'why', READER, 's3://acme-empty/x');
      expect(open.answer).toMatchObject({ allowed: true, subscriptions: [], policy: [{ statement: 'Everything', whose: 'others' }, {}] });
      const shut = await world.answer(AUDE, 'why', READER, 's3://acme-empty/secret/x');
      expect(shut.answer).toMatchObject({ allowed: false, policy: [{ decision: 'explicitly-denied', statement: 'NotThis' }, {}] });
      if (bucket !== undefined) world.aws.state.buckets.set('acme-empty', bucket);
    });
  });

  describe('history', () => {
    it('tells the change with its statements', async () => {
      const { answer } = await world.answer(AUDE, 'history', 'acme-raw', '--subscription', publicSubscription);
      expect(answer).toMatchObject({
        changes: [
          {
            version: 1,
            added: [{ principal: READER, location: 'arn:aws:s3:::acme-raw/public/' }],
            removed: [],
            statements: { added: { length: 2 } },
          },
        ],
      });
      const { stdout } = await world.cli(AUDE, 'history', '--statements');
      expect(stdout).toContain(`+ ${READER} on arn:aws:s3:::acme-raw/public/`);
      expect(stdout).toContain('"Action":"s3:GetObject"');
    });
  });

  describe('rights', () => {
    it('of nobody in particular do not suffice: denied, in one sentence', async () => {
      const { code, stderr } = await world.cli(READER, 'grants');
      expect(code).toBe(4);
      expect(stderr.trimEnd().split('\n')).toHaveLength(2);
      expect(stderr).toMatch(/^DynamoDB GetItem was denied: .*not authorized to perform: dynamodb:GetItem/);
    });
  });
});
