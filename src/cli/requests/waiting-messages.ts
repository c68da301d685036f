import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { Clients } from '../clients';
import type { Context } from '../framework/context';
import { queueUrl } from './send-request';

/** How many messages a queue holds: to be received, and being worked on. */
export interface WaitingMessages {
  readonly queue: string;
  readonly messages: number;
  readonly inFlight: number;
}

/** Counts the messages of one of the deployment's queues; SQS counts approximately. */
export const waitingIn = async (clients: Clients, { context, name }: { context: Context; name: string }): Promise<WaitingMessages> => {
  const QueueUrl = await queueUrl(clients, { context, name });
  const { Attributes: counts } = await clients
    .sqs()
    .send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] }),
    );
  return {
    queue: name,
    messages: Number(counts?.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(counts?.ApproximateNumberOfMessagesNotVisible ?? 0),
  };
};
