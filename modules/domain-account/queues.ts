import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import type { Construct } from 'constructs';
import { flagWhere, not } from '../choice';
import { expressionOf, jsonText } from '../policy-document';
import type { Blueprint } from './props';
import { queuePolicies } from './queue-policies';

/** Receives before a message is set aside, and the longest that SQS keeps one: two weeks, in seconds. */
const ATTEMPTS = 5;
const LONGEST_RETENTION = 1_209_600;

/** The queue of all work, and where goes what could not be worked on or not even be delivered. */
export interface Queues {
  readonly queue: SqsQueue;
  readonly deadLetters: SqsQueue;
  readonly undelivered: SqsQueue;
}

/** Creates the three queues. */
export const createQueues = (scope: Construct, blueprint: Blueprint): Queues => {
  const { props, names, arns } = blueprint;
  const policies = queuePolicies(blueprint);
  const common = { ...encrypted(blueprint), tags: props.tags };
  // A message counts its age from when it was first sent, hence the longest retention for the queue that comes last.
  const deadLetters = new SqsQueue(scope, 'dead_letters', {
    name: names.deadLetterQueue,
    fifoQueue: true,
    messageRetentionSeconds: LONGEST_RETENTION,
    policy: policies.deadLetters,
    redriveAllowPolicy: jsonText(expressionOf({ redrivePermission: 'byQueue', sourceQueueArns: [arns.queue] })),
    ...common,
  });
  const queue = new SqsQueue(scope, 'queue', {
    name: names.queue,
    fifoQueue: true,
    // EventBridge sends no deduplication id of its own.
    contentBasedDeduplication: true,
    visibilityTimeoutSeconds: props.function.visibilityTimeout,
    messageRetentionSeconds: props.queueRetention,
    policy: policies.queue,
    redrivePolicy: redrivePolicy(arns.deadLetterQueue),
    redriveAllowPolicy: NO_SOURCE_QUEUES,
    ...common,
    dependsOn: [deadLetters],
  });
  // EventBridge accepts a standard queue only for what it could not deliver.
  const undelivered = new SqsQueue(scope, 'undelivered', {
    name: names.undeliveredQueue,
    messageRetentionSeconds: LONGEST_RETENTION,
    policy: policies.undelivered,
    redriveAllowPolicy: NO_SOURCE_QUEUES,
    ...common,
  });
  return { queue, deadLetters, undelivered };
};

/**
 * No queue may use this one as its dead-letter queue. Any queue of the account could otherwise do so, and SQS would put its messages
 * here past every deny on SendMessage.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
 */
const NO_SOURCE_QUEUES = JSON.stringify({ redrivePermission: 'denyAll' });

/** With the customer's key, or else with one that SQS owns: the provider refuses both at once. */
const encrypted = ({ props, keyArn }: Blueprint) => ({
  sqsManagedSseEnabled: flagWhere(not(props.encryption.wanted), true),
  kmsMasterKeyId: keyArn,
});

/** After some receives a message is set aside, since it stops every message behind it. */
const redrivePolicy = (deadLetterQueueArn: string): string =>
  jsonText(expressionOf({ deadLetterTargetArn: deadLetterQueueArn, maxReceiveCount: ATTEMPTS }));
