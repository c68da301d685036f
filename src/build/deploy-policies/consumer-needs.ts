import { actions, inRegion, type NeedsByType, passRole, regional, useOfKey } from './need';

/** What CloudFormation's handlers of these types call, with the rights of whoever makes the stack: from the types' published schemas. */
const DATAZONE_CALLS: Readonly<Record<string, string>> = {
  Environment: 'CreateEnvironment DeleteEnvironment GetEnvironment UpdateEnvironment AssociateEnvironmentRole DisassociateEnvironmentRole',
  EnvironmentActions: 'CreateEnvironmentAction DeleteEnvironmentAction GetEnvironmentAction UpdateEnvironmentAction',
  ProjectMembership: 'CreateProjectMembership DeleteProjectMembership ListProjectMemberships',
  SubscriptionTarget: 'CreateSubscriptionTarget DeleteSubscriptionTarget GetSubscriptionTarget UpdateSubscriptionTarget',
  UserProfile: 'CreateUserProfile GetUserProfile UpdateUserProfile',
};

/** Roles that a template hands to DataZone. */
const ROLES = /"(?:ManageAccessRole|EnvironmentRoleArn)":"([^"]+)"/g;

/** https://docs.aws.amazon.com/sagemaker/latest/dg/api-permissions-reference.html */
const NETWORK_INTERFACES = actions('ec2', 'AttachNetworkInterface CreateNetworkInterface ModifyNetworkInterfaceAttribute');
const NETWORKS = actions('ec2', 'DescribeAvailabilityZones DescribeInternetGateways DescribeSecurityGroups DescribeSubnets DescribeVpcs');

/** What only consumers' stacks have. DataZone's actions have no resource type, and DataZone asks for an owner of the project besides. */
export const CONSUMER_NEEDS: NeedsByType = {
  aws_cloudformation_stack: (attributes, { place, text, roles }) => {
    const template = text(attributes, 'template_body');
    const types = Object.keys(DATAZONE_CALLS).filter((type) => template.includes(`"AWS::DataZone::${type}"`));
    const handed = [...template.matchAll(ROLES)].flatMap(([, role = '']) => roles(role));
    return [
      {
        actions: actions(
          'cloudformation',
          'CreateStack DeleteStack DescribeStackEvents DescribeStacks GetTemplate TagResource UntagResource UpdateStack',
        ),
        resources: [regional(place, 'cloudformation', `stack/${text(attributes, 'name')}/*`)],
      },
      ...types.map((type) => inRegion(place, actions('datazone', DATAZONE_CALLS[type] ?? ''))),
      ...(handed.length === 0 ? [] : [passRole('datazone.amazonaws.com', handed)]),
    ];
  },
  aws_datazone_environment_blueprint_configuration: (_, { place }) => [
    inRegion(
      place,
      actions(
        'datazone',
        'DeleteEnvironmentBlueprintConfiguration GetEnvironmentBlueprintConfiguration PutEnvironmentBlueprintConfiguration',
      ),
    ),
  ],
  aws_sagemaker_notebook_instance: (attributes, view) => [
    {
      actions: actions(
        'sagemaker',
        'AddTags CreateNotebookInstance DeleteNotebookInstance DeleteTags DescribeNotebookInstance ListTags StartNotebookInstance StopNotebookInstance UpdateNotebookInstance',
      ),
      resources: [regional(view.place, 'sagemaker', `notebook-instance/${view.text(attributes, 'name')}`)],
    },
    passRole('sagemaker.amazonaws.com', view.roles(view.text(attributes, 'role_arn'))),
    ...useOfKey('sagemaker', view.text(attributes, 'kms_key_id'), view),
    ...(attributes['subnet_id'] === undefined
      ? []
      : [{ actions: NETWORK_INTERFACES, resources: [regional(view.place, 'ec2', '*/*')] }, inRegion(view.place, NETWORKS)]),
  ],
};
