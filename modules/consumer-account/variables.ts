import type { Requirement, Variable } from '../module-stack';
import { ref } from '../policy-document';
import {
  ACCOUNT_PATTERN,
  deploymentVariable,
  eachMatching,
  matching,
  matchingIfGiven,
  PERMISSIONS_BOUNDARY,
  REGION_PATTERN,
  TAGS,
} from '../variables';
import { CONSUMER_NAME_PATTERN, ENVIRONMENT_NAME_PATTERN, ID_PATTERN, NOTEBOOK_NAME_PATTERN, READ_PATTERN } from './limits';

const matches = (pattern: string, value: string): string => `can(regex("${pattern}", ${value}))`;

/** A condition on something that may be left out, at any depth: `value` is tried, and nothing is as good as what fits. */
const ifGiven = (value: string, pattern: string, errorMessage: string): Requirement => ({
  condition: ref(`try(${value}, null) == null || ${matches(pattern, `try(${value}, "")`)}`),
  errorMessage,
});

/** Of two members of an object exactly one. */
const either = (variable: string, one: string, other: string): Requirement => ({
  condition: ref(`var.${variable} == null || (try(var.${variable}.${one}, null) == null) != (try(var.${variable}.${other}, null) == null)`),
  errorMessage: `Write ${one} for what exists, or ${other} for what is to be made, and not both.`,
});

const object = (members: Readonly<Record<string, string>>): string =>
  `object({ ${Object.entries(members)
    .map(([name, type]) => `${name} = ${type}`)
    .join(', ')} })`;

/** A role's name, with its path; DataZone and SageMaker are given the ARN that it makes. */
const ROLE_PATTERN = '^([a-zA-Z0-9_+=,.@-]+/)*[a-zA-Z0-9_+=,.@-]{1,64}$';
const ROLE_ADVICE = 'Write the name of a role of the account, with its path where it has one, and no ARN.';

const environment: Variable = {
  type: object({
    id: 'optional(string)',
    create: `optional(${object({
      name: 'string',
      description: 'optional(string, "")',
      blueprint_id: 'string',
      enable_blueprint: 'optional(bool, false)',
      role: 'optional(string)',
      managed_policy: 'optional(string)',
    })})`,
  }),
  description:
    "The consumer project's environment: id of one that exists, or create one of the domain's custom AWS service blueprint. Without role (the name of one that exists) its role is made too, which may open the notebook and do what managed_policy, the name of a policy managed by AWS, allows. enable_blueprint: once in an account.",
  validation: [
    either('environment', 'id', 'create'),
    ifGiven('var.environment.id', ID_PATTERN, 'Write the id of an environment.'),
    ifGiven('var.environment.create.name', ENVIRONMENT_NAME_PATTERN, 'Write the name as up to 64 letters, digits, spaces and _ -.'),
    ifGiven('var.environment.create.blueprint_id', ID_PATTERN, "Write the id of the domain's custom AWS service blueprint."),
    ifGiven('var.environment.create.role', ROLE_PATTERN, ROLE_ADVICE),
    ifGiven('var.environment.create.managed_policy', '^[a-zA-Z0-9_+=,.@/-]+$', 'Write the name of a policy managed by AWS, and no ARN.'),
  ],
};

const notebook: Variable = {
  type: object({
    name: 'optional(string)',
    create: `optional(${object({
      name: 'optional(string)',
      role: 'optional(string)',
      instance_type: 'optional(string, "ml.t3.medium")',
      volume_size: 'optional(number, 5)',
      subnet_id: 'optional(string)',
      security_group_ids: 'optional(list(string))',
      direct_internet_access: 'optional(bool, false)',
      kms_key_arn: 'optional(string)',
      platform: 'optional(string)',
    })})`,
  }),
  description:
    'A notebook instance that the environment links to: name of one that exists, or create one. Without role (the name of one that exists) its role is made too; either way it is a reader. null: none.',
  default: null,
  validation: [
    either('notebook', 'name', 'create'),
    ifGiven(
      'coalesce(var.notebook.name, var.notebook.create.name)',
      NOTEBOOK_NAME_PATTERN,
      'Write the name as up to 63 lower-case letters, digits and hyphens, with neither a hyphen first nor last.',
    ),
    ifGiven('var.notebook.create.role', ROLE_PATTERN, ROLE_ADVICE),
    {
      condition: ref(
        'try(var.notebook.create.subnet_id, null) != null || (try(var.notebook.create.direct_internet_access, true) && try(var.notebook.create.security_group_ids, null) == null)',
      ),
      errorMessage: 'Write subnet_id, or direct_internet_access = true without security_group_ids.',
    },
    {
      condition: ref('try(var.notebook.create.volume_size, 5) >= 5 && try(var.notebook.create.volume_size, 5) <= 16384'),
      errorMessage: 'Write 5 to 16384 gigabytes as volume_size.',
    },
  ],
};

const readerPolicy: Variable = {
  type: object({ reads: 'list(string)', bucket_accounts: 'list(string)' }),
  description:
    'A policy for all readers, which buckets of other accounts take beside their own: the locations, each bucket or bucket/folder/, and the accounts that own the buckets. null: none.',
  default: null,
  validation: [
    {
      condition: ref(
        `var.reader_policy == null ? true : length(var.reader_policy.reads) > 0 && alltrue([for read in var.reader_policy.reads : ${matches(READ_PATTERN, 'read')} && !can(regex("[$%][{]", read))])`,
      ),
      errorMessage: 'Write each location as a bucket, or a folder of one that ends in a slash, without * and ? and variables.',
    },
    {
      condition: ref(
        `var.reader_policy == null ? true : length(var.reader_policy.bucket_accounts) > 0 && alltrue([for account in var.reader_policy.bucket_accounts : ${matches(ACCOUNT_PATTERN, 'account')}])`,
      ),
      errorMessage: 'Write the accounts that own the buckets, each as the 12 digits of an account.',
    },
  ],
};

const subscriptionTarget: Variable = {
  type: object({ create: 'optional(bool, true)', name: 'optional(string)', manage_access_role: 'optional(string)' }),
  description:
    "The subscription target for the readers; create = false where the environment has one of this deployment already. manage_access_role, a role's name: DataZone asks for one and never takes it on; without it, the environment's role or the first reader stands for it.",
  default: {},
  validation: ifGiven('var.subscription_target.manage_access_role', ROLE_PATTERN, ROLE_ADVICE),
};

const membership: Variable = {
  type: object({ create_user_profile: 'optional(bool, false)', project_ids: 'list(string)' }),
  description:
    "In a V2 domain, the projects that the function's role becomes a member of, to read them; create_user_profile makes it a user of the domain, which it is once. null: none.",
  default: null,
  validation: {
    condition: ref(
      `var.membership == null ? true : length(var.membership.project_ids) > 0 && alltrue([for id in var.membership.project_ids : ${matches(ID_PATTERN, 'id')}])`,
    ),
    errorMessage: 'Write at least one project, each by its id.',
  },
};

/** The variables of the consumer account's module. */
export const CONSUMER_ACCOUNT_VARIABLES: Readonly<Record<string, Variable>> = {
  deployment: deploymentVariable({
    required: ['name', 'domain_id', 'domain_account', 'domain_region', 'domain_version', 'function_role_arn'],
    optional: ['target_provider', 'partition', 'prefix', 'role_path'],
  }),
  account: {
    type: 'string',
    description: "The consumer's account: the one this module is applied to, in the domain's Region.",
    validation: matching('account', ACCOUNT_PATTERN, 'Write the 12 digits of an account as a string.'),
  },
  region: {
    type: 'string',
    description: "Region of the environment and the notebook. null: the domain's.",
    default: null,
    validation: matchingIfGiven('region', REGION_PATTERN, 'Write a Region, such as eu-west-1.'),
  },
  name: {
    type: 'string',
    description: 'Name of the consumer, in the names of everything made for it: one of its own within the account.',
    validation: matching(
      'name',
      CONSUMER_NAME_PATTERN,
      'Write up to 19 lower-case letters, digits and hyphens, with neither a hyphen first nor last.',
    ),
  },
  project_id: {
    type: 'string',
    description: 'Id of the consumer project.',
    validation: matching('project_id', ID_PATTERN, 'Write the id of a DataZone project.'),
  },
  environment,
  reader_role_arns: {
    type: 'list(string)',
    description: 'Roles of the account that read what the project subscribes to, beside the role of a notebook made here.',
    default: [],
    validation: eachMatching('reader_role_arns', '^arn:[a-z-]+:iam::[0-9]{12}:role/.+$', 'Write the ARNs of roles.'),
  },
  notebook,
  reader_policy: readerPolicy,
  subscription_target: subscriptionTarget,
  membership,
  permissions_boundary: PERMISSIONS_BOUNDARY,
  tags: TAGS,
};
