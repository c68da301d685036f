import { ChangeMessageVisibilityCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { lazily } from '../lazily';
import type { QueueMessages } from '../ports';
import type { Settings } from '../settings';
import { awsError, transient } from './aws-failure';
import { clientSettings } from './client-settings';

/**
 * What SQS answers for a receipt handle that it did not issue for this queue, or whose message is no longer in flight. A FIFO queue
 * answers InvalidParameterValue for an expired handle.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
 * https://repost.aws/knowledge-center/sqs-receipt-handle-error
 */
const NOT_IN_FLIGHT = ['ReceiptHandleIsInvalid', 'MessageNotInflight', 'InvalidParameterValue'];

/**
 * The messages of the function's queue. A message is in flight if its visibility can be changed: SQS changes it only for the handle of
 * the last receive. It is set to the queue's own timeout, counted from now, so that the message stays invisible while it is worked on.
 */
export const sqsMessages = (settings: Pick<Settings, 'queueArn' | 'region' | 'partition' | 'account'>): QueueMessages => {
  const queueUrl = urlOf(settings);
  const client = lazily(() => new SQSClient({ ...clientSettings(settings.region), useQueueUrlAsEndpoint: false }));
  let known: number | undefined;

  const visibilityTimeout = async (): Promise<number> => {
    if (known !== undefined) return known;
    const { Attributes: attributes } = await client().send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['VisibilityTimeout'] }),
    );
    const seconds = Number(attributes?.VisibilityTimeout);
    if (!Number.isInteger(seconds) || seconds <= 0) throw new Error(`VisibilityTimeout is '${attributes?.VisibilityTimeout ?? ''}'`);
    known = seconds;
    return seconds;
  };

  return {
    isInFlight: async (receiptHandle) => {
      const what = `reading the visibility timeout of queue '${settings.queueArn}'`;
      const seconds = await visibilityTimeout().catch((error: unknown) => {
        throw transient(error, { what });
      });
      try {
        await client().send(
          new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: seconds }),
        );
        return true;
      } catch (error) {
        // SQS still sends the query protocol's names, with a prefix, in a header.
        if (NOT_IN_FLIGHT.includes(awsError(error).name.split('.').at(-1) ?? '')) return false;
        throw transient(error, { what: `proving that a message of queue '${settings.queueArn}' is in flight` });
      }
    },
  };
};

/** URL of the queue. It names the queue only: the SDK's own endpoint is called. */
const urlOf = ({ queueArn, region, partition, account }: Pick<Settings, 'queueArn' | 'region' | 'partition' | 'account'>): string =>
  `https://sqs.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}/${account}/${queueArn.split(':').at(-1)}`;
