import { type Configuration, EXAMPLE, ONE_ACCOUNT, PLAIN, resourceOf, resourcesOf, stackOf, synthesized } from './synthesized';

const stacks = synthesized(EXAMPLE);

const JSON_ATTRIBUTES = ['policy', 'assume_role_policy', 'event_pattern', 'item', 'redrive_policy', 'dashboard_body'];

/** Every attribute of a stack that holds JSON text. */
const documentsOf = (stack: Configuration): readonly string[] =>
  resourcesOf(stack).flatMap(([, one]) => JSON_ATTRIBUTES.flatMap((attribute) => (attribute in one ? [String(one[attribute])] : [])));

describe('A deployment', () => {
  it('has a stack for the domain account and one for each bucket account, the same account or not, and for each consumer', () => {
    expect(Object.keys(stacks)).toEqual([
      'domain-account',
      'bucket-account-222222222222',
      'bucket-account-111111111111',
      'consumer-account-333333333333-imaging',
    ]);
  });

  it.each(Object.entries(stacks))('writes policies, patterns and items as plain JSON: %s', (_, stack) => {
    const documents = documentsOf(stack);
    expect(documents.length).toBeGreaterThan(1);
    for (const text of documents) {
      expect(text).not.toContain('${');
      expect(() => JSON.parse(text)).not.toThrow();
    }
  });

  it('refers to no other stack', () => {
    expect(JSON.stringify(stacks)).not.toContain('terraform_remote_state');
  });

  it.each(Object.entries(stacks))('accepts the AWS provider 5.100 and 6, and tags everything: %s', (_, { terraform, provider }) => {
    expect(terraform.required_providers).toEqual({ aws: { source: 'hashicorp/aws', version: '>= 5.100.0, < 7.0.0' } });
    expect(terraform.required_version).toBe('>= 1.10.0');
    expect(provider.aws[0]).toMatchObject({
      region: 'eu-west-1',
      default_tags: [{ tags: { team: 'data-platform', 'cost-center': '4711' } }],
    });
  });

  it("deploys with the common role, an account's own, or the caller's credentials, and only into the account meant", () => {
    const provider = (name: string) => stackOf(stacks, name).provider.aws[0];
    expect(provider('bucket-account-222222222222')).toMatchObject({
      allowed_account_ids: ['222222222222'],
      assume_role: [{ role_arn: 'arn:aws:iam::222222222222:role/Deploy' }],
    });
    expect(provider('bucket-account-111111111111')).toMatchObject({
      assume_role: [{ role_arn: 'arn:aws:iam::111111111111:role/DeployBuckets' }],
    });
    expect(provider('domain-account')).not.toHaveProperty('assume_role');
  });

  it('keeps state in S3 with a lock file, one object per stack', () => {
    expect(stackOf(stacks, 'domain-account').terraform.backend).toEqual({
      s3: {
        bucket: 'acme-terraform-state',
        region: 'eu-west-1',
        key: 'datazone-s3-fulfillment/acme/domain-account.tfstate',
        encrypt: true,
        use_lockfile: true,
      },
    });
  });

  it('keeps state in files beside cdktf.out where no backend is given', () => {
    const stack = stackOf(synthesized(ONE_ACCOUNT), 'bucket-account-111111111111');
    expect(stack.terraform.backend).toEqual({ local: { path: '../../../acme.bucket-account-111111111111.tfstate' } });
  });

  it.each([
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
  ])('writes the ARNs of the partition of %s', (region, partition) => {
    const [stack] = Object.values(synthesized(ONE_ACCOUNT.replace('eu-west-1', region)));
    const text = JSON.stringify(stack);
    expect(text).toContain(`arn:${partition}:sqs:${region}:111111111111:acme-fulfillment.fifo`);
    expect(text).not.toContain('arn:aws:');
  });

  it('takes at most 25 resources in one account without options', () => {
    const all = Object.values(synthesized(ONE_ACCOUNT)).flatMap(resourcesOf);
    expect(all.length).toBeLessThanOrEqual(25);
    expect(all.length).toBeGreaterThan(20);
  });

  it('keeps its addresses, by which Terraform knows what it deployed before', () => {
    const addresses = Object.values(synthesized(ONE_ACCOUNT)).flatMap((stack) => resourcesOf(stack).map(([address]) => address));
    expect(addresses).toEqual(
      expect.arrayContaining([
        'aws_cloudwatch_event_rule.rule',
        'aws_cloudwatch_event_target.target',
        'aws_cloudwatch_log_group.log',
        'aws_dynamodb_table.ledger',
        'aws_dynamodb_table.registry',
        'aws_dynamodb_table_item.registry_item',
        'aws_iam_role.editor',
        'aws_iam_role.role',
        'aws_iam_role_policy.editor_policy',
        'aws_iam_role_policy.role_policy',
        'aws_lambda_event_source_mapping.mapping',
        'aws_lambda_function.function',
        'aws_sqs_queue.dead_letters',
        'aws_sqs_queue.queue',
        'aws_sqs_queue.undelivered',
      ]),
    );
  });
});

describe('The snapshot', () => {
  const withoutHashes = (stack: Configuration) =>
    JSON.parse(
      JSON.stringify(stack)
        .replaceAll(/[0-9a-f]{64}/g, '<sha256>')
        .replaceAll(/"source_code_hash":"[^"]*"/g, '"source_code_hash":"<sha256>"'),
    );

  it.each(Object.entries(stacks))('of %s, with every option', (_, stack) => {
    expect(withoutHashes(stack)).toMatchSnapshot();
  });

  it.each(Object.entries(synthesized(PLAIN)))('of %s, without any option', (_, stack) => {
    expect(withoutHashes(stack)).toMatchSnapshot();
  });

  it('covers the function, whose code is uploaded beside the stack', () => {
    expect(resourceOf(stackOf(stacks, 'domain-account'), 'aws_lambda_function.function')['filename']).toMatch(
      /^assets\/handler\/[0-9a-f]{64}\/handler\.zip$/,
    );
  });
});
