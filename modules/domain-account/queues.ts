import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import type { Construct } from 'constructs';
import { flagWhere, not } from '../choice';
import { expressionOf, jsonText, policyDocument } from '../policy-document';
import type { Blueprint } from './props';

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
  const common = { ...encrypted(blueprint), tags: props.tags };
  // A message counts its age from when it was first sent, hence the longest retention for the queue that comes last.
  const deadLetters = new SqsQueue(scope, 'dead_letters', {
    name: names.deadLetterQueue,
    fifoQueue: true,
    messageRetentionSeconds: LONGEST_RETENTION,
    ...common,
  });
  const queue = new SqsQueue(scope, 'queue', {
    name: names.queue,
    fifoQueue: true,
    // EventBridge sends no deduplication id of its own.
    contentBasedDeduplication: true,
    visibilityTimeoutSeconds: props.function.visibilityTimeout,
    messageRetentionSeconds: props.queueRetention,
    policy: queuePolicy(arns),
    redrivePolicy: redrivePolicy(arns.deadLetterQueue),
    ...common,
    dependsOn: [deadLetters],
  });
  // EventBridge accepts a standard queue only for what it could not deliver.
  const undelivered = new SqsQueue(scope, 'undelivered', {
    name: names.undeliveredQueue,
    messageRetentionSeconds: LONGEST_RETENTION,
    policy: policyDocument(ruleMaySend(arns.undeliveredQueue, arns.rule)),
    ...common,
  });
  return { queue, deadLetters, undelivered };
};

/** With the customer's key, or else with one that SQS owns: the provider refuses both at once. */
const encrypted = ({ props, keyArn }: Blueprint) => ({
  sqsManagedSseEnabled: flagWhere(not(props.encryption.wanted), true),
  kmsMasterKeyId: keyArn,
});

/** Lets EventBridge, for one rule, put messages into a queue. */
const ruleMaySend = (queue: string, rule: string) =>
  ({
    Sid: 'RuleMaySend',
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queue,
    Condition: { ArnEquals: { 'aws:SourceArn': rule } },
  }) as const;

/**
 * Who may send: the rule, and of all principals only the scheduler's and the operators' role. Within an account an identity
 * policy suffices whatever the queue's policy allows, so that only an explicit deny keeps everybody else out.
 */
const queuePolicy = (arns: Blueprint['arns']): string =>
  policyDocument(ruleMaySend(arns.queue, arns.rule), {
    Sid: 'NobodyElseMaySend',
    Effect: 'Deny',
    Principal: '*',
    Action: 'sqs:SendMessage',
    Resource: arns.queue,
    Condition: {
      ArnNotEquals: { 'aws:PrincipalArn': [arns.schedulerRole, arns.operatorRole] },
      Bool: { 'aws:PrincipalIsAWSService': 'false' },
    },
  });

/** After some receives a message is set aside, since it stops every message behind it. */
const redrivePolicy = (deadLetterQueueArn: string): string =>
  jsonText(expressionOf({ deadLetterTargetArn: deadLetterQueueArn, maxReceiveCount: ATTEMPTS }));
