import { answer, BOTH, connection, type Expected, type FailingCall } from './failing-call';

/** The errors that DataZone's model gives to all operations of ours. Source: its API model, datazone/2018-05-10. */
const dataZone = <Outcome extends Expected>(outcome: Outcome) => ({
  'AccessDeniedException 403': outcome,
  'UnauthorizedException 401': outcome,
  'ThrottlingException 429': outcome,
  'ValidationException 400': outcome,
  'InternalServerException 500': outcome,
  'ServiceUnavailableException 503': outcome,
  ...connection(outcome),
  ...answer(outcome),
});
const needed = {
  ...dataZone('waiting unavailable'),
  'AccessDeniedException 403': 'waiting membership-missing',
  'UnauthorizedException 401': 'waiting membership-missing',
  'ThrottlingException 429': 'waiting throttled',
} as const;
const notFound = <Outcome extends Expected>(outcome: Outcome) => ({ 'ResourceNotFoundException 404': outcome });

/** DataZone's calls, with every error of theirs. */
export const DATAZONE: readonly FailingCall[] = [
  {
    name: 'GetSubscription',
    comes: 'before the write',
    operation: 'GetSubscription',
    journey: 'subscription',
    flows: BOTH,
    // Its request leads to it as well.
    errors: { ...needed, ...notFound('done') },
  },
  {
    name: 'ListSubscriptions',
    comes: 'before the write',
    operation: 'ListSubscriptions',
    journey: 'grant',
    flows: BOTH,
    errors: { ...needed, ...notFound('waiting unavailable') },
  },
  {
    name: 'ListSubscriptions before REVOKED is reported',
    comes: 'after the write',
    operation: 'ListSubscriptions',
    journey: 'subscription',
    flows: ['revocation'],
    errors: { ...dataZone('unreported'), ...notFound('unreported') },
  },
  // The event's own ids lead to the subscription as well.
  {
    name: 'GetSubscriptionGrant',
    comes: 'before the write',
    operation: 'GetSubscriptionGrant',
    journey: 'grant',
    flows: BOTH,
    errors: { ...needed, ...notFound('done') },
  },
  {
    name: 'GetSubscriptionRequestDetails',
    comes: 'before the write',
    operation: 'GetSubscriptionRequestDetails',
    journey: 'subscription',
    // Whether it fails when a subscription ends is no different: what is told of who asked is told by then.
    flows: ['grant'],
    errors: { ...dataZone('done'), ...notFound('done') },
  },
  {
    name: 'GetListing',
    comes: 'before the write',
    operation: 'GetListing',
    journey: 'listing',
    flows: ['grant'],
    errors: { ...needed, ...notFound('waiting disagreement') },
  },
  {
    name: 'GetAsset',
    comes: 'before the write',
    operation: 'GetAsset',
    journey: 'product',
    flows: ['grant'],
    errors: { ...needed, ...notFound('waiting disagreement') },
  },
  {
    name: 'ListEnvironments',
    comes: 'before the write',
    operation: 'ListEnvironments',
    journey: 'subscription',
    flows: ['grant'],
    errors: needed,
  },
  {
    name: 'ListSubscriptionTargets',
    comes: 'before the write',
    operation: 'ListSubscriptionTargets',
    journey: 'subscription',
    flows: ['grant'],
    // The environment is gone, and no other has a target.
    errors: { ...needed, ...notFound('waiting no-subscription-target') },
  },
  {
    name: 'ListSubscriptionGrants',
    comes: 'after the write',
    operation: 'ListSubscriptionGrants',
    journey: 'subscription',
    flows: BOTH,
    errors: { ...dataZone('unreported'), ...notFound('unreported') },
  },
  {
    name: 'UpdateSubscriptionGrantStatus',
    comes: 'after the write',
    operation: 'UpdateSubscriptionGrantStatus',
    journey: 'subscription',
    flows: BOTH,
    errors: { ...dataZone('unreported'), ...notFound('unreported'), 'ConflictException 409': 'unreported' },
  },
];
