import * as z from 'zod';
import { emitGrantEvent } from './events';
import { createGrant } from './grant-creation';
import { ASSET_STATUSES, type Grant, type GrantedAsset } from './model';
import { requireForeign } from './native-fulfilment';
import {
  byId,
  conflict,
  type DataZoneCall,
  find,
  id,
  inDomain,
  inOrder,
  invalid,
  notFound,
  operation,
  pageOf,
  requireMember,
  revision,
  seconds,
  sorted,
} from './operation';

/** The grant's own status, of those of its assets. */
const statusOf = ({ assets }: Grant): string => {
  const statuses = assets.map(({ status }) => status);
  if (statuses.includes('REVOKE_FAILED')) return statuses.includes('GRANT_FAILED') ? 'GRANT_AND_REVOKE_FAILED' : 'REVOKE_FAILED';
  if (statuses.includes('GRANT_FAILED')) return 'GRANT_FAILED';
  if (statuses.every((status) => status === 'GRANTED' || status === 'REVOKED')) return 'COMPLETED';
  return statuses.every((status) => status.endsWith('_PENDING')) ? 'PENDING' : 'IN_PROGRESS';
};

const assetView = ({ grantedTimestamp, failureTimestamp, ...asset }: GrantedAsset) => ({
  ...asset,
  ...(grantedTimestamp === undefined ? {} : { grantedTimestamp: seconds(grantedTimestamp) }),
  ...(failureTimestamp === undefined ? {} : { failureTimestamp: seconds(failureTimestamp) }),
});

const grantView = ({ domain }: DataZoneCall, grant: Grant) => ({
  id: grant.id,
  createdBy: grant.createdBy,
  ...(grant.updatedBy === undefined ? {} : { updatedBy: grant.updatedBy }),
  domainId: domain.id,
  createdAt: seconds(grant.createdAt),
  updatedAt: seconds(grant.updatedAt),
  environmentId: grant.environmentId,
  subscriptionTargetId: grant.subscriptionTargetId,
  grantedEntity: { listing: grant.listing },
  status: statusOf(grant),
  assets: grant.assets.map(assetView),
  ...(grant.subscriptionId === undefined ? {} : { subscriptionId: grant.subscriptionId }),
});

const targetIn = ({ datazone }: DataZoneCall, environmentId: string, targetId: string | undefined) => {
  const targets = [...datazone.targets.values()].filter((one) => one.environmentId === environmentId && (targetId ?? one.id) === one.id);
  const [target, another] = targets;
  if (target === undefined) throw notFound('subscription target', targetId ?? `of environment ${environmentId}`);
  if (another !== undefined) throw invalid(`environment '${environmentId}' has several subscription targets; name one`);
  return target;
};

export const grantOperations = [
  operation({
    name: 'CreateSubscriptionGrant',
    method: 'POST',
    path: '/v2/domains/{domainIdentifier}/subscription-grants',
    input: {
      ...inDomain,
      environmentIdentifier: id,
      subscriptionTargetIdentifier: z.optional(id),
      grantedEntity: z.strictObject({ listing: z.strictObject({ identifier: id, revision }) }),
      assetTargetNames: z.optional(z.array(z.strictObject({ assetId: id, targetName: z.string() }))),
      clientToken: z.optional(z.string()),
    },
    run: (call, { environmentIdentifier, subscriptionTargetIdentifier, grantedEntity }) => {
      find(call.datazone.environments, 'environment', environmentIdentifier);
      const target = targetIn(call, environmentIdentifier, subscriptionTargetIdentifier);
      requireMember(call, [target.projectId]);
      const listing = { id: grantedEntity.listing.identifier, revision: grantedEntity.listing.revision };
      const same = [...call.datazone.grants.values()].some(
        (one) => one.subscriptionTargetId === target.id && one.listing.id === listing.id,
      );
      if (same) throw conflict(`listing '${listing.id}' already has a grant for target '${target.id}'`);
      const grant = createGrant(call, { listing, target });
      if (grant === undefined) throw invalid(`target '${target.id}' takes no asset of listing '${listing.id}'`);
      return grantView(call, grant);
    },
  }),
  operation({
    name: 'GetSubscriptionGrant',
    method: 'GET',
    path: '/v2/domains/{domainIdentifier}/subscription-grants/{identifier}',
    input: byId,
    run: (call, { identifier }) => {
      const grant = find(call.datazone.grants, 'subscription grant', identifier);
      requireMember(call, [grant.projectId]);
      return grantView(call, grant);
    },
  }),
  operation({
    name: 'ListSubscriptionGrants',
    method: 'GET',
    path: '/v2/domains/{domainIdentifier}/subscription-grants',
    input: {
      ...inDomain,
      ...sorted,
      environmentId: z.optional(id),
      subscriptionTargetId: z.optional(id),
      subscribedListingId: z.optional(id),
      subscriptionId: z.optional(id),
      owningProjectId: z.optional(id),
    },
    run: (call, input) => {
      const matching = [...call.datazone.grants.values()].filter(
        (one) =>
          (input.environmentId ?? one.environmentId) === one.environmentId &&
          (input.subscriptionTargetId ?? one.subscriptionTargetId) === one.subscriptionTargetId &&
          (input.subscribedListingId ?? one.listing.id) === one.listing.id &&
          (input.subscriptionId ?? one.subscriptionId) === one.subscriptionId &&
          (input.owningProjectId ?? one.projectId) === one.projectId,
      );
      const { items, ...rest } = pageOf(call.datazone, inOrder(matching, input), input);
      return { items: items.map((grant) => grantView(call, grant)), ...rest };
    },
  }),
  operation({
    name: 'UpdateSubscriptionGrantStatus',
    method: 'PATCH',
    path: '/v2/domains/{domainIdentifier}/subscription-grants/{identifier}/status/{assetIdentifier}',
    input: {
      ...byId,
      assetIdentifier: id,
      status: z.enum(ASSET_STATUSES),
      failureCause: z.optional(z.strictObject({ message: z.optional(z.string()) })),
      targetName: z.optional(z.string()),
    },
    run: (call, { identifier, assetIdentifier, status, failureCause, targetName }) => {
      const grant = find(call.datazone.grants, 'subscription grant', identifier);
      requireMember(call, [grant.projectId]);
      requireForeign(call, grant);
      const index = grant.assets.findIndex(({ assetId }) => assetId === assetIdentifier);
      const before = grant.assets[index];
      if (before === undefined) throw notFound('asset', `${assetIdentifier} in subscription grant ${identifier}`);
      const now = call.call.at.toISOString();
      const { failureCause: _, failureTimestamp: __, ...kept } = before;
      const asset: GrantedAsset = {
        ...kept,
        status,
        ...(targetName === undefined ? {} : { targetName }),
        ...(failureCause?.message === undefined ? {} : { failureCause: { message: failureCause.message } }),
        ...(status === 'GRANTED' ? { grantedTimestamp: now } : {}),
        ...(status.endsWith('_FAILED') ? { failureTimestamp: now } : {}),
      };
      grant.assets[index] = asset;
      grant.updatedAt = now;
      grant.updatedBy = call.user;
      emitGrantEvent(call, grant, asset);
      return grantView(call, grant);
    },
  }),
];
