import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Handler } from '../../../local-aws/eventing/delivery';
import type { BusEvent } from '../../../local-aws/eventing/event';
import { type LocalAws, startLocalAws } from '../../../local-aws/local-aws';
import { acmeStack } from '../terraform/acme-stack';
import { allowing, DOMAIN, DOMAIN_ACCOUNT, handClock, REGION } from '../world';

let aws: LocalAws;
const clock = handClock();
const queueArn = `arn:aws:sqs:${REGION}:${DOMAIN_ACCOUNT}:acme.fifo`;

beforeEach(async () => {
  aws = await startLocalAws({ clock: clock.now });
  await aws.loadStack(acmeStack());
});
afterEach(() => aws.close());

const event = (id: string, changes: Partial<BusEvent> = {}): BusEvent => ({
  version: '0',
  id,
  'detail-type': 'Subscription Created',
  source: 'aws.datazone',
  account: DOMAIN_ACCOUNT,
  time: '2026-11-23T12:00:00Z',
  region: REGION,
  resources: [],
  detail: { metadata: { domain: DOMAIN } },
  ...changes,
});

/** Remembers the ids of the events it got, and returns those it is told to. */
const recording = (failing: readonly string[] = []) => {
  const batches: string[][] = [];
  const handler: Handler = async ({ Records }) => {
    batches.push(Records.map(({ body }) => JSON.parse(body).id));
    return {
      batchItemFailures: Records.filter(({ body }) => failing.includes(JSON.parse(body).id)).map(({ messageId }) => ({
        itemIdentifier: messageId,
      })),
    };
  };
  return { batches, handler };
};

describe('events reach the function', () => {
  test('if the rule matches, as records of a FIFO queue', async () => {
    for (const one of [event('1'), event('2', { 'detail-type': 'Subscription Revoked' }), event('3', { account: '999999999999' })])
      aws.bus.publish(one);
    const records: unknown[] = [];
    await aws.drain(async ({ Records }, context) => {
      records.push(...Records);
      expect(context).toMatchObject({ functionName: 'acme', awsRequestId: expect.any(String) });
    });
    expect(records).toEqual([
      {
        messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        receiptHandle: expect.any(String),
        body: JSON.stringify(event('1')),
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: String(clock.now().getTime()),
          SequenceNumber: expect.stringMatching(/^\d{20}$/),
          MessageGroupId: 'all',
          SenderId: expect.stringMatching(/^AIDA/),
          MessageDeduplicationId: expect.stringMatching(/^[0-9a-f]{64}$/),
          ApproximateFirstReceiveTimestamp: String(clock.now().getTime()),
        },
        messageAttributes: {},
        md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
        eventSource: 'aws:sqs',
        eventSourceARN: queueArn,
        awsRegion: REGION,
      },
    ]);
  });

  test('and come back when it reports them, blocking their group, until they are set aside', async () => {
    const { batches, handler } = recording(['2']);
    for (const id of ['1', '2', '3']) aws.bus.publish(event(id));
    await aws.drain(handler);
    expect(batches).toEqual([['1', '2', '3']]);
    aws.bus.publish(event('4'));
    expect(await aws.drain(handler)).toEqual([]);
    clock.advance(60);
    await aws.drain(handler);
    clock.advance(60);
    await aws.drain(handler);
    expect(batches.slice(1)).toEqual([['2', '4']]);
    expect(
      aws
        .queue('acme-dead.fifo')
        .list()
        .map(({ body }) => JSON.parse(body).id),
    ).toEqual(['2']);
  });

  test('all of a batch come back when it throws', async () => {
    aws.bus.publish(event('1'));
    const delivery = await aws.deliver(async () => {
      throw new Error('broken');
    });
    expect(delivery).toMatchObject({ returned: delivery.received, error: new Error('broken') });
  });

  test('not if the queue does not let the rule', async () => {
    const stack = acmeStack();
    stack.resource.aws_sqs_queue.queue.name = 'other.fifo';
    stack.resource.aws_cloudwatch_event_rule.rule.name = 'other';
    await aws.loadStack(stack);
    aws.bus.publish(event('1'));
    expect(aws.bus.undelivered).toEqual([{ event: event('1'), rule: `arn:aws:events:${REGION}:${DOMAIN_ACCOUNT}:rule/other` }]);
  });

  test('not if its role may not poll', async () => {
    const stack = acmeStack();
    stack.resource.aws_iam_role_policy.function.policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    await aws.loadStack(stack);
    await expect(aws.deliver(recording().handler)).rejects.toThrow('lacks sqs:ReceiveMessage');
  });
});

describe('who else may send', () => {
  test('the scheduler, in its own name', () => {
    aws.fireSchedule('acme-sweep');
    const [message] = aws.queue('acme.fifo').list();
    expect(JSON.parse(message?.body ?? '')).toEqual({ kind: 'sweep', at: `${clock.now().toISOString().slice(0, 19)}Z` });
    expect(message?.senderId).toMatch(/^AROA.*:/);
  });

  test('nobody else, whatever its own policies say', () => {
    const { arn } = aws.seed.role({ account: DOMAIN_ACCOUNT, name: 'admin', policies: [allowing('*')] });
    expect(() => aws.sendAs({ arn, queueArn, body: '{}', group: 'all' })).toThrow('may not sqs:SendMessage');
  });
});

describe('the bundled function', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'local-aws-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const bundle = (source: string) => {
    const path = join(folder, 'index.js');
    writeFileSync(path, source);
    return path;
  };

  test('starts cold each time, with its environment and its role, and leaves nothing behind', async () => {
    const before = { ...process.env };
    const path = bundle(
      'let calls = 0; exports.handler = async () => ({ calls: ++calls, table: process.env.LEDGER_TABLE, endpoint: process.env.AWS_ENDPOINT_URL, key: process.env.AWS_ACCESS_KEY_ID });',
    );
    const first = await aws.startFunction(path);
    const context = { awsRequestId: '1', functionName: 'acme', getRemainingTimeInMillis: () => 1 };
    expect(await first({ Records: [] }, context)).toEqual({
      calls: 1,
      table: 'acme-ledger',
      endpoint: aws.endpoint,
      key: expect.stringMatching(/^ASIA/),
    });
    expect(await first({ Records: [] }, context)).toMatchObject({ calls: 2 });
    expect(await (await aws.startFunction(path))({ Records: [] }, context)).toMatchObject({ calls: 1 });
    expect(process.env).toEqual(before);
  });

  test('is refused without a handler', async () => {
    await expect(aws.startFunction(bundle('exports.main = 1;'))).rejects.toThrow('no function named handler');
  });

  const context = { awsRequestId: '1', functionName: 'acme', getRemainingTimeInMillis: () => 1 };

  test('runs beside another start of itself, until its role is replaced, and never beside another', async () => {
    const path = bundle('exports.handler = () => new Promise((resolve) => setImmediate(() => resolve(process.env.AWS_ACCESS_KEY_ID)));');
    const [one, two] = [await aws.startFunction(path), await aws.startFunction(path)];
    const [first, second] = await Promise.all([one({ Records: [] }, context), two({ Records: [] }, context)]);
    expect(first).toBe(second);
    aws.seed.remove(`arn:aws:iam::${DOMAIN_ACCOUNT}:role/acme-function`);
    await aws.loadStack(acmeStack());
    const three = await aws.startFunction(path);
    const running = one({ Records: [] }, context);
    await expect(three({ Records: [] }, context)).rejects.toThrow('another function is running');
    await running;
    expect(await three({ Records: [] }, context)).not.toBe(first);
  });

  test("lives by the double's clock, and waits as it is told", async () => {
    const path = bundle(
      `const { setTimeout } = require('node:timers/promises');
      exports.handler = async () => {
        const before = new Date();
        await setTimeout(90_000);
        return [before.toISOString(), Date.now() - before.getTime(), new Date(0).toISOString(), before instanceof Date];
      };`,
    );
    const own = await startLocalAws({ clock: clock.now, sleep: async (milliseconds) => clock.advance(milliseconds / 1000) });
    try {
      await own.loadStack(acmeStack());
      const start = clock.now().toISOString();
      expect(await (await own.startFunction(path))({ Records: [] }, context)).toEqual([start, 90_000, '1970-01-01T00:00:00.000Z', true]);
    } finally {
      await own.close();
    }
  });
});
