import { DOMAIN, DOMAIN_ACCOUNT, REGION } from '../world';

const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${DOMAIN_ACCOUNT}:${resource}`;
const statement = (fields: object) => ({ Effect: 'Allow', ...fields });
const policy = (...statements: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });

const queuePolicy = policy(
  statement({
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: arn('sqs', 'acme.fifo'),
    Condition: { ArnEquals: { 'aws:SourceArn': arn('events', 'rule/acme') } },
  }),
  {
    Effect: 'Deny',
    Principal: '*',
    Action: 'sqs:SendMessage',
    Resource: arn('sqs', 'acme.fifo'),
    Condition: {
      ArnNotEquals: { 'aws:PrincipalArn': `arn:aws:iam::${DOMAIN_ACCOUNT}:role/acme-scheduler` },
      Bool: { 'aws:PrincipalIsAWSService': 'false' },
    },
  },
);

/** What CDKTF synthesizes of a small deployment: plain Terraform JSON, with references where Terraform knows more. */
export const acmeStack = () => ({
  provider: { aws: [{ region: REGION, allowed_account_ids: [DOMAIN_ACCOUNT] }] },
  resource: {
    aws_iam_role: {
      function: {
        name: 'acme-function',
        assume_role_policy: policy(statement({ Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' })),
      },
      scheduler: {
        name: 'acme-scheduler',
        assume_role_policy: policy(statement({ Principal: { Service: 'scheduler.amazonaws.com' }, Action: 'sts:AssumeRole' })),
      },
    },
    aws_iam_role_policy: {
      function: {
        name: 'work',
        role: '${aws_iam_role.function.name}',
        policy: policy(
          statement({ Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], Resource: arn('sqs', 'acme.fifo') }),
          statement({ Action: ['dynamodb:GetItem', 'dynamodb:PutItem'], Resource: arn('dynamodb', 'table/acme-ledger') }),
          statement({ Action: 'dynamodb:Query', Resource: arn('dynamodb', 'table/acme-ledger/index/*') }),
        ),
      },
      scheduler: {
        name: 'send',
        role: '${aws_iam_role.scheduler.name}',
        policy: policy(statement({ Action: 'sqs:SendMessage', Resource: '*' })),
      },
    },
    aws_lambda_function: {
      function: {
        function_name: 'acme',
        role: '${aws_iam_role.function.arn}',
        source_code_hash: '${filebase64sha256("handler.zip")}',
        environment: {
          variables: {
            LEDGER_TABLE: '${aws_dynamodb_table.ledger.name}',
            QUEUE_ARN: '${aws_sqs_queue.queue.arn}',
            SCHEDULER: '${aws_iam_role.scheduler.unique_id}',
            LITERAL: '$${x}',
          },
        },
      },
    },
    aws_lambda_event_source_mapping: {
      mapping: {
        event_source_arn: '${aws_sqs_queue.queue.arn}',
        function_name: '${aws_lambda_function.function.arn}',
        batch_size: 10,
        function_response_types: ['ReportBatchItemFailures'],
      },
    },
    aws_sqs_queue: {
      queue: {
        name: 'acme.fifo',
        fifo_queue: true,
        content_based_deduplication: true,
        visibility_timeout_seconds: 60,
        policy: queuePolicy,
        redrive_policy: JSON.stringify({ deadLetterTargetArn: arn('sqs', 'acme-dead.fifo'), maxReceiveCount: 2 }),
      },
      dead: { name: 'acme-dead.fifo', fifo_queue: true },
    },
    aws_cloudwatch_event_rule: {
      rule: {
        name: 'acme',
        event_pattern: JSON.stringify({
          source: ['aws.datazone'],
          'detail-type': ['Subscription Created'],
          detail: { metadata: { domain: [DOMAIN] } },
        }),
      },
    },
    aws_cloudwatch_event_target: {
      target: {
        rule: '${aws_cloudwatch_event_rule.rule.name}',
        arn: '${aws_sqs_queue.queue.arn}',
        sqs_target: { message_group_id: 'all' },
      },
    },
    aws_scheduler_schedule: {
      sweep: {
        name: 'acme-sweep',
        target: {
          arn: '${aws_sqs_queue.queue.arn}',
          role_arn: '${aws_iam_role.scheduler.arn}',
          input: '{"kind":"sweep","at":"<aws.scheduler.scheduled-time>"}',
          sqs_parameters: { message_group_id: 'all' },
        },
      },
    },
    aws_dynamodb_table: {
      ledger: {
        name: 'acme-ledger',
        hash_key: 'pk',
        range_key: 'sk',
        attribute: ['pk', 'sk', 'dueKind', 'dueAt'].map((name) => ({ name, type: 'S' })),
        global_secondary_index: [{ name: 'due', hash_key: 'dueKind', range_key: 'dueAt', projection_type: 'ALL' }],
      },
    },
    aws_dynamodb_table_item: {
      first: {
        table_name: '${aws_dynamodb_table.ledger.name}',
        hash_key: 'pk',
        item: JSON.stringify({ pk: { S: 'a' }, sk: { S: 'b' }, dueKind: { S: 'k' }, dueAt: { S: 't' } }),
      },
    },
  },
});
