/** A limit of AWS's on the length of something we write. */
export interface Quota {
  readonly what: string;
  readonly limit: number;
  /** What is counted: `bytes` of UTF-8, or `characters` as IAM counts a policy, without white space. */
  readonly unit: 'bytes' | 'characters';
  /** Where AWS says so. */
  readonly source: string;
  /** What to do about it; completes "…; ". */
  readonly remedy: string;
}

const LAMBDA_LIMITS = 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html';
const IAM_LIMITS = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html';

/** AWS's limits on what a deployment writes, checked when it is synthesized instead of when it is applied. */
export const QUOTAS = {
  lambdaEnvironment: {
    what: "the function's environment",
    limit: 4096,
    unit: 'bytes',
    source: LAMBDA_LIMITS,
    remedy: 'shorten name or targetProvider',
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
  trustPolicy: { what: 'the trust policy of a role', limit: 2048, unit: 'characters', source: IAM_LIMITS, remedy: 'shorten name' },
  registryItem: {
    what: 'the registry, one DynamoDB item,',
    limit: 400 * 1024,
    unit: 'bytes',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html',
    remedy: 'register fewer or shorter prefixes, or make a second deployment',
  },
} as const satisfies Readonly<Record<string, Quota>>;

/** A text, the quota it falls under, and whose it is. */
export interface Measured {
  readonly quota: Quota;
  readonly text: string;
  readonly where: string;
}

/** One sentence for every text that is longer than AWS takes. */
export const quotaProblems = (texts: readonly Measured[]): readonly string[] =>
  texts.flatMap(({ quota, text, where }) => {
    const count = quota.unit === 'bytes' ? Buffer.byteLength(text) : text.replace(/\s/g, '').length;
    return count > quota.limit
      ? [`${where}: ${quota.what} would hold ${count} ${quota.unit}, and AWS takes ${quota.limit}; ${quota.remedy} (${quota.source})`]
      : [];
  });
