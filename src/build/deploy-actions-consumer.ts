import { actions, type Needs, passRole, regional } from './deploy-actions';

/** What CloudFormation's handlers of these types call, with the rights of whoever makes the stack: from the types' published schemas. */
const DATAZONE_CALLS: Readonly<Record<string, string>> = {
  Environment: 'CreateEnvironment DeleteEnvironment GetEnvironment UpdateEnvironment AssociateEnvironmentRole DisassociateEnvironmentRole',
  EnvironmentActions: 'CreateEnvironmentAction DeleteEnvironmentAction GetEnvironmentAction UpdateEnvironmentAction',
  ProjectMembership: 'CreateProjectMembership DeleteProjectMembership ListProjectMemberships',
  SubscriptionTarget: 'CreateSubscriptionTarget DeleteSubscriptionTarget GetSubscriptionTarget UpdateSubscriptionTarget',
  UserProfile: 'CreateUserProfile GetUserProfile UpdateUserProfile',
};

/** DataZone's actions have no resource type: they are narrowed to the Region, and DataZone asks for an owner of the project besides. */
const inDataZone = (names: string, region: string) => ({
  actions: actions('datazone', names),
  resources: ['*'],
  condition: { StringEquals: { 'aws:RequestedRegion': region } },
});

/** The same for what only consumers' stacks have. */
export const CONSUMER_NEEDS: Readonly<Record<string, Needs>> = {
  aws_cloudformation_stack: (attributes, { place, text, roles }) => {
    const template = text(attributes, 'template_body');
    const types = Object.keys(DATAZONE_CALLS).filter((type) => template.includes(`"AWS::DataZone::${type}"`));
    const named = [...template.matchAll(/"(?:ManageAccessRole|EnvironmentRoleArn)":"([^"]+)"/g)].flatMap(([, role = '']) => roles(role));
    return [
      {
        actions: actions(
          'cloudformation',
          'CreateStack DeleteStack DescribeStackEvents DescribeStacks GetTemplate TagResource UntagResource UpdateStack',
        ),
        resources: [regional(place, 'cloudformation', `stack/${text(attributes, 'name')}/*`)],
      },
      ...types.map((type) => inDataZone(DATAZONE_CALLS[type] ?? '', place.region)),
      ...(named.length === 0 ? [] : [passRole('datazone.amazonaws.com', named)]),
    ];
  },
  aws_datazone_environment_blueprint_configuration: (_, { place }) => [
    inDataZone(
      'DeleteEnvironmentBlueprintConfiguration GetEnvironmentBlueprintConfiguration PutEnvironmentBlueprintConfiguration',
      place.region,
    ),
  ],
  aws_sagemaker_notebook_instance: (attributes, { place, text, roles }) => [
    {
      actions: actions(
        'sagemaker',
        'AddTags CreateNotebookInstance DeleteNotebookInstance DeleteTags DescribeNotebookInstance ListTags StartNotebookInstance StopNotebookInstance UpdateNotebookInstance',
      ),
      resources: [regional(place, 'sagemaker', `notebook-instance/${text(attributes, 'name')}`)],
    },
    passRole('sagemaker.amazonaws.com', roles(text(attributes, 'role_arn'))),
  ],
};
