import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DeploymentError } from '../../src/deployment/problem';
import { type Configuration, resourceOf, stackOf, synthesized } from './synthesized';

const EXAMPLE = readFileSync(resolve(__dirname, '../../deployment.example.yaml'), 'utf8');
const ONE_ACCOUNT = readFileSync(resolve(__dirname, '../../examples/one-account.yaml'), 'utf8');
const stacks = synthesized(EXAMPLE);

const JSON_ATTRIBUTES = ['policy', 'assume_role_policy', 'event_pattern', 'item', 'redrive_policy'];

/** Every attribute of a stack that holds JSON text, and the environment. */
const documentsOf = (stack: Configuration): readonly string[] =>
  Object.values(stack.resource)
    .flatMap((byName) => Object.values(byName))
    .flatMap((resource) => JSON_ATTRIBUTES.flatMap((attribute) => (attribute in resource ? [String(resource[attribute])] : [])));

describe('A deployment', () => {
  it('has a stack for the domain account and one for each bucket account, the same account or not', () => {
    expect(Object.keys(stacks)).toEqual(['domain-account', 'bucket-account-222222222222', 'bucket-account-111111111111']);
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

  it('is refused as a whole where AWS would refuse a policy for its length', () => {
    const bucket = (index: number) =>
      `      - { name: acme-bucket-${index}, prefixes: [{ prefix: runs/, owningProjects: [project-${index}] }] }\n`;
    const account = (id: string) =>
      `  - account: "${id}"\n    buckets:\n${Array.from({ length: 60 }, (_, index) => bucket(Number(id.slice(-3)) + index)).join('')}`;
    const yaml = `${ONE_ACCOUNT.slice(0, ONE_ACCOUNT.indexOf('  - account'))}${account('222222222100')}${account('222222222200')}`;
    const attempt = () => synthesized(yaml);
    expect(attempt).toThrow(DeploymentError);
    expect(attempt).toThrow(
      /account 222222222100 \(buckets\): the inline policies of a role would hold \d+ characters, and AWS takes 10240; let buckets/,
    );
    expect(attempt).toThrow(/account 222222222200/);
  });
});

describe('The snapshot', () => {
  const withoutHashes = (stack: Configuration) =>
    JSON.parse(
      JSON.stringify(stack)
        .replaceAll(/[0-9a-f]{64}/g, '<sha256>')
        .replaceAll(/"source_code_hash":"[^"]*"/g, '"source_code_hash":"<sha256>"'),
    );

  it.each(Object.entries(stacks))('of %s', (_, stack) => {
    expect(withoutHashes(stack)).toMatchSnapshot();
  });

  it('covers the function, whose code is uploaded beside the stack', () => {
    expect(resourceOf(stackOf(stacks, 'domain-account'), 'aws_lambda_function.function')['filename']).toMatch(
      /^assets\/handler\/[0-9a-f]{64}\/handler\.zip$/,
    );
  });
});
