import { randomUUID } from 'node:crypto';
import { GetQueueUrlCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { MESSAGE_GROUP, type OperatorCommand, type OperatorRequest } from '../../../handler/contract/requests';
import { namesOf } from '../../../modules/naming';
import type { Clients } from '../clients';
import type { Context } from '../framework/context';

/** URL of one of the deployment's queues, by its name. */
export const queueUrl = async (clients: Clients, { context, name }: { context: Context; name: string }): Promise<string> => {
  const { QueueUrl: url = '' } = await clients
    .sqs()
    .send(new GetQueueUrlCommand({ QueueName: name, QueueOwnerAWSAccountId: context.deployment.domain.account }));
  return url;
};

/** Puts text into the function's queue, behind everything that is in it. `id` is new for each message. */
export const sendToFunction = async (
  clients: Clients,
  { context, body, id }: { context: Context; body: string; id: string },
): Promise<void> => {
  const { queue } = namesOf(context.deployment.naming.prefix);
  await clients.sqs().send(
    new SendMessageCommand({
      QueueUrl: await queueUrl(clients, { context, name: queue }),
      MessageBody: body,
      MessageGroupId: MESSAGE_GROUP,
      MessageDeduplicationId: id,
    }),
  );
};

/**
 * Asks the function for something, as the operator role whose clients these are.
 * @returns the request's id, under which its result is kept
 */
export const sendRequest = async (
  operator: Clients,
  { context, command, reason }: { context: Context; command: OperatorCommand; reason: string },
): Promise<string> => {
  const request: OperatorRequest = { kind: 'request', id: randomUUID(), at: new Date().toISOString(), reason, ...command };
  await sendToFunction(operator, { context, body: JSON.stringify(request), id: request.id });
  return request.id;
};
