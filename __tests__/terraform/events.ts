import { deepStrictEqual, strictEqual } from 'node:assert';
import { DETAIL_TYPES, EVENT_SOURCE } from '../../handler/contract/datazone';
import { DELIVERY_TEST, MESSAGE_GROUP } from '../../handler/contract/requests';
import { namesOf } from '../../modules/naming';
import type { Deployment } from '../../src/deployment/load';
import { callJson, enterAccount, type MotoAccount } from './aws-call';
import type { Tally } from './tally';

/** What is put on a bus; each is told apart by the id in its metadata. */
interface BusEvent {
  readonly id: string;
  readonly source: string;
  readonly detailType: string;
  readonly domain: string;
}

/** Puts events on the domain account's bus and looks at what the deployed rule puts into the deployed queue. */
export const eventsArrive = async (tally: Tally, { domain, naming }: Deployment, endpoint: string): Promise<void> => {
  const account = await enterAccount(endpoint, domain.account, domain.region);
  const names = namesOf(naming.prefix);
  const queue = await queueUrl(account, names.queue);
  const ofDataZone = DETAIL_TYPES.map((detailType, index) => ({
    id: `event-${index}`,
    source: EVENT_SOURCE,
    detailType,
    domain: domain.id,
  }));
  const [example = never()] = ofDataZone;
  const matching: readonly BusEvent[] = [...ofDataZone, { id: 'delivery test', ...DELIVERY_TEST, domain: domain.id }];
  const others: readonly BusEvent[] = [
    { ...example, id: 'another domain', domain: 'dzd_another0domain' },
    { ...example, id: 'another type', detailType: 'Subscription Request Created' },
    { ...example, id: 'another source', source: 'acme.datazone' },
    { id: 'a delivery test of another domain', ...DELIVERY_TEST, domain: 'dzd_another0domain' },
  ];
  await tally.step(
    'events: those of the domain and of our types, and a delivery test, arrive, in one message group, and no others',
    async () => {
      await put(account, [...others, ...matching, ...others]);
      const received = await receiveAll(account, queue);
      deepStrictEqual(
        received.map(({ id }) => id),
        matching.map(({ id }) => id),
      );
      for (const { group } of received) strictEqual(group, MESSAGE_GROUP);
    },
  );
  await tally.step('events: what happens in another account does not match the rule', async () => {
    const { EventPattern } = await callJson(account, { service: 'events', target: 'AWSEvents.DescribeRule', input: { Name: names.rule } });
    const pattern: Readonly<Record<string, unknown>> = JSON.parse(String(EventPattern));
    const { account: _account, ...ofAnyAccount } = pattern;
    const elsewhere = await enterAccount(endpoint, '999999999999', domain.region);
    deepStrictEqual(await deliveredBy(elsewhere, 'rule-of-the-domain-account', { pattern, event: example }), []);
    // The same without the account, to see that it is the account which keeps it out.
    deepStrictEqual(await deliveredBy(elsewhere, 'rule-of-any-account', { pattern: ofAnyAccount, event: example }), [example.id]);
  });
};

const never = (): never => {
  throw new Error('the handler acts on no type of event');
};

/** What a rule of this pattern, with a FIFO queue of its own, makes of an event: ids of what arrives. */
const deliveredBy = async (account: MotoAccount, name: string, { pattern, event }: { pattern: object; event: BusEvent }) => {
  const QueueName = `${name}.fifo`;
  const attributes = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };
  await callJson(account, { service: 'sqs', target: 'AmazonSQS.CreateQueue', input: { QueueName, Attributes: attributes } });
  await callJson(account, {
    service: 'events',
    target: 'AWSEvents.PutRule',
    input: { Name: name, EventPattern: JSON.stringify(pattern) },
  });
  const target = {
    Id: 'queue',
    Arn: `arn:aws:sqs:${account.region}:${account.account}:${QueueName}`,
    SqsParameters: { MessageGroupId: MESSAGE_GROUP },
  };
  await callJson(account, { service: 'events', target: 'AWSEvents.PutTargets', input: { Rule: name, Targets: [target] } });
  await put(account, [event]);
  return (await receiveAll(account, await queueUrl(account, QueueName))).map(({ id }) => id);
};

const queueUrl = async (account: MotoAccount, QueueName: string): Promise<string> =>
  String((await callJson(account, { service: 'sqs', target: 'AmazonSQS.GetQueueUrl', input: { QueueName } }))['QueueUrl']);

/** Moto delivers before it answers, so that nothing has to be waited for. EventBridge takes ten entries a call. */
const put = async (account: MotoAccount, events: readonly BusEvent[]): Promise<void> => {
  for (const { id, source, detailType, domain } of events) {
    const entry = { Source: source, DetailType: detailType, Detail: JSON.stringify({ metadata: { id, domain } }) };
    const reply = await callJson(account, { service: 'events', target: 'AWSEvents.PutEvents', input: { Entries: [entry] } });
    strictEqual(reply['FailedEntryCount'], 0, JSON.stringify(reply));
  }
};

interface Received {
  readonly id: string;
  readonly group: string;
}

/** Takes everything from a FIFO queue, which holds back what is behind a message that was received and not deleted. */
const receiveAll = async (account: MotoAccount, QueueUrl: string): Promise<readonly Received[]> => {
  const received: Received[] = [];
  for (;;) {
    const input = { QueueUrl, MaxNumberOfMessages: 10, AttributeNames: ['MessageGroupId'], WaitTimeSeconds: 0 };
    const reply = await callJson(account, { service: 'sqs', target: 'AmazonSQS.ReceiveMessage', input });
    const messages = (reply['Messages'] ?? []) as readonly SqsMessage[];
    if (messages.length === 0) return received;
    for (const { Body, Attributes, ReceiptHandle } of messages) {
      const body: { detail: { metadata: { id: string } } } = JSON.parse(Body);
      received.push({ id: body.detail.metadata.id, group: Attributes['MessageGroupId'] ?? '' });
      await callJson(account, { service: 'sqs', target: 'AmazonSQS.DeleteMessage', input: { QueueUrl, ReceiptHandle } });
    }
  }
};

interface SqsMessage {
  readonly Body: string;
  readonly ReceiptHandle: string;
  readonly Attributes: Readonly<Record<string, string>>;
}
