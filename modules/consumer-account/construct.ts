import { CloudformationStack } from '@cdktf/provider-aws/lib/cloudformation-stack';
import { DatazoneEnvironmentBlueprintConfiguration } from '@cdktf/provider-aws/lib/datazone-environment-blueprint-configuration';
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamPolicyAttachment } from '@cdktf/provider-aws/lib/iam-policy-attachment';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { SagemakerNotebookInstance } from '@cdktf/provider-aws/lib/sagemaker-notebook-instance';
import type { ITerraformDependable, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { created, where } from '../choice';
import { policyArn } from '../naming';
import { ref } from '../policy-document';
import * as documents from './documents';
import { consumerArnsOf, consumerNamesOf } from './names';
import type { ConsumerAccountProps, Part } from './props';
import * as templates from './templates';

/**
 * A consumer's side of a deployment: of everything between a DataZone project and the role that reads, whatever is asked for. The
 * rest exists already and is named.
 */
export class ConsumerAccount extends Construct {
  readonly environmentRole?: IamRole;
  readonly environment?: CloudformationStack;
  readonly notebookRole?: IamRole;
  readonly notebook?: SagemakerNotebookInstance;
  readonly readerPolicy?: IamPolicy;
  readonly subscriptionTarget?: CloudformationStack;
  readonly userProfile?: CloudformationStack;
  readonly membership?: CloudformationStack;
  /** Id of the environment, known or a Terraform reference. */
  readonly environmentId: string;
  private readonly names: ReturnType<typeof consumerNamesOf>;
  private readonly arns: ReturnType<typeof consumerArnsOf>;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ConsumerAccountProps,
  ) {
    super(scope, id);
    this.names = consumerNamesOf(props.naming.prefix, props.consumer);
    this.arns = consumerArnsOf(props.naming, props.consumer, props.place);

    this.environmentRole = this.createEnvironmentRole();
    this.environment = this.createEnvironment();
    this.environmentId = this.identifyEnvironment();
    this.notebookRole = this.createNotebookRole();
    this.notebook = this.createNotebook();
    this.createNotebookLink();
    this.readerPolicy = this.createReaderPolicy();
    this.subscriptionTarget = this.createSubscriptionTarget();
    this.userProfile = this.createUserProfile();
    this.membership = this.createMembership();
  }

  private createEnvironmentRole() {
    const { props, names } = this;
    const trust = documents.environmentTrust(props.domain.account);
    const role = make(props.environmentRole, () =>
      this.createRole('environment_role', names.environmentRole, { trust, description: 'Members of a DataZone project' }),
    );
    make(props.notebookAccess, ({ notebook }) =>
      this.createRolePolicy('notebook_access', names.environmentRole, {
        policy: documents.notebookAccess(props.place, notebook),
        dependsOn: created(role),
      }),
    );
    make(
      props.managedPolicy,
      ({ name }) =>
        new IamRolePolicyAttachment(this, 'managed_policy', {
          role: names.environmentRole,
          policyArn: policyArn({ partition: props.place.partition, account: 'aws' }, name),
          dependsOn: created(role),
        }),
    );
    return role;
  }

  /** A custom blueprint provisions nothing, and so is given no role to do it with. */
  private createEnvironment() {
    const { props, names } = this;
    const configuration = make(
      props.blueprint,
      ({ id }) =>
        new DatazoneEnvironmentBlueprintConfiguration(this, 'blueprint', {
          domainId: props.domain.id,
          environmentBlueprintId: id,
          enabledRegions: [props.place.region],
        }),
    );
    return make(props.environment, (environment) =>
      this.createStack('environment', names.environmentStack, {
        template: templates.environmentTemplate({ domainId: props.domain.id, project: props.project, place: props.place, environment }),
        dependsOn: created(configuration, this.environmentRole),
      }),
    );
  }

  private identifyEnvironment(): string {
    const { props, environment } = this;
    if (props.environmentId !== undefined) return props.environmentId;
    if (environment) return ref(`${environment.terraformResourceType}.${environment.friendlyUniqueId}.outputs.Id`);
    throw new Error('a consumer has an environment: give environmentId, or environment to make one');
  }

  private createNotebookRole() {
    const { props, names } = this;
    const trust = documents.notebookTrust(props.place.account);
    const role = make(props.notebookRole, () =>
      this.createRole('notebook_role', names.notebookRole, { trust, description: 'A notebook that reads what its project subscribes to' }),
    );
    make(props.notebookRole, () =>
      this.createRolePolicy('notebook_log', names.notebookRole, {
        policy: documents.notebookPermissions(props.place),
        dependsOn: created(role),
      }),
    );
    return role;
  }

  private createNotebook() {
    const { props } = this;
    return make(
      props.notebook,
      (notebook) =>
        new SagemakerNotebookInstance(this, 'notebook', {
          name: notebook.name,
          roleArn: notebook.roleArn,
          instanceType: notebook.instanceType,
          volumeSize: notebook.volumeSize,
          subnetId: notebook.subnet,
          securityGroups: notebook.securityGroups,
          directInternetAccess: notebook.directInternetAccess,
          kmsKeyId: notebook.kmsKey,
          platformIdentifier: notebook.platform,
          rootAccess: 'Disabled',
          instanceMetadataServiceConfiguration: { minimumInstanceMetadataServiceVersion: '2' },
          tags: props.tags,
          dependsOn: created(this.notebookRole),
        }),
    );
  }

  private createNotebookLink() {
    const { props, names, environmentId } = this;
    make(props.notebookLink, ({ uri }) =>
      this.createStack('notebook_link', names.notebookLinkStack, {
        template: templates.linkTemplate({ domainId: props.domain.id, environmentId, name: 'Notebook', uri }),
      }),
    );
  }

  /** One attachment for all roles, whose list may be known only at apply; nobody else attaches a policy made here. */
  private createReaderPolicy() {
    const { props, names } = this;
    const policy = make(
      props.reader,
      ({ rights, bucketAccounts }) =>
        new IamPolicy(this, 'reader', {
          name: names.readerPolicy,
          path: `/${props.naming.rolePath}`,
          description: 'Reads buckets of other accounts, as far as their policies let it',
          policy: documents.readerPolicy(rights, bucketAccounts),
          tags: props.tags,
        }),
    );
    make(
      props.reader,
      ({ roles }) =>
        new IamPolicyAttachment(this, 'readers', {
          name: names.readerPolicy,
          policyArn: this.arns.readerPolicy,
          roles,
          dependsOn: created(policy, this.notebookRole),
        }),
    );
    return policy;
  }

  private createSubscriptionTarget() {
    const { props, names, environmentId } = this;
    return make(props.subscriptionTarget, (target) =>
      this.createStack('subscription_target', names.subscriptionTargetStack, {
        template: templates.subscriptionTargetTemplate({ domainId: props.domain.id, environmentId, target }),
        dependsOn: created(this.environmentRole, this.notebookRole),
      }),
    );
  }

  private createUserProfile() {
    const { props, names } = this;
    return make(props.userProfile, () =>
      this.createStack('user_profile', names.userProfileStack, {
        template: templates.userProfileTemplate({ domainId: props.domain.id, roleArn: props.functionRoleArn }),
      }),
    );
  }

  private createMembership() {
    const { props, names } = this;
    return make(props.membership, ({ projects }) =>
      this.createStack('membership', names.membershipStack, {
        template: templates.membershipTemplate({ domainId: props.domain.id, roleArn: props.functionRoleArn, projects }),
        dependsOn: created(this.userProfile),
      }),
    );
  }

  private createRole(id: string, name: string, { trust, description }: { trust: string; description: string }) {
    const { naming, permissionsBoundary, tags } = this.props;
    return new IamRole(this, id, {
      name,
      path: `/${naming.rolePath}`,
      description,
      assumeRolePolicy: trust,
      permissionsBoundary,
      tags,
    });
  }

  /** `role` is a name, since what refers to a role that may not exist can use no attribute of it. */
  private createRolePolicy(id: string, role: string, { policy, dependsOn }: { policy: string; dependsOn: ITerraformDependable[] }) {
    return new IamRolePolicy(this, id, { name: 'notebook', role, policy, dependsOn });
  }

  private createStack(id: string, name: string, { template, dependsOn }: { template: string; dependsOn?: ITerraformDependable[] }) {
    return new CloudformationStack(this, id, { name, templateBody: template, tags: this.props.tags, dependsOn });
  }
}

/** Makes a resource of a part that is asked for. */
const make = <P extends Part, R extends TerraformResource>(part: P | undefined, create: (part: P) => R): R | undefined =>
  part && where(part.choice ?? true, () => create(part));
