import { randomUUID } from 'node:crypto';
import { BUCKET, CliWorld, OLGA, READER } from '../cli/cli-world';
import { whileFunctionWorks } from '../cli/working-function';

const OPERATOR = 'arn:aws:iam::111111111111:role/acme-operator';
const QUEUE = 'acme-fulfillment.fifo';

let world: CliWorld;
const now = new Date();

beforeAll(async () => {
  world = await CliWorld.start({ clock: () => now });
  await world.target(READER);
  await world.subscribe(await world.publish('public/'));
});

afterAll(() => world.close());

const statements = () => world.aws.state.buckets.get(BUCKET)?.policy?.['Statement'];
const request = (command: object) =>
  JSON.stringify({ kind: 'request', id: randomUUID(), at: now.toISOString(), reason: 'forged', ...command });

/** What the function is invoked with by a principal that has lambda:InvokeFunction, and writes every member as SQS would. */
const invocation = (body: string, receiptHandle: unknown) => ({
  Records: [
    {
      messageId: randomUUID(),
      receiptHandle,
      body,
      attributes: { SenderId: `${world.aws.state.identities.byArn.get(OPERATOR)?.uniqueId}:alice` },
      messageAttributes: {},
      eventSource: 'aws:sqs',
      eventSourceARN: world.aws.queue(QUEUE).settings.arn,
      awsRegion: 'eu-west-1',
    },
  ],
});

const invoke = (body: string, receiptHandle: unknown) => {
  const context = { awsRequestId: randomUUID(), functionName: 'acme-fulfillment', getRemainingTimeInMillis: () => 60_000 };
  const event: unknown = invocation(body, receiptHandle);
  return world.deployment.handler(event as Parameters<typeof world.deployment.handler>[0], context);
};

/** A receipt handle that SQS issued for a message that is no longer in flight. */
const expired = (): string => {
  const queue = world.aws.queue(QUEUE);
  queue.send({
    body: '{"kind":"sweep","at":"2026-01-01T00:00:00Z"}',
    senderId: 'AROA:x',
    group: 'fulfillment',
    deduplicationId: randomUUID(),
  });
  const [message] = queue.receive(1);
  queue.delete(message?.receiptHandle ?? '');
  return message?.receiptHandle ?? '';
};

describe('an invocation of the function with a request that is no message of its queue', () => {
  it.each([
    ['a made-up receipt handle', () => 'AQEB-made-up'],
    ['the handle of a message that was deleted', expired],
    ['no handle', () => undefined],
  ])('changes nothing, with %s', async (_, handle) => {
    const before = JSON.stringify(statements());
    expect(before).toContain('public/');
    const puts = world.aws.recorder.of('PutItem').length;
    expect(await invoke(request({ command: 'uninstall' }), handle())).toEqual({ batchItemFailures: [] });
    expect(JSON.stringify(statements())).toBe(before);
    expect(world.aws.recorder.of('PutItem')).toHaveLength(puts);
  });

  it('does not stop a request that comes through the queue', async () => {
    const { code, stderr } = await whileFunctionWorks(world, () => world.cli(OLGA, 'freeze', BUCKET, '--reason', 'incident'));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('a message in a queue of what was set aside', () => {
  const put = (name: string, body: string) =>
    world.aws.queue(name).send({ body, senderId: 'AROA:mallory', group: 'fulfillment', deduplicationId: randomUUID() });
  const DEAD = 'acme-fulfillment-dead-letters.fifo';
  const UNDELIVERED = 'acme-fulfillment-undelivered';

  it.each([DEAD, UNDELIVERED])('can be put there by no role of the account, whatever it may do: %s', (name) => {
    world.aws.seed.role({
      account: '111111111111',
      name: 'mallory',
      policies: [{ name: 'all', document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'sqs:*', Resource: '*' } } }],
    });
    const { arn } = world.aws.queue(name).settings;
    const send = (who: string) => () =>
      world.aws.sendAs({ arn: who, queueArn: arn, body: request({ command: 'uninstall' }), group: 'fulfillment' });
    expect(send('arn:aws:iam::111111111111:role/mallory')).toThrow(/may not sqs:SendMessage/);
    expect(send(OPERATOR)).toThrow(/may not sqs:SendMessage/);
  });

  it('becomes no request of the operator who redrives it; others of its queue are sent', async () => {
    for (const name of [DEAD, UNDELIVERED]) {
      put(name, request({ command: 'uninstall' }));
      put(name, 'neither this');
      put(name, JSON.stringify({ kind: 'sweep', at: now.toISOString() }));
    }
    const { code, answer } = await world.answer(OLGA, 'redrive', '--yes');
    expect(code).toBe(1);
    expect(answer).toMatchObject({
      queues: [DEAD, UNDELIVERED].map((queue) => ({
        queue,
        sent: 1,
        discarded: 1,
        left: 1,
        reasons: [
          { action: 'discarded', messages: 1, reason: expect.stringContaining('an operator request') },
          { action: 'left', messages: 1, reason: expect.stringContaining('neither an event') },
        ],
      })),
    });
    expect(
      world.aws
        .queue(QUEUE)
        .list()
        .map(({ body }) => JSON.parse(body).kind),
    ).toEqual(['sweep', 'sweep']);
    expect(
      [DEAD, UNDELIVERED].map((name) =>
        world.aws
          .queue(name)
          .list()
          .map(({ body }) => body),
      ),
    ).toEqual([['neither this'], ['neither this']]);
    await world.settle();
    expect(JSON.stringify(statements())).toContain('public/');
  });

  it('hides none of those behind it, in a FIFO queue either', async () => {
    for (let n = 0; n < 14; n++) put(DEAD, n < 3 ? `unknown ${n}` : JSON.stringify({ kind: 'sweep', at: new Date(n).toISOString() }));
    const { answer } = await world.answer(OLGA, 'redrive', '--yes');
    expect(answer).toMatchObject({
      queues: [
        { sent: 11, left: 4 },
        { sent: 0, left: 1 },
      ],
    });
    await world.settle();
    const again = await world.answer(OLGA, 'redrive', '--yes');
    expect(again.answer).toMatchObject({
      queues: [
        { sent: 0, left: 4 },
        { sent: 0, left: 1 },
      ],
    });
  });

  it('stops the work on no other queue, if its own fails', async () => {
    const url = (name: string) => `https://sqs.eu-west-1.amazonaws.com/111111111111/${name}`;
    const end = world.aws.faults.add(({ operation, params }) =>
      operation === 'ReceiveMessage' && params['QueueUrl'] === url(DEAD)
        ? { code: 'AccessDeniedException', status: 403, message: 'not today' }
        : undefined,
    );
    put(UNDELIVERED, JSON.stringify({ kind: 'sweep', at: now.toISOString() }));
    const { code, answer } = await world.answer(OLGA, 'redrive', '--yes');
    end();
    expect({ code, answer }).toMatchObject({
      code: 4,
      answer: {
        queues: [
          { queue: DEAD, sent: 0, failure: { exitClass: 'denied' } },
          { queue: UNDELIVERED, sent: 1, left: 1 },
        ],
      },
    });
    await world.settle();
  });

  it('is deleted with --discard whatever it is', async () => {
    const { code, answer } = await world.answer(OLGA, 'redrive', '--discard', '--yes');
    expect({ code, answer }).toMatchObject({
      code: 0,
      answer: {
        queues: [
          { sent: 0, discarded: 4, left: 0 },
          { sent: 0, discarded: 1, left: 0 },
        ],
      },
    });
  });
});
