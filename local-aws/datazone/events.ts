import { createHash } from 'node:crypto';
import type { BusEvent } from '../eventing/event';
import { listingAt } from './listings';
import type { Grant, GrantedAsset, SubscribedListing, SubscribedPrincipal, Subscription, SubscriptionRequest } from './model';
import type { DataZoneCall } from './operation';

type Entity = { readonly id: string; readonly typeName: string; readonly owningProjectId: string; readonly user: string };

const uuid = (text: string): string => {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
};

/** Puts an event into the outbox; it leaves for the bus when the call is done. */
const emit = (
  { state, datazone, domain, call }: DataZoneCall,
  detailType: string,
  { entity, data }: { entity: Entity; data: unknown },
): void => {
  datazone.issued += 1;
  const event: BusEvent = {
    version: '0',
    id: uuid(`event ${datazone.issued}`),
    'detail-type': detailType,
    source: 'aws.datazone',
    account: domain.account,
    time: `${call.at.toISOString().slice(0, 19)}Z`,
    region: domain.region,
    resources: [],
    detail: {
      version: '1',
      metadata: {
        domain: domain.id,
        user: entity.user,
        id: entity.id,
        version: '1',
        typeName: entity.typeName,
        owningProjectId: entity.owningProjectId,
        awsAccountId: domain.account,
        clientToken: uuid(`token ${datazone.issued}`),
      },
      data,
    },
  };
  state.outbox.push(event);
};

/** The id of whoever subscribed: a project's, in nearly all cases. */
export const subscriberId = (principal: SubscribedPrincipal): string =>
  'project' in principal
    ? principal.project.id
    : 'user' in principal
      ? principal.user.id
      : 'group' in principal
        ? principal.group.id
        : principal.iam.principalArn;

const principalType = (principal: SubscribedPrincipal): string => Object.keys(principal).join().toUpperCase();

/** Events say `version` where the API says `revision`, and name an asset without its forms. */
const listingInEvent = ({ datazone }: DataZoneCall, subscribed: SubscribedListing) => {
  const { listing, at } = listingAt(datazone, subscribed);
  const { item } = at;
  return {
    id: listing.id,
    version: subscribed.revision,
    ownerProjectId: listing.owningProjectId,
    item:
      item.kind === 'asset'
        ? { assetListing: { entityId: item.assetId, entityType: item.assetType } }
        : { productListing: { entityId: item.productId } },
  };
};

export const emitRequestEvent = (call: DataZoneCall, request: SubscriptionRequest): void => {
  const { subscribedListing, subscribedPrincipal, status } = request;
  const { listing } = listingAt(call.datazone, subscribedListing);
  const owningProjectId = subscriberId(subscribedPrincipal);
  emit(call, 'Subscription Request Created', {
    entity: { id: request.id, typeName: 'SubscriptionRequestEntityType', owningProjectId, user: call.user },
    data: {
      autoApproved: false,
      requesterId: request.createdBy,
      status,
      subscribedListings: [{ id: listing.id, ownerProjectId: listing.owningProjectId, version: subscribedListing.revision }],
      subscribedPrincipals: [{ id: owningProjectId, type: principalType(subscribedPrincipal) }],
    },
  });
};

const SUBSCRIPTION_EVENTS = {
  APPROVED: 'Subscription Created',
  REVOKED: 'Subscription Revoked',
  CANCELLED: 'Subscription Cancelled',
} as const;

export const emitSubscriptionEvent = (call: DataZoneCall, subscription: Subscription): void => {
  const { id, status, subscriptionRequestId, subscribedPrincipal } = subscription;
  const owningProjectId = subscriberId(subscribedPrincipal);
  emit(call, SUBSCRIPTION_EVENTS[status], {
    entity: {
      // Where the id is not the subscription's, nothing but the request leads to it.
      id: call.state.unverified.eventId === 'subscription' ? id : uuid(`event of ${id}`),
      typeName: 'SubscriptionEntityType',
      owningProjectId,
      user: call.user,
    },
    data: {
      status,
      subscriptionRequestId,
      subscribedListing: listingInEvent(call, subscription.subscribedListing),
      subscribedPrincipal: { id: owningProjectId, type: principalType(subscribedPrincipal) },
    },
  });
};

const GRANT_EVENTS: Partial<Record<GrantedAsset['status'], string>> = {
  GRANT_PENDING: 'Subscription Grant Requested',
  REVOKE_PENDING: 'Subscription Grant Revoke Requested',
  GRANTED: 'Subscription Grant Completed',
  GRANT_FAILED: 'Subscription Grant Failed',
  REVOKED: 'Subscription Grant Revoke Completed',
  REVOKE_FAILED: 'Subscription Grant Revoke Failed',
};

/** One event for each asset of a grant, when it comes to a status that has one. */
export const emitGrantEvent = (call: DataZoneCall, grant: Grant, asset: GrantedAsset): void => {
  const detailType = GRANT_EVENTS[asset.status];
  const { item } = listingAt(call.datazone, grant.listing).at;
  if (detailType === undefined) return;
  const typeName =
    item.kind === 'asset' ? item.assetType : (item.assets.find(({ id }) => id === asset.assetId)?.type ?? 'S3ObjectCollectionAssetType');
  emit(call, detailType, {
    entity: { id: grant.id, typeName: 'SubscriptionGrantEntityType', owningProjectId: grant.projectId, user: 'SYSTEM' },
    data: {
      projectId: grant.projectId,
      status: asset.status,
      asset: { id: asset.assetId, typeName, listingId: grant.listing.id, listingVersion: grant.listing.revision },
      subscriptionTarget: {
        id: grant.subscriptionTargetId,
        environmentId: grant.environmentId,
        typeName: call.datazone.targets.get(grant.subscriptionTargetId)?.type ?? 'BaseSubscriptionTargetType',
      },
    },
  });
};
