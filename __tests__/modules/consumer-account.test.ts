import * as z from 'zod';
import {
  CONSUMER_NAME_PATTERN,
  CONSUMER_QUOTAS,
  MANAGE_ACCESS_ROLE_PATTERN,
  NOTEBOOK_NAME_PATTERN,
  PRINCIPAL_PATTERN,
  READ_PATTERN,
} from '../../modules/consumer-account/limits';
import { consumerAccountModule } from '../../modules/consumer-account/module';
import { consumerArnsOf, consumerNamesOf } from '../../modules/consumer-account/names';
import { notebookUri } from '../../modules/consumer-account/notebook-uri';
import { readRights } from '../../modules/consumer-account/read-rights';

const requirement = z.object({ condition: z.string(), error_message: z.string() });
const resource = z.looseObject({
  count: z.string(),
  lifecycle: z.object({ precondition: z.array(requirement) }).optional(),
});
const module = z
  .object({
    variable: z.record(
      z.string(),
      z.object({
        type: z.string(),
        description: z.string(),
        default: z.unknown().optional(),
        validation: z.array(requirement).optional(),
      }),
    ),
    resource: z.record(z.string(), z.record(z.string(), resource)),
    output: z.record(z.string(), z.object({ value: z.unknown(), description: z.string() })),
  })
  .parse(JSON.parse(consumerAccountModule()));

const part = (address: string) => {
  const [type = '', name = ''] = address.split('.');
  const found = module.resource[type]?.[name];
  if (!found) throw new Error(`the module has no ${address}`);
  return found;
};

describe('The consumer module', () => {
  it('makes every part under a condition on what it is given, never on the length of a list', () => {
    const counts = Object.values(module.resource).flatMap((byName) => Object.values(byName).map(({ count }) => count));
    expect(counts).toHaveLength(14);
    for (const count of counts) {
      expect(count).toMatch(/^\$\{.* \? 1 : 0\}$/);
      expect(count).not.toContain('length(');
    }
  });

  it('has an alternative that exists for every part', () => {
    const optional = (name: string) => 'default' in (module.variable[name] ?? {});
    expect(Object.keys(module.variable).filter((name) => !optional(name))).toEqual([
      'account',
      'deployment',
      'environment',
      'name',
      'project_id',
    ]);
    expect(module.variable['environment']?.type).toContain('id = optional(string), create = optional(object(');
    expect(module.variable['notebook']?.type).toContain('name = optional(string), create = optional(object(');
  });

  it('asks of the deployment what the domain account tells it', () => {
    for (const member of ['domain_id', 'domain_account', 'domain_region', 'domain_version', 'function_role_arn', 'target_provider'])
      expect(module.variable['deployment']?.type).toContain(`${member} = `);
  });

  it("asserts AWS's limits with their numbers before anything is made", () => {
    const conditions = part('aws_cloudformation_stack.subscription_target').lifecycle?.precondition?.map(({ condition }) => condition);
    expect(conditions).toEqual([
      '${length(local.principals) > 0}',
      '${length(local.principals) <= 10}',
      expect.stringContaining(PRINCIPAL_PATTERN),
      expect.stringContaining(MANAGE_ACCESS_ROLE_PATTERN),
    ]);
    expect(part('aws_cloudformation_stack.membership').lifecycle).toMatchObject({
      precondition: [
        { condition: '${var.deployment.domain_version == "v2"}' },
        { condition: '${local.membership_template_length <= 51200}' },
      ],
    });
    expect(part('aws_iam_policy.reader').lifecycle?.precondition.map(({ condition }) => condition)).toEqual([
      '${length(local.principals) > 0}',
      '${!contains(try(var.reader_policy.bucket_accounts, []), var.account)}',
      '${local.reader_document_length <= 6144}',
    ]);
  });

  it('answers names and ARNs, null where nothing is made', () => {
    expect(Object.keys(module.output)).toEqual([
      'environment_id',
      'environment_role_arn',
      'notebook_name',
      'notebook_role_arn',
      'principal_arns',
      'reader_policy_arn',
    ]);
  });
});

describe('Names of a consumer', () => {
  const longest = consumerNamesOf('p'.repeat(32), 'c'.repeat(19));

  it('fit where the longest prefix meets the longest name', () => {
    expect('c'.repeat(19)).toMatch(new RegExp(CONSUMER_NAME_PATTERN));
    expect('c'.repeat(20)).not.toMatch(new RegExp(CONSUMER_NAME_PATTERN));
    expect(longest.environmentRole.length).toBe(64);
    expect(longest.notebook).toMatch(new RegExp(NOTEBOOK_NAME_PATTERN));
    for (const name of Object.values(longest)) expect(name.length).toBeLessThanOrEqual(128);
  });

  it('make principals that CloudFormation takes', () => {
    const arns = consumerArnsOf({ prefix: 'acme', rolePath: '' }, 'imaging', { partition: 'aws-us-gov', account: '333333333333' });
    expect(arns.notebookRole).toBe('arn:aws-us-gov:iam::333333333333:role/acme-imaging-notebook');
    expect(arns.notebookRole).toMatch(new RegExp(PRINCIPAL_PATTERN));
    expect(arns.environmentRole).toMatch(new RegExp(MANAGE_ACCESS_ROLE_PATTERN));
  });
});

describe('A location to read', () => {
  it.each([
    ['acme-raw', true],
    ['acme-raw/runs/', true],
    ['acme-raw/runs/2026 é/', true],
    ['acme-raw/', false],
    ['acme-raw//', false],
    ['acme-raw/runs', false],
    ['acme-raw/*/', false],
    ['acme-raw/run?/', false],
    ['arn:aws:s3:::acme-raw', false],
  ])('%s is one: %s', (read, isOne) => {
    expect(new RegExp(READ_PATTERN).test(read)).toBe(isOne);
  });

  it('is listed under its own prefix alone, a whole bucket without a condition', () => {
    const rights = readRights('aws', ['acme-raw/runs/deep/', 'acme-reference']);
    expect(rights.folders).toEqual([
      { bucketArn: 'arn:aws:s3:::acme-raw', objectsArn: 'arn:aws:s3:::acme-raw/runs/deep/*', prefixPattern: 'runs/deep/*' },
    ]);
    expect(rights.wholeBuckets).toMatchObject([{ bucketArn: 'arn:aws:s3:::acme-reference', objectsArn: 'arn:aws:s3:::acme-reference/*' }]);
    expect(rights.locations).toHaveLength(2);
  });
});

describe("A notebook's page", () => {
  it.each([
    ['aws', 'eu-west-1', 'https://eu-west-1.console.aws.amazon.com/'],
    ['aws-cn', 'cn-north-1', 'https://cn-north-1.console.amazonaws.cn/'],
    ['aws-us-gov', 'us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/'],
  ] as const)('is in the console of its partition: %s', (partition, region, beginning) => {
    expect(notebookUri({ partition, region }, 'images')).toBe(
      `${beginning}sagemaker/home?region=${region}#/notebook-instances/openNotebook/images?view=lab`,
    );
  });
});

describe("The consumer's quotas", () => {
  it('name an AWS page and what to do', () => {
    for (const { source, remedy } of Object.values(CONSUMER_QUOTAS)) {
      expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
      expect(remedy).not.toBe('');
    }
  });
});
