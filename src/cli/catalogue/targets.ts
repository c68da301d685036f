import {
  type DataZoneClient,
  type EnvironmentSummary,
  paginateListEnvironments,
  paginateListSubscriptionTargets,
} from '@aws-sdk/client-datazone';
import { ASSET_TYPE, ASSET_TYPE_NAMESPACE } from '../../../handler/contract/datazone';

/** An environment of a project, and the account that its principals are meant to be in. */
export interface ProjectEnvironment {
  readonly id: string;
  readonly name: string;
  readonly account: string | undefined;
}

/** A subscription target; `ours`: this deployment acts on it. */
export interface Target {
  readonly id: string;
  readonly name: string;
  readonly environment: string;
  readonly provider: string;
  readonly principals: readonly string[];
  readonly ours: boolean;
}

type Place = { readonly domainIdentifier: string; readonly project: string };

const environmentOf = ({ id = '', name = '', awsAccountId }: Partial<EnvironmentSummary>): ProjectEnvironment => ({
  id,
  name,
  account: awsAccountId,
});

export const environmentsOf = async (
  client: DataZoneClient,
  { domainIdentifier, project }: Place,
): Promise<readonly ProjectEnvironment[]> => {
  const environments: ProjectEnvironment[] = [];
  for await (const { items = [] } of paginateListEnvironments({ client }, { domainIdentifier, projectIdentifier: project }))
    environments.push(...items.map(environmentOf));
  return environments;
};

/** The subscription targets of an environment; ours take S3 object collections and have this deployment's provider. */
export const targetsOf = async (
  client: DataZoneClient,
  { domainIdentifier, environment, provider }: { domainIdentifier: string; environment: string; provider: string },
): Promise<readonly Target[]> => {
  const targets: Target[] = [];
  for await (const { items = [] } of paginateListSubscriptionTargets({ client }, { domainIdentifier, environmentIdentifier: environment }))
    targets.push(
      ...items.map(({ id = '', name = '', provider: own = '', authorizedPrincipals = [], applicableAssetTypes = [] }) => ({
        ...{ id, name, environment, provider: own, principals: authorizedPrincipals },
        ours: own === provider && applicableAssetTypes.some((type) => type.replace(ASSET_TYPE_NAMESPACE, '') === ASSET_TYPE),
      })),
    );
  return targets;
};
