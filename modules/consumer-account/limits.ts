import type { Quota } from '../quotas';

const TEMPLATE_REFERENCE = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference';

/** AWS's limits on what is made for a consumer, checked when it is synthesized or planned instead of when it is applied. */
export const CONSUMER_QUOTAS = {
  /** DataZone's own API takes 20. */
  principals: {
    what: 'a subscription target',
    limit: 10,
    unit: 'authorized principals',
    source: `${TEMPLATE_REFERENCE}/aws-resource-datazone-subscriptiontarget.html`,
    remedy: 'name fewer readers, or make a role that they share',
  },
  templateBody: {
    what: 'the template of a CloudFormation stack',
    limit: 51_200,
    unit: 'bytes',
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html',
    remedy: 'name fewer projects in membership, or spread them over several consumers',
  },
  readerPolicy: {
    what: "the readers' managed policy",
    limit: 6144,
    unit: 'characters',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html',
    remedy: 'read folders that hold those listed, or spread them over several consumers',
  },
} as const satisfies Readonly<Record<string, Quota>>;

/**
 * What CloudFormation takes for an authorized principal: letters, digits and `: / _ -`. DataZone's own API takes dots as well.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-datazone-subscriptiontarget.html
 */
export const PRINCIPAL_PATTERN = '^[a-zA-Z0-9:/_-]+$';

/**
 * What DataZone takes for the role that manages access: no path but `service-role/`.
 * https://docs.aws.amazon.com/datazone/latest/APIReference/API_CreateSubscriptionTarget.html
 */
export const MANAGE_ACCESS_ROLE_PATTERN = '^arn:aws(|-cn|-us-gov):iam::[0-9]{12}:role/(service-role/)?[a-zA-Z0-9_+=,.@-]+$';

/**
 * The Regions whose name CloudFormation takes for an environment: GovCloud's have one part too many.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-datazone-environment.html
 */
export const ENVIRONMENT_REGION_PATTERN = '^[a-z]{2}-[a-z]{4,10}-[0-9]$';

/** The roles that CloudFormation takes for a user of a domain: those of the standard partition. */
export const USER_PARTITION = 'aws';

/** A consumer's name, of which every name made of it is one that AWS takes. */
export const CONSUMER_NAME_PATTERN = '^[a-z0-9]([a-z0-9-]{0,17}[a-z0-9])?$';

/** Ids of projects, environments and blueprints. */
export const ID_PATTERN = '^[a-zA-Z0-9_-]{1,36}$';

/** An environment's name, as DataZone's API takes it. */
export const ENVIRONMENT_NAME_PATTERN = '^[a-zA-Z0-9_ -]{1,64}$';

/** A notebook instance's name. Lower case alone, because its ARN is written in lower case whatever its name. */
export const NOTEBOOK_NAME_PATTERN = '^[a-z0-9](-*[a-z0-9]){0,62}$';

/** A location to read: `bucket` or `bucket/folder/`, without wildcards and policy variables, which would widen it. */
export const READ_PATTERN = '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[^/*?][^*?]*/)?$';
