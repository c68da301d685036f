import { DATAZONE_PROVIDER } from '../../handler/contract';
import { booleanOf, declareOutputs, declareVariables, mapOf, moduleJson, numberOf, type Variable } from '../module-stack';
import { listOf, ref } from '../policy-document';
import { DEPLOYMENT_VARIABLES, matching, oneOf } from '../variables';
import { DomainAccount } from './construct';

const VARIABLES: Readonly<Record<string, Variable>> = {
  ...DEPLOYMENT_VARIABLES,
  mode: {
    type: 'string',
    description: 'observe (decide and record, write no policy) or enforce.',
    validation: oneOf('mode', ['observe', 'enforce']),
  },
  existing_subscriptions: {
    type: 'string',
    description: 'grant or ignore: what becomes of subscriptions approved before this deployment first saw them.',
    validation: oneOf('existing_subscriptions', ['grant', 'ignore']),
  },
  domain_region: {
    type: 'string',
    description: 'Region of the DataZone domain: the one this module is applied in.',
    validation: matching('domain_region', '^[a-z]{2}(-[a-z]+)+-[0-9]$', 'Write a Region, such as eu-west-1.'),
  },
  domain_version: {
    type: 'string',
    description: 'v1, or v2 for SageMaker Unified Studio.',
    validation: oneOf('domain_version', ['v1', 'v2']),
  },
  buckets: {
    type: `list(object({
      name     = string
      account  = string
      region   = string
      state    = optional(string, "active")
      prefixes = list(object({ prefix = string, owning_projects = list(string) }))
    }))`.replace(/\n\s*/g, '\n'),
    description:
      'Registered buckets of all accounts. A prefix ends in a slash, or is empty for the whole bucket; owning_projects may be ["*"].',
    validation: {
      condition: ref(
        'alltrue([for bucket in var.buckets : can(regex("^[0-9]{12}$", bucket.account)) && contains(["active", "retiring"], bucket.state) && alltrue([for prefix in bucket.prefixes : can(regex("^([^/].*)?$", prefix.prefix)) && can(regex("^(.*/)?$", prefix.prefix)) && !can(regex("[*?]|[$][{]", prefix.prefix)) && length(prefix.owning_projects) > 0])])',
      ),
      errorMessage:
        'Write account as 12 digits, state as active or retiring, and a prefix that is empty or ends in a slash, does not begin with one, and holds neither * nor ? nor a policy variable, with at least one owning project.',
    },
  },
  principal_accounts: {
    type: 'list(string)',
    description: "Accounts, beside a consumer environment's own, whose roles and users may be granted access.",
    default: [],
  },
  target_provider: {
    type: 'string',
    description: 'provider of the subscription targets that this deployment fulfils.',
    default: 'datazone-s3-fulfillment',
    validation: {
      condition: ref(`var.target_provider != "" && var.target_provider != "${DATAZONE_PROVIDER}"`),
      errorMessage: `Write a provider of your own: "${DATAZONE_PROVIDER}" is fulfilled by DataZone itself.`,
    },
  },
  datazone_resource: {
    type: 'string',
    description: "What the function's DataZone actions are allowed on: * (narrowed to the domain's account), or the ARN of the domain.",
    default: '*',
    validation: matching(
      'datazone_resource',
      '^(\\*|arn:[a-z-]+:datazone:[a-z0-9-]+:[0-9]{12}:domain/dzd[_-][A-Za-z0-9_-]{1,36})$',
      'Write * or the ARN of a domain.',
    ),
  },
  handler_zip: { type: 'string', description: 'Path of handler.zip, the bundled function.' },
  runtime: { type: 'string', description: 'Lambda runtime.', default: 'nodejs22.x' },
  memory: { type: 'number', description: 'Memory of the function in megabytes.', default: 512 },
  timeout: {
    type: 'number',
    description: 'Timeout of the function in seconds; a message being worked on is invisible six times as long.',
    default: 60,
    validation: { condition: ref('var.timeout >= 30 && var.timeout <= 900'), errorMessage: 'Write 30 to 900 seconds.' },
  },
  log_retention_days: { type: 'number', description: 'Days that the log is kept.', default: 365 },
  queue_retention_days: {
    type: 'number',
    description: 'Days that the queue keeps a message that cannot be worked on.',
    default: 4,
    validation: { condition: ref('var.queue_retention_days >= 1 && var.queue_retention_days <= 14'), errorMessage: 'Write 1 to 14 days.' },
  },
  deletion_protection: { type: 'bool', description: 'Whether the ledger refuses to be deleted.', default: true },
};

/** The domain account's side as a Terraform module: `main.tf.json`. */
export const domainAccountModule = (): string =>
  moduleJson((stack) => {
    declareVariables(stack, VARIABLES);
    const domainAccount = new DomainAccount(stack, 'Default', {
      name: ref('var.name'),
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
      targetProvider: ref('var.target_provider'),
      buckets: {
        expression: 'var.buckets',
        item: {
          name: ref('item.name'),
          account: ref('item.account'),
          region: ref('item.region'),
          // The type's validation admits these two words; the reference stands for either.
          state: ref('item.state') as 'active' | 'retiring',
          prefixes: listOf('[for prefix in item.prefixes : { prefix = prefix.prefix, owningProjects = prefix.owning_projects }]'),
        },
      },
      bucketAccounts: listOf('sort(distinct([for bucket in var.buckets : bucket.account]))'),
      principalAccounts: listOf('var.principal_accounts'),
      handler: { path: ref('var.handler_zip'), hash: ref('filebase64sha256(var.handler_zip)') },
      function: {
        runtime: ref('var.runtime'),
        memory: numberOf('var.memory'),
        timeout: numberOf('var.timeout'),
        visibilityTimeout: numberOf('6 * var.timeout'),
        logRetention: numberOf('var.log_retention_days'),
      },
      queueRetention: numberOf('86400 * var.queue_retention_days'),
      deletionProtection: booleanOf('var.deletion_protection'),
      tags: mapOf('var.tags'),
    });
    declareOutputs(stack, {
      queue_arn: { value: domainAccount.queue.arn, description: 'The queue of events and requests.' },
      dead_letter_queue_arn: { value: domainAccount.deadLetters.arn, description: 'Messages that could not be worked on.' },
      undelivered_queue_arn: { value: domainAccount.undelivered.arn, description: 'Events that the rule could not deliver.' },
      function_arn: { value: domainAccount.function.arn, description: 'The fulfillment function.' },
      function_role_arn: { value: domainAccount.role.arn, description: 'The role that editor roles trust.' },
      registry_table: { value: domainAccount.registry.name, description: 'Name of the table of registered buckets.' },
      ledger_table: { value: domainAccount.ledger.name, description: 'Name of the table of grants and their history.' },
    });
  });
