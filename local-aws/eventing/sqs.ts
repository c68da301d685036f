import { createHash } from 'node:crypto';
import * as z from 'zod';
import { isAllowed, notAuthorized } from '../authorization';
import { type Asked, type Call, type HttpRequest, notBuilt, type Reply, ServiceError } from '../call';
import type { State } from '../state';
import type { FifoQueue, Message } from './fifo-queue';
import { inputOf, jsonReply, readJson } from './json-protocol';

export const readSqs = (request: HttpRequest): Asked => readJson('AmazonSQS', request);

/** The query protocol's names of errors, which SQS still sends along in a header. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  AccessDeniedException: 'AccessDenied',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
};

export const sqsError = ({ status, code, message }: ServiceError): Reply => {
  const { headers, ...reply } = jsonReply('1.0', { __type: `com.amazonaws.sqs#${code}`, message }, status);
  return { ...reply, headers: { ...headers, 'x-amzn-query-error': `${OLD_NAMES[code] ?? code};${status < 500 ? 'Sender' : 'Receiver'}` } };
};

const URL_FORM = /^https?:\/\/[^/]+\/(\d{12})\/([\w.-]+)$/;
const URL_MEMBER = { QueueUrl: z.string() };

const missing = (name: string): ServiceError => new ServiceError(400, 'QueueDoesNotExist', `The queue '${name}' does not exist.`);

const queueAt = ({ queues }: State, { region }: Call, account: string | undefined, name: string): FifoQueue | undefined =>
  [...queues.values()].find(({ settings }) => settings.name === name && settings.account === account && settings.region === region);

/** @throws ServiceError if the caller may not, or the caller's Region has no such queue. */
const permitted = (state: State, call: Call, { account, name }: { account: string; name: string }): FifoQueue => {
  const queue = queueAt(state, call, account, name);
  const question = {
    action: `sqs:${call.operation}`,
    resource: queue?.settings.arn ?? `arn:aws:sqs:${call.region}:${account}:${name}`,
    resourceAccount: account,
    ...(queue?.settings.policy === undefined ? {} : { resourcePolicy: queue.settings.policy }),
  };
  if (!isAllowed(state, call, question)) throw new ServiceError(403, 'AccessDeniedException', notAuthorized(call, question));
  if (queue === undefined) throw missing(name);
  return queue;
};

const queueOf = (state: State, call: Call, url: string): FifoQueue => {
  const [, account = '', name = ''] = URL_FORM.exec(url) ?? [];
  if (name === '') throw missing(url);
  return permitted(state, call, { account, name });
};

/** Who sent a message, as SQS says: a role's id and the session's name, or a user's id. Source: SQS API Reference, ReceiveMessage. */
const senderIdOf = ({ caller: { session } }: Call): string =>
  session.name === undefined ? session.uniqueId : `${session.uniqueId}:${session.name}`;

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

const sendInput = z.strictObject({
  ...URL_MEMBER,
  MessageBody: z.string().min(1),
  MessageGroupId: z.optional(z.string().regex(/^[\x21-\x7e]{1,128}$/)),
  MessageDeduplicationId: z.optional(z.string().regex(/^[\x21-\x7e]{1,128}$/)),
});

const send = (state: State, call: Call): Reply => {
  const input = inputOf(sendInput, call.params, 'InvalidParameterValue');
  const queue = queueOf(state, call, input.QueueUrl);
  const { fifo, contentBasedDeduplication } = queue.settings;
  if (fifo && input.MessageGroupId === undefined)
    throw new ServiceError(400, 'MissingParameter', 'The request must contain the parameter MessageGroupId.');
  if (fifo && !contentBasedDeduplication && input.MessageDeduplicationId === undefined)
    throw new ServiceError(
      400,
      'InvalidParameterValue',
      'The queue should have ContentBasedDeduplication, or MessageDeduplicationId be set',
    );
  const message = {
    body: input.MessageBody,
    senderId: senderIdOf(call),
    ...(input.MessageGroupId === undefined ? {} : { group: input.MessageGroupId }),
    ...(input.MessageDeduplicationId === undefined ? {} : { deduplicationId: input.MessageDeduplicationId }),
  };
  const { id, sequenceNumber } = queue.accept(message);
  return jsonReply('1.0', { MessageId: id, MD5OfMessageBody: md5(message.body), ...(fifo ? { SequenceNumber: sequenceNumber } : {}) });
};

/** A message's attributes, as ReceiveMessage and a function's record show them. */
export const attributesOf = (message: Message) => ({
  ApproximateReceiveCount: String(message.receiveCount),
  SentTimestamp: String(message.sentAt),
  SequenceNumber: message.sequenceNumber,
  MessageGroupId: message.group,
  SenderId: message.senderId,
  MessageDeduplicationId: message.deduplicationId,
  ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
});

const names = z._default(z.array(z.string()), []);
const receiveInput = z.strictObject({
  ...URL_MEMBER,
  AttributeNames: names,
  MessageSystemAttributeNames: names,
  MessageAttributeNames: names,
  MaxNumberOfMessages: z._default(z.number().int().min(1).max(10), 1),
  VisibilityTimeout: z.optional(z.number().int().min(0).max(43_200)),
  // Nothing comes while one waits, so nobody waits.
  WaitTimeSeconds: z.optional(z.number().int().min(0).max(20)),
  ReceiveRequestAttemptId: z.optional(z.string()),
});

const chosen = (all: Readonly<Record<string, string>>, wanted: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(all).filter(([name]) => wanted.includes('All') || wanted.includes(name)));

const receive = (state: State, call: Call): Reply => {
  const input = inputOf(receiveInput, call.params, 'InvalidParameterValue');
  const queue = queueOf(state, call, input.QueueUrl);
  const wanted = [...input.AttributeNames, ...input.MessageSystemAttributeNames];
  const messages = queue.receive(input.MaxNumberOfMessages, input.VisibilityTimeout);
  return jsonReply('1.0', {
    Messages: messages.map((message) => ({
      MessageId: message.id,
      ReceiptHandle: message.receiptHandle,
      Body: message.body,
      MD5OfBody: md5(message.body),
      Attributes: chosen(attributesOf(message), wanted),
    })),
  });
};

const deletion = (state: State, call: Call): Reply => {
  const input = inputOf(z.strictObject({ ...URL_MEMBER, ReceiptHandle: z.string() }), call.params, 'InvalidParameterValue');
  queueOf(state, call, input.QueueUrl).delete(input.ReceiptHandle);
  return jsonReply('1.0', undefined);
};

const visibilityInput = z.strictObject({
  ...URL_MEMBER,
  ReceiptHandle: z.string(),
  VisibilityTimeout: z.number().int().min(0).max(43_200),
});

/**
 * A handle that SQS did not issue is invalid; one that it issued, and whose message is visible again or deleted, is expired in a FIFO
 * queue, and names a message that is not in flight in a standard one.
 */
const changeVisibility = (state: State, call: Call): Reply => {
  const { QueueUrl, ReceiptHandle, VisibilityTimeout } = inputOf(visibilityInput, call.params, 'InvalidParameterValue');
  const queue = queueOf(state, call, QueueUrl);
  const outcome = queue.changeVisibility(ReceiptHandle, VisibilityTimeout);
  if (outcome === 'unknown handle')
    throw new ServiceError(404, 'ReceiptHandleIsInvalid', `The input receipt handle "${ReceiptHandle}" is not a valid receipt handle.`);
  if (outcome === 'not in flight' && queue.settings.fifo)
    throw new ServiceError(
      400,
      'InvalidParameterValue',
      `Value ${ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
    );
  if (outcome === 'not in flight')
    throw new ServiceError(400, 'MessageNotInflight', `The message referred to by '${ReceiptHandle}' is not in flight.`);
  return jsonReply('1.0', undefined);
};

const queueAttributes = (state: State, call: Call): Reply => {
  const input = inputOf(z.strictObject({ ...URL_MEMBER, AttributeNames: names }), call.params, 'InvalidParameterValue');
  const queue = queueOf(state, call, input.QueueUrl);
  const { settings } = queue;
  const { redrive } = settings;
  const all = {
    QueueArn: settings.arn,
    ...queue.counts(),
    VisibilityTimeout: String(settings.visibilityTimeout),
    ...(settings.fifo ? { FifoQueue: 'true', ContentBasedDeduplication: String(settings.contentBasedDeduplication) } : {}),
    ...(settings.policy === undefined ? {} : { Policy: settings.policy }),
    ...(redrive === undefined
      ? {}
      : { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: redrive.deadLetterArn, maxReceiveCount: redrive.maxReceiveCount }) }),
  };
  return jsonReply('1.0', { Attributes: chosen(all, input.AttributeNames) });
};

const queueUrl = (state: State, call: Call): Reply => {
  const input = inputOf(
    z.strictObject({ QueueName: z.string(), QueueOwnerAWSAccountId: z.optional(z.string()) }),
    call.params,
    'InvalidParameterValue',
  );
  const account = input.QueueOwnerAWSAccountId ?? call.caller.account;
  permitted(state, call, { account, name: input.QueueName });
  return jsonReply('1.0', { QueueUrl: `https://sqs.${call.region}.amazonaws.com/${account}/${input.QueueName}` });
};

/** What operators and the function do with queues: send, receive, change a message's visibility, delete, read attributes. */
export const replySqs = (state: State, call: Call): Reply => {
  switch (call.operation) {
    case 'SendMessage':
      return send(state, call);
    case 'ReceiveMessage':
      return receive(state, call);
    case 'DeleteMessage':
      return deletion(state, call);
    case 'ChangeMessageVisibility':
      return changeVisibility(state, call);
    case 'GetQueueAttributes':
      return queueAttributes(state, call);
    case 'GetQueueUrl':
      return queueUrl(state, call);
    default:
      throw notBuilt('sqs', call.operation);
  }
};
