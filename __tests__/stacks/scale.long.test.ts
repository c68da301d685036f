import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { DeploymentError } from '../../src/deployment/problem';
import { QUOTAS } from '../../src/deployment/quotas';
import { type Configuration, ONE_ACCOUNT, resourceOf, resourcesOf, stackOf, statementsOf, synthesized } from './synthesized';

const ACCOUNT = '222222222222';
/** The deployment up to its bucket accounts. */
const HEAD = ONE_ACCOUNT.slice(0, ONE_ACCOUNT.indexOf('  - account'));

interface Bucket {
  readonly name: string;
  readonly project: string;
}

const accountYaml = (account: string, buckets: readonly Bucket[]) =>
  `  - account: "${account}"\n    buckets:\n${buckets
    .map(({ name, project }) => `      - { name: ${name}, prefixes: [{ prefix: runs/, owningProjects: ["${project}"] }] }\n`)
    .join('')}`;

/** A name of a given length, and a project id as long as DataZone's. */
const bucketsOf = (count: number, { length, projects }: { readonly length: number; readonly projects: number }): readonly Bucket[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `acme-${index}-`.padEnd(length, 'x'),
    project: `project${String(index % projects).padStart(7, '0')}`,
  }));

const withBuckets = (buckets: readonly Bucket[]) =>
  stackOf(synthesized(`${HEAD}${accountYaml(ACCOUNT, buckets)}`), `bucket-account-${ACCOUNT}`);

const accounts = (count: number) => Array.from({ length: count }, (_, index) => String(200_000_000_000 + index));
const withAccounts = (count: number, rest = '') =>
  `${HEAD}${accounts(count)
    .map((account) => accountYaml(account, [{ name: `acme-raw-${account}`, project: '5a3se66qm88947' }]))
    .join('')}${rest}`;

/** Policies of one of the bucket account's roles: the inline one, and the managed ones that are attached. */
const policiesOf = (stack: Configuration, role: 'editor' | 'inspector') => {
  const managed = resourcesOf(stack).filter(([address]) => address.startsWith(`aws_iam_policy.${role}_`));
  const attached = resourcesOf(stack).filter(([address]) => address.startsWith(`aws_iam_role_policy_attachment.${role}_`));
  const arns = managed.map(([, { name }]) => `arn:aws:iam::${ACCOUNT}:policy/${name}`);
  expect(attached.map(([, one]) => one['policy_arn'])).toEqual(arns);
  return {
    inline: String(resourceOf(stack, `aws_iam_role_policy.${role}_policy`)['policy']),
    managed: managed.map(([, one]) => String(one['policy'])),
  };
};

/** The buckets that policies allow something on, each with the tag values that it is allowed for. */
const allowed = (policies: readonly string[]) =>
  policies
    .flatMap(statementsOf)
    .flatMap(({ Effect, Resource = [], Condition }) =>
      Effect === 'Allow'
        ? [Resource].flat().map((arn) => ({ arn, tags: Condition?.['StringLike']?.['aws:PrincipalTag/OwningProject'] }))
        : [],
    );

describe('300 buckets in one account', () => {
  it.each([
    ['of owning projects of their own, with the longest names', { length: 63, projects: 300 }],
    ['of owning projects of their own', { length: 30, projects: 300 }],
    ['of ten owning projects', { length: 63, projects: 10 }],
    ['of one owning project', { length: 63, projects: 1 }],
  ])('%s, fit the policies of its roles', (_, shape) => {
    const buckets = bucketsOf(300, shape);
    const stack = withBuckets(buckets);
    for (const role of ['editor', 'inspector'] as const) {
      const { inline, managed } = policiesOf(stack, role);
      expect(inline.length).toBeLessThanOrEqual(QUOTAS.rolePolicies.limit);
      expect(managed.length).toBeLessThanOrEqual(QUOTAS.managedPoliciesPerRole.limit);
      for (const policy of managed) expect(policy.length).toBeLessThanOrEqual(QUOTAS.managedPolicy.limit);
      expect(
        allowed([inline, ...managed])
          .map(({ arn }) => arn)
          .sort(),
      ).toEqual(buckets.map(({ name }) => `arn:aws:s3:::${name}`).sort());
    }
  });

  it('are each edited in the name of its own project alone', () => {
    const buckets = bucketsOf(300, { length: 30, projects: 300 });
    const { inline, managed } = policiesOf(withBuckets(buckets), 'editor');
    expect(managed.length).toBeGreaterThan(1);
    const tags = new Map(allowed([inline, ...managed]).map((one) => [one.arn, one.tags]));
    for (const { name, project } of buckets) expect(tags.get(`arn:aws:s3:::${name}`)).toEqual([project, '-']);
  });
});

describe('More buckets than an account has room for', () => {
  it('are refused, with what they would take and what AWS takes', () => {
    const attempt = () => withBuckets(bucketsOf(600, { length: 63, projects: 600 }));
    expect(attempt).toThrow(DeploymentError);
    expect(attempt).toThrow(
      /account 222222222222 \(buckets\): a role's rights on its buckets would hold 2\d managed policies beside the inline one, and AWS takes 10; let buckets of the account share/,
    );
  });

  it('are refused for every account at once', () => {
    const full = bucketsOf(600, { length: 63, projects: 600 });
    const yaml = `${HEAD}${accountYaml(ACCOUNT, full)}${accountYaml(
      '333333333333',
      full.map(({ name, ...rest }) => ({ ...rest, name: name.replace('acme', 'also') })),
    )}`;
    expect(() => synthesized(yaml)).toThrow(/222222222222[\s\S]*333333333333/);
  });
});

describe('1,000 accounts', () => {
  const ORGANIZATION = 'organization: o-a1b2c3d4e5\n';

  it('fit every policy, pattern, environment and item, with their organization', () => {
    const people = 'operators: ["arn:aws:iam::111111111111:role/Ops"]\nauditors: ["arn:aws:iam::111111111111:role/Audit"]\n';
    const stack = stackOf(synthesized(withAccounts(1000, `${ORGANIZATION}${people}`)), 'domain-account');
    for (const role of ['role', 'operator', 'auditor']) {
      const policy = String(resourceOf(stack, `aws_iam_role_policy.${role}_policy`)['policy']);
      expect(policy.length).toBeLessThanOrEqual(QUOTAS.domainRolePolicies.limit);
    }
    const item = JSON.parse(String(resourceOf(stack, 'aws_dynamodb_table_item.registry_item')['item']));
    expect(JSON.parse(item.document.S).buckets).toHaveLength(1000);
    expect(Buffer.byteLength(item.document.S)).toBeLessThanOrEqual(QUOTAS.registryItem.limit);
  });

  it('are refused without it, with the count, the limit, and what to write', () => {
    expect(() => synthesized(withAccounts(1000))).toThrow(
      /account 111111111111 \(domain\): the inline policies of a role would hold 1\d{4} characters, and AWS takes 10240; give the organization/,
    );
  });

  it('need it above 500: so many fit as a list', () => {
    expect(() => synthesized(withAccounts(500))).not.toThrow();
  });
});

describe('200 accounts', () => {
  /** Seconds of the processor and megabytes that a process of its own takes to synthesize a deployment. */
  const synthesis = (count: number) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', 'tsx', resolve(__dirname, 'measure-synthesis.ts')], {
      input: withAccounts(count),
      encoding: 'utf8',
      cwd: resolve(__dirname, '../..'),
    });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as { readonly seconds: number; readonly megabytes: number; readonly stacks: number };
  };

  it('are synthesized in 300 MB, ten times as many stacks as 20 being no more than ten times the work', () => {
    const few = synthesis(20);
    const many = synthesis(200);
    expect([few.stacks, many.stacks]).toEqual([21, 201]);
    expect(many.seconds / few.seconds).toBeLessThan(15);
    expect(many.megabytes / few.megabytes).toBeLessThan(2);
    expect(many.megabytes).toBeLessThan(300);
  });
});
