import type { Place } from '../../modules/naming';

/** Attributes of a resource as a stack's JSON has them. */
export type Attributes = Readonly<Record<string, unknown>>;

/** What creating, reading, changing and deleting a resource asks of IAM. */
export interface Need {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** One stack, by which needs are narrowed. */
export interface StackView {
  readonly place: Place;
  /** An attribute that is a text; where it refers to another resource, what that has there. Empty where there is none. */
  readonly text: (attributes: Attributes, name: string) => string;
  /** ARNs of a role by its name or ARN: one made in this stack, or else one of that name in any path. */
  readonly roles: (role: string) => readonly string[];
}

export const regional = ({ partition, region, account }: Place, service: string, resource: string) =>
  `arn:${partition}:${service}:${region}:${account}:${resource}`;
const iam = ({ partition, account }: Place, resource: string) => `arn:${partition}:iam::${account}:${resource}`;
export const actions = (service: string, names: string): readonly string[] => names.split(' ').map((name) => `${service}:${name}`);

export type Needs = (attributes: Attributes, view: StackView) => readonly Need[];

/** Needs of a resource whose ARN ends in its name. */
const named =
  (service: string, names: string, resource: (name: string) => string, attribute = 'name'): Needs =>
  (attributes, { place, text }) => [
    { actions: actions(service, names), resources: [regional(place, service, resource(text(attributes, attribute)))] },
  ];

/** The right to hand a role to a service, which does what the role may. */
export const passRole = (service: string, roles: readonly string[]): Need => ({
  actions: ['iam:PassRole'],
  resources: roles,
  condition: { StringEquals: { 'iam:PassedToService': service } },
});

const TABLE = 'table/';
const TAGS = 'ListTagsForResource TagResource UntagResource';

/** The ARN of a resource that others refer to by it. */
export const ARN_OF: Readonly<Record<string, (attributes: Attributes, view: StackView) => string>> = {
  aws_dynamodb_table: (attributes, { place, text }) => regional(place, 'dynamodb', `${TABLE}${text(attributes, 'name')}`),
  aws_iam_role: (attributes, { place, text }) => iam(place, `role${text(attributes, 'path')}${text(attributes, 'name')}`),
};

/**
 * What Terraform's AWS provider (5.100 to 6) calls for each type of resource in our stacks. Observed against moto by
 * `npm run test:terraform`, which fails on a call that is not here; changes that it does not make are added by the provider's source.
 */
export const NEEDS: Readonly<Record<string, Needs>> = {
  aws_cloudwatch_dashboard: (attributes, { place, text }) => [
    {
      actions: actions('cloudwatch', 'DeleteDashboards GetDashboard PutDashboard'),
      resources: [`arn:${place.partition}:cloudwatch::${place.account}:dashboard/${text(attributes, 'dashboard_name')}`],
    },
  ],
  aws_cloudwatch_event_rule: named('events', `DeleteRule DescribeRule PutRule ${TAGS}`, (name) => `rule/${name}`),
  aws_cloudwatch_event_target: named('events', 'ListTargetsByRule PutTargets RemoveTargets', (name) => `rule/${name}`, 'rule'),
  aws_cloudwatch_log_group: (attributes, { place, text }) => {
    const group = regional(place, 'logs', `log-group:${text(attributes, 'name')}`);
    const names = `AssociateKmsKey CreateLogGroup DeleteLogGroup DeleteRetentionPolicy DisassociateKmsKey PutRetentionPolicy ${TAGS}`;
    return [
      { actions: actions('logs', names), resources: [group, `${group}:*`] },
      // Groups are looked for among all of the Region's.
      { actions: ['logs:DescribeLogGroups'], resources: [regional(place, 'logs', 'log-group:*')] },
    ];
  },
  aws_cloudwatch_metric_alarm: named(
    'cloudwatch',
    `DeleteAlarms DescribeAlarms PutMetricAlarm ${TAGS}`,
    (name) => `alarm:${name}`,
    'alarm_name',
  ),
  aws_dynamodb_resource_policy: (attributes, { text }) => [
    {
      actions: actions('dynamodb', 'DeleteResourcePolicy GetResourcePolicy PutResourcePolicy'),
      resources: [text(attributes, 'resource_arn')],
    },
  ],
  aws_dynamodb_table: named(
    'dynamodb',
    'CreateTable DeleteTable DescribeContinuousBackups DescribeTable DescribeTimeToLive ListTagsOfResource TagResource UntagResource UpdateContinuousBackups UpdateTable',
    (name) => `${TABLE}${name}`,
  ),
  aws_dynamodb_table_item: named('dynamodb', 'DeleteItem GetItem PutItem UpdateItem', (name) => `${TABLE}${name}`, 'table_name'),
  aws_iam_policy: (attributes, { place, text }) => [
    {
      actions: actions(
        'iam',
        'CreatePolicy CreatePolicyVersion DeletePolicy DeletePolicyVersion GetPolicy GetPolicyVersion ListPolicyVersions TagPolicy UntagPolicy',
      ),
      resources: [iam(place, `policy${text(attributes, 'path')}${text(attributes, 'name')}`)],
    },
  ],
  aws_iam_policy_attachment: (attributes, { text, roles }) => [
    { actions: ['iam:ListEntitiesForPolicy'], resources: [text(attributes, 'policy_arn')] },
    {
      actions: actions('iam', 'AttachRolePolicy DetachRolePolicy'),
      resources: listed(attributes, 'roles').flatMap(roles),
      condition: { ArnEquals: { 'iam:PolicyARN': text(attributes, 'policy_arn') } },
    },
  ],
  aws_iam_role: (attributes, { place, text }) => {
    const boundary = attributes['permissions_boundary'] === undefined ? '' : ' DeleteRolePermissionsBoundary PutRolePermissionsBoundary';
    const names = `CreateRole DeleteRole GetRole ListAttachedRolePolicies ListInstanceProfilesForRole ListRolePolicies TagRole UntagRole UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription${boundary}`;
    return [{ actions: actions('iam', names), resources: [iam(place, `role${text(attributes, 'path')}${text(attributes, 'name')}`)] }];
  },
  aws_iam_role_policy: (attributes, { text, roles }) => [
    { actions: actions('iam', 'DeleteRolePolicy GetRolePolicy PutRolePolicy'), resources: roles(text(attributes, 'role')) },
  ],
  aws_iam_role_policy_attachment: (attributes, { text, roles }) => [
    {
      actions: actions('iam', 'AttachRolePolicy DetachRolePolicy'),
      resources: roles(text(attributes, 'role')),
      condition: { ArnEquals: { 'iam:PolicyARN': text(attributes, 'policy_arn') } },
    },
    { actions: ['iam:ListAttachedRolePolicies'], resources: roles(text(attributes, 'role')) },
  ],
  aws_kms_alias: (attributes, { place, text }) => [
    {
      actions: actions('kms', 'CreateAlias DeleteAlias UpdateAlias'),
      resources: [regional(place, 'kms', text(attributes, 'name')), regional(place, 'kms', 'key/*')],
    },
    // KMS knows no resource for a list of aliases.
    { actions: ['kms:ListAliases'], resources: ['*'] },
  ],
  aws_kms_key: (_, { place }) => [
    // A key that is not there yet has no ARN, and its id is KMS's own.
    { actions: ['kms:CreateKey'], resources: ['*'], condition: { StringEquals: { 'aws:RequestedRegion': place.region } } },
    {
      actions: actions(
        'kms',
        'CreateGrant Decrypt DescribeKey EnableKeyRotation Encrypt GetKeyPolicy GetKeyRotationStatus ListResourceTags PutKeyPolicy ScheduleKeyDeletion TagResource UntagResource UpdateKeyDescription',
      ),
      resources: [regional(place, 'kms', 'key/*')],
    },
  ],
  aws_lambda_event_source_mapping: (_, { place }) => [
    // A mapping's id is Lambda's own, and one that is not there yet has none.
    {
      actions: actions(
        'lambda',
        'CreateEventSourceMapping DeleteEventSourceMapping GetEventSourceMapping ListTags TagResource UntagResource UpdateEventSourceMapping',
      ),
      resources: ['*'],
      condition: { StringEquals: { 'aws:RequestedRegion': place.region, 'aws:ResourceAccount': place.account } },
    },
  ],
  aws_lambda_function: (attributes, { place, text, roles }) => [
    {
      actions: actions(
        'lambda',
        'CreateFunction DeleteFunction GetFunction GetFunctionCodeSigningConfig GetFunctionConfiguration ListTags ListVersionsByFunction PutFunctionCodeSigningConfig TagResource UntagResource UpdateFunctionCode UpdateFunctionConfiguration',
      ),
      resources: [regional(place, 'lambda', `function:${text(attributes, 'function_name')}`)],
    },
    passRole('lambda.amazonaws.com', roles(text(attributes, 'role'))),
    ...(attributes['vpc_config'] === undefined
      ? []
      : [
          {
            // EC2 knows no resource for what is described.
            actions: actions('ec2', 'DescribeSecurityGroups DescribeSubnets DescribeVpcs'),
            resources: ['*'],
            condition: { StringEquals: { 'aws:RequestedRegion': place.region } },
          },
        ]),
    ...(attributes['s3_bucket'] === undefined
      ? []
      : [
          {
            actions: actions('s3', 'GetObject GetObjectVersion'),
            resources: [`arn:${place.partition}:s3:::${text(attributes, 's3_bucket')}/${text(attributes, 's3_key')}`],
          },
        ]),
  ],
  aws_scheduler_schedule: (attributes, { place, text, roles }) => {
    const [target] = [attributes['target']].flat();
    const role = typeof target === 'object' && target !== null ? text({ ...target }, 'role_arn') : '';
    return [
      {
        actions: actions('scheduler', 'CreateSchedule DeleteSchedule GetSchedule UpdateSchedule'),
        resources: [regional(place, 'scheduler', `schedule/${text(attributes, 'group_name')}/${text(attributes, 'name')}`)],
      },
      passRole('scheduler.amazonaws.com', roles(role)),
    ];
  },
  aws_scheduler_schedule_group: named(
    'scheduler',
    `CreateScheduleGroup DeleteScheduleGroup GetScheduleGroup ${TAGS}`,
    (name) => `schedule-group/${name}`,
  ),
  aws_sqs_queue: named(
    'sqs',
    'CreateQueue DeleteQueue GetQueueAttributes GetQueueUrl ListQueueTags SetQueueAttributes TagQueue UntagQueue',
    (name) => name,
  ),
};

const listed = (attributes: Attributes, name: string): readonly string[] => {
  const value = attributes[name];
  return Array.isArray(value) ? value.map(String) : [];
};
