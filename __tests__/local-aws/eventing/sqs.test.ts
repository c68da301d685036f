import { createHash } from 'node:crypto';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { type LocalAws, startLocalAws } from '../../../local-aws/local-aws';
import { jsonCall } from '../json-call';
import { acmeStack } from '../terraform/acme-stack';
import { allowing, DOMAIN_ACCOUNT, handClock, REGION, stsAs } from '../world';

let aws: LocalAws;
const clock = handClock();
const scheduler = `arn:aws:iam::${DOMAIN_ACCOUNT}:role/acme-scheduler`;
const urlOf = (name: string) => `https://sqs.${REGION}.amazonaws.com/${DOMAIN_ACCOUNT}/${name}`;
let keeper: string;

beforeEach(async () => {
  aws = await startLocalAws({ clock: clock.now });
  await aws.loadStack(acmeStack());
  keeper = aws.seed.role({ account: DOMAIN_ACCOUNT, name: 'keeper', policies: [allowing('sqs:*')] }).arn;
});
afterEach(() => aws.close());

const sqs = (as: Parameters<typeof jsonCall>[1], operation: string, body: object) =>
  jsonCall(aws, as, { service: 'sqs', target: `AmazonSQS.${operation}`, body });
const message = (MessageBody: string, more: object = {}) => ({ QueueUrl: urlOf('acme.fifo'), MessageBody, MessageGroupId: 'all', ...more });

describe('a message that a session sends', () => {
  test('reaches the function with the sender that it cannot choose: its role and session', async () => {
    const trust = {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${DOMAIN_ACCOUNT}:root` }, Action: 'sts:AssumeRole' },
    };
    const { uniqueId } = aws.seed.role({ account: DOMAIN_ACCOUNT, name: 'acme-scheduler', trust, policies: [allowing('sqs:SendMessage')] });
    const operator = aws.seed.user({ account: DOMAIN_ACCOUNT, name: 'ada', policies: [allowing('sts:AssumeRole')] }).arn;
    const { Credentials: issued } = await stsAs(aws, operator).send(
      new AssumeRoleCommand({ RoleArn: scheduler, RoleSessionName: 'ada@example.com' }),
    );
    const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '', SessionToken: sessionToken = '' } = issued ?? {};
    const sent = await sqs({ accessKeyId, secretAccessKey, sessionToken }, 'SendMessage', message('{"kind":"request"}'));
    expect(sent).toEqual({
      status: 200,
      body: {
        MessageId: expect.any(String),
        MD5OfMessageBody: createHash('md5').update('{"kind":"request"}').digest('hex'),
        SequenceNumber: expect.any(String),
      },
    });
    const senders: string[] = [];
    await aws.drain(async ({ Records }) => void senders.push(...Records.map(({ attributes }) => attributes.SenderId)));
    expect(senders).toEqual([`${uniqueId}:ada@example.com`]);
  });

  test('is refused where the queue denies, whatever the sender may do', async () => {
    expect(await sqs(keeper, 'SendMessage', message('{}'))).toMatchObject({
      status: 403,
      body: { __type: 'com.amazonaws.sqs#AccessDeniedException', message: expect.stringContaining('sqs:SendMessage') },
    });
    expect(aws.queue('acme.fifo').list()).toEqual([]);
  });

  test('that was sent within five minutes is answered like the first, and dropped', async () => {
    const first = await sqs(scheduler, 'SendMessage', message('{}'));
    const second = await sqs(scheduler, 'SendMessage', message('{}'));
    const other = await sqs(scheduler, 'SendMessage', message('{}', { MessageDeduplicationId: 'other' }));
    expect(second).toEqual(first);
    expect(other.body['MessageId']).not.toBe(first.body['MessageId']);
    expect(aws.queue('acme.fifo').list()).toHaveLength(2);
  });

  test('needs a group, and a deduplication id where the queue makes none', async () => {
    const grouped = await sqs(scheduler, 'SendMessage', { QueueUrl: urlOf('acme.fifo'), MessageBody: '{}' });
    expect(grouped).toMatchObject({ status: 400, body: { __type: 'com.amazonaws.sqs#MissingParameter' } });
    const unnamed = await sqs(keeper, 'SendMessage', { ...message('{}'), QueueUrl: urlOf('acme-dead.fifo') });
    expect(unnamed).toMatchObject({ status: 400, body: { __type: 'com.amazonaws.sqs#InvalidParameterValue' } });
  });
});

describe('a dead-letter queue', () => {
  beforeEach(async () => {
    await sqs(scheduler, 'SendMessage', message('{"n":1}'));
    for (let receive = 0; receive < 2; receive++) {
      await aws.deliver(async ({ Records }) => ({ batchItemFailures: Records.map(({ messageId }) => ({ itemIdentifier: messageId })) }));
      clock.advance(60);
    }
    await aws.drain(async () => undefined);
  });

  test('is counted, read and emptied', async () => {
    const queue = { QueueUrl: urlOf('acme-dead.fifo') };
    const count = async () =>
      (await sqs(keeper, 'GetQueueAttributes', { ...queue, AttributeNames: ['ApproximateNumberOfMessages', 'QueueArn'] })).body;
    expect(await count()).toEqual({
      Attributes: { QueueArn: `arn:aws:sqs:${REGION}:${DOMAIN_ACCOUNT}:acme-dead.fifo`, ApproximateNumberOfMessages: '1' },
    });
    const { body } = await sqs(keeper, 'ReceiveMessage', { ...queue, MessageSystemAttributeNames: ['SenderId'] });
    expect(body).toEqual({
      Messages: [expect.objectContaining({ Body: '{"n":1}', Attributes: { SenderId: expect.stringMatching(/^AROA.*:local$/) } })],
    });
    const [first] = Array.isArray(body['Messages']) ? body['Messages'] : [];
    expect((await sqs(keeper, 'DeleteMessage', { ...queue, ReceiptHandle: first.ReceiptHandle })).status).toBe(200);
    expect(await count()).toMatchObject({ Attributes: { ApproximateNumberOfMessages: '0' } });
  });

  test("takes a message's visibility anew, and says which receipt handle is none, and which has expired", async () => {
    const queue = { QueueUrl: urlOf('acme-dead.fifo') };
    const { body } = await sqs(keeper, 'ReceiveMessage', { ...queue, VisibilityTimeout: 30 });
    const [{ ReceiptHandle: handle = '' }] = Array.isArray(body['Messages']) ? body['Messages'] : [{}];
    const change = (ReceiptHandle: string) => sqs(keeper, 'ChangeMessageVisibility', { ...queue, ReceiptHandle, VisibilityTimeout: 30 });
    clock.advance(20);
    expect(await change(handle)).toEqual({ status: 200, body: {} });
    clock.advance(20);
    expect((await sqs(keeper, 'ReceiveMessage', queue)).body).toEqual({ Messages: [] });
    expect(await change('made-up')).toMatchObject({ status: 404, body: { __type: 'com.amazonaws.sqs#ReceiptHandleIsInvalid' } });
    clock.advance(20);
    expect(await change(handle)).toMatchObject({
      status: 400,
      body: { __type: 'com.amazonaws.sqs#InvalidParameterValue', message: expect.stringContaining('has expired') },
    });
    expect(await sqs(scheduler, 'ChangeMessageVisibility', { ...queue, ReceiptHandle: handle, VisibilityTimeout: 30 })).toMatchObject({
      status: 403,
    });
  });

  test('says of what it redrives, and where it is', async () => {
    const { body } = await sqs(keeper, 'GetQueueAttributes', { QueueUrl: urlOf('acme.fifo'), AttributeNames: ['All'] });
    expect(body['Attributes']).toMatchObject({ FifoQueue: 'true', RedrivePolicy: expect.stringContaining('acme-dead.fifo') });
    expect((await sqs(keeper, 'GetQueueUrl', { QueueName: 'acme.fifo' })).body).toEqual({ QueueUrl: urlOf('acme.fifo') });
  });
});

describe('a queue that is not there, and an operation that is not built', () => {
  test('are named', async () => {
    const missing = await sqs(keeper, 'GetQueueUrl', { QueueName: 'none.fifo' });
    expect(missing).toMatchObject({ status: 400, body: { __type: 'com.amazonaws.sqs#QueueDoesNotExist' } });
    const unbuilt = await sqs(keeper, 'PurgeQueue', { QueueUrl: urlOf('acme.fifo') });
    expect(unbuilt).toMatchObject({ status: 501, body: { message: expect.stringContaining('sqs PurgeQueue') } });
  });
});
