import type { RegisteredBucketEntry } from '../../handler/contract/registry';
import { booleanOf, declareLocals, declareOutputs, declareVariables, mapOf, moduleJson, numberOf, requireBefore } from '../module-stack';
import { type Items, listOf, ref } from '../policy-document';
import { DomainAccount } from './construct';
import { domainAccountOutputs } from './outputs';
import type { DomainAccountProps, People } from './props';
import { requireWhatFits } from './requirements';
import { DOMAIN_ACCOUNT_VARIABLES } from './variables';

/** Whether a nullable variable was given. */
const given = (variable: string) => ({ condition: `var.${variable} != null` });

const BUCKETS: Items<RegisteredBucketEntry> = {
  expression: 'var.buckets',
  item: {
    name: ref('item.name'),
    account: ref('item.account'),
    region: ref('item.region'),
    // The variable's validation admits these two words; the reference stands for either.
    state: ref('item.state') as 'active' | 'retiring',
    prefixes: listOf('[for prefix in item.prefixes : { prefix = prefix.prefix, owningProjects = prefix.owning_projects }]'),
  },
};

/** What turns the ARN of a role or user into its account's root: a regular expression, and what to put in the place of what it finds. */
const ROOT_LOCALS = { principal_of_account: '"/:(role|user)[/].*/"', root_of_account: '":root"' };

const people = (variable: string): People => ({
  wanted: { condition: `length(var.${variable}) > 0` },
  principals: listOf(`var.${variable}`),
  accountRoots: listOf(`distinct([for arn in var.${variable} : replace(arn, local.principal_of_account, local.root_of_account)])`),
});

const settings = (): DomainAccountProps => ({
  name: ref('var.name'),
  prefix: ref('coalesce(var.name_prefix, var.name)'),
  rolePath: ref('var.role_path'),
  mode: ref('var.mode'),
  existingSubscriptions: ref('var.existing_subscriptions'),
  domain: {
    id: ref('var.domain_id'),
    account: ref('var.domain_account'),
    region: ref('var.domain_region'),
    partition: ref('var.partition'),
    version: ref('var.domain_version'),
  },
  dataZoneResource: ref('var.datazone_resource'),
  domainKey: { wanted: given('domain_kms_key_arn'), value: ref('var.domain_kms_key_arn') },
  targetProvider: ref('var.target_provider'),
  missingGrants: ref('var.missing_grants'),
  removalCap: ref('var.removal_cap'),
  expiresAfter: ref('var.grants_expire_after_days == null ? "never" : tostring(var.grants_expire_after_days)'),
  createsGrants: { condition: 'var.missing_grants == "create"' },
  buckets: BUCKETS,
  bucketAccounts: {
    byOrganization: given('organization_id'),
    accounts: listOf('sort(distinct([for bucket in var.buckets : bucket.account]))'),
    organization: ref('var.organization_id'),
  },
  principalAccounts: listOf('var.principal_accounts'),
  registryWriters: { wanted: { condition: 'length(var.registry_writers) > 0' }, value: listOf('var.registry_writers') },
  handler: {
    path: ref('var.handler_zip'),
    bucket: ref('try(var.handler_s3.bucket, null)'),
    key: ref('try(var.handler_s3.key, null)'),
    version: ref('try(var.handler_s3.object_version, null)'),
    hash: ref('var.handler_zip == null ? try(var.handler_s3.sha256, null) : filebase64sha256(var.handler_zip)'),
  },
  function: {
    runtime: ref('var.runtime'),
    memory: numberOf('var.memory'),
    timeout: numberOf('var.timeout'),
    visibilityTimeout: numberOf('6 * var.timeout'),
    logRetention: numberOf('var.log_retention_days'),
    tracing: { condition: 'var.tracing' },
    vpc: { wanted: given('vpc'), value: { subnets: listOf('var.vpc.subnet_ids'), securityGroups: listOf('var.vpc.security_group_ids') } },
    codeSigningConfig: ref('var.code_signing_config_arn'),
  },
  queueRetention: numberOf('86400 * var.queue_retention_days'),
  deletionProtection: booleanOf('var.deletion_protection'),
  operators: people('operator_principals'),
  auditors: people('auditor_principals'),
  alarms: {
    wanted: given('alarms'),
    value: { topicArn: ref('var.alarms.topic_arn'), longestWait: numberOf('60 * var.alarms.waiting_minutes') },
  },
  dashboard: { condition: 'var.dashboard' },
  encryption: {
    wanted: given('kms_key'),
    create: { condition: 'try(var.kms_key.create, false)' },
    existing: { wanted: { condition: 'var.kms_key != null && !try(var.kms_key.create, false)' }, value: ref('var.kms_key.arn') },
    keyArn: ref('try(var.kms_key.create, false) ? one(aws_kms_key.key[*].arn) : try(var.kms_key.arn, null)'),
  },
  permissionsBoundary: ref('var.permissions_boundary'),
  tags: mapOf('var.tags'),
});

/** The domain account's side as a Terraform module: `main.tf.json`. */
export const domainAccountModule = (): string =>
  moduleJson((stack) => {
    declareVariables(stack, DOMAIN_ACCOUNT_VARIABLES);
    declareLocals(stack, ROOT_LOCALS);
    const domainAccount = new DomainAccount(stack, 'Default', settings());
    requireBefore(domainAccount.fulfillment.function, {
      condition: ref('(var.handler_zip == null) != (var.handler_s3 == null)'),
      errorMessage: 'Write either handler_zip or handler_s3.',
    });
    requireWhatFits(stack, domainAccount);
    declareOutputs(stack, domainAccountOutputs(domainAccount));
  });
