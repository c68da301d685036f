import fc from 'fast-check';
import type { ServiceName } from '../call';
import { type CallFault, type EventFault, type FaultPlan, parseFaultPlan } from './fault-plan';

type Befallen = { readonly bus?: Operations<EventFault> } & { readonly [Service in ServiceName]?: Operations<CallFault> };
type Operations<Fault> = Readonly<Record<string, readonly Fault[]>>;

const BROKEN = ['throttled', 'denied', 'failed', 'lost', 'unheard', 'cut-off', 'garbled'] as const;
const POLICY_WRITE = ['throttled', 'denied', 'missing', 'conflict', 'failed', 'lost', 'unheard', 'lands-late'] as const;
const ON_THE_WAY = ['lost', 'twice', 'late'] as const;

/**
 * What may befall the calls that the function makes, and the events that lead to them. Left out: `no-answer`, for which a client
 * waits in earnest; `slow`, which needs somebody to end it; and DataZone's `missing`, which said often enough is the truth.
 */
export const BEFALLEN: Befallen = {
  s3: { GetBucketPolicy: [...BROKEN, 'missing', 'stale'], PutBucketPolicy: POLICY_WRITE, DeleteBucketPolicy: POLICY_WRITE },
  sts: { AssumeRole: BROKEN },
  datazone: {
    GetSubscription: [...BROKEN, 'stale'],
    ListSubscriptions: [...BROKEN, 'stale', 'half-list'],
    GetSubscriptionRequestDetails: BROKEN,
    GetListing: BROKEN,
    GetAsset: BROKEN,
    ListEnvironments: [...BROKEN, 'half-list'],
    GetEnvironment: BROKEN,
    ListSubscriptionTargets: [...BROKEN, 'half-list'],
    GetSubscriptionTarget: BROKEN,
    ListSubscriptionGrants: [...BROKEN, 'half-list'],
    GetSubscriptionGrant: BROKEN,
    UpdateSubscriptionGrantStatus: [...BROKEN, 'conflict'],
  },
  dynamodb: {
    GetItem: ['throttled', 'failed', 'lost', 'unheard'],
    PutItem: ['throttled', 'failed', 'lost', 'unheard', 'conflict'],
    UpdateItem: ['throttled', 'failed', 'lost', 'unheard', 'conflict'],
    Query: ['throttled', 'failed', 'lost', 'cut-off'],
  },
  bus: {
    'Subscription Created': ON_THE_WAY,
    'Subscription Revoked': ON_THE_WAY,
    'Subscription Cancelled': ON_THE_WAY,
    'Subscription Grant Requested': ON_THE_WAY,
    'Subscription Grant Revoke Requested': ON_THE_WAY,
  },
};

export type PlanSpace = {
  /** @default BEFALLEN */
  readonly befallen?: Befallen;
  /** The fewest faults in a plan. @default 1 */
  readonly least?: number;
  /** The most. @default 4, or `least` if that is more */
  readonly most?: number;
  /** Calls of one operation among which the faults lie. @default 6 */
  readonly within?: number;
  /** The longest delay, in milliseconds of the double's clock. @default 300000 */
  readonly longest?: number;
};

/** Fault plans for fast-check, which makes a failing one as small as it can. */
export const faultPlans = ({
  befallen = BEFALLEN,
  least = 1,
  most = Math.max(4, least),
  within = 6,
  longest = 300_000,
}: PlanSpace = {}): fc.Arbitrary<FaultPlan> => {
  const services: readonly (readonly [string, Operations<CallFault | EventFault>])[] = Object.entries(befallen);
  const targets = services.flatMap(([service, operations]) =>
    Object.entries(operations).flatMap(([operation, faults]) => faults.map((fault) => ({ service, operation, fault }))),
  );
  const occurrences = fc.uniqueArray(fc.integer({ min: 1, max: within }), { minLength: 1, maxLength: 3 });
  const planned = fc.record({ target: fc.constantFrom(...targets), occurrences, delay: fc.integer({ min: 0, max: longest }) });
  const drawn = planned.map(({ target, occurrences: which, delay }) => {
    const isDelayed = ['lands-late', 'late', 'stale', 'slow'].includes(target.fault);
    return { ...target, occurrences: which.toSorted((a, b) => a - b), ...(isDelayed ? { delayMs: delay } : {}) };
  });
  return fc.array(drawn, { minLength: least, maxLength: most }).map(parseFaultPlan);
};

/** The plan of a seed: always the same. */
export const faultPlanOf = (seed: number, space: PlanSpace = {}): FaultPlan => fc.sample(faultPlans(space), { seed, numRuns: 1 })[0] ?? [];
