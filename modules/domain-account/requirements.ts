import type { DynamodbResourcePolicy } from '@cdktf/provider-aws/lib/dynamodb-resource-policy';
import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import type { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import type { TerraformStack } from 'cdktf';
import { type Measured, measured } from '../measured';
import { type Requirement, requireBefore } from '../module-stack';
import { QUOTAS, type Quota } from '../quotas';
import type { DomainAccount } from './construct';

/**
 * Has every text fit that a caller's lists can make too long. All others fit whatever the variables hold, as they are validated: a test
 * measures them with the longest values.
 */
export const requireWhatFits = (stack: TerraformStack, { fulfillment, readers, tables, queues, documents }: DomainAccount): void => {
  const { operator, auditor } = readers;
  if (!operator.role || !operator.rolePolicy || !auditor.role || !auditor.rolePolicy)
    throw new Error('the module makes the roles of operators and auditors under a condition');
  requireRights(stack, 'function', fulfillment.rolePolicy);
  requireRights(stack, 'operator', operator.rolePolicy);
  requireRights(stack, 'auditor', auditor.rolePolicy);
  requireTrust(stack, 'operator', operator.role);
  requireTrust(stack, 'auditor', auditor.role);
  const { registryPolicy, registryItem, ledgerPolicy } = tables;
  requireWriters(stack, 'registry_policy', { resource: registryPolicy, quota: QUOTAS.tablePolicy });
  requireWriters(stack, 'ledger_policy', { resource: ledgerPolicy, quota: QUOTAS.tablePolicy });
  requireWriters(stack, 'queue_policy', { resource: queues.queue, quota: QUOTAS.queuePolicy });
  requireWriters(stack, 'dead_letters_policy', { resource: queues.deadLetters, quota: QUOTAS.queuePolicy });
  requireWriters(stack, 'undelivered_policy', { resource: queues.undelivered, quota: QUOTAS.queuePolicy });
  const registry: Measured = { text: documents.registry, quota: QUOTAS.registryItem };
  requireBefore(registryItem, measured(stack, 'registry_document', registry).fits);
};

const advising = ({ condition, errorMessage }: Requirement, advice: string): Requirement => ({
  condition,
  errorMessage: `${errorMessage} ${advice}`,
});

const requireWriters = (
  stack: TerraformStack,
  name: string,
  { resource, quota }: { readonly resource: DynamodbResourcePolicy | SqsQueue; readonly quota: Quota },
): void => {
  const { text, fits } = measured(stack, name, { text: resource.policyInput ?? '', quota });
  requireBefore(resource, advising(fits, 'Name fewer registry_writers: their path and name may hold *.'));
  resource.policy = text;
};

const requireRights = (stack: TerraformStack, role: string, policy: IamRolePolicy): void => {
  const { text, fits } = measured(stack, `${role}_policy`, { text: policy.policyInput ?? '', quota: QUOTAS.domainRolePolicies });
  requireBefore(policy, advising(fits, 'Write organization_id: it stands for the list of bucket accounts.'));
  policy.policy = text;
};

const requireTrust = (stack: TerraformStack, name: string, role: IamRole): void => {
  const { text, fits } = measured(stack, `${name}_trust`, { text: role.assumeRolePolicyInput ?? '', quota: QUOTAS.trustPolicy });
  requireBefore(role, advising(fits, `Name fewer ${name}_principals: their path and name may hold *.`));
  role.assumeRolePolicy = text;
};
