import * as z from 'zod';
import { emitSubscriptionEvent, subscriberId } from './events';
import { revokeGrants } from './grant-creation';
import { subscribedListingView } from './listings';
import type { Subscription } from './model';
import {
  byId,
  conflict,
  type DataZoneCall,
  find,
  id,
  inDomain,
  inOrder,
  operation,
  pageOf,
  requireMember,
  seconds,
  sorted,
} from './operation';

/** As reads show it: as it is, or as it was before its last change. */
const shown = ({ stale }: DataZoneCall, subscription: Subscription): Subscription =>
  stale ? (subscription.previous ?? subscription) : subscription;

const subscriptionView = (call: DataZoneCall, subscription: Subscription) => ({
  id: subscription.id,
  createdBy: subscription.createdBy,
  ...(subscription.updatedBy === undefined ? {} : { updatedBy: subscription.updatedBy }),
  domainId: call.domain.id,
  status: subscription.status,
  createdAt: seconds(subscription.createdAt),
  updatedAt: seconds(subscription.updatedAt),
  subscribedPrincipal: subscription.subscribedPrincipal,
  subscribedListing: subscribedListingView(call, subscription.subscribedListing),
  subscriptionRequestId: subscription.subscriptionRequestId,
  ...(subscription.retainPermissions === undefined ? {} : { retainPermissions: subscription.retainPermissions }),
});

const producerOf = ({ datazone }: DataZoneCall, { subscribedListing }: Subscription): string =>
  find(datazone.listings, 'listing', subscribedListing.id).owningProjectId;

type Ending = { readonly identifier: string; readonly status: 'REVOKED' | 'CANCELLED'; readonly retainPermissions?: boolean };

const end = (call: DataZoneCall, { identifier, status, retainPermissions }: Ending) => {
  const subscription = find(call.datazone.subscriptions, 'subscription', identifier);
  requireMember(call, [status === 'REVOKED' ? producerOf(call, subscription) : subscriberId(subscription.subscribedPrincipal)]);
  if (subscription.status !== 'APPROVED') throw conflict(`subscription '${identifier}' is ${subscription.status}`);
  const { previous: _, ...before } = subscription;
  subscription.previous = before;
  subscription.status = status;
  subscription.updatedAt = call.call.at.toISOString();
  subscription.updatedBy = call.user;
  if (retainPermissions !== undefined) subscription.retainPermissions = retainPermissions;
  emitSubscriptionEvent(call, subscription);
  if (retainPermissions !== true) revokeGrants(call, subscription);
  return subscriptionView(call, subscription);
};

export const subscriptionOperations = [
  operation({
    name: 'GetSubscription',
    method: 'GET',
    path: '/v2/domains/{domainIdentifier}/subscriptions/{identifier}',
    input: byId,
    run: (call, { identifier }) => {
      const subscription = find(call.datazone.subscriptions, 'subscription', identifier);
      requireMember(call, [subscriberId(subscription.subscribedPrincipal), producerOf(call, subscription)]);
      return subscriptionView(call, shown(call, subscription));
    },
  }),
  operation({
    name: 'ListSubscriptions',
    method: 'GET',
    path: '/v2/domains/{domainIdentifier}/subscriptions',
    input: {
      ...inDomain,
      ...sorted,
      // Without a status, only approved ones are listed.
      status: z._default(z.enum(['APPROVED', 'REVOKED', 'CANCELLED']), 'APPROVED'),
      subscriptionRequestIdentifier: z.optional(id),
      subscribedListingId: z.optional(id),
      owningProjectId: z.optional(id),
      approverProjectId: z.optional(id),
      owningUserId: z.optional(z.string()),
      owningGroupId: z.optional(z.string()),
      owningIamPrincipalArn: z.optional(z.string()),
    },
    run: (call, input) => {
      const { status, subscriptionRequestIdentifier: requestId, subscribedListingId: listingId, approverProjectId } = input;
      const owners = [input.owningProjectId, input.owningUserId, input.owningGroupId, input.owningIamPrincipalArn];
      const known = [...call.datazone.subscriptions.values()].map((one) => shown(call, one));
      const matching = known.filter(
        (one) =>
          one.status === status &&
          (requestId ?? one.subscriptionRequestId) === one.subscriptionRequestId &&
          (listingId ?? one.subscribedListing.id) === one.subscribedListing.id &&
          (approverProjectId ?? producerOf(call, one)) === producerOf(call, one) &&
          owners.every((owner) => owner === undefined || owner === subscriberId(one.subscribedPrincipal)),
      );
      const { items, ...rest } = pageOf(call.datazone, inOrder(matching, input), input);
      return { items: items.map((subscription) => subscriptionView(call, subscription)), ...rest };
    },
  }),
  operation({
    name: 'RevokeSubscription',
    method: 'PUT',
    path: '/v2/domains/{domainIdentifier}/subscriptions/{identifier}/revoke',
    input: { ...byId, retainPermissions: z.optional(z.boolean()) },
    run: (call, { identifier, retainPermissions = false }) => end(call, { identifier, status: 'REVOKED', retainPermissions }),
  }),
  operation({
    name: 'CancelSubscription',
    method: 'PUT',
    path: '/v2/domains/{domainIdentifier}/subscriptions/{identifier}/cancel',
    input: byId,
    run: (call, { identifier }) => end(call, { identifier, status: 'CANCELLED' }),
  }),
];
