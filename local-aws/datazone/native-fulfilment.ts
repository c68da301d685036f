import { emitGrantEvent } from './events';
import type { Environment, Grant, SubscriptionTarget } from './model';
import { conflict, type DataZoneCall } from './operation';

const S3_ASSET = 'S3ObjectCollectionAssetType';

/**
 * The target that a V2 domain makes for each environment, for the project's role alone.
 * Assumed: `native-fulfilment-keeps-to-its-target` in `docs/unverified.md`.
 */
export const nativeTarget = ({ id, projectId, awsAccountId, createdAt }: Environment): SubscriptionTarget => {
  const role = `arn:aws:iam::${awsAccountId}:role/datazone_usr_role_${projectId}_${id}`;
  return {
    id: `native${id}`.slice(0, 36),
    environmentId: id,
    projectId,
    type: 'S3AccessGrantsSubscriptionTargetType',
    createdBy: 'SYSTEM',
    createdAt,
    name: 'S3 Access Grants',
    authorizedPrincipals: [role],
    applicableAssetTypes: [S3_ASSET],
    subscriptionTargetConfig: [],
    manageAccessRole: role,
    provider: 'Amazon DataZone',
    native: true,
  };
};

const targetOf = ({ datazone }: DataZoneCall, grant: Grant): SubscriptionTarget | undefined =>
  datazone.targets.get(grant.subscriptionTargetId);

/** What DataZone does with a grant of its own target as soon as it is asked for: gives the access, or takes it, and says so. */
export const fulfilNatively = (call: DataZoneCall, grant: Grant): void => {
  const { datazone } = call;
  const target = targetOf(call, grant);
  if (target?.native !== true) return;
  for (const asset of grant.assets) {
    const grants = asset.status === 'GRANT_PENDING';
    if (grants) datazone.nativeAccess.push({ grantId: grant.id, assetId: asset.assetId, principals: target.authorizedPrincipals });
    else {
      const index = datazone.nativeAccess.findIndex((one) => one.grantId === grant.id && one.assetId === asset.assetId);
      if (index >= 0) datazone.nativeAccess.splice(index, 1);
    }
    asset.status = grants ? 'GRANTED' : 'REVOKED';
    if (grants) asset.grantedTimestamp = call.call.at.toISOString();
    emitGrantEvent(call, grant, asset);
  }
};

/** @throws ServiceError Conflict: nobody else reports on what DataZone fulfils. */
export const requireForeign = (call: DataZoneCall, grant: Grant): void => {
  if (targetOf(call, grant)?.native === true) throw conflict(`DataZone fulfils subscription grant '${grant.id}' itself`);
};
