import { createHash } from 'node:crypto';
import { ASSET_TYPE } from '../../handler/contract/datazone';
import type { Place } from '../naming';
import { type Expression, expressionOf, type Items, jsonText, objectOf } from '../policy-document';
import type { EnvironmentSettings, SubscriptionTargetSettings } from './props';

/**
 * CloudFormation templates of the DataZone resources that Terraform's AWS provider lacks. Their shapes:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_DataZone.html
 */

/** A template of one resource, which is named for its type, and of outputs. */
const template = (
  type: string,
  properties: Readonly<Record<string, Expression>>,
  outputs: Readonly<Record<string, unknown>> = {},
): string =>
  templateOf(
    objectOf({ [type]: objectOf({ Type: expressionOf(`AWS::DataZone::${type}`), Properties: objectOf(properties) }) }),
    expressionOf(outputs),
  );

const templateOf = (resources: Expression, outputs: Expression): string =>
  jsonText(
    objectOf({
      AWSTemplateFormatVersion: expressionOf('2010-09-09'),
      Resources: resources,
      ...(outputs.text !== '{}' && { Outputs: outputs }),
    }),
  );

/** Each member of a group as an expression. */
const expressionsOf = (members: Readonly<Record<string, unknown>>): Readonly<Record<string, Expression>> =>
  Object.fromEntries(Object.entries(members).map(([key, value]) => [key, expressionOf(value)]));

/** Where an environment is made, and what for. */
interface EnvironmentTemplate {
  readonly domainId: string;
  readonly project: string;
  readonly place: Place;
  readonly environment: EnvironmentSettings;
}

/** The output `Id` is the environment's. */
export const environmentTemplate = ({ domainId, project, place, environment }: EnvironmentTemplate): string =>
  template(
    'Environment',
    {
      ...expressionsOf({
        DomainIdentifier: domainId,
        ProjectIdentifier: project,
        Name: environment.name,
        Description: environment.description,
        EnvironmentBlueprintIdentifier: environment.blueprint,
        EnvironmentAccountIdentifier: place.account,
        EnvironmentAccountRegion: place.region,
      }),
      EnvironmentRoleArn: environment.roleArn,
    },
    { Id: { Value: { 'Fn::GetAtt': ['Environment', 'Id'] } } },
  );

/** A link that the portal shows to the members of an environment's project. */
export const linkTemplate = (link: { domainId: string; environmentId: string; name: string; uri: Expression }): string =>
  template('EnvironmentActions', {
    ...expressionsOf({ DomainIdentifier: link.domainId, EnvironmentIdentifier: link.environmentId, Name: link.name }),
    Parameters: objectOf({ Uri: link.uri }),
  });

/** A subscription target, and the environment it belongs to. */
interface SubscriptionTargetTemplate {
  readonly domainId: string;
  readonly environmentId: string;
  readonly target: SubscriptionTargetSettings;
}

/** `BaseSubscriptionTargetType` is the type of targets without a configuration of their own, and takes an empty one. */
export const subscriptionTargetTemplate = ({ domainId, environmentId, target }: SubscriptionTargetTemplate): string =>
  template('SubscriptionTarget', {
    ...expressionsOf({
      DomainIdentifier: domainId,
      EnvironmentIdentifier: environmentId,
      Name: target.name,
      Type: 'BaseSubscriptionTargetType',
      Provider: target.provider,
      ApplicableAssetTypes: [ASSET_TYPE],
      SubscriptionTargetConfig: [],
    }),
    AuthorizedPrincipals: target.principals,
    ManageAccessRole: target.manageAccessRole,
  });

/** A role as a user of the domain. */
export const userProfileTemplate = (user: { domainId: string; roleArn: string }): string =>
  template(
    'UserProfile',
    expressionsOf({ DomainIdentifier: user.domainId, UserIdentifier: user.roleArn, UserType: 'IAM_ROLE', Status: 'ACTIVATED' }),
  );

/**
 * A role as a member of projects, with the least of DataZone's designations. Each resource is named for its project, so that
 * adding one touches no other; a name takes letters and digits alone, which a project id need not be made of.
 */
export const membershipTemplate = (membership: { domainId: string; projects: Items<string>; roleArn: string }): string => {
  const { projects, domainId, roleArn } = membership;
  const resource = (project: string) => ({
    Type: 'AWS::DataZone::ProjectMembership',
    Properties: {
      DomainIdentifier: domainId,
      ProjectIdentifier: project,
      Member: { UserIdentifier: roleArn },
      Designation: 'PROJECT_CATALOG_VIEWER',
    },
  });
  const resources =
    'expression' in projects
      ? {
          text: `{for item in ${projects.expression} : format("Project%s", substr(sha256(item), 0, 16)) => ${expressionOf(resource(projects.item)).text}}`,
          known: false,
        }
      : expressionOf(Object.fromEntries(projects.map((project) => [resourceNameOf(project), resource(project)])));
  return templateOf(resources, expressionOf({}));
};

const resourceNameOf = (project: string): string => `Project${createHash('sha256').update(project).digest('hex').slice(0, 16)}`;
