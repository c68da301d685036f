import { declareOutputs, declareVariables, mapOf, moduleJson, type Variable } from '../module-stack';
import { listOf, ref } from '../policy-document';
import { DEPLOYMENT_VARIABLES, matching } from '../variables';
import { BucketAccount } from './construct';
import { EDIT_RIGHTS_EXPRESSION } from './edit-rights';

const VARIABLES: Readonly<Record<string, Variable>> = {
  ...DEPLOYMENT_VARIABLES,
  account: {
    type: 'string',
    description: 'Account that owns the buckets: the one this module is applied to.',
    validation: matching('account', '^[0-9]{12}$', 'Write the 12 digits of an account as a string.'),
  },
  buckets: {
    type: 'list(object({ name = string, prefixes = list(object({ owning_projects = list(string) })) }))',
    description: "Registered buckets of this account; the domain-account module's buckets fit, filtered by account.",
    validation: {
      condition: ref(
        'length(var.buckets) > 0 && alltrue([for bucket in var.buckets : can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", bucket.name)) && length(flatten(bucket.prefixes[*].owning_projects)) > 0])',
      ),
      errorMessage: 'Write at least one bucket, each by its name and with at least one owning project.',
    },
  },
};

/** A bucket account's side as a Terraform module: `main.tf.json`. */
export const bucketAccountModule = (): string =>
  moduleJson((stack) => {
    declareVariables(stack, VARIABLES);
    const bucketAccount = new BucketAccount(stack, 'Default', {
      name: ref('var.name'),
      account: ref('var.account'),
      domain: {
        id: ref('var.domain_id'),
        account: ref('var.domain_account'),
        partition: ref('var.partition'),
      },
      rights: {
        expression: EDIT_RIGHTS_EXPRESSION,
        item: { bucketArns: listOf('item.bucket_arns'), sessionTags: listOf('item.session_tags') },
      },
      tags: mapOf('var.tags'),
    });
    declareOutputs(stack, { editor_role_arn: { value: bucketAccount.editor.arn, description: 'The role that edits bucket policies.' } });
  });
