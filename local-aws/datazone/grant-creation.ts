import { emitGrantEvent, subscriberId } from './events';
import { listingAt } from './listings';
import type { Grant, ListingRevision, SubscribedListing, Subscription, SubscriptionTarget } from './model';
import { fulfilNatively } from './native-fulfilment';
import { type DataZoneCall, newId } from './operation';

const assetsOf = ({ item }: ListingRevision) =>
  item.kind === 'asset' ? [{ id: item.assetId, revision: item.assetRevision, type: item.assetType }] : item.assets;

/** Makes a grant of a listing to a target, with the assets that the target takes, and the events of it. */
export const createGrant = (
  call: DataZoneCall,
  {
    listing,
    target,
    subscriptionId,
  }: { readonly listing: SubscribedListing; readonly target: SubscriptionTarget; readonly subscriptionId?: string },
): Grant | undefined => {
  const { at } = listingAt(call.datazone, listing);
  const assets = assetsOf(at).filter(({ type }) => target.applicableAssetTypes.includes(type));
  if (assets.length === 0) return undefined;
  const now = call.call.at.toISOString();
  const grant: Grant = {
    id: newId(call.datazone),
    createdBy: call.user,
    createdAt: now,
    updatedAt: now,
    environmentId: target.environmentId,
    projectId: target.projectId,
    subscriptionTargetId: target.id,
    listing,
    ...(subscriptionId === undefined ? {} : { subscriptionId }),
    assets: assets.map((asset) => ({ assetId: asset.id, assetRevision: asset.revision, status: 'GRANT_PENDING' })),
  };
  call.datazone.grants.set(grant.id, grant);
  for (const asset of grant.assets) emitGrantEvent(call, grant, asset);
  fulfilNatively(call, grant);
  return grant;
};

/** Where the double is told that DataZone does it: a grant for each approved subscription and target that fit and have none. */
export const createGrants = (
  call: DataZoneCall,
  { subscriptions, targets }: { readonly subscriptions: readonly Subscription[]; readonly targets: readonly SubscriptionTarget[] },
): void => {
  for (const subscription of subscriptions) {
    for (const target of targets) {
      const fits = subscription.status === 'APPROVED' && target.projectId === subscriberId(subscription.subscribedPrincipal);
      if (!fits || target.subscriptionGrantCreationMode === 'MANUAL') continue;
      if (call.state.unverified.grants === 'none' && target.native !== true) continue;
      createGrant(call, { listing: subscription.subscribedListing, target, subscriptionId: subscription.id });
    }
  }
};

/** The end of a subscription asks for its grants to be revoked. */
export const revokeGrants = (call: DataZoneCall, { id, subscribedListing, subscribedPrincipal }: Subscription): void => {
  for (const grant of call.datazone.grants.values()) {
    const own =
      grant.subscriptionId ??
      (grant.listing.id === subscribedListing.id && grant.projectId === subscriberId(subscribedPrincipal) ? id : '');
    if (own !== id) continue;
    grant.updatedAt = call.call.at.toISOString();
    for (const asset of grant.assets) {
      asset.status = 'REVOKE_PENDING';
      emitGrantEvent(call, grant, asset);
    }
    fulfilNatively(call, grant);
  }
};
