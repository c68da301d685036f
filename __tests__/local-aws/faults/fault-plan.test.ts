import { CreateAssetCommand, GetSubscriptionCommand, ListSubscriptionsCommand, RevokeSubscriptionCommand } from '@aws-sdk/client-datazone';
import { DeleteBucketPolicyCommand, GetBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { parseFaultPlan } from '../../../local-aws/faults/fault-plan';
import { BEFALLEN, faultPlanOf, faultPlans } from '../../../local-aws/faults/fault-plan-generator';
import { FailedUnderPlan, FaultPlanRun } from '../../../local-aws/faults/fault-plan-run';
import { type LocalAws, startLocalAws } from '../../../local-aws/local-aws';
import { createTarget, publish, seedDomain, subscribe } from '../datazone-story';
import { allowing, BUCKET_ACCOUNT, DOMAIN, document, handClock, REGION, reading, s3As } from '../world';

let aws: LocalAws;
let editor: string;
let reader: string;
const clock = handClock();
/** Ends what the double is at work on. */
let endWork: () => void = () => undefined;

beforeEach(async () => {
  aws = await startLocalAws({
    clock: clock.now,
    wait: () =>
      new Promise((resolve) => {
        endWork = resolve;
      }),
  });
  editor = aws.seed.role({ account: BUCKET_ACCOUNT, name: 'editor', policies: [allowing('s3:*')] }).arn;
  reader = aws.seed.role({ account: BUCKET_ACCOUNT, name: 'reader' }).arn;
  aws.seed.bucket({ name: 'raw', account: BUCKET_ACCOUNT, region: REGION });
});
afterEach(() => aws.close());

const WORLD = { clock: clock.now, wait: async () => undefined, policyOf: () => undefined };
const put = (prefix: string) =>
  s3As(aws, editor).send(new PutBucketPolicyCommand({ Bucket: 'raw', Policy: document(...reading(reader, 'raw', prefix)) }));
const get = async () => (await s3As(aws, editor).send(new GetBucketPolicyCommand({ Bucket: 'raw' }))).Policy ?? '';
const stored = () => JSON.stringify(aws.state.buckets.get('raw')?.policy ?? 'none');

describe('a planned fault befalls the call it names', () => {
  test('at the occurrences it names, and no others', async () => {
    const { run } = aws.befall([{ service: 's3', operation: 'PutBucketPolicy', occurrences: [1, 3], fault: 'throttled' }]);
    const answers = [];
    for (const prefix of ['a/', 'b/', 'c/', 'd/'])
      answers.push(
        await put(prefix).then(
          () => 'ok',
          ({ name }) => name,
        ),
      );
    expect(answers).toEqual(['SlowDown', 'ok', 'SlowDown', 'ok']);
    expect(run.hits.map(({ occurrence }) => occurrence)).toEqual([1, 3]);
  });

  test.each([
    ['denied', { name: 'AccessDenied' }, 'none'],
    ['missing', { name: 'NoSuchBucket' }, 'none'],
    ['conflict', { name: 'OperationAborted' }, 'none'],
    ['failed', { name: 'InternalError', $metadata: { httpStatusCode: 500 } }, 'none'],
    ['lost', { message: expect.stringContaining('socket hang up') }, 'none'],
    ['unheard', { message: expect.stringContaining('socket hang up') }, 'runs/'],
  ] as const)('%s', async (fault, error, after) => {
    aws.befall([{ service: 's3', operation: 'PutBucketPolicy', occurrences: 'every', fault }]);
    await expect(put('runs/')).rejects.toMatchObject(error);
    expect(stored()).toContain(after);
  });

  test.each(['cut-off', 'garbled'] as const)('an answer is %s', async (fault) => {
    await put('runs/');
    aws.befall([{ service: 's3', operation: 'GetBucketPolicy', occurrences: [1], fault }]);
    const text = await get().catch(() => 'no text');
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(JSON.parse(await get()).Statement).toHaveLength(2);
  });

  test('a call without an answer has no effect, and waits until its client gives up', async () => {
    const { run } = aws.befall([{ service: 's3', operation: 'DeleteBucketPolicy', occurrences: [1], fault: 'no-answer' }]);
    await put('runs/');
    const givingUp = new AbortController();
    const deletion = s3As(aws, editor).send(new DeleteBucketPolicyCommand({ Bucket: 'raw' }), { abortSignal: givingUp.signal });
    while (run.hits.length === 0) await get();
    givingUp.abort();
    await expect(deletion).rejects.toMatchObject({ name: 'AbortError' });
    expect(stored()).toContain('runs/');
  });

  test('a write lands after its client gave up, over what was written since', async () => {
    aws.befall([{ service: 's3', operation: 'PutBucketPolicy', occurrences: [1], fault: 'lands-late', delayMs: 30_000 }]);
    await expect(put('late/')).rejects.toMatchObject({ message: expect.stringContaining('socket hang up') });
    await put('since/');
    clock.advance(29);
    expect(await get()).toContain('since/');
    clock.advance(1);
    expect(await get()).toContain('late/');
    expect(aws.recorder.of('PutBucketPolicy').map(({ cut }) => cut)).toEqual([undefined, 'after']);
  });

  test('whatever is held up comes when the double settles', async () => {
    aws.befall([{ service: 's3', operation: 'PutBucketPolicy', occurrences: [1], fault: 'lands-late', delayMs: 1e9 }]);
    await expect(put('late/')).rejects.toThrow();
    await aws.settle();
    expect(stored()).toContain('late/');
  });

  test('a write that meets another one under way is aborted', async () => {
    const { run } = aws.befall([{ service: 's3', operation: 'PutBucketPolicy', occurrences: [1], fault: 'slow' }]);
    const first = put('first/');
    while (run.hits.length === 0) await get().catch(() => undefined);
    await expect(put('second/')).rejects.toMatchObject({ name: 'OperationAborted', $metadata: { httpStatusCode: 409 } });
    endWork();
    await first;
    expect(stored()).toContain('first/');
  });
});

describe('a planned fault may be meant for', () => {
  const bucket = (name: string) => new GetBucketPolicyCommand({ Bucket: name });
  const answer = (call: Promise<unknown>) =>
    call.then(
      () => 'ok',
      ({ name }) => name,
    );

  test('the calls of one account', async () => {
    await put('runs/');
    const other = aws.seed.role({ account: '444444444444', name: 'editor', policies: [allowing('s3:*')] }).arn;
    aws.seed.bucket({ name: 'theirs', account: '444444444444', region: REGION });
    aws.befall([{ service: 's3', operation: 'GetBucketPolicy', occurrences: 'every', fault: 'throttled', account: '444444444444' }]);
    expect([await answer(s3As(aws, other).send(bucket('theirs'))), await answer(get())]).toEqual(['SlowDown', 'ok']);
  });

  test('the calls about one thing, counted by themselves', async () => {
    await put('runs/');
    aws.seed.bucket({ name: 'second', account: BUCKET_ACCOUNT, region: REGION });
    aws.befall([{ service: 's3', operation: 'GetBucketPolicy', occurrences: [2], fault: 'denied', about: 'raw' }]);
    const ask = (name: string) => answer(s3As(aws, editor).send(bucket(name)));
    expect([await ask('raw'), await ask('second'), await ask('second'), await ask('raw')]).toEqual([
      'ok',
      'NoSuchBucketPolicy',
      'NoSuchBucketPolicy',
      'AccessDenied',
    ]);
  });
});

describe('stale reads', () => {
  test('of a bucket policy show what was there before, for so many reads or so long', async () => {
    await put('one/');
    await put('two/');
    aws.befall([{ service: 's3', operation: 'GetBucketPolicy', occurrences: [1, 2], fault: 'stale' }]);
    expect([await get(), await get(), await get()].map((text) => text.includes('one/'))).toEqual([true, true, false]);
    aws.befall([{ service: 's3', operation: 'GetBucketPolicy', occurrences: [1], fault: 'stale', delayMs: 10_000 }]);
    const seen = [];
    for (let second = 0; second < 12; second += 4, clock.advance(4)) seen.push((await get()).includes('one/'));
    expect([...seen, (await get()).includes('one/')]).toEqual([true, true, true, false]);
  });

  test('may show one policy for ever, however often it is written', async () => {
    await put('first/');
    aws.befall([{ service: 's3', operation: 'GetBucketPolicy', occurrences: 'every', fault: 'frozen' }]);
    for (const prefix of ['second/', 'third/']) {
      await put(prefix);
      expect(await get()).toContain('first/');
    }
    expect(stored()).toContain('third/');
  });

  test('of a subscription show its status before the last change, and of a list half', async () => {
    const client = seedDomain(aws);
    await createTarget(client);
    const { subscriptionId: identifier } = await subscribe(client, (await publish(client)).listingId);
    await subscribe(client, (await publish(client, 'arn:aws:s3:::raw/other/')).listingId);
    await client.send(new RevokeSubscriptionCommand({ domainIdentifier: DOMAIN, identifier, retainPermissions: true }));
    aws.befall([
      { service: 'datazone', operation: 'GetSubscription', occurrences: [1], fault: 'stale' },
      { service: 'datazone', operation: 'ListSubscriptions', occurrences: [1], fault: 'stale' },
      { service: 'datazone', operation: 'ListSubscriptions', occurrences: [2], fault: 'half-list' },
    ]);
    const status = async () => (await client.send(new GetSubscriptionCommand({ domainIdentifier: DOMAIN, identifier }))).status;
    expect([await status(), await status()]).toEqual(['APPROVED', 'REVOKED']);
    const approved = async () => (await client.send(new ListSubscriptionsCommand({ domainIdentifier: DOMAIN }))).items?.length;
    expect([await approved(), await approved(), await approved()]).toEqual([2, 0, 1]);
  });
});

test('events are lost, come twice, or come late', async () => {
  const client = seedDomain(aws);
  aws.befall([
    { service: 'bus', operation: 'Subscription Request Created', occurrences: 'every', fault: 'lost' },
    { service: 'bus', operation: 'Subscription Created', occurrences: [1], fault: 'late', delayMs: 60_000 },
    { service: 'bus', operation: 'Subscription Revoked', occurrences: [1], fault: 'twice' },
  ]);
  const { subscriptionId: identifier } = await subscribe(client, (await publish(client)).listingId);
  await client.send(new RevokeSubscriptionCommand({ domainIdentifier: DOMAIN, identifier }));
  clock.advance(60);
  await publish(client);
  expect(aws.bus.published.map(({ event }) => event['detail-type'])).toEqual([
    'Subscription Revoked',
    'Subscription Revoked',
    'Subscription Created',
  ]);
});

describe('a plan', () => {
  test('is data: it survives its JSON text, and nonsense is refused', () => {
    const plan = faultPlanOf(7);
    expect(parseFaultPlan(JSON.stringify(plan))).toEqual(plan);
    expect(() => parseFaultPlan([{ service: 's3', operation: 'GetBucketPolicy', occurrences: [0], fault: 'denied' }])).toThrow();
    expect(() => parseFaultPlan([{ service: 'bus', operation: 'x', occurrences: [1], fault: 'denied' }])).toThrow();
    const impossible = parseFaultPlan([{ service: 'sts', operation: 'AssumeRole', occurrences: [1], fault: 'conflict' }]);
    expect(() => new FaultPlanRun(impossible, WORLD)).toThrow("sts never answers 'conflict'");
  });

  test('of a seed is always the same, and other seeds have others', () => {
    expect(faultPlanOf(42)).toEqual(faultPlanOf(42));
    expect(new Set(Array.from({ length: 20 }, (_, seed) => JSON.stringify(faultPlanOf(seed)))).size).toBeGreaterThan(15);
  });

  test('that is generated can be begun, and names what may befall', () => {
    fc.assert(
      fc.property(faultPlans(), (plan) => {
        new FaultPlanRun(plan, WORLD);
        for (const { service, operation, fault } of plan) {
          const faults: readonly string[] = BEFALLEN[service]?.[operation] ?? [];
          expect(faults).toContain(fault);
        }
      }),
      { numRuns: 200, seed: 20_261_126 },
    );
  });

  test('is told, with its seed and what befell, when the story under it fails', async () => {
    const space = { befallen: { s3: { PutBucketPolicy: ['denied'] } }, most: 1, within: 1 } as const;
    const failure: unknown = await aws.underPlan({ seed: 11, space }, () => put('runs/')).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(FailedUnderPlan);
    expect(String(failure)).toMatch(/Access Denied[\s\S]*\(seed 11\) \[\{"service":"s3"[\s\S]*s3 PutBucketPolicy #1: denied/);
    await expect(put('runs/')).resolves.toBeDefined();
  });

  test('ends when it is told to', async () => {
    const { end } = aws.befall([{ service: 'datazone', operation: 'CreateAsset', occurrences: 'every', fault: 'failed' }]);
    const client = seedDomain(aws);
    await expect(publish(client)).rejects.toMatchObject({ name: 'InternalServerException' });
    end();
    await expect(publish(client)).resolves.toMatchObject({ listingId: expect.any(String) });
    expect(aws.recorder.of(CreateAssetCommand.name.replace('Command', ''))).toHaveLength(2);
  });
});
