import { EXAMPLE, resourceOf, resourcesOf, stackOf, statementsOf, synthesized } from './synthesized';

const stack = stackOf(synthesized(EXAMPLE), 'domain-account');
const EXISTING_KEY = 'arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const withExistingKey = stackOf(synthesized(EXAMPLE.replace('key: create', `key: ${EXISTING_KEY}`)), 'domain-account');
const policyOf = (address: string, of = stack) => statementsOf(resourceOf(of, address)['policy']);
const role = (name: string) => `arn:aws:iam::111111111111:role/datazone/acme-datazone-${name}`;

describe('A prefix, a path and a boundary', () => {
  it('apply to every role', () => {
    const roles = Object.values(stack.resource['aws_iam_role'] ?? {});
    expect(roles).toHaveLength(4);
    for (const one of roles) {
      expect(one).toMatchObject({ path: '/datazone/', permissions_boundary: 'arn:aws:iam::111111111111:policy/DeveloperBoundary' });
      expect(one['name']).toMatch(/^acme-datazone-/);
    }
  });

  it('are known to the function, whose statements are still called after the deployment', () => {
    expect(resourceOf(stack, 'aws_lambda_function.function')['environment']).toMatchObject({
      variables: { DEPLOYMENT: 'acme', EDITOR_ROLE: 'datazone/acme-datazone-policy-editor', LEDGER_TABLE: 'acme-datazone-ledger' },
    });
  });

  it('are followed by every policy that names a role', () => {
    expect(policyOf('aws_dynamodb_resource_policy.ledger_policy')[0]?.Condition).toEqual({
      ArnNotEquals: { 'aws:PrincipalArn': role('fulfillment') },
    });
    expect(policyOf('aws_sqs_queue.queue')[1]?.Condition).toMatchObject({
      ArnNotEquals: { 'aws:PrincipalArn': [role('scheduler'), role('operator')] },
    });
    expect(policyOf('aws_iam_role_policy.role_policy').find(({ Sid }) => Sid === 'EditorRoles')?.Resource).toBe(
      'arn:aws:iam::*:role/datazone/acme-datazone-policy-editor',
    );
  });
});

describe('The operator role', () => {
  it('is for those who are named, by what their ARN is like', () => {
    expect(statementsOf(resourceOf(stack, 'aws_iam_role.operator')['assume_role_policy'])).toEqual([
      {
        Sid: 'People',
        Effect: 'Allow',
        Principal: { AWS: ['arn:aws:iam::111111111111:root'] },
        Action: 'sts:AssumeRole',
        Condition: {
          ArnLike: {
            'aws:PrincipalArn': ['arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_DataPlatform_*'],
          },
        },
      },
    ]);
  });

  it('sends requests, empties what was set aside, reads, and becomes an inspector, never an editor', () => {
    const statements = policyOf('aws_iam_role_policy.operator_policy');
    expect(statements.map(({ Sid }) => Sid)).toEqual([
      'Requests',
      'DeliveryTest',
      'SetAside',
      'Tables',
      'Log',
      'Metrics',
      'Links',
      'Mappings',
      'InspectorRoles',
    ]);
    expect(statements.filter(({ Action }) => [Action].flat().includes('sqs:SendMessage')).map(({ Resource }) => Resource)).toEqual([
      'arn:aws:sqs:eu-west-1:111111111111:acme-datazone-fulfillment.fifo',
    ]);
    expect(statements.find(({ Sid }) => Sid === 'InspectorRoles')?.Resource).toBe(
      'arn:aws:iam::*:role/datazone/acme-datazone-policy-inspector',
    );
    expect(JSON.stringify(statements)).not.toContain('policy-editor');
  });

  it("puts nothing on the account's bus but the delivery test", () => {
    const puts = policyOf('aws_iam_role_policy.operator_policy').filter(({ Action }) => [Action].flat().includes('events:PutEvents'));
    expect(puts).toEqual([
      {
        Sid: 'DeliveryTest',
        Effect: 'Allow',
        Action: 'events:PutEvents',
        Resource: 'arn:aws:events:eu-west-1:111111111111:event-bus/default',
        Condition: { StringEquals: { 'events:source': 'datazone-s3-fulfillment', 'events:detail-type': 'Delivery Test' } },
      },
    ]);
  });
});

describe('The function', () => {
  it('knows the operator role by its unique id, which no other role of its name can have', () => {
    expect(resourceOf(stack, 'aws_lambda_function.function')['environment']).toMatchObject({
      variables: { OPERATOR_ROLE_ID: '${aws_iam_role.operator.unique_id}' },
    });
  });

  it('is told after how many days grants expire, and how many accesses a reconcile may take away', () => {
    const capped = EXAMPLE.replace('removalCap: 50', 'removalCap: 7');
    expect(resourceOf(stackOf(synthesized(capped), 'domain-account'), 'aws_lambda_function.function')['environment']).toMatchObject({
      variables: { EXPIRES_AFTER: '365', REMOVAL_CAP: '7' },
    });
  });
});

describe('The auditor role', () => {
  it('reads what the operator reads, and nothing else', () => {
    const own = policyOf('aws_iam_role_policy.auditor_policy');
    expect(own).toEqual(policyOf('aws_iam_role_policy.operator_policy').slice(3));
    const actions = own.flatMap(({ Action = [] }) => Action);
    expect(actions.filter((action) => !/:(Get|List|Describe|Filter|Query|Scan|BatchGet)|sts:AssumeRole/.test(action))).toEqual([]);
  });

  it('may be for an account of its own', () => {
    const [people] = statementsOf(resourceOf(stack, 'aws_iam_role.auditor')['assume_role_policy']);
    expect(people?.Principal).toEqual({ AWS: ['arn:aws:iam::444444444444:root'] });
  });
});

describe('An organization', () => {
  it('stands for the list of bucket accounts wherever their roles are taken on', () => {
    for (const [policy, sid] of [
      ['role_policy', 'EditorRoles'],
      ['operator_policy', 'InspectorRoles'],
      ['auditor_policy', 'InspectorRoles'],
    ]) {
      const found = policyOf(`aws_iam_role_policy.${policy}`).filter(({ Sid }) => Sid === sid);
      expect(found.map(({ Condition }) => Condition?.['StringEquals'])).toEqual([{ 'aws:ResourceOrgID': 'o-a1b2c3d4e5' }]);
    }
  });
});

describe("A customer's key", () => {
  const KEY = '${aws_kms_key.key.arn}';
  const encrypted = (of: typeof stack) => ({
    queues: Object.values(of.resource['aws_sqs_queue'] ?? {}).map((queue) => queue['kms_master_key_id']),
    tables: Object.values(of.resource['aws_dynamodb_table'] ?? {}).map((table) => table['server_side_encryption']),
    log: resourceOf(of, 'aws_cloudwatch_log_group.log')['kms_key_id'],
    environment: resourceOf(of, 'aws_lambda_function.function')['kms_key_arn'],
  });
  const with_ = (key: string) => ({
    queues: [key, key, key],
    tables: [
      { enabled: true, kms_key_arn: key },
      { enabled: true, kms_key_arn: key },
    ],
    log: key,
    environment: key,
  });

  it('encrypts queues, tables, log and environment, made here or not', () => {
    expect(encrypted(stack)).toEqual(with_(KEY));
    expect(encrypted(withExistingKey)).toEqual(with_(EXISTING_KEY));
    for (const queue of Object.values(stack.resource['aws_sqs_queue'] ?? {})) expect(queue).not.toHaveProperty('sqs_managed_sse_enabled');
  });

  it('that is made here turns yearly and admits every service that uses it, each for us alone', () => {
    expect(resourceOf(stack, 'aws_kms_key.key')).toMatchObject({ enable_key_rotation: true });
    const services = policyOf('aws_kms_key.key').flatMap(({ Principal, Condition }) =>
      JSON.stringify(Principal).includes('Service') ? [[Principal, Condition]] : [],
    );
    const forThisAccount = { StringEquals: { 'aws:SourceAccount': '111111111111' } };
    expect(services).toEqual([
      [{ Service: 'events.amazonaws.com' }, forThisAccount],
      [
        { Service: 'logs.eu-west-1.amazonaws.com' },
        {
          ArnEquals: {
            'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:eu-west-1:111111111111:log-group:/aws/lambda/acme-datazone-fulfillment',
          },
        },
      ],
      [{ Service: 'cloudwatch.amazonaws.com' }, forThisAccount],
    ]);
  });

  it('that is made here admits our roles by its own policy, and one that exists by theirs', () => {
    const roles = policyOf('aws_kms_key.key').find(({ Sid }) => Sid === 'Roles');
    expect(roles?.Condition).toEqual({
      ArnEquals: { 'aws:PrincipalArn': ['fulfillment', 'scheduler', 'operator', 'auditor'].map(role) },
    });
    const policies = ['role_policy', 'scheduler_policy', 'operator_policy', 'auditor_policy'].map((name) => `aws_iam_role_policy.${name}`);
    for (const policy of policies) {
      expect(policyOf(policy).filter(({ Sid }) => Sid === 'Key')).toEqual([]);
      expect(policyOf(policy, withExistingKey).find(({ Sid }) => Sid === 'Key')).toEqual({ ...KEY_USE, Resource: EXISTING_KEY });
    }
    expect(resourcesOf(withExistingKey).filter(([address]) => address.startsWith('aws_kms'))).toEqual([]);
  });

  it('of the domain is used by the function', () => {
    expect(policyOf('aws_iam_role_policy.role_policy').find(({ Sid }) => Sid === 'DomainKey')).toMatchObject({
      Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
      Resource: 'arn:aws:kms:eu-west-1:111111111111:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9',
    });
  });
});

const KEY_USE = { Sid: 'Key', Effect: 'Allow', Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'] };

describe("The function's options", () => {
  it('trace it and put it into a VPC', () => {
    expect(resourceOf(stack, 'aws_lambda_function.function')).toMatchObject({
      tracing_config: { mode: 'Active' },
      vpc_config: {
        subnet_ids: ['subnet-0a1b2c3d4e5f60718', 'subnet-1b2c3d4e5f6071829'],
        security_group_ids: ['sg-0a1b2c3d4e5f60718'],
      },
    });
  });

  it('keep its own code from the network interfaces that Lambda needs', () => {
    expect(policyOf('aws_iam_role_policy.role_policy').find(({ Effect }) => Effect === 'Deny')).toMatchObject({
      Action: 'ec2:*',
      Condition: { ArnEquals: { 'lambda:SourceFunctionArn': 'arn:aws:lambda:eu-west-1:111111111111:function:acme-datazone-fulfillment' } },
    });
  });

  it('take its code from S3, signed', () => {
    const yaml = EXAMPLE.replaceAll(/^ {2}# (?=handler:| {2}\w+:|codeSigningConfig:)/gm, '  ');
    const fulfillment = resourceOf(stackOf(synthesized(yaml), 'domain-account'), 'aws_lambda_function.function');
    expect(fulfillment).toMatchObject({
      s3_bucket: 'acme-artifacts',
      s3_key: 'datazone-s3-fulfillment/handler.zip',
      s3_object_version: '3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY',
      code_signing_config_arn: 'arn:aws:lambda:eu-west-1:111111111111:code-signing-config:csc-0a1b2c3d4e5f60718',
    });
    expect(fulfillment).not.toHaveProperty('filename');
  });
});

describe('The dashboard', () => {
  it("shows the deployment's metrics in the domain's Region", () => {
    const { dashboard_name, dashboard_body } = resourceOf(stack, 'aws_cloudwatch_dashboard.dashboard');
    expect(dashboard_name).toBe('acme-datazone-fulfillment');
    const { widgets } = JSON.parse(String(dashboard_body));
    expect(widgets.map(({ properties }: { properties: { title: string } }) => properties.title)).toContain('Outcomes');
    for (const { properties } of widgets) expect(properties.region).toBe('eu-west-1');
    expect(JSON.stringify(widgets)).toContain('["DataZoneS3Fulfillment","fullest-policy","service","acme"');
  });
});
