import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import type { Construct } from 'constructs';
import { DETAIL_TYPES, EVENT_SOURCE } from '../../handler/contract/datazone';
import { DELIVERY_TEST, MESSAGE_GROUP } from '../../handler/contract/requests';
import { expressionOf, jsonText } from '../policy-document';
import type { Blueprint } from './props';
import type { Queues } from './queues';

/** How long EventBridge tries to deliver an event: its own longest, a day in seconds, and as often. */
const DELIVERY = { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 };

/**
 * Which events reach the queue: those of one domain, in one account, of the detail types that the handler acts on, and an operator's
 * delivery test. That a source comes with a type of its own is for the handler to check: two patterns would take two rules.
 */
export const eventPattern = (domain: { readonly id: string; readonly account: string }): string =>
  jsonText(
    expressionOf({
      source: [EVENT_SOURCE, DELIVERY_TEST.source],
      account: [domain.account],
      'detail-type': [...DETAIL_TYPES, DELIVERY_TEST.detailType],
      detail: { metadata: { domain: [domain.id] } },
    }),
  );

/**
 * Has events put into the queue, all in one message group, so that there is one writer. No input transformer: the event's own unique
 * id is what keeps content-based deduplication from swallowing a revocation that reads like the one before it.
 */
export const createRule = (scope: Construct, { props, names }: Blueprint, { queue, undelivered }: Queues): CloudwatchEventRule => {
  const rule = new CloudwatchEventRule(scope, 'rule', {
    name: names.rule,
    description: 'Subscriptions of one DataZone domain, for fulfillment',
    eventPattern: eventPattern(props.domain),
    tags: props.tags,
  });
  new CloudwatchEventTarget(scope, 'target', {
    rule: rule.name,
    targetId: 'queue',
    arn: queue.arn,
    sqsTarget: { messageGroupId: MESSAGE_GROUP },
    deadLetterConfig: { arn: undelivered.arn },
    retryPolicy: DELIVERY,
  });
  return rule;
};
