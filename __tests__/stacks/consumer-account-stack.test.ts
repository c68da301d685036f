import { type Configuration, resourceOf, stackOf, statementsOf, synthesized } from './synthesized';

const BASE = `name: acme
mode: enforce
existingSubscriptions: grant
domain: { id: dzd_bc8e1ez8r2a6xz, account: "111111111111", region: eu-west-1, version: v1 }
bucketAccounts:
  - account: "222222222222"
    buckets:
      - name: acme-raw
        prefixes: [{ prefix: runs/, owningProjects: [5a3se66qm88947] }]
      - name: acme-reference
        prefixes: [{ prefix: "", owningProjects: [5a3se66qm88947] }]
consumerAccounts:
`;

const SMALLEST = `  - account: "444444444444"
    project: 7c5ug88so00169
    environment: { id: 4n6vi00uq22381 }
    readers: [Analyst]
`;

const EVERYTHING = `  - account: "333333333333"
    name: imaging
    project: 8d6vh99tp11270
    environment:
      create:
        name: Imaging
        description: Reads microscopy
        blueprint: { id: 6p8xk22ws44503, enable: true }
        managedPolicy: AmazonDataZoneFullUserAccess
    readers: [team/Analyst]
    notebook:
      create: { subnet: subnet-0a1b2c3d, securityGroups: [sg-0a1b2c3d], kmsKey: "arn:aws:kms:eu-west-1:333333333333:key/k-1" }
    reads: [acme-raw/runs/deep/, acme-reference]
`;

const EXISTING = `  - account: "333333333333"
    project: 8d6vh99tp11270
    environment:
      create: { name: Imaging, blueprint: { id: 6p8xk22ws44503 }, role: ImagingEnvironment }
    readers: [Analyst]
    notebook: { name: team-notebook }
    subscriptionTarget: { create: false }
`;

const stackWith = (consumer: string, name: string, base = BASE): Configuration => stackOf(synthesized(base + consumer), name);

/** Addresses of all resources of a stack. */
const addressesOf = ({ resource }: Configuration): readonly string[] =>
  Object.entries(resource).flatMap(([type, byName]) => Object.keys(byName).map((name) => `${type}.${name}`));

/** The template of a CloudFormation stack, where everything in it is known. */
const templateOf = (stack: Configuration, name: string) =>
  JSON.parse(String(resourceOf(stack, `aws_cloudformation_stack.${name}`)['template_body']));

/** The same where the environment's id is known only once it is made. */
const laterTemplateOf = (stack: Configuration, name: string) => {
  const text = String(resourceOf(stack, `aws_cloudformation_stack.${name}`)['template_body']);
  return JSON.parse(text.slice('${jsonencode('.length, -')}'.length));
};

describe('The smallest consumer', () => {
  const stack = stackWith(SMALLEST, 'consumer-account-444444444444-7c5ug88so00169');

  it('is a subscription target in the environment, for the role, and nothing else', () => {
    expect(addressesOf(stack)).toEqual(['aws_cloudformation_stack.subscription_target']);
    expect(resourceOf(stack, 'aws_cloudformation_stack.subscription_target')['name']).toBe('acme-7c5ug88so00169-subscription-target');
    expect(templateOf(stack, 'subscription_target')).toEqual({
      AWSTemplateFormatVersion: '2010-09-09',
      Resources: {
        SubscriptionTarget: {
          Type: 'AWS::DataZone::SubscriptionTarget',
          Properties: {
            DomainIdentifier: 'dzd_bc8e1ez8r2a6xz',
            EnvironmentIdentifier: '4n6vi00uq22381',
            Name: 'acme',
            Type: 'BaseSubscriptionTargetType',
            Provider: 'datazone-s3-fulfillment',
            ApplicableAssetTypes: ['S3ObjectCollectionAssetType'],
            SubscriptionTargetConfig: [],
            AuthorizedPrincipals: ['arn:aws:iam::444444444444:role/Analyst'],
            ManageAccessRole: 'arn:aws:iam::444444444444:role/Analyst',
          },
        },
      },
    });
  });

  it("deploys into the consumer's account, in the domain's Region", () => {
    expect(stack.provider.aws[0]).toMatchObject({ region: 'eu-west-1', allowed_account_ids: ['444444444444'] });
  });

  it('has a target of another name and manager where the file says so', () => {
    const named = stackWith(
      `${SMALLEST}    subscriptionTarget: { name: Images, manageAccessRole: service-role/Manager }\n`,
      'consumer-account-444444444444-7c5ug88so00169',
    );
    expect(templateOf(named, 'subscription_target').Resources.SubscriptionTarget.Properties).toMatchObject({
      Name: 'Images',
      ManageAccessRole: 'arn:aws:iam::444444444444:role/service-role/Manager',
    });
  });
});

describe('A consumer of which everything is made', () => {
  const stack = stackWith(EVERYTHING, 'consumer-account-333333333333-imaging');

  it('lets DataZone alone take on the environment role, for the account of the domain and with its own tags', () => {
    const role = resourceOf(stack, 'aws_iam_role.environment_role');
    expect(role['name']).toBe('acme-imaging-environment');
    expect(statementsOf(role['assume_role_policy'])).toEqual([
      {
        Sid: 'DataZone',
        Effect: 'Allow',
        Principal: { Service: 'datazone.amazonaws.com' },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Condition: {
          StringEquals: { 'aws:SourceAccount': '111111111111' },
          'ForAllValues:StringLike': { 'aws:TagKeys': ['datazone*'] },
        },
      },
    ]);
  });

  it('lets that role open one notebook instance, and attaches the policy managed by AWS that was asked for', () => {
    const policy = resourceOf(stack, 'aws_iam_role_policy.notebook_access');
    expect(policy['role']).toBe('acme-imaging-environment');
    expect(statementsOf(policy['policy'])).toEqual([
      {
        Sid: 'Notebook',
        Effect: 'Allow',
        Action: [
          'sagemaker:CreatePresignedNotebookInstanceUrl',
          'sagemaker:DescribeNotebookInstance',
          'sagemaker:StartNotebookInstance',
          'sagemaker:StopNotebookInstance',
        ],
        Resource: 'arn:aws:sagemaker:eu-west-1:333333333333:notebook-instance/acme-imaging',
      },
    ]);
    expect(resourceOf(stack, 'aws_iam_role_policy_attachment.managed_policy')).toMatchObject({
      role: 'acme-imaging-environment',
      policy_arn: 'arn:aws:iam::aws:policy/AmazonDataZoneFullUserAccess',
    });
  });

  it('lets SageMaker alone take on the notebook role, for its own account, which may write its log and no more', () => {
    const role = resourceOf(stack, 'aws_iam_role.notebook_role');
    expect(role['name']).toBe('acme-imaging-notebook');
    expect(statementsOf(role['assume_role_policy'])).toEqual([
      {
        Sid: 'Notebook',
        Effect: 'Allow',
        Principal: { Service: 'sagemaker.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:SourceAccount': '333333333333' } },
      },
    ]);
    expect(statementsOf(resourceOf(stack, 'aws_iam_role_policy.notebook_log')['policy'])).toEqual([
      {
        Sid: 'Log',
        Effect: 'Allow',
        Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        Resource: 'arn:aws:logs:eu-west-1:333333333333:log-group:/aws/sagemaker/NotebookInstances:*',
      },
    ]);
  });

  it('has a notebook instance without root, internet and the old metadata service, its volume under the key', () => {
    expect(resourceOf(stack, 'aws_sagemaker_notebook_instance.notebook')).toMatchObject({
      name: 'acme-imaging',
      role_arn: 'arn:aws:iam::333333333333:role/acme-imaging-notebook',
      instance_type: 'ml.t3.medium',
      volume_size: 5,
      subnet_id: 'subnet-0a1b2c3d',
      security_groups: ['sg-0a1b2c3d'],
      kms_key_id: 'arn:aws:kms:eu-west-1:333333333333:key/k-1',
      direct_internet_access: 'Disabled',
      root_access: 'Disabled',
      instance_metadata_service_configuration: { minimum_instance_metadata_service_version: '2' },
    });
  });

  it('lets the account use the blueprint and makes an environment of it, which takes on the role', () => {
    expect(resourceOf(stack, 'aws_datazone_environment_blueprint_configuration.blueprint')).toMatchObject({
      domain_id: 'dzd_bc8e1ez8r2a6xz',
      environment_blueprint_id: '6p8xk22ws44503',
      enabled_regions: ['eu-west-1'],
    });
    expect(templateOf(stack, 'environment')).toEqual({
      AWSTemplateFormatVersion: '2010-09-09',
      Resources: {
        Environment: {
          Type: 'AWS::DataZone::Environment',
          Properties: {
            DomainIdentifier: 'dzd_bc8e1ez8r2a6xz',
            ProjectIdentifier: '8d6vh99tp11270',
            Name: 'Imaging',
            Description: 'Reads microscopy',
            EnvironmentBlueprintIdentifier: '6p8xk22ws44503',
            EnvironmentAccountIdentifier: '333333333333',
            EnvironmentAccountRegion: 'eu-west-1',
            EnvironmentRoleArn: 'arn:aws:iam::333333333333:role/acme-imaging-environment',
          },
        },
      },
      Outputs: { Id: { Value: { 'Fn::GetAtt': ['Environment', 'Id'] } } },
    });
    expect(resourceOf(stack, 'aws_cloudformation_stack.environment')['depends_on']).toEqual([
      'aws_datazone_environment_blueprint_configuration.blueprint',
      'aws_iam_role.environment_role',
    ]);
  });

  it("links the environment to the notebook's page in the console", () => {
    expect(laterTemplateOf(stack, 'notebook_link').Resources).toEqual({
      EnvironmentActions: {
        Type: 'AWS::DataZone::EnvironmentActions',
        Properties: {
          DomainIdentifier: 'dzd_bc8e1ez8r2a6xz',
          EnvironmentIdentifier: '${aws_cloudformation_stack.environment.outputs.Id}',
          Name: 'Notebook',
          Parameters: {
            Uri: 'https://eu-west-1.console.aws.amazon.com/sagemaker/home?region=eu-west-1#/notebook-instances/openNotebook/acme-imaging?view=lab',
          },
        },
      },
    });
  });

  it('grants to the reader and to the notebook role, and has the environment role manage access', () => {
    expect(laterTemplateOf(stack, 'subscription_target').Resources.SubscriptionTarget.Properties).toMatchObject({
      EnvironmentIdentifier: '${aws_cloudformation_stack.environment.outputs.Id}',
      AuthorizedPrincipals: ['arn:aws:iam::333333333333:role/team/Analyst', 'arn:aws:iam::333333333333:role/acme-imaging-notebook'],
      ManageAccessRole: 'arn:aws:iam::333333333333:role/acme-imaging-environment',
    });
  });

  it('lets the readers read exactly the locations, in the accounts that own their buckets', () => {
    const condition = { 'aws:ResourceAccount': ['222222222222'] };
    expect(statementsOf(resourceOf(stack, 'aws_iam_policy.reader')['policy'])).toEqual([
      {
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: ['arn:aws:s3:::acme-raw/runs/deep/*', 'arn:aws:s3:::acme-reference/*'],
        Condition: { StringEquals: condition },
      },
      {
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: 'arn:aws:s3:::acme-raw',
        Condition: { StringEquals: condition, StringLike: { 's3:prefix': 'runs/deep/*' } },
      },
      { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::acme-reference', Condition: { StringEquals: condition } },
    ]);
    expect(resourceOf(stack, 'aws_iam_policy_attachment.readers')).toMatchObject({
      policy_arn: 'arn:aws:iam::333333333333:policy/acme-imaging-reader',
      roles: ['Analyst', 'acme-imaging-notebook'],
    });
  });

  it('allows nothing on all resources, by no wildcard action', () => {
    const statements = Object.values({ ...stack.resource['aws_iam_role_policy'], ...stack.resource['aws_iam_policy'] }).flatMap(
      ({ policy }) => statementsOf(policy),
    );
    expect(statements.length).toBeGreaterThan(3);
    expect(
      statements
        .flatMap(({ Action, Resource }) => [Action, Resource].flat())
        .filter((item) => item === undefined || /^\*$|:\*$/.test(item)),
    ).toEqual(['arn:aws:logs:eu-west-1:333333333333:log-group:/aws/sagemaker/NotebookInstances:*']);
  });

  it('is the snapshot', () => {
    expect(stack.resource).toMatchSnapshot();
  });
});

describe('A consumer that has its own', () => {
  const stack = stackWith(EXISTING, 'consumer-account-333333333333-8d6vh99tp11270');

  it('environment role, notebook and target is given none', () => {
    expect(addressesOf(stack)).toEqual(['aws_cloudformation_stack.environment', 'aws_cloudformation_stack.notebook_link']);
    expect(templateOf(stack, 'environment').Resources.Environment.Properties.EnvironmentRoleArn).toBe(
      'arn:aws:iam::333333333333:role/ImagingEnvironment',
    );
    expect(JSON.stringify(laterTemplateOf(stack, 'notebook_link'))).toContain('openNotebook/team-notebook?');
  });

  it('notebook role runs the notebook under it and grants to it', () => {
    const own = stackWith(
      `${SMALLEST.replace('readers: [Analyst]', 'notebook: { create: { role: ml/Notebook, directInternetAccess: true } }')}    subscriptionTarget: { manageAccessRole: M }\n`,
      'consumer-account-444444444444-7c5ug88so00169',
    );
    expect(addressesOf(own).filter((address) => address.startsWith('aws_iam'))).toEqual([]);
    expect(resourceOf(own, 'aws_sagemaker_notebook_instance.notebook')).toMatchObject({
      role_arn: 'arn:aws:iam::444444444444:role/ml/Notebook',
      direct_internet_access: 'Enabled',
    });
    expect(templateOf(own, 'subscription_target').Resources.SubscriptionTarget.Properties.AuthorizedPrincipals).toEqual([
      'arn:aws:iam::444444444444:role/ml/Notebook',
    ]);
  });
});

describe('In a V2 domain', () => {
  const v2 = BASE.replace('version: v1', 'version: v2');
  const NAME = 'consumer-account-444444444444-7c5ug88so00169';

  it("the function's role becomes a user of the domain and sees the catalog of the project", () => {
    const stack = stackWith(`${SMALLEST}    membership: { userProfile: create }\n`, NAME, v2);
    expect(templateOf(stack, 'user_profile').Resources.UserProfile).toEqual({
      Type: 'AWS::DataZone::UserProfile',
      Properties: {
        DomainIdentifier: 'dzd_bc8e1ez8r2a6xz',
        UserIdentifier: 'arn:aws:iam::111111111111:role/acme-fulfillment',
        UserType: 'IAM_ROLE',
        Status: 'ACTIVATED',
      },
    });
    expect(Object.values(templateOf(stack, 'membership').Resources)).toEqual([
      {
        Type: 'AWS::DataZone::ProjectMembership',
        Properties: {
          DomainIdentifier: 'dzd_bc8e1ez8r2a6xz',
          ProjectIdentifier: '7c5ug88so00169',
          Member: { UserIdentifier: 'arn:aws:iam::111111111111:role/acme-fulfillment' },
          Designation: 'PROJECT_CATALOG_VIEWER',
        },
      },
    ]);
    expect(resourceOf(stack, 'aws_cloudformation_stack.membership')['depends_on']).toEqual(['aws_cloudformation_stack.user_profile']);
  });

  it('it joins the projects that are listed, each under a name of its own whatever the others', () => {
    const membership = (projects: string) =>
      templateOf(stackWith(`${SMALLEST}    membership: { userProfile: existing, projects: [${projects}] }\n`, NAME, v2), 'membership')
        .Resources;
    const [one, three] = [membership('b_1'), membership('a-1, b_1, b-1')];
    expect(three).toMatchObject(one);
    expect(Object.keys(three)).toHaveLength(3);
    expect(Object.keys(three).every((name) => /^[A-Za-z0-9]+$/.test(name))).toBe(true);
  });
});

describe('Roles made for a consumer', () => {
  it('are named, placed and bounded like all others of the deployment', () => {
    const stack = stackWith(
      `${EVERYTHING}    subscriptionTarget: { manageAccessRole: Manager }\nnamePrefix: data-acme\niam: { rolePath: service/, permissionsBoundary: Boundary }\n`,
      'consumer-account-333333333333-imaging',
    );
    for (const role of ['environment_role', 'notebook_role']) {
      expect(resourceOf(stack, `aws_iam_role.${role}`)).toMatchObject({
        name: expect.stringMatching(/^data-acme-imaging-/),
        path: '/service/',
        permissions_boundary: 'arn:aws:iam::333333333333:policy/Boundary',
      });
    }
    expect(JSON.stringify(laterTemplateOf(stack, 'subscription_target'))).toContain('role/service/data-acme-imaging-notebook');
    expect(resourceOf(stack, 'aws_iam_policy_attachment.readers')['policy_arn']).toBe(
      'arn:aws:iam::333333333333:policy/service/data-acme-imaging-reader',
    );
  });
});
