import { ANALYST, AUDE, BUCKET, CliWorld, OLGA, READER } from './cli-world';
import { whileFunctionWorks } from './working-function';

const OPERATOR = 'arn:aws:iam::111111111111:role/acme-operator';

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

  /** Types a command while the function works. */
  const asked = (...args: readonly string[]) => whileFunctionWorks(world, () => world.cli(OLGA, ...args));
  const statements = () => world.aws.state.buckets.get(BUCKET)?.policy?.['Statement'];

  it('sends a request as the operator role, and tells its result', async () => {
    const { code, stdout, stderr } = await asked('freeze', BUCKET, '--reason', 'incident 4711', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { uniqueId } = world.aws.state.identities.byArn.get(OPERATOR) ?? {};
    // The session has the person's name, so that the ledger says who it was.
    expect(JSON.parse(stdout)).toMatchObject({ state: 'done', by: `${uniqueId}:local` });
    expect((await world.answer(AUDE, 'doctor')).answer).toMatchObject({
      findings: [{ subject: BUCKET, remedy: expect.stringContaining('unfreeze') }],
    });
    expect((await asked('unfreeze', BUCKET, '--reason', 'it is over')).code).toBe(0);
  });

  it('does nothing where nobody can be asked', async () => {
    const { code, stderr } = await asked('revoke', subscription, '--reason', 'contract ended');
    expect(code).toBe(6);
    expect(stderr).toContain(`- ${READER} on arn:aws:s3:::acme-raw/public/`);
    expect(stderr).toContain('say it with --yes');
    expect(statements()).toHaveLength(2);
  });

  it('tells a refusal in its own words', async () => {
    const { code, stderr } = await asked('freeze', 'elsewhere', '--reason', 'incident');
    expect(code).toBe(6);
    expect(stderr).toBe(
      "the request was refused: bucket 'elsewhere' is not registered and not in the ledger; check its name\n  correct what it names and ask again\n",
    );
  });

  it('has nothing to plan when all agree', async () => {
    const { code, stdout } = await asked('plan');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'No changes. DataZone, the ledger and the bucket policies agree.\n' });
  });

  it('plans as Terraform does, asks, and applies', async () => {
    const found = world.aws.state.datazone.subscriptions.get(subscription);
    if (found !== undefined) found.status = 'REVOKED';
    const planned = await asked('plan');
    expect(planned.code).toBe(0);
    expect(planned.stdout).toMatch(
      /^bucket acme-raw\n {2}- arn:aws:iam::111111111111:role\/reader on s3:\/\/acme-raw\/public\/ \(subscription \w+\)\n {6}\S.*/,
    );
    expect(planned.stdout).toContain('Plan: 0 to grant, 1 to revoke, 0 to repair.');
    expect(statements()).toHaveLength(2);
    const unasked = await asked('reconcile');
    expect(unasked.code).toBe(6);
    const applied = await asked('reconcile', '--yes', '--reason', 'tidy up');
    expect(applied.code).toBe(0);
    expect(applied.stdout).toBe('Done: 0 granted, 1 revoked, 0 repaired.\n');
    expect(statements()).toBeUndefined();
  });

  it('repairs what somebody took out', async () => {
    subscription = await world.subscribe(await world.publish('runs/'));
    expect(statements()).toHaveLength(2);
    world.aws.seed.bucket({ name: BUCKET, account: '222222222222', region: 'eu-west-1' });
    const { code, stdout } = await asked('reconcile', '--yes', '--reason', 'overwritten');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Done: 0 granted, 0 revoked, 1 repaired.\n' });
    expect(statements()).toHaveLength(2);
  });

  it('does not wait with --no-wait, and gives up in time', async () => {
    const sent = await world.cli(OLGA, 'unfreeze', BUCKET, '--reason', 'incident', '--no-wait');
    expect(sent).toMatchObject({ code: 0, stdout: expect.stringMatching(/^sent as request [0-9a-f-]{36}; /) });
    const late = await world.cli(OLGA, 'unfreeze', BUCKET, '--reason', 'incident', '--timeout', '1');
    expect(late.code).toBe(7);
    expect(late.stderr).toContain('was not taken up after 1 s');
    await world.settle();
  });

  it('is for operators only', async () => {
    const { code, stderr } = await world.cli(AUDE, 'freeze', BUCKET, '--reason', 'incident');
    expect(code).toBe(4);
    expect(stderr).toContain(`may not take on the operator role ${OPERATOR}`);
    const unasked = await world.cli(OLGA, 'freeze', BUCKET, '--reason', 'incident', '--no-assume-role');
    expect(unasked.code).toBe(4);
  });

  it('exports our statements with the warning', async () => {
    const { code, stdout, stderr } = await world.cli(AUDE, 'export', BUCKET);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      Version: '2012-10-17',
      Statement: [{ Action: 's3:GetObject' }, { Action: 's3:ListBucket' }],
    });
    expect(stderr).toContain('lets in again whoever is revoked');
  });

  it('proves that events reach the function', async () => {
    const { code, stdout } = await asked('send-test', '--timeout', '86400');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^The function saw the event after [\d.]+ s/);
    const lost = await world.cli(OLGA, 'send-test', '--timeout', '1');
    expect(lost).toMatchObject({ code: 7, stderr: expect.stringContaining('the last one that did is of') });
    await world.settle();
  });

  it('finds the hand-written statement that a grant makes superfluous', async () => {
    const before = world.aws.state.buckets.get(BUCKET);
    const policy = world.policyWith(BUCKET, [
      {
        Sid: 'Old',
        Effect: 'Allow',
        Principal: { AWS: [READER, ANALYST] },
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::acme-raw/runs/*',
      },
      { Sid: 'Other', Effect: 'Allow', Principal: { AWS: READER }, Action: 's3:PutObject', Resource: 'arn:aws:s3:::acme-raw/runs/*' },
    ]);
    world.aws.seed.bucket({ name: BUCKET, account: '222222222222', region: 'eu-west-1', policy });
    const { code, answer } = await world.answer(AUDE, 'adopt', BUCKET);
    expect(code).toBe(0);
    expect(answer).toMatchObject({
      statements: [{ statement: { Sid: 'Old' }, covered: [{ principal: READER, subscription }], only: [{ principal: ANALYST }] }],
    });
    if (before !== undefined) world.aws.state.buckets.set(BUCKET, before);
  });

  it('sends dead letters again, and deletes each when it was sent', async () => {
    const [dead, undelivered] = [world.aws.queue('acme-fulfillment-dead-letters.fifo'), world.aws.queue('acme-fulfillment-undelivered')];
    dead.send({ body: '{"kind":"sweep","at":"2026-01-01T00:00:00Z"}', senderId: 'someone', group: 'fulfillment', deduplicationId: 'd1' });
    undelivered.send({ body: '{"kind":"reconcile","at":"2026-01-01T00:00:00Z"}', senderId: 'someone' });
    const counted = await world.cli(OLGA, 'redrive', '--dry-run');
    expect(counted.stdout).toBe('acme-fulfillment-dead-letters.fifo: 1 message\nacme-fulfillment-undelivered: 1 message\n');
    const { code, answer } = await world.answer(OLGA, 'redrive', '--yes');
    expect({ code, answer }).toMatchObject({ code: 0, answer: { queues: [{ sent: 1 }, { sent: 1 }] } });
    expect([...dead.list(), ...undelivered.list()]).toEqual([]);
    expect(world.aws.queue('acme-fulfillment.fifo').list()).toHaveLength(2);
    await world.settle();
  });

  it('revokes one principal on a bucket, for good', async () => {
    const { code, stderr } = await asked('revoke', `${READER}@${BUCKET}`, '--reason', 'left the team', '--yes');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(statements()).toBeUndefined();
    const again = await asked('revoke', `${READER}@${BUCKET}`, '--reason', 'left the team', '--yes');
    expect(again.code).toBe(8);
  });

  it('uninstalls, and proves that nothing is left', async () => {
    await world.target(ANALYST);
    await world.subscribe(await world.publish('public/deeper/'));
    expect(statements()).toBeDefined();
    const { code, stdout } = await asked('uninstall', '--reason', 'moved', '--yes');
    expect(stdout).toContain('Nothing is left: the stacks can be destroyed.');
    expect(code).toBe(0);
    expect(statements()).toBeUndefined();
  });
});
