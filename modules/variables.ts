import type { Requirement, Variable } from './module-stack';
import { ref } from './policy-document';

/** Patterns in the syntax of Terraform's `regex`, which knows no look-ahead. They hold no backslash, which HCL would want doubled. */
export const ACCOUNT_PATTERN = '^[0-9]{12}$';
export const BUCKET_NAME_PATTERN = '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$';
export const PROJECT_PATTERN = '^([*]|[a-zA-Z0-9_-]{1,36})$';
export const REGION_PATTERN = '^[a-z]{2}(-[a-z]+)+-[0-9]$';
export const NAME_PATTERN = '^[a-z][a-z0-9-]{0,18}[a-z0-9]$';
export const PREFIX_PATTERN = '^[a-z][a-z0-9-]{0,30}[a-z0-9]$';
export const ROLE_PATH_PATTERN = '^([a-zA-Z0-9_+=,.@-]+/)*$';
export const DOMAIN_ID_PATTERN = '^dzd[_-][A-Za-z0-9_-]{1,36}$';

const NAME_ADVICE = '2 to 20 lower-case letters, digits and hyphens, beginning with a letter and not ending in a hyphen';
const PREFIX_ADVICE = '2 to 32 lower-case letters, digits and hyphens, beginning with a letter and not ending in a hyphen';
/** With the slash before it IAM takes 512 characters. https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
export const LONGEST_ROLE_PATH = 511;
const ROLE_PATH_ADVICE = 'a path without the slash before it and with the one behind it, such as service/, or nothing';

const regex = (pattern: string, value: string): string => `can(regex("${pattern.replaceAll('\\', '\\\\')}", ${value}))`;

/** A regular expression that a variable has to match, and what to write where it does not. */
export const matching = (variable: string, pattern: string, errorMessage: string): Requirement => ({
  condition: ref(regex(pattern, `var.${variable}`)),
  errorMessage,
});

/** The same for a variable that may be null. */
export const matchingIfGiven = (variable: string, pattern: string, errorMessage: string): Requirement => ({
  condition: ref(`var.${variable} == null || ${regex(pattern, `var.${variable}`)}`),
  errorMessage,
});

/** A regular expression that every item of a list has to match. */
export const eachMatching = (variable: string, pattern: string, errorMessage: string): Requirement => ({
  condition: ref(`alltrue([for item in var.${variable} : ${regex(pattern, 'item')}])`),
  errorMessage,
});

/** The words that a variable may hold. */
export const oneOf = (variable: string, words: readonly string[]): Requirement => ({
  condition: ref(`contains(${JSON.stringify(words)}, var.${variable})`),
  errorMessage: `Write ${words.join(' or ')}.`,
});

interface Bounds {
  readonly from: number;
  readonly to: number;
  readonly unit: string;
}

const isWithin = (value: string, { from, to }: Bounds): string => `${value} >= ${from} && ${value} <= ${to} && floor(${value}) == ${value}`;

/** The whole numbers that a variable may hold. */
export const within = (variable: string, bounds: Bounds): Requirement => ({
  condition: ref(isWithin(`var.${variable}`, bounds)),
  errorMessage: `Write a whole number from ${bounds.from} to ${bounds.to} (${bounds.unit}).`,
});

/** The same for a variable that may be null. Terraform looks at both sides of `||`, and null compares with no number. */
export const withinIfGiven = (variable: string, bounds: Bounds): Requirement => ({
  ...within(variable, bounds),
  condition: ref(`var.${variable} == null || try(${isWithin(`var.${variable}`, bounds)}, false)`),
});

/** Tags of every resource. */
export const TAGS: Variable = { type: 'map(string)', description: 'Tags of every resource.', default: {} };

/** What bounds every role that a module creates. */
export const PERMISSIONS_BOUNDARY: Variable = {
  type: 'string',
  description: 'ARN of a policy that bounds every role. null: none.',
  default: null,
  validation: matchingIfGiven('permissions_boundary', '^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/.+$', 'Write the ARN of an IAM policy.'),
};

/** What a member of the domain-account module's output `deployment` must be, and what it is where a hand-written one leaves it out. */
const DEPLOYMENT_MEMBERS = {
  name: { type: 'string', pattern: NAME_PATTERN, advice: `name: ${NAME_ADVICE}` },
  domain_id: { type: 'string', pattern: DOMAIN_ID_PATTERN, advice: 'domain_id: the id of a DataZone domain, such as dzd_bc8e1ez8r2a6xz' },
  domain_account: { type: 'string', pattern: ACCOUNT_PATTERN, advice: 'domain_account: the 12 digits of an account' },
  domain_region: { type: 'string', pattern: REGION_PATTERN, advice: 'domain_region: a Region, such as eu-west-1' },
  domain_version: { type: 'string', pattern: '^v[12]$', advice: 'domain_version: v1 or v2' },
  target_provider: {
    type: 'string',
    fallback: '"datazone-s3-fulfillment"',
    pattern: '^.{1,128}$',
    advice: 'target_provider: at most 128 characters',
  },
  partition: { type: 'string', fallback: '"aws"', pattern: '^aws(-cn|-us-gov)?$', advice: 'partition: aws, aws-cn or aws-us-gov' },
  prefix: { type: 'string', pattern: PREFIX_PATTERN, advice: `prefix: ${PREFIX_ADVICE}` },
  function_role_arn: {
    type: 'string',
    pattern: '^arn:[a-z-]+:iam::[0-9]{12}:role/.+$',
    advice: "function_role_arn: the ARN of the function's role",
  },
  role_path: { type: 'string', fallback: '""', pattern: ROLE_PATH_PATTERN, advice: `role_path: ${ROLE_PATH_ADVICE}` },
} as const satisfies Readonly<Record<string, { type: string; pattern: string; advice: string; fallback?: string }>>;

/** A member of the `deployment` object. */
export type DeploymentMember = keyof typeof DEPLOYMENT_MEMBERS;

/** The variable `deployment` of a module that is told by the domain account's whom it serves, with the members that it needs. */
export const deploymentVariable = (members: {
  readonly required: readonly DeploymentMember[];
  readonly optional: readonly DeploymentMember[];
}): Variable => {
  const optional = members.optional.map((member) => {
    const { type, ...rest } = DEPLOYMENT_MEMBERS[member];
    return `${member} = optional(${type}${'fallback' in rest ? `, ${rest.fallback}` : ''})`;
  });
  const required = members.required.map((member) => `${member} = ${DEPLOYMENT_MEMBERS[member].type}`);
  return {
    type: `object({ ${[...required, ...optional].join(', ')} })`,
    description: "The domain-account module's output of this name: names and place of the deployment that this module belongs to.",
    validation: [...members.required, ...members.optional].map((member) => {
      const { pattern, advice } = DEPLOYMENT_MEMBERS[member];
      const value = `var.deployment.${member}`;
      return { condition: ref(`${value} == null || ${regex(pattern, value)}`), errorMessage: `Write as ${advice}.` };
    }),
  };
};

/** Who a deployment is, and where its domain lives: told to the domain account's module, which tells the others. */
export const IDENTITY_VARIABLES = {
  name: {
    type: 'string',
    description: 'Name of the deployment: prefix of every name and key of every statement. Never change it.',
    validation: matching('name', NAME_PATTERN, `Write ${NAME_ADVICE}.`),
  },
  name_prefix: {
    type: 'string',
    description: 'Prefix of every name in AWS where it is not to be the name of the deployment. null: the name.',
    default: null,
    validation: matchingIfGiven('name_prefix', PREFIX_PATTERN, `Write ${PREFIX_ADVICE}.`),
  },
  role_path: {
    type: 'string',
    description: 'Path of all roles and policies in IAM, without the slash before it, such as service/.',
    default: '',
    validation: [
      matching('role_path', ROLE_PATH_PATTERN, `Write ${ROLE_PATH_ADVICE}.`),
      { condition: ref(`length(var.role_path) <= ${LONGEST_ROLE_PATH}`), errorMessage: `Write at most ${LONGEST_ROLE_PATH} characters.` },
    ],
  },
  partition: {
    type: 'string',
    description: 'AWS partition of all accounts.',
    default: 'aws',
    validation: oneOf('partition', ['aws', 'aws-cn', 'aws-us-gov']),
  },
  domain_id: {
    type: 'string',
    description: 'Id of the DataZone domain.',
    validation: matching('domain_id', DOMAIN_ID_PATTERN, 'Write the id of a DataZone domain, such as dzd_bc8e1ez8r2a6xz.'),
  },
  domain_account: {
    type: 'string',
    description: 'Account that hosts the DataZone domain: the one this module is applied to.',
    validation: matching('domain_account', ACCOUNT_PATTERN, 'Write the 12 digits of an account as a string.'),
  },
  domain_region: {
    type: 'string',
    description: 'Region of the DataZone domain: the one this module is applied in.',
    validation: matching('domain_region', REGION_PATTERN, 'Write a Region, such as eu-west-1.'),
  },
  domain_version: {
    type: 'string',
    description: 'v1, or v2 for SageMaker Unified Studio.',
    validation: oneOf('domain_version', ['v1', 'v2']),
  },
} as const satisfies Readonly<Record<string, Variable>>;
