import type { Variable } from '../module-stack';
import { ref } from '../policy-document';
import { QUOTAS } from '../quotas';
import {
  ACCOUNT_PATTERN,
  BUCKET_NAME_PATTERN,
  deploymentVariable,
  matching,
  PERMISSIONS_BOUNDARY,
  PROJECT_PATTERN,
  TAGS,
} from '../variables';

const MOST_POLICIES = QUOTAS.managedPoliciesPerRole.limit;

const managedPolicies = (name: string, enough: string): Variable => ({
  type: 'number',
  description: `Managed policies that hold what the ${name} role's inline policy has no room for. None are needed for about ${enough}; the plan says how many are.`,
  default: 0,
  validation: {
    condition: ref(`contains(range(${MOST_POLICIES + 1}), var.${name}_policies)`),
    errorMessage: `Write a whole number from 0 to ${MOST_POLICIES}, the most that IAM attaches to a role.`,
  },
});

/** The variables of the bucket account's module. */
export const BUCKET_ACCOUNT_VARIABLES: Readonly<Record<string, Variable>> = {
  deployment: deploymentVariable({ required: ['name', 'domain_id', 'domain_account'], optional: ['partition', 'prefix', 'role_path'] }),
  account: {
    type: 'string',
    description: 'Account that owns the buckets: the one this module is applied to.',
    validation: matching('account', ACCOUNT_PATTERN, 'Write the 12 digits of an account as a string.'),
  },
  buckets: {
    type: 'list(object({ name = string, prefixes = list(object({ owning_projects = list(string) })) }))',
    description: "Registered buckets of this account; the domain-account module's buckets fit, filtered by account.",
    validation: [
      {
        condition: ref(
          `length(var.buckets) > 0 && alltrue([for bucket in var.buckets : can(regex("${BUCKET_NAME_PATTERN}", bucket.name)) && length(flatten(bucket.prefixes[*].owning_projects)) > 0])`,
        ),
        errorMessage: 'Write at least one bucket, each by its name and with at least one owning project.',
      },
      {
        condition: ref(
          `alltrue([for project in flatten(var.buckets[*].prefixes[*].owning_projects) : can(regex("${PROJECT_PATTERN}", project))])`,
        ),
        errorMessage: 'Write each owning project as the id of a DataZone project, or "*" for any project.',
      },
      {
        condition: ref('length(distinct(var.buckets[*].name)) == length(var.buckets)'),
        errorMessage: 'Write each bucket once, with all its prefixes.',
      },
    ],
  },
  editor_policies: managedPolicies('editor', '40 buckets with owning projects of their own, and more where buckets share them'),
  inspector_policies: managedPolicies('inspector', '120 buckets'),
  permissions_boundary: PERMISSIONS_BOUNDARY,
  tags: TAGS,
};
