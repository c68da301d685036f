import { Token } from 'cdktf';
import { declareLocals, declareOutputs, declareVariables, mapOf, moduleJson, numberOf } from '../module-stack';
import { type Expression, listOf, ref } from '../policy-document';
import { ConsumerAccount } from './construct';
import { consumerNamesOf } from './names';
import { notebookUriExpression } from './notebook-uri';
import type { ConsumerAccountProps } from './props';
import { readRightsExpression } from './read-rights';
import { requireWhatFits } from './requirements';
import { CONSUMER_ACCOUNT_VARIABLES } from './variables';

const NAMES = consumerNamesOf(ref('local.prefix'), ref('var.name'));

/** ARN of the role that `create` names, or of the one that is made; null where nothing is made. */
const roleOf = (create: string, made: string): string =>
  `one([for create in ${create}[*] : create.role == null ? "\${local.roles}\${var.deployment.role_path}${made}" : "\${local.roles}\${create.role}"])`;

/** What is asked for more than once. */
const LOCALS = {
  prefix: 'coalesce(var.deployment.prefix, var.deployment.name)',
  consumer_region: 'coalesce(var.region, var.deployment.domain_region)',
  roles: '"arn:${var.deployment.partition}:iam::${var.account}:role/"',
  environment_role: roleOf('var.environment.create', NAMES.environmentRole),
  consumer_environment: 'var.environment.id == null ? one(aws_cloudformation_stack.environment[*].outputs.Id) : var.environment.id',
  notebook_instance: `var.notebook == null ? null : coalesce(var.notebook.name, try(var.notebook.create.name, null), "${NAMES.notebook}")`,
  notebook_role: `var.notebook == null ? null : ${roleOf('var.notebook.create', NAMES.notebookRole)}`,
  principals: 'distinct(concat(var.reader_role_arns, local.notebook_role[*]))',
  access_manager:
    'var.subscription_target.manage_access_role == null ? coalesce(local.environment_role, try(local.principals[0], null)) : "${local.roles}${var.subscription_target.manage_access_role}"',
};

const expression = (text: string): Expression => ({ text, known: false });

const MAKES_ENVIRONMENT = 'var.environment.create != null';
const MAKES_ENVIRONMENT_ROLE = 'try(var.environment.create.role == null, false)';
const MAKES_NOTEBOOK = 'try(var.notebook.create != null, false)';

type Settings = Omit<ConsumerAccountProps, 'naming' | 'consumer' | 'place' | 'domain' | 'project' | 'functionRoleArn'>;

const environmentParts: Settings = {
  environmentId: ref('local.consumer_environment'),
  blueprint: {
    choice: { condition: 'try(var.environment.create.enable_blueprint, false)' },
    id: ref('var.environment.create.blueprint_id'),
  },
  environmentRole: { choice: { condition: MAKES_ENVIRONMENT_ROLE } },
  notebookAccess: { choice: { condition: `${MAKES_ENVIRONMENT_ROLE} && var.notebook != null` }, notebook: ref('local.notebook_instance') },
  managedPolicy: {
    choice: { condition: `${MAKES_ENVIRONMENT_ROLE} && try(var.environment.create.managed_policy, null) != null` },
    name: ref('var.environment.create.managed_policy'),
  },
  environment: {
    choice: { condition: MAKES_ENVIRONMENT },
    name: ref('var.environment.create.name'),
    description: ref('var.environment.create.description'),
    blueprint: ref('var.environment.create.blueprint_id'),
    roleArn: expression('local.environment_role'),
  },
};

const notebookParts: Settings = {
  notebookRole: { choice: { condition: 'try(var.notebook.create.role == null, false)' } },
  notebook: {
    choice: { condition: MAKES_NOTEBOOK },
    name: ref('local.notebook_instance'),
    roleArn: ref('local.notebook_role'),
    instanceType: ref('var.notebook.create.instance_type'),
    volumeSize: numberOf('var.notebook.create.volume_size'),
    directInternetAccess: ref('var.notebook.create.direct_internet_access ? "Enabled" : "Disabled"'),
    subnet: ref('var.notebook.create.subnet_id'),
    securityGroups: Token.asList(ref('var.notebook.create.security_group_ids')),
    kmsKey: ref('var.notebook.create.kms_key_arn'),
    platform: ref('var.notebook.create.platform'),
  },
  notebookLink: {
    choice: { condition: 'var.notebook != null' },
    uri: notebookUriExpression({ partition: 'var.deployment.partition', region: 'local.consumer_region' }, 'local.notebook_instance'),
  },
};

const readingParts: Settings = {
  reader: {
    choice: { condition: 'var.reader_policy != null' },
    rights: readRightsExpression('var.deployment.partition', 'var.reader_policy.reads'),
    bucketAccounts: listOf('var.reader_policy.bucket_accounts'),
    roles: Token.asList(ref('[for arn in local.principals : basename(arn)]')),
  },
  subscriptionTarget: {
    choice: { condition: 'var.subscription_target.create' },
    name: ref('coalesce(var.subscription_target.name, local.prefix)'),
    provider: ref('var.deployment.target_provider'),
    principals: expression('local.principals'),
    manageAccessRole: expression('local.access_manager'),
  },
  userProfile: { choice: { condition: 'try(var.membership.create_user_profile, false)' } },
  membership: {
    choice: { condition: 'var.membership != null' },
    projects: { expression: 'toset(var.membership.project_ids)', item: ref('item') },
  },
};

/** A consumer's side as a Terraform module: `main.tf.json`. */
export const consumerAccountModule = (): string =>
  moduleJson((stack) => {
    declareVariables(stack, CONSUMER_ACCOUNT_VARIABLES);
    declareLocals(stack, LOCALS);
    const account = new ConsumerAccount(stack, 'Default', {
      ...environmentParts,
      ...notebookParts,
      ...readingParts,
      naming: { prefix: ref('local.prefix'), rolePath: ref('var.deployment.role_path') },
      consumer: ref('var.name'),
      place: { partition: ref('var.deployment.partition'), region: ref('local.consumer_region'), account: ref('var.account') },
      domain: { id: ref('var.deployment.domain_id'), account: ref('var.deployment.domain_account') },
      project: ref('var.project_id'),
      functionRoleArn: ref('var.deployment.function_role_arn'),
      permissionsBoundary: ref('var.permissions_boundary'),
      tags: mapOf('var.tags'),
    });
    requireWhatFits(stack, account);
    declareOutputs(stack, {
      environment_id: { value: ref('local.consumer_environment'), description: 'The environment, made here or not.' },
      environment_role_arn: { value: ref('local.environment_role'), description: 'The role of an environment made here.' },
      notebook_name: { value: ref('local.notebook_instance'), description: 'The notebook instance that the environment links to.' },
      notebook_role_arn: { value: ref('local.notebook_role'), description: 'The role of a notebook made here.' },
      principal_arns: { value: ref('local.principals'), description: 'All readers: the principals of the subscription target.' },
      reader_policy_arn: { value: ref('one(aws_iam_policy.reader[*].arn)'), description: 'The policy attached to all readers.' },
    });
  });
