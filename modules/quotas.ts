/** A limit of AWS's on something we write. */
export interface Quota {
  readonly what: string;
  readonly limit: number;
  /** What is counted: `bytes` of UTF-8, `characters` as IAM counts a policy, without white space, or things. */
  readonly unit: string;
  /** Where AWS says so. */
  readonly source: string;
  /** What to do about it; completes "…; ". */
  readonly remedy: string;
}

const LAMBDA_LIMITS = 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html';
const IAM_LIMITS = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html';
const DYNAMODB_LIMITS = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html';

/** AWS's limits on what a deployment writes, checked when it is synthesized or planned instead of when it is applied. */
export const QUOTAS = {
  lambdaEnvironment: {
    what: "the function's environment",
    limit: 4096,
    unit: 'bytes',
    source: LAMBDA_LIMITS,
    remedy: 'shorten name, namePrefix, iam.rolePath or targetProvider',
  },
  eventPattern: {
    what: "the rule's event pattern",
    limit: 2048,
    unit: 'characters',
    source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html',
    remedy: 'check the id of the domain',
  },
  rolePolicies: {
    what: 'the inline policies of a role',
    limit: 10_240,
    unit: 'characters',
    source: IAM_LIMITS,
    remedy: 'let buckets of an account share their sets of owning projects, move buckets to another account, or make a second deployment',
  },
  domainRolePolicies: {
    what: 'the inline policies of a role',
    limit: 10_240,
    unit: 'characters',
    source: IAM_LIMITS,
    remedy: 'give the organization of the bucket accounts, which then stands for the list of them',
  },
  managedPolicy: {
    what: 'a managed policy',
    limit: 6144,
    unit: 'characters',
    source: IAM_LIMITS,
    remedy: 'let fewer projects own the prefixes of one bucket',
  },
  managedPoliciesPerRole: {
    what: "a role's rights on its buckets",
    limit: 10,
    unit: 'managed policies beside the inline one',
    source: IAM_LIMITS,
    remedy: 'let buckets of the account share their sets of owning projects, move buckets to another account, or make a second deployment',
  },
  trustPolicy: {
    what: 'the trust policy of a role',
    limit: 2048,
    unit: 'characters',
    source: IAM_LIMITS,
    remedy: 'shorten name, namePrefix or iam.rolePath, or name fewer operators and auditors',
  },
  keyPolicy: {
    what: 'the policy of the key',
    limit: 32 * 1024,
    unit: 'bytes',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html',
    remedy: 'shorten namePrefix or iam.rolePath',
  },
  tablePolicy: {
    what: 'the resource policy of a table',
    limit: 20 * 1024,
    unit: 'bytes',
    source: DYNAMODB_LIMITS,
    remedy: 'name fewer writers of the registry',
  },
  queuePolicy: {
    what: 'the policy of a queue',
    limit: 8192,
    unit: 'bytes',
    source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html',
    remedy: 'name fewer writers of the registry',
  },
  registryItem: {
    what: 'the registry, one DynamoDB item,',
    limit: 400 * 1024,
    unit: 'bytes',
    source: DYNAMODB_LIMITS,
    remedy: 'register fewer or shorter prefixes, or make a second deployment',
  },
} as const satisfies Readonly<Record<string, Quota>>;

/** What Terraform says where a condition on a quota does not hold. `count` is an HCL expression for what there is. */
export const exceeds = (quota: Quota, count: string): string =>
  `${quota.what.charAt(0).toUpperCase()}${quota.what.slice(1)} would hold \${${count}} ${quota.unit}, and AWS takes ${quota.limit} (${quota.source}).`;
