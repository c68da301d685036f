import { statementWhere } from '../choice';
import { policyDocument, type Statement } from '../policy-document';
import type { Plan } from './props';

/** Actions that take a message out of a queue, or keep it from its consumer. A batch is authorized as the action for one message. */
const TAKING = ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:PurgeQueue', 'sqs:ReceiveMessage', 'sqs:StartMessageMoveTask'];

/** Actions that change who may use a queue, where its messages go, or whether it exists. */
const MANAGING = ['sqs:AddPermission', 'sqs:DeleteQueue', 'sqs:RemovePermission', 'sqs:SetQueueAttributes'];

/**
 * The policies of the three queues. Within an account an identity policy suffices whatever a queue's policy allows, so that only an
 * explicit deny excludes the other principals. SQS limits a statement to 7 actions and a policy to 20 statements.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
 */
export const queuePolicies = (plan: Plan) => {
  const { queue, deadLetterQueue, undeliveredQueue, schedulerRole, operatorRole, functionRole, rule } = plan.arns;
  return {
    queue: policyDocument(
      ruleMaySend(queue, rule),
      noOtherMay('NobodyElseMaySend', 'sqs:SendMessage', { queue, principals: [schedulerRole, operatorRole] }),
      // The event source mapping receives and deletes with the function's role.
      noOtherMay('NobodyElseMayTake', TAKING, { queue, principals: [functionRole] }),
      ...always(queue, plan),
    ),
    deadLetters: policyDocument(
      // SQS itself moves messages here; it needs no policy for that, and no principal does it.
      noOtherMay('NobodyMaySend', 'sqs:SendMessage', { queue: deadLetterQueue, principals: [] }),
      noOtherMay('NobodyElseMayTake', TAKING, { queue: deadLetterQueue, principals: [operatorRole] }),
      ...always(deadLetterQueue, plan),
    ),
    undelivered: policyDocument(
      ruleMaySend(undeliveredQueue, rule),
      noOtherMay('NobodyMaySend', 'sqs:SendMessage', { queue: undeliveredQueue, principals: [] }),
      noOtherMay('NobodyElseMayTake', TAKING, { queue: undeliveredQueue, principals: [operatorRole] }),
      ...always(undeliveredQueue, plan),
    ),
  };
};

/** Allows EventBridge, for one rule, to send to a queue. */
const ruleMaySend = (queue: string, rule: string): Statement => ({
  Sid: 'RuleMaySend',
  Effect: 'Allow',
  Principal: { Service: 'events.amazonaws.com' },
  Action: 'sqs:SendMessage',
  Resource: queue,
  Condition: { ArnEquals: { 'aws:SourceArn': rule } },
});

/** Denies actions to every principal but these, and but AWS services: those need an Allow of their own. */
const noOtherMay = (
  sid: string,
  action: string | readonly string[],
  { queue, principals }: { readonly queue: string; readonly principals: readonly string[] },
): Statement => ({
  Sid: sid,
  Effect: 'Deny',
  Principal: '*',
  Action: action,
  Resource: queue,
  Condition: {
    ...(principals.length === 0 ? {} : { ArnNotEquals: { 'aws:PrincipalArn': principals } }),
    Bool: { 'aws:PrincipalIsAWSService': 'false' },
  },
});

/** What holds for every queue: no plain HTTP, and where Terraform's role is known, no other principal manages it. */
const always = (queue: string, { props: { registryWriters } }: Plan) => [
  {
    Sid: 'OnlyOverTls',
    Effect: 'Deny',
    Principal: '*',
    Action: 'sqs:*',
    Resource: queue,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  } as const,
  statementWhere(registryWriters.wanted, {
    Sid: 'NobodyElseMayManage',
    Effect: 'Deny',
    Principal: '*',
    Action: MANAGING,
    Resource: queue,
    Condition: { ArnNotLike: { 'aws:PrincipalArn': registryWriters.value }, Bool: { 'aws:PrincipalIsAWSService': 'false' } },
  }),
];
