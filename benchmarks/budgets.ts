import { PRODUCT } from './contenders';
import type { Figures } from './figures';

/** The budgets that do not depend on the machine: bytes, rounds, calls, pairs, and the memory of one process. */
export const BUDGETS = {
  /** Bytes of the minified bundle. */
  bundle: 640_000,
  event: {
    /** Rounds of calls until the policy is written. */
    rounds: { cold: 5, warm: 5 },
    /** Calls of a cold event, and the part of each environment in them. */
    calls: { fixed: 21, environment: 3 },
  },
  /** The least share of the pairs that merging equal sets could hold. */
  capacity: 0.9,
  /** How much faster than n log n the planner's work may grow. */
  growth: 1.1,
  reconcile: {
    /** Calls per invocation of a run, and per consumer project, bucket and page of subscriptions. */
    calls: { invocation: 12, project: 2, bucket: 3, page: 3 },
    page: 50,
    megabytes: 256,
  },
  burst: {
    /** The largest number of messages in a batch of the queue. A batch writes each bucket's policy at most once. */
    batch: 10,
    /** From this number of grants on, the serial baseline must take this number of times as long. A cold start dominates smaller bursts. */
    grants: 20,
    faster: 10,
  },
} as const;

/** A budget and whether the figures keep it; `found` describes the figures. */
type Check = { readonly isKept: boolean; readonly found: string };

const checkColdStart = ({ bundle }: NonNullable<Figures['cold-start']>): readonly Check[] => [
  { isKept: bundle.raw <= BUDGETS.bundle, found: `the bundle has ${bundle.raw} bytes` },
];

const checkEvent = (rows: NonNullable<Figures['event']>): readonly Check[] =>
  rows
    .filter(({ contender }) => contender === PRODUCT)
    .flatMap(({ environments, ...states }) =>
      (['cold', 'warm'] as const).map((state) => {
        const { rounds } = states[state];
        const found = `a ${state} event with ${environments} environment(s) writes its policy in round ${rounds}`;
        return { isKept: rounds > 0 && rounds <= BUDGETS.event.rounds[state], found };
      }),
    );

const checkBurst = (bursts: NonNullable<Figures['burst']>): readonly Check[] =>
  bursts.flatMap(({ size, product, faster }) => {
    const burst = `a burst of ${size.grants} grants on ${size.buckets} bucket(s)`;
    const { batch, grants } = BUDGETS.burst;
    const maxWrites = Math.ceil(product.events / batch) * Math.min(size.buckets, batch);
    return [
      { isKept: product.lost === 0, found: `${burst} loses ${product.lost}` },
      { isKept: product.refused === 0, found: `S3 refuses ${product.refused} policy writes of ${burst}` },
      { isKept: product.writes > 0 && product.writes <= maxWrites, found: `${burst} writes policies ${product.writes} times` },
      ...(size.grants < grants
        ? []
        : [{ isKept: faster >= BUDGETS.burst.faster, found: `${burst} is ${faster.toFixed(1)} times faster than the serial baseline` }]),
    ];
  });

const checkCapacity = ({ rows, growth }: NonNullable<Figures['capacity']>): readonly Check[] => [
  ...rows.flatMap(({ scenario, shape, layouts, granted, revocableFirst }) => {
    const policy = `the policy of '${scenario}', ${shape},`;
    return [
      {
        isKept: granted >= BUDGETS.capacity * layouts.merged,
        found: `${policy} holds ${granted} pairs; merging could hold ${layouts.merged}`,
      },
      { isKept: revocableFirst === granted, found: `${policy} holds ${granted} pairs, of which ${revocableFirst} can be revoked first` },
    ];
  }),
  { isKept: growth <= BUDGETS.growth, found: `the planner's work grows ${growth.toFixed(2)} times as fast as n log n` },
];

const checkReconcile = (rows: NonNullable<Figures['reconcile']>): readonly Check[] =>
  rows.flatMap(({ buckets, subscriptions, projects, calls, byOperation, policyWrites, invocations, megabytes }) => {
    const run = `a reconcile of ${subscriptions} unchanged subscriptions on ${buckets} buckets`;
    const pages = Math.ceil(subscriptions / BUDGETS.reconcile.page);
    const { invocation, project, bucket, page } = BUDGETS.reconcile.calls;
    const maxCalls = invocation * invocations + project * projects + bucket * buckets + page * pages;
    // An invocation does not know what the one before it read, and may read the projects of one page again.
    const maxTargetReads = projects + (invocations - 1) * BUDGETS.reconcile.page;
    const readsListsOnly =
      byOperation['ListSubscriptions'] === pages &&
      byOperation['GetSubscription'] === undefined &&
      (byOperation['ListSubscriptionTargets'] ?? 0) <= maxTargetReads;
    return [
      { isKept: policyWrites === 0, found: `${run} writes ${policyWrites} policies` },
      { isKept: readsListsOnly, found: `${run} reads single subscriptions or pages twice: ${JSON.stringify(byOperation)}` },
      { isKept: calls <= maxCalls, found: `${run} makes ${calls} calls` },
      { isKept: megabytes < BUDGETS.reconcile.megabytes, found: `${run} takes ${megabytes} MB` },
    ];
  });

/** Checks the figures that a run has. @returns the number of checks, and a sentence for each budget that is exceeded */
export const checkBudgets = (figures: Figures): { readonly checked: number; readonly exceeded: readonly string[] } => {
  const { capacity, event, reconcile, burst, 'cold-start': coldStart } = figures;
  const checks = [
    ...(coldStart === undefined ? [] : checkColdStart(coldStart)),
    ...(event === undefined ? [] : checkEvent(event)),
    ...(burst === undefined ? [] : checkBurst(burst)),
    ...(capacity === undefined ? [] : checkCapacity(capacity)),
    ...(reconcile === undefined ? [] : checkReconcile(reconcile)),
  ];
  return { checked: checks.length, exceeded: checks.filter(({ isKept }) => !isKept).map(({ found }) => found) };
};
