import type { TerraformStack } from 'cdktf';
import { measured } from '../measured';
import { type Requirement, requireBefore } from '../module-stack';
import { ref } from '../policy-document';
import { exceeds } from '../quotas';
import type { ConsumerAccount } from './construct';
import { CONSUMER_QUOTAS, ENVIRONMENT_REGION_PATTERN, MANAGE_ACCESS_ROLE_PATTERN, PRINCIPAL_PATTERN, USER_PARTITION } from './limits';

const HAS_READERS: Requirement = {
  condition: ref('length(local.principals) > 0'),
  errorMessage: 'There is no reader: write reader_role_arns, or create a notebook.',
};

const TARGET_REQUIREMENTS: readonly Requirement[] = [
  HAS_READERS,
  {
    condition: ref(`length(local.principals) <= ${CONSUMER_QUOTAS.principals.limit}`),
    errorMessage: exceeds(CONSUMER_QUOTAS.principals, 'length(local.principals)'),
  },
  {
    condition: ref(`alltrue([for arn in local.principals : can(regex("${PRINCIPAL_PATTERN}", arn))])`),
    errorMessage:
      "CloudFormation takes only letters, digits and : / _ - in a principal; make such a target by DataZone's own API and write create = false.",
  },
  {
    condition: ref(`can(regex("${MANAGE_ACCESS_ROLE_PATTERN}", local.access_manager))`),
    errorMessage: 'DataZone takes no path in the role that manages access, which is ${local.access_manager}; write manage_access_role.',
  },
];

/** Has the module's parts fit each other, the deployment and AWS: what a variable's own validation cannot see. */
export const requireWhatFits = (stack: TerraformStack, account: ConsumerAccount): void => {
  const { environment, notebook, readerPolicy, subscriptionTarget, userProfile, membership } = account;
  if (!environment || !notebook || !readerPolicy || !subscriptionTarget || !userProfile || !membership)
    throw new Error('the module makes every part under a condition');
  requireBefore(environment, {
    condition: ref(`can(regex("${ENVIRONMENT_REGION_PATTERN}", local.consumer_region))`),
    errorMessage: 'CloudFormation makes no environment in ${local.consumer_region}; make it in the console and give its id.',
  });
  requireBefore(notebook, {
    condition: ref('local.consumer_region == var.deployment.domain_region'),
    errorMessage: "A notebook is made in the domain's Region; make it elsewhere and give its name.",
  });
  requireBefore(subscriptionTarget, ...TARGET_REQUIREMENTS);
  requireBefore(userProfile, {
    condition: ref(`var.deployment.partition == "${USER_PARTITION}"`),
    errorMessage:
      'CloudFormation makes no user of a role outside of partition aws; make it in the console and write create_user_profile = false.',
  });
  const template = measured(stack, 'membership_template', {
    text: membership.templateBodyInput ?? '',
    given: 'var.membership',
    quota: CONSUMER_QUOTAS.templateBody,
  });
  requireBefore(
    membership,
    {
      condition: ref('var.deployment.domain_version == "v2"'),
      errorMessage: 'membership is for domains of version v2; in one of version v1 the rights of the role suffice.',
    },
    template.fits,
  );
  membership.templateBody = template.text;
  const document = measured(stack, 'reader_document', {
    text: readerPolicy.policyInput ?? '',
    given: 'var.reader_policy',
    quota: CONSUMER_QUOTAS.readerPolicy,
  });
  requireBefore(
    readerPolicy,
    HAS_READERS,
    {
      condition: ref('!contains(try(var.reader_policy.bucket_accounts, []), var.account)'),
      errorMessage: "In the consumer's own account a policy of the reader's grants by itself; leave its buckets and the account out.",
    },
    document.fits,
  );
  readerPolicy.policy = document.text;
};
