import { PLAIN, resourceOf, stackOf, statementsOf, synthesized } from './synthesized';

const stack = stackOf(synthesized(PLAIN), 'domain-account');
const QUEUE = 'arn:aws:sqs:eu-west-1:111111111111:acme-fulfillment.fifo';
const RULE = 'arn:aws:events:eu-west-1:111111111111:rule/acme-fulfillment';

describe('The rule', () => {
  it('lets through the five subscription and grant events of one domain in its account, and the delivery test', () => {
    expect(JSON.parse(String(resourceOf(stack, 'aws_cloudwatch_event_rule.rule')['event_pattern']))).toEqual({
      source: ['aws.datazone', 'datazone-s3-fulfillment'],
      account: ['111111111111'],
      'detail-type': [
        'Subscription Created',
        'Subscription Cancelled',
        'Subscription Revoked',
        'Subscription Grant Requested',
        'Subscription Grant Revoke Requested',
        'Delivery Test',
      ],
      detail: { metadata: { domain: ['dzd_bc8e1ez8r2a6xz'] } },
    });
  });

  it('sends events untransformed to one message group, and what it cannot deliver to a standard queue', () => {
    const target = resourceOf(stack, 'aws_cloudwatch_event_target.target');
    expect(target).toMatchObject({
      arn: '${aws_sqs_queue.queue.arn}',
      sqs_target: { message_group_id: 'fulfillment' },
      dead_letter_config: { arn: '${aws_sqs_queue.undelivered.arn}' },
      retry_policy: { maximum_event_age_in_seconds: 86_400, maximum_retry_attempts: 185 },
    });
    expect(Object.keys(target)).not.toContain('input_transformer');
    expect(resourceOf(stack, 'aws_sqs_queue.undelivered')).not.toHaveProperty('fifo_queue');
  });
});

describe('The queue', () => {
  const queue = resourceOf(stack, 'aws_sqs_queue.queue');

  it('accepts messages from the rule', () => {
    expect(statementsOf(queue['policy'])[0]).toEqual({
      Sid: 'RuleMaySend',
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: QUEUE,
      Condition: { ArnEquals: { 'aws:SourceArn': RULE } },
    });
  });

  it('refuses messages from every principal but the scheduler and the operators', () => {
    expect(statementsOf(queue['policy'])[1]).toEqual({
      Sid: 'NobodyElseMaySend',
      Effect: 'Deny',
      Principal: '*',
      Action: 'sqs:SendMessage',
      Resource: QUEUE,
      Condition: {
        ArnNotEquals: {
          'aws:PrincipalArn': ['arn:aws:iam::111111111111:role/acme-scheduler', 'arn:aws:iam::111111111111:role/acme-operator'],
        },
        Bool: { 'aws:PrincipalIsAWSService': 'false' },
      },
    });
  });

  it('is FIFO, encrypted, invisible for six times the timeout, and gives up into a FIFO queue', () => {
    expect(queue).toMatchObject({
      name: 'acme-fulfillment.fifo',
      fifo_queue: true,
      content_based_deduplication: true,
      sqs_managed_sse_enabled: true,
      visibility_timeout_seconds: 360,
    });
    expect(JSON.parse(String(queue['redrive_policy']))).toEqual({
      deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:111111111111:acme-fulfillment-dead-letters.fifo',
      maxReceiveCount: 5,
    });
    expect(resourceOf(stack, 'aws_sqs_queue.dead_letters')).toMatchObject({ name: 'acme-fulfillment-dead-letters.fifo', fifo_queue: true });
  });
});

describe('The function', () => {
  it('is told what the handler reads', () => {
    expect(resourceOf(stack, 'aws_lambda_function.function')['environment']).toEqual({
      variables: {
        DEPLOYMENT: 'acme',
        MODE: 'enforce',
        EXISTING_SUBSCRIPTIONS: 'grant',
        DOMAIN_ID: 'dzd_bc8e1ez8r2a6xz',
        DOMAIN_VERSION: 'v1',
        QUEUE_ARN: QUEUE,
        REGISTRY_TABLE: 'acme-registry',
        LEDGER_TABLE: 'acme-ledger',
        EDITOR_ROLE: 'acme-policy-editor',
        TARGET_PROVIDER: 'datazone-s3-fulfillment',
        MISSING_GRANTS: 'leave',
        OPERATOR_ROLE_ID: '',
        REMOVAL_CAP: '50',
        EXPIRES_AFTER: 'never',
      },
    });
  });

  it('receives batches of ten at once and answers which of them failed', () => {
    const mapping = resourceOf(stack, 'aws_lambda_event_source_mapping.mapping');
    expect(mapping).toMatchObject({ batch_size: 10, function_response_types: ['ReportBatchItemFailures'] });
    expect(mapping).not.toHaveProperty('maximum_batching_window_in_seconds');
  });

  it('runs on arm64 without reserved concurrency and keeps its log for as long as asked', () => {
    const fulfillment = resourceOf(stack, 'aws_lambda_function.function');
    expect(fulfillment).toMatchObject({
      architectures: ['arm64'],
      handler: 'index.handler',
      runtime: 'nodejs22.x',
      memory_size: 512,
      timeout: 60,
    });
    expect(fulfillment).not.toHaveProperty('reserved_concurrent_executions');
    expect(resourceOf(stack, 'aws_cloudwatch_log_group.log')).toMatchObject({
      name: '/aws/lambda/acme-fulfillment',
      retention_in_days: 365,
    });
  });
});

describe("The function's role", () => {
  const statements = statementsOf(resourceOf(stack, 'aws_iam_role_policy.role_policy')['policy']);
  const statement = (sid: string) => statements.find(({ Sid }) => Sid === sid);

  it('becomes an editor only in the listed accounts', () => {
    expect(statement('EditorRoles')).toEqual({
      Sid: 'EditorRoles',
      Effect: 'Allow',
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Resource: 'arn:aws:iam::*:role/acme-policy-editor',
      Condition: {
        StringEquals: { 'aws:ResourceAccount': ['111111111111', '222222222222'] },
        ArnEquals: { 'lambda:SourceFunctionArn': 'arn:aws:lambda:eu-west-1:111111111111:function:acme-fulfillment' },
      },
    });
  });

  it('reads the registry and never writes it', () => {
    const onRegistry = statements.filter(({ Resource }) => [Resource].flat().some((arn) => arn?.includes('registry')));
    expect(onRegistry.flatMap(({ Action }) => Action)).toEqual(['dynamodb:GetItem']);
  });

  it('asks DataZone only within the domain account', () => {
    expect(statement('DataZone')).toMatchObject({ Resource: '*', Condition: { StringEquals: { 'aws:ResourceAccount': '111111111111' } } });
  });

  it("is narrowed to the domain's ARN where the deployment says so", () => {
    const narrowed = stackOf(synthesized(PLAIN.replace('authorization: account', 'authorization: domain')), 'domain-account');
    const text = resourceOf(narrowed, 'aws_iam_role_policy.role_policy')['policy'];
    expect(statementsOf(text).find(({ Sid }) => Sid === 'DataZone')?.Resource).toBe(
      'arn:aws:datazone:eu-west-1:111111111111:domain/dzd_bc8e1ez8r2a6xz',
    );
  });
});

describe('The tables', () => {
  it('hold the registered buckets of all accounts as one document', () => {
    const item = JSON.parse(String(resourceOf(stack, 'aws_dynamodb_table_item.registry_item')['item']));
    expect(item.id).toEqual({ S: 'registry' });
    expect(JSON.parse(item.document.S)).toEqual({
      format: 1,
      principalAccounts: ['333333333333'],
      buckets: [
        {
          name: 'acme-raw',
          account: '222222222222',
          region: 'eu-west-1',
          state: 'active',
          prefixes: [
            { prefix: 'runs/', owningProjects: ['5a3se66qm88947'] },
            { prefix: 'runs/shared/', owningProjects: ['*'] },
          ],
        },
        {
          name: 'acme-raw-us',
          account: '222222222222',
          region: 'us-east-1',
          state: 'active',
          prefixes: [{ prefix: 'runs/', owningProjects: ['5a3se66qm88947'] }],
        },
        {
          name: 'acme-retired',
          account: '222222222222',
          region: 'eu-west-1',
          state: 'retiring',
          prefixes: [{ prefix: '', owningProjects: ['5a3se66qm88947', '6b4tf77rn99058'] }],
        },
        {
          name: 'acme-reference',
          account: '111111111111',
          region: 'eu-west-1',
          state: 'active',
          prefixes: [{ prefix: 'genomes/', owningProjects: ['6b4tf77rn99058'] }],
        },
      ],
    });
  });

  it('keep the ledger: recoverable, not to be deleted by accident, and indexed by what is due and by what waits', () => {
    expect(resourceOf(stack, 'aws_dynamodb_table.ledger')).toMatchObject({
      name: 'acme-ledger',
      billing_mode: 'PAY_PER_REQUEST',
      hash_key: 'pk',
      range_key: 'sk',
      point_in_time_recovery: { enabled: true },
      deletion_protection_enabled: true,
      global_secondary_index: [
        { name: 'due', hash_key: 'dueKind', range_key: 'dueAt', projection_type: 'ALL' },
        { name: 'waiting', hash_key: 'waitingKind', range_key: 'waitingSince', projection_type: 'KEYS_ONLY' },
      ],
    });
  });
});

describe('The policies of the tables', () => {
  const WRITES = [
    'dynamodb:BatchWriteItem',
    'dynamodb:DeleteItem',
    'dynamodb:PartiQLDelete',
    'dynamodb:PartiQLInsert',
    'dynamodb:PartiQLUpdate',
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
  ];
  const LEDGER = 'arn:aws:dynamodb:eu-west-1:111111111111:table/acme-ledger';
  const REGISTRY = 'arn:aws:dynamodb:eu-west-1:111111111111:table/acme-registry';
  const policyOf = (of: typeof stack, table: string) => {
    const { policy, resource_arn } = resourceOf(of, `aws_dynamodb_resource_policy.${table}_policy`);
    expect(resource_arn).toBe(`\${aws_dynamodb_table.${table}.arn}`);
    return statementsOf(policy);
  };
  /** The statements on writes; resource-policies.test.ts has the others. */
  const writing = (statements: ReturnType<typeof policyOf>) => statements.filter(({ Action }) => Action?.includes('dynamodb:PutItem'));

  it('let nobody but the function write the ledger', () => {
    expect(writing(policyOf(stack, 'ledger'))).toEqual([
      {
        Sid: 'OnlyTheFunctionWrites',
        Effect: 'Deny',
        Principal: '*',
        Action: WRITES,
        Resource: LEDGER,
        Condition: { ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/acme-fulfillment' } },
      },
    ]);
  });

  const ownRoles = {
    Sid: 'NoRoleOfTheDeploymentWrites',
    Effect: 'Deny',
    Principal: '*',
    Action: WRITES,
    Resource: REGISTRY,
    Condition: {
      ArnEquals: {
        'aws:PrincipalArn': ['fulfillment', 'scheduler', 'operator', 'auditor'].map(
          (name) => `arn:aws:iam::111111111111:role/acme-${name}`,
        ),
      },
    },
  };
  const writers = (...principals: readonly string[]) => ({
    ...ownRoles,
    Sid: 'OnlyItsWritersWrite',
    Condition: { ArnNotLike: { 'aws:PrincipalArn': principals } },
  });

  it('keep the roles of the deployment from the registry, and nobody else where Terraform runs under credentials that are not known', () => {
    expect(writing(policyOf(stack, 'registry'))).toEqual([ownRoles]);
  });

  it('let the role that Terraform assumes write the registry, and nobody else', () => {
    const deployed = stackOf(synthesized(PLAIN.replace('  deployRole:\n', '')), 'domain-account');
    expect(writing(policyOf(deployed, 'registry'))).toEqual([ownRoles, writers('arn:aws:iam::111111111111:role/Deploy')]);
  });

  it('let writers who are named write it as well', () => {
    const named = `${PLAIN.replace('  deployRole:\n', '')}registryWriters: ["arn:aws:iam::111111111111:user/*"]\n`;
    const [, second] = policyOf(stackOf(synthesized(named), 'domain-account'), 'registry');
    expect(second).toEqual(writers('arn:aws:iam::111111111111:role/Deploy', 'arn:aws:iam::111111111111:user/*'));
  });

  it('are there before the registry is written', () => {
    expect(resourceOf(stack, 'aws_dynamodb_table_item.registry_item')['depends_on']).toEqual([
      'aws_dynamodb_resource_policy.registry_policy',
    ]);
  });
});

describe('The schedules', () => {
  it.each([
    ['sweep', 'rate(1 minute)', 60],
    ['reconcile', 'rate(6 hours)', 3600],
  ])('send a %s at a %s to the one message group, each with a text of its own', (kind, every, age) => {
    expect(resourceOf(stack, `aws_scheduler_schedule.${kind}`)).toMatchObject({
      name: kind,
      group_name: '${aws_scheduler_schedule_group.schedules.name}',
      schedule_expression: every,
      flexible_time_window: { mode: 'OFF' },
      target: {
        arn: '${aws_sqs_queue.queue.arn}',
        role_arn: '${aws_iam_role.scheduler.arn}',
        input: `{"kind":"${kind}","at":"<aws.scheduler.scheduled-time>"}`,
        sqs_parameters: { message_group_id: 'fulfillment' },
        retry_policy: { maximum_event_age_in_seconds: age },
      },
    });
  });

  it('have a role that only they take on, and that may do nothing but send', () => {
    expect(statementsOf(resourceOf(stack, 'aws_iam_role.scheduler')['assume_role_policy'])).toEqual([
      {
        Sid: 'Scheduler',
        Effect: 'Allow',
        Principal: { Service: 'scheduler.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: { 'aws:SourceAccount': '111111111111' },
          ArnEquals: { 'aws:SourceArn': 'arn:aws:scheduler:eu-west-1:111111111111:schedule-group/acme-fulfillment' },
        },
      },
    ]);
    expect(statementsOf(resourceOf(stack, 'aws_iam_role_policy.scheduler_policy')['policy'])).toEqual([
      { Sid: 'Queue', Effect: 'Allow', Action: 'sqs:SendMessage', Resource: QUEUE },
    ]);
  });
});

describe('Without being asked for', () => {
  it('there is no alarm, dashboard, key, operator or auditor', () => {
    const types = Object.keys(stack.resource);
    expect(types.filter((type) => /alarm|dashboard|kms/.test(type))).toEqual([]);
    expect(Object.keys(stack.resource['aws_iam_role'] ?? {})).toEqual(['role', 'scheduler']);
  });

  it('the function has no tracing, no VPC, no key and no code signing', () => {
    const fulfillment = resourceOf(stack, 'aws_lambda_function.function');
    for (const option of ['tracing_config', 'vpc_config', 'kms_key_arn', 'code_signing_config_arn', 's3_bucket'])
      expect(fulfillment).not.toHaveProperty(option);
  });
});
