import { ref } from '../policy-document';
import type { DomainAccount } from './construct';

interface Output {
  readonly value: unknown;
  readonly description: string;
}

/** What other modules take unchanged, and every name and ARN that another system needs. */
export const domainAccountOutputs = ({
  queues,
  rule,
  tables,
  fulfillment,
  scheduler,
  names,
  arns,
}: DomainAccount): Readonly<Record<string, Output>> => {
  const ifAny = (principals: string, arn: string) => ref(`length(var.${principals}) > 0 ? "${arn}" : null`);
  return {
    deployment: {
      value: {
        name: ref('var.name'),
        prefix: ref('coalesce(var.name_prefix, var.name)'),
        role_path: ref('var.role_path'),
        partition: ref('var.partition'),
        domain_id: ref('var.domain_id'),
        domain_account: ref('var.domain_account'),
        domain_region: ref('var.domain_region'),
        domain_version: ref('var.domain_version'),
        target_provider: ref('var.target_provider'),
        function_role_arn: arns.functionRole,
      },
      description: 'Names and place of this deployment: the input of the same name of the bucket-account and consumer-account modules.',
    },
    queue_arn: { value: queues.queue.arn, description: 'The queue of events and requests.' },
    queue_url: { value: queues.queue.url, description: 'Its URL, to which requests are sent.' },
    dead_letter_queue_arn: { value: queues.deadLetters.arn, description: 'Messages that could not be worked on.' },
    dead_letter_queue_url: { value: queues.deadLetters.url, description: 'Its URL.' },
    undelivered_queue_arn: { value: queues.undelivered.arn, description: 'Events that the rule could not deliver.' },
    undelivered_queue_url: { value: queues.undelivered.url, description: 'Its URL.' },
    rule_arn: { value: rule.arn, description: "The rule on the account's default event bus." },
    function_name: { value: fulfillment.function.functionName, description: 'The fulfillment function.' },
    function_arn: { value: fulfillment.function.arn, description: 'Its ARN.' },
    function_role_arn: { value: fulfillment.role.arn, description: 'The role that editor roles trust.' },
    scheduler_role_arn: { value: scheduler.arn, description: 'The role that sends scheduled messages.' },
    operator_role_arn: {
      value: ifAny('operator_principals', arns.operatorRole),
      description: 'The role that may command. null: there is none.',
    },
    auditor_role_arn: { value: ifAny('auditor_principals', arns.auditorRole), description: 'The role that may look. null: there is none.' },
    log_group: { value: names.logGroup, description: "Name of the function's log group." },
    registry_table: { value: tables.registry.name, description: 'Name of the table of registered buckets.' },
    registry_table_arn: { value: tables.registry.arn, description: 'Its ARN.' },
    ledger_table: { value: tables.ledger.name, description: 'Name of the table of grants and their history.' },
    ledger_table_arn: { value: tables.ledger.arn, description: 'Its ARN.' },
    editor_role: {
      value: `${ref('var.role_path')}${names.editorRole}`,
      description: 'Path and name of the editor role in every bucket account.',
    },
    inspector_role: {
      value: `${ref('var.role_path')}${names.inspectorRole}`,
      description: 'Path and name of the inspector role in every bucket account.',
    },
    kms_key_arn: {
      value: ref('try(var.kms_key.create, false) ? one(aws_kms_key.key[*].arn) : try(var.kms_key.arn, null)'),
      description: "The customer's key. null: AWS owns the keys.",
    },
  };
};
