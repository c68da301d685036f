import * as z from 'zod';
import { emitRequestEvent, emitSubscriptionEvent, subscriberId } from './events';
import { createGrants } from './grant-creation';
import { subscribedListingView } from './listings';
import type { SubscribedPrincipal, Subscription, SubscriptionRequest } from './model';
import {
  byId,
  clientToken,
  conflict,
  type DataZoneCall,
  find,
  id,
  inDomain,
  invalid,
  newId,
  operation,
  requireMember,
  seconds,
} from './operation';

const principalInput = z.strictObject({
  project: z.optional(z.strictObject({ identifier: id })),
  user: z.optional(z.strictObject({ identifier: z.string() })),
  group: z.optional(z.strictObject({ identifier: z.string() })),
  iam: z.optional(z.strictObject({ identifier: z.string().regex(/^arn:aws[^:]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/) })),
});

const subscriberOf = ({ datazone }: DataZoneCall, input: z.infer<typeof principalInput>): SubscribedPrincipal => {
  const { project, user, group, iam } = input;
  if (Object.keys(input).length !== 1) throw invalid('a subscribed principal has exactly one of project, user, group and iam');
  if (project !== undefined) {
    const { id: projectId, name } = find(datazone.projects, 'project', project.identifier);
    return { project: { id: projectId, name } };
  }
  if (user !== undefined) return { user: { id: user.identifier } };
  if (group !== undefined) return { group: { id: group.identifier } };
  return { iam: { principalArn: iam?.identifier ?? '' } };
};

const requestView = (call: DataZoneCall, request: SubscriptionRequest) => ({
  id: request.id,
  createdBy: request.createdBy,
  domainId: call.domain.id,
  status: request.status,
  createdAt: seconds(request.createdAt),
  updatedAt: seconds(request.updatedAt),
  requestReason: request.requestReason,
  subscribedPrincipals: [request.subscribedPrincipal],
  subscribedListings: [subscribedListingView(call, request.subscribedListing)],
  ...(request.reviewerId === undefined ? {} : { reviewerId: request.reviewerId }),
  ...(request.decisionComment === undefined ? {} : { decisionComment: request.decisionComment }),
  ...(request.existingSubscriptionId === undefined ? {} : { existingSubscriptionId: request.existingSubscriptionId }),
});

const parties = ({ datazone }: DataZoneCall, request: SubscriptionRequest) => ({
  consumer: subscriberId(request.subscribedPrincipal),
  producer: find(datazone.listings, 'listing', request.subscribedListing.id).owningProjectId,
});

const requireNew = ({ datazone }: DataZoneCall, listingId: string, subscriber: string): void => {
  const same = (one: SubscriptionRequest | Subscription) =>
    one.subscribedListing.id === listingId && subscriberId(one.subscribedPrincipal) === subscriber;
  const pending = [...datazone.requests.values()].some((one) => one.status === 'PENDING' && same(one));
  const approved = [...datazone.subscriptions.values()].some((one) => one.status === 'APPROVED' && same(one));
  if (pending || approved)
    throw conflict(`'${subscriber}' already has ${approved ? 'a subscription' : 'a pending request'} for listing '${listingId}'`);
};

const approve = (call: DataZoneCall, request: SubscriptionRequest): Subscription => {
  const at = call.call.at.toISOString();
  const subscription: Subscription = {
    id: newId(call.datazone),
    createdBy: request.createdBy,
    createdAt: at,
    updatedAt: at,
    status: 'APPROVED',
    subscriptionRequestId: request.id,
    subscribedPrincipal: request.subscribedPrincipal,
    subscribedListing: request.subscribedListing,
  };
  call.datazone.subscriptions.set(subscription.id, subscription);
  return subscription;
};

export const requestOperations = [
  operation({
    name: 'CreateSubscriptionRequest',
    method: 'POST',
    path: '/v2/domains/{domainIdentifier}/subscription-requests',
    input: {
      ...inDomain,
      subscribedPrincipals: z.array(principalInput).length(1),
      subscribedListings: z.array(z.strictObject({ identifier: id })).length(1),
      requestReason: z.string().min(1).max(4096),
      clientToken,
    },
    run: (call, { subscribedPrincipals, subscribedListings, requestReason }) => {
      const [principal = {}] = subscribedPrincipals;
      const [wanted = { identifier: '' }] = subscribedListings;
      const listing = find(call.datazone.listings, 'listing', wanted.identifier);
      if (listing.status !== 'ACTIVE') throw conflict(`listing '${listing.id}' is not published`);
      const subscribedPrincipal = subscriberOf(call, principal);
      if ('project' in subscribedPrincipal) requireMember(call, [subscribedPrincipal.project.id]);
      requireNew(call, listing.id, subscriberId(subscribedPrincipal));
      const at = call.call.at.toISOString();
      const request: SubscriptionRequest = {
        id: newId(call.datazone),
        createdBy: call.user,
        createdAt: at,
        updatedAt: at,
        status: 'PENDING',
        requestReason,
        subscribedPrincipal,
        subscribedListing: { id: listing.id, revision: String(listing.revisions.length) },
      };
      call.datazone.requests.set(request.id, request);
      emitRequestEvent(call, request);
      return requestView(call, request);
    },
  }),
  operation({
    name: 'AcceptSubscriptionRequest',
    method: 'PUT',
    path: '/v2/domains/{domainIdentifier}/subscription-requests/{identifier}/accept',
    input: { ...byId, decisionComment: z.optional(z.string().min(1).max(4096)) },
    run: (call, { identifier, decisionComment }) => {
      const request = find(call.datazone.requests, 'subscription request', identifier);
      requireMember(call, [parties(call, request).producer]);
      if (request.status !== 'PENDING') throw conflict(`subscription request '${identifier}' is ${request.status}`);
      request.status = 'ACCEPTED';
      request.updatedAt = call.call.at.toISOString();
      request.reviewerId = call.user;
      if (decisionComment !== undefined) request.decisionComment = decisionComment;
      const subscription = approve(call, request);
      request.existingSubscriptionId = subscription.id;
      emitSubscriptionEvent(call, subscription);
      createGrants(call, { subscriptions: [subscription], targets: [...call.datazone.targets.values()] });
      return requestView(call, request);
    },
  }),
  operation({
    name: 'GetSubscriptionRequestDetails',
    method: 'GET',
    path: '/v2/domains/{domainIdentifier}/subscription-requests/{identifier}',
    input: byId,
    run: (call, { identifier }) => {
      const request = find(call.datazone.requests, 'subscription request', identifier);
      const { consumer, producer } = parties(call, request);
      requireMember(call, [consumer, producer]);
      return requestView(call, request);
    },
  }),
];
