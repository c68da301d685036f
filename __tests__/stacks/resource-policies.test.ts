import { evaluate } from '../../src/iam/evaluate';
import type { AccessRequest, Principal } from '../../src/iam/request';
import { type Configuration, EXAMPLE, PLAIN, resourceOf, stackOf, statementsOf, synthesized } from './synthesized';

/** Terraform runs under the role Deploy, and under credentials that the deployment does not name. */
const known = stackOf(synthesized(PLAIN.replace('  deployRole:\n', '')), 'domain-account');
const unknown = stackOf(synthesized(PLAIN), 'domain-account');
const everyOption = stackOf(synthesized(EXAMPLE), 'domain-account');

const ACCOUNT = '111111111111';
const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const ADMIN = 'Admin';
const [FUNCTION, SCHEDULER, OPERATOR, AUDITOR, DEPLOY] = ['acme-fulfillment', 'acme-scheduler', 'acme-operator', 'acme-auditor', 'Deploy'];
const EVERYBODY = [ADMIN, FUNCTION, SCHEDULER, OPERATOR, AUDITOR, DEPLOY];

const principalOf = (role: string): Principal => ({ type: 'role-session', account: ACCOUNT, arn: roleArn(role) });
/** Every role may do everything by its own policies: what is denied is denied by the resource. */
const EVERYTHING = [
  { name: 'everything', document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } } },
];

const arnOf = (resource: string) =>
  resource.startsWith('table/') ? `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:${resource}` : `arn:aws:sqs:eu-west-1:${ACCOUNT}:${resource}`;

const POLICIES: Readonly<Record<string, string>> = {
  'acme-fulfillment.fifo': 'aws_sqs_queue.queue',
  'acme-fulfillment-dead-letters.fifo': 'aws_sqs_queue.dead_letters',
  'acme-fulfillment-undelivered': 'aws_sqs_queue.undelivered',
  'table/acme-ledger': 'aws_dynamodb_resource_policy.ledger_policy',
  'table/acme-registry': 'aws_dynamodb_resource_policy.registry_policy',
};

const decision = (
  stack: Configuration,
  principal: Principal,
  { action, resource, context = {} }: { action: string; resource: string; context?: AccessRequest['context'] },
) => {
  const policy = resourceOf(stack, POLICIES[resource.replace(/\/index\/.*/, '')] ?? '')['policy'];
  const document = { name: 'resource policy', document: policy };
  const request = { principal, action, resource: arnOf(resource), context: { 'aws:SecureTransport': 'true', ...context } };
  return evaluate(request, { identity: EVERYTHING, resource: document }).decision;
};

/** The roles that may do something, each of which is allowed everything by its own policies. */
const allowed = (stack: Configuration, resource: string, action: string) =>
  EVERYBODY.filter((role) => decision(stack, principalOf(role), { action, resource }) === 'allowed');

const [MAIN, DEAD, UNDELIVERED] = ['acme-fulfillment.fifo', 'acme-fulfillment-dead-letters.fifo', 'acme-fulfillment-undelivered'];
const QUEUES = [MAIN, DEAD, UNDELIVERED];
const [LEDGER, REGISTRY] = ['table/acme-ledger', 'table/acme-registry'];
const TAKING = ['ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility', 'PurgeQueue', 'StartMessageMoveTask'];

describe('A queue', () => {
  it.each([
    [MAIN, [SCHEDULER, OPERATOR]],
    [DEAD, []],
    [UNDELIVERED, []],
  ])('accepts messages of no other role: %s', (queue, senders) => {
    expect(allowed(unknown, queue, 'sqs:SendMessage')).toEqual(senders);
  });

  it.each(
    TAKING.flatMap((action) => [
      [MAIN, action, FUNCTION] as const,
      [DEAD, action, OPERATOR] as const,
      [UNDELIVERED, action, OPERATOR] as const,
    ]),
  )('gives messages to no other role: %s, sqs:%s only by %s', (queue, action, role) => {
    expect(allowed(unknown, queue, `sqs:${action}`)).toEqual([role]);
  });

  const rule = { 'aws:SourceArn': `arn:aws:events:eu-west-1:${ACCOUNT}:rule/acme-fulfillment` };
  const anotherRule = { 'aws:SourceArn': `arn:aws:events:eu-west-1:${ACCOUNT}:rule/another` };
  it.each([
    [MAIN, rule, 'allowed'],
    [UNDELIVERED, rule, 'allowed'],
    [MAIN, anotherRule, 'implicitly-denied'],
    [UNDELIVERED, anotherRule, 'implicitly-denied'],
    [DEAD, rule, 'implicitly-denied'],
  ])('accepts events of the one rule, where it takes any: %s, %j is %s', (resource, context, expected) => {
    const events: Principal = { type: 'service', service: 'events.amazonaws.com' };
    expect(decision(unknown, events, { action: 'sqs:SendMessage', resource, context })).toBe(expected);
  });

  it.each(QUEUES)('answers no plain HTTP, not even to the roles that use it: %s', (resource) => {
    const context = { 'aws:SecureTransport': 'false' };
    for (const role of EVERYBODY)
      expect(decision(unknown, principalOf(role), { action: 'sqs:GetQueueAttributes', resource, context })).toBe('explicitly-denied');
  });

  it.each(
    QUEUES.flatMap((queue) =>
      ['SetQueueAttributes', 'DeleteQueue', 'AddPermission', 'RemovePermission'].map((action) => [queue, action] as const),
    ),
  )('is managed by Terraform alone, where its role is known: %s, sqs:%s', (queue, action) => {
    expect(allowed(known, queue, `sqs:${action}`)).toEqual([DEPLOY]);
    expect(allowed(unknown, queue, `sqs:${action}`)).toEqual(EVERYBODY);
  });

  it.each([
    ['queue', { redrivePermission: 'denyAll' }],
    ['dead_letters', { redrivePermission: 'byQueue', sourceQueueArns: [arnOf(MAIN)] }],
    ['undelivered', { redrivePermission: 'denyAll' }],
  ])('is the dead-letter queue of no other: %s', (queue, expected) => {
    expect(JSON.parse(String(resourceOf(unknown, `aws_sqs_queue.${queue}`)['redrive_allow_policy']))).toEqual(expected);
  });

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
  it.each(['queue', 'dead_letters', 'undelivered'])("has a policy within SQS's quotas: %s", (queue) => {
    const policy = String(resourceOf(everyOption, `aws_sqs_queue.${queue}`)['policy']);
    const statements = statementsOf(policy);
    expect(policy.length).toBeLessThanOrEqual(8_192);
    expect(statements.length).toBeLessThanOrEqual(20);
    for (const { Action } of statements) expect([Action].flat().length).toBeLessThanOrEqual(7);
    expect(statements.flatMap(({ Condition }) => Object.values(Condition ?? {}).flatMap(Object.keys)).length).toBeLessThanOrEqual(10);
  });
});

describe('A table', () => {
  const MANAGES = [
    'DeleteResourcePolicy',
    'DeleteTable',
    'PutResourcePolicy',
    'RestoreTableToPointInTime',
    'UpdateContinuousBackups',
    'UpdateTable',
  ];

  it.each([LEDGER, REGISTRY].flatMap((table) => MANAGES.map((action) => [table, action] as const)))(
    'is managed by Terraform alone, where its role is known, and never by a role of the deployment: %s, dynamodb:%s',
    (table, action) => {
      expect(allowed(known, table, `dynamodb:${action}`)).toEqual([DEPLOY]);
      expect(allowed(unknown, table, `dynamodb:${action}`)).toEqual([ADMIN, DEPLOY]);
    },
  );

  it.each([LEDGER, REGISTRY])('gets no time to live, by which its items would disappear: %s', (table) => {
    for (const stack of [known, unknown]) expect(allowed(stack, table, 'dynamodb:UpdateTimeToLive')).toEqual([]);
  });

  it.each([LEDGER, `${LEDGER}/index/due`, `${LEDGER}/index/waiting`, REGISTRY])('answers no plain HTTP: %s', (resource) => {
    const context = { 'aws:SecureTransport': 'false' };
    expect(decision(unknown, principalOf(FUNCTION), { action: 'dynamodb:Query', resource, context })).toBe('explicitly-denied');
    expect(decision(unknown, principalOf(FUNCTION), { action: 'dynamodb:Query', resource })).toBe('allowed');
  });

  it('is written by the function, or by Terraform, alone', () => {
    expect(allowed(known, LEDGER, 'dynamodb:PutItem')).toEqual([FUNCTION]);
    expect(allowed(known, REGISTRY, 'dynamodb:PutItem')).toEqual([DEPLOY]);
  });
});

describe("The function's role", () => {
  const rolePolicy = (stack: Configuration) => [
    { name: 'fulfillment', document: resourceOf(stack, 'aws_iam_role_policy.role_policy')['policy'] },
  ];
  const asRole = (action: string, resource: string, context: AccessRequest['context']) =>
    evaluate(
      { principal: principalOf(FUNCTION), action, resource, resourceAccount: ACCOUNT, context: context ?? {} },
      { identity: rolePolicy(unknown) },
    ).decision;
  const functionArn = (name: string) => `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:${name}`;
  const byCode = { 'lambda:SourceFunctionArn': functionArn('acme-fulfillment') };
  const byAnother = { 'lambda:SourceFunctionArn': functionArn('another') };

  it.each([
    ['sts:AssumeRole', roleArn('acme-policy-editor')],
    ['sts:TagSession', roleArn('acme-policy-editor')],
    ['dynamodb:PutItem', arnOf(LEDGER)],
    ['dynamodb:Query', `${arnOf(LEDGER)}/index/waiting`],
    ['dynamodb:GetItem', arnOf(REGISTRY)],
    ['datazone:GetSubscription', '*'],
    ['sqs:ChangeMessageVisibility', arnOf(MAIN)],
  ])('may %s only within the one function', (action, resource) => {
    expect([byCode, byAnother, {}].map((context) => asRole(action, resource, context))).toEqual([
      'allowed',
      'implicitly-denied',
      'implicitly-denied',
    ]);
  });

  // https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
  it.each(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'])(
    'may %s for the Lambda service, whose polling does not name the function',
    (action) => {
      expect(asRole(action, arnOf(MAIN), {})).toBe('allowed');
    },
  );

  it('may write its log for the Lambda service', () => {
    const stream = `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:/aws/lambda/acme-fulfillment:log-stream:one`;
    expect(asRole('logs:PutLogEvents', stream, {})).toBe('allowed');
  });

  it('makes missing grants only within the one function', () => {
    const making = statementsOf(
      resourceOf(
        stackOf(synthesized(EXAMPLE.replace('missingGrants: leave', 'missingGrants: create')), 'domain-account'),
        'aws_iam_role_policy.role_policy',
      )['policy'],
    );
    expect(making.find(({ Sid }) => Sid === 'MissingGrants')?.Condition).toMatchObject({
      ArnEquals: { 'lambda:SourceFunctionArn': functionArn('acme-datazone-fulfillment') },
    });
  });
});
