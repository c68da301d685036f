import * as z from 'zod';
import { parsePolicy } from '../../src/iam/policy';
import { compilePattern } from '../eventing/event-pattern';
import { FifoQueue, type QueueSettings } from '../eventing/fifo-queue';
import type { State } from '../state';
import { type Block, blockOf } from './references';
import type { Stack } from './stack';

const redrivePolicy = z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number().int().min(1) });
const flag = z._default(z.boolean(), false);

const attributesOf = (stack: Stack, type: string, block: Block) => {
  const { name = '', arn = '', id = '' } = stack.references.attributesOf(type, block);
  return { name, arn, id };
};

const settingsOf = (stack: Stack, block: Block): QueueSettings => {
  const { references, place } = stack;
  const { name, arn, id } = attributesOf(stack, 'aws_sqs_queue', block);
  const separate = (type: string, argument: string) => stack.all(type).find((one) => references.text(one['queue_url']) === id)?.[argument];
  const policy = references.optional(block['policy'] ?? separate('aws_sqs_queue_policy', 'policy'));
  const redrive = references.optional(block['redrive_policy'] ?? separate('aws_sqs_queue_redrive_policy', 'redrive_policy'));
  const { deadLetterTargetArn, maxReceiveCount } = redrive === undefined ? {} : redrivePolicy.parse(JSON.parse(redrive));
  if (policy !== undefined) parsePolicy(policy, 'resource');
  const fifo = flag.parse(block['fifo_queue']);
  if (fifo !== name.endsWith('.fifo')) throw new Error(`queue '${name}': a FIFO queue's name ends in .fifo, and no other's does`);
  return {
    name,
    arn,
    account: place.account,
    region: place.region,
    fifo,
    contentBasedDeduplication: flag.parse(block['content_based_deduplication']),
    visibilityTimeout: z._default(z.number(), 30).parse(block['visibility_timeout_seconds']),
    retention: z._default(z.number(), 345_600).parse(block['message_retention_seconds']),
    ...(policy === undefined ? {} : { policy }),
    ...(deadLetterTargetArn === undefined || maxReceiveCount === undefined
      ? {}
      : { redrive: { deadLetterArn: deadLetterTargetArn, maxReceiveCount } }),
  };
};

const loadQueues = (state: State, stack: Stack): void => {
  for (const block of stack.all('aws_sqs_queue')) {
    const settings = settingsOf(stack, block);
    const queue = new FifoQueue(settings, state.clock, ({ body, senderId, group, deduplicationId }, deadLetterArn) => {
      const deadLetters = state.queues.get(deadLetterArn);
      if (deadLetters === undefined) throw new Error(`the dead-letter queue '${deadLetterArn}' does not exist`);
      deadLetters.send({ body, senderId, group, deduplicationId });
    });
    // A queue that is there keeps its messages.
    if (!state.queues.has(settings.arn)) state.queues.set(settings.arn, queue);
  }
};

const targetOf = (stack: Stack, ruleName: string) => {
  const { references } = stack;
  const target = stack.all('aws_cloudwatch_event_target').find((one) => references.text(one['rule']) === ruleName);
  if (target === undefined) return undefined;
  const changed = ['input', 'input_path', 'input_transformer'].find((name) => name in target);
  if (changed !== undefined) throw new Error(`the target of rule '${ruleName}' sets ${changed}, which the local EventBridge does not do`);
  const messageGroup = references.optional(blockOf(target['sqs_target'])?.['message_group_id']);
  const deadLetterArn = references.optional(blockOf(target['dead_letter_config'])?.['arn']);
  return {
    queueArn: references.text(target['arn']),
    ...(messageGroup === undefined ? {} : { messageGroup }),
    ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
  };
};

const loadRules = (state: State, stack: Stack): void => {
  for (const block of stack.all('aws_cloudwatch_event_rule')) {
    const { name, arn } = attributesOf(stack, 'aws_cloudwatch_event_rule', block);
    const pattern: unknown = JSON.parse(stack.references.text(block['event_pattern']));
    compilePattern(pattern);
    const target = targetOf(stack, name);
    state.rules.set(arn, {
      arn,
      account: stack.place.account,
      region: stack.place.region,
      pattern,
      ...(target === undefined ? {} : { target }),
    });
  }
};

const loadSchedules = (state: State, stack: Stack): void => {
  for (const block of stack.all('aws_scheduler_schedule')) {
    const { references } = stack;
    const { name } = attributesOf(stack, 'aws_scheduler_schedule', block);
    const target = blockOf(block['target']) ?? {};
    state.schedules.set(name, {
      name,
      queueArn: references.text(target['arn']),
      roleArn: references.text(target['role_arn']),
      input: references.text(target['input']),
      messageGroup: references.text(blockOf(target['sqs_parameters'])?.['message_group_id']),
    });
  }
};

/** Queues, rules with their targets, and schedules. Settings of a queue that exists already are kept: recreate the double to change them. */
export const loadEventing = (state: State, stack: Stack): void => {
  loadQueues(state, stack);
  loadRules(state, stack);
  loadSchedules(state, stack);
};
