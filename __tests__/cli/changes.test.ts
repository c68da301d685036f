import type { OperatorRequest } from '../../handler/contract';
import type { PlanLine } from '../../src/cli/ledger/request-item';
import { answeringRequests, type FunctionAnswer } from './answering-function';
import { ANALYST, AUDE, BUCKET, CliWorld, OLGA, READER } from './cli-world';
import type { Ran } from './run-cli';

const OPERATOR = 'arn:aws:iam::111111111111:role/acme-operator';

const PLAN: readonly PlanLine[] = [
  {
    action: 'grant',
    bucket: BUCKET,
    location: `arn:aws:s3:::${BUCKET}/runs/`,
    principal: ANALYST,
    subscription: 's1',
    why: 'approved and not in the policy',
  },
  {
    action: 'revoke',
    bucket: BUCKET,
    location: `arn:aws:s3:::${BUCKET}/public/`,
    principal: READER,
    subscription: 's2',
    why: 'not approved any more',
  },
  { action: 'repair', bucket: BUCKET, why: 'somebody changed our statements' },
  {
    action: 'held-back',
    bucket: BUCKET,
    location: `arn:aws:s3:::${BUCKET}/public/`,
    principal: ANALYST,
    subscription: 's3',
    why: 'above the cap',
  },
];

describe('the changes', () => {
  let world: CliWorld;
  let subscription = '';
  beforeAll(async () => {
    world = await CliWorld.start();
    const listing = await world.publish('public/');
    await world.target(READER);
    subscription = await world.subscribe(listing);
  });
  afterAll(() => world.close());

  const asked = async (
    args: readonly string[],
    answer: (request: OperatorRequest) => FunctionAnswer = () => ({ message: 'done as asked' }),
    who = OLGA,
  ) => {
    const { result, received } = await answeringRequests<Ran>(world, { work: () => world.cli(who, ...args), answer });
    return { ...result, received };
  };

  it('sends a request as the operator role and tells its result', async () => {
    const { code, stdout, received } = await asked(['freeze', BUCKET, '--reason', 'incident 4711']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'done as asked\n' });
    const [only, ...more] = received;
    expect(more).toEqual([]);
    expect(only?.request).toMatchObject({ kind: 'request', command: 'freeze', bucket: BUCKET, reason: 'incident 4711' });
    expect(only?.request.id).toMatch(/^[a-zA-Z0-9-]{8,64}$/);
    const { uniqueId } = world.aws.state.identities.byArn.get(OPERATOR) ?? {};
    // The session's name is the person's, so that the history says who it was.
    expect(only?.senderId).toBe(`${uniqueId}:local`);
  });

  it.each([
    [['unfreeze', '--all', '--reason', 'it is over'], { command: 'unfreeze' }],
    [
      ['hand-over', BUCKET, '--from', '1q2w3e', '--remove', '--reason', 'merged', '--yes'],
      { command: 'hand-over', bucket: BUCKET, from: '1q2w3e', remove: true },
    ],
    [['restore', BUCKET, '--reason', 'overwritten', '--yes'], { command: 'restore', bucket: BUCKET }],
    [
      ['revoke', `${READER}@${BUCKET}`, '--reason', 'left the team', '--yes'],
      { command: 'revoke-principal', principal: READER, bucket: BUCKET },
    ],
  ])('%j', async (args, request) => {
    const { code, stderr, received } = await asked(args);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(received).toMatchObject([{ request }]);
  });

  it('revokes a subscription, and says before whom it concerns', async () => {
    const { code, stderr, received } = await asked(['revoke', subscription, '--reason', 'contract ended', '--yes']);
    expect(code).toBe(0);
    expect(stderr).toContain(`- ${READER} on arn:aws:s3:::acme-raw/public/`);
    expect(received).toMatchObject([{ request: { command: 'revoke', subscription } }]);
  });

  it('does nothing where nobody can be asked', async () => {
    const { code, stderr, received } = await asked(['revoke', subscription, '--reason', 'contract ended']);
    expect(code).toBe(6);
    expect(stderr).toContain('say it with --yes');
    expect(received).toEqual([]);
  });

  it('tells a refusal in its own words', async () => {
    const { code, stderr } = await asked(['freeze', '--all', '--reason', 'incident'], () => ({
      state: 'refused',
      message: 'the request is older than a quarter of an hour',
    }));
    expect(code).toBe(6);
    expect(stderr).toBe('the request was refused: the request is older than a quarter of an hour\n  correct what it names and ask again\n');
  });

  it('shows a plan as Terraform does', async () => {
    const { code, stdout, received } = await asked(['plan'], () => ({ plan: PLAN, result: { planned: { grant: 1 } } }));
    expect(code).toBe(0);
    expect(received).toMatchObject([{ request: { command: 'reconcile', dryRun: true } }]);
    expect(stdout).toBe(`bucket acme-raw
  + ${ANALYST} on s3://acme-raw/runs/ (subscription s1)
      approved and not in the policy
  - ${READER} on s3://acme-raw/public/ (subscription s2)
      not approved any more
  ~ our statements on s3://acme-raw
      somebody changed our statements
  ! ${ANALYST} on s3://acme-raw/public/ (subscription s3)
      above the cap

Plan: 1 to grant, 1 to revoke, 1 to repair, 1 held back.
1 removal held back, above the cap of one run; look at each, then: datazone-s3 reconcile --approve-removals 2
`);
  });

  it('plans, then applies', async () => {
    const { code, stdout, received } = await asked(['reconcile', '--approve-removals', '7', '--yes', '--reason', 'tidy up'], () => ({
      plan: PLAN,
    }));
    expect(code).toBe(0);
    expect(received).toMatchObject([
      { request: { command: 'reconcile', dryRun: true, removals: 7 } },
      { request: { command: 'reconcile', dryRun: false, removals: 7, reason: 'tidy up' } },
    ]);
    expect(stdout).toBe('Done: 1 granted, 1 revoked, 1 repaired, 1 held back.\n');
  });

  it('has nothing to apply when all agree', async () => {
    const { code, stdout, received } = await asked(['reconcile']);
    expect(code).toBe(0);
    expect(stdout).toContain('No changes.');
    expect(received).toHaveLength(1);
  });

  it('does not wait with --no-wait, and gives up in time', async () => {
    const sent = await world.cli(OLGA, 'freeze', BUCKET, '--reason', 'incident', '--no-wait');
    expect(sent).toMatchObject({ code: 0, stdout: expect.stringMatching(/^sent as request [0-9a-f-]{36}; /) });
    const late = await world.cli(OLGA, 'freeze', BUCKET, '--reason', 'incident', '--timeout', '1');
    expect(late.code).toBe(7);
    expect(late.stderr).toContain('was not taken up after 1 s');
  });

  it('says that uninstall left something while the policy still has it', async () => {
    const { code, stdout } = await asked(['uninstall', '--reason', 'moved', '--yes', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      clean: false,
      left: [
        { bucket: 'acme-empty', accesses: 0, statements: 0 },
        { bucket: BUCKET, accesses: 1, statements: 2 },
      ],
    });
  });

  it('is for operators only', async () => {
    const { code, stderr } = await world.cli(AUDE, 'freeze', BUCKET, '--reason', 'incident');
    expect(code).toBe(4);
    expect(stderr).toContain(`may not take on the operator role ${OPERATOR}`);
    const unasked = await world.cli(OLGA, 'freeze', BUCKET, '--reason', 'incident', '--no-assume-role');
    expect(unasked.code).toBe(4);
  });

  describe('export', () => {
    it('prints our statements and the warning', async () => {
      const { code, stdout, stderr } = await world.cli(AUDE, 'export', BUCKET);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        Version: '2012-10-17',
        Statement: [{ Action: 's3:GetObject' }, { Action: 's3:ListBucket' }],
      });
      expect(stderr).toContain('lets in again whoever is revoked');
    });
  });

  describe('redrive', () => {
    it('sends dead letters again, and deletes each when it was sent', async () => {
      world.aws
        .queue('acme-fulfillment-dead-letters.fifo')
        .send({ body: '{"kind":"sweep","at":"2026-01-01T00:00:00Z"}', senderId: 'someone', group: 'fulfillment', deduplicationId: 'd1' });
      world.aws.queue('acme-fulfillment-undelivered').send({ body: '{"source":"aws.datazone"}', senderId: 'someone' });
      const counted = await world.cli(OLGA, 'redrive', '--dry-run');
      expect(counted.stdout).toBe('acme-fulfillment-dead-letters.fifo: 1 message\nacme-fulfillment-undelivered: 1 message\n');
      const { code, answer } = await world.answer(OLGA, 'redrive', '--yes');
      expect(code).toBe(0);
      expect(answer).toMatchObject({ queues: [{ sent: 1 }, { sent: 1 }] });
      expect(world.aws.queue('acme-fulfillment-dead-letters.fifo').list()).toEqual([]);
      expect(
        world.aws
          .queue('acme-fulfillment.fifo')
          .list()
          .map(({ body }) => body),
      ).toEqual(expect.arrayContaining(['{"source":"aws.datazone"}']));
    });
  });

  describe('send-test', () => {
    it('puts the event on the bus, where the rule sends it on', async () => {
      const { code, stderr } = await world.cli(OLGA, 'send-test', '--timeout', '1');
      expect(code).toBe(7);
      expect(stderr).toContain('the event did not reach the function within 1 s');
      const events = world.aws.bus.published.filter(({ event }) => event['detail-type'] === 'Delivery Test');
      expect(events).toMatchObject([
        { event: { source: 'datazone-s3-fulfillment', detail: { metadata: { domain: 'dzd_bc8e1ez8r2a6xz' } } }, rules: { length: 1 } },
      ]);
    });
  });

  describe('adopt', () => {
    it('finds the hand-written statement that a grant makes superfluous', async () => {
      const bucket = world.aws.state.buckets.get(BUCKET);
      const policy = world.policyWith(BUCKET, [
        {
          Sid: 'Old',
          Effect: 'Allow',
          Principal: { AWS: [READER, ANALYST] },
          Action: 's3:GetObject',
          Resource: 'arn:aws:s3:::acme-raw/public/*',
        },
        { Sid: 'Other', Effect: 'Allow', Principal: { AWS: READER }, Action: 's3:PutObject', Resource: 'arn:aws:s3:::acme-raw/public/*' },
      ]);
      world.aws.seed.bucket({ name: BUCKET, account: '222222222222', region: 'eu-west-1', policy });
      const { code, answer } = await world.answer(AUDE, 'adopt', BUCKET);
      expect(code).toBe(0);
      expect(answer).toMatchObject({
        statements: [{ statement: { Sid: 'Old' }, covered: [{ principal: READER, subscription }], only: [{ principal: ANALYST }] }],
      });
      if (bucket !== undefined) world.aws.state.buckets.set(BUCKET, bucket);
    });
  });
});
