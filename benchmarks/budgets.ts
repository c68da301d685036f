import { PRODUCT } from './contenders';
import { callsTo } from './cost/quantities';
import type { Figures } from './figures';

/** What holds on any machine. Bytes, rounds, calls, pairs; memory in MB is a process's own, whoever else is on the machine. */
export const BUDGETS = {
  bundle: 640_000,
  rounds: { cold: 5, warm: 5 },
  /** Of what merging equal sets could hold. */
  capacity: 0.9,
  reconcile: {
    /** Calls for each invocation that a run takes, and for each project, bucket and page of subscriptions. */
    calls: { invocation: 12, project: 2, bucket: 3, page: 3 },
    page: 50,
    megabytes: 256,
  },
  /** Messages that a batch of the queue holds at most. */
  batch: 10,
  /** How many times a serial peer waits as long for a burst of so many grants: the few rounds of a cold start do not count for much then. */
  burst: { grants: 20, faster: 10 },
} as const;

type Check = { readonly holds: boolean; readonly says: string };

const check = (holds: boolean, says: string): Check => ({ holds, says });

/** Budgets that hold on any machine, of whatever was measured. */
const checksOf = ({ coldStart, event, bursts = [], capacity = [], reconcile = [], cost }: Figures): readonly Check[] => [
  ...(coldStart === undefined ? [] : [check(coldStart.bundle.raw <= BUDGETS.bundle, `the bundle has ${coldStart.bundle.raw} bytes`)]),
  ...(event?.rows ?? [])
    .filter(({ contender }) => contender === PRODUCT)
    .flatMap(({ environments, cold, warm }) =>
      (['cold', 'warm'] as const).map((state) => {
        const { rounds } = { cold, warm }[state];
        const says = `a ${state} event waits for ${rounds} rounds until its write, with ${environments} environment(s)`;
        return check(rounds > 0 && rounds <= BUDGETS.rounds[state], says);
      }),
    ),
  ...bursts.flatMap(({ size, product, faster }) => {
    const on = `a burst of ${size.grants} grants on ${size.buckets} bucket(s)`;
    const mostWrites = Math.ceil(product.events / BUDGETS.batch) * Math.min(size.buckets, BUDGETS.batch);
    return [
      check(product.lost === 0, `${on} loses ${product.lost}`),
      check(product.refused === 0, `${on} has ${product.refused} writes refused`),
      check(product.writes > 0 && product.writes <= mostWrites, `${on} writes policies ${product.writes} times`),
      ...(size.grants < BUDGETS.burst.grants
        ? []
        : [check(faster >= BUDGETS.burst.faster, `${on} is ${faster.toFixed(1)} times faster than its events one by one`)]),
    ];
  }),
  ...capacity.flatMap(({ scenario, shape, layouts, admitted, revocableFirst }) => {
    const of = `${scenario}, ${shape}`;
    const merged = layouts['equal sets merged'] ?? Number.NaN;
    return [
      check(admitted >= BUDGETS.capacity * merged, `${of}: a policy holds ${admitted} pairs of the ${merged} that merging could hold`),
      check(revocableFirst === admitted, `${of}: of ${admitted} pairs only ${revocableFirst} can be revoked first`),
    ];
  }),
  ...reconcile.flatMap(({ buckets, subscriptions, projects, calls, byOperation, policyWrites, invocations, megabytes }) => {
    const on = `a reconcile of ${subscriptions} unchanged subscriptions on ${buckets} buckets`;
    const pages = Math.ceil(subscriptions / BUDGETS.reconcile.page);
    const { invocation, project, bucket, page } = BUDGETS.reconcile.calls;
    // What an invocation read is forgotten by the next one, which may have to read the consumers of a page again.
    const environments = projects + (invocations - 1) * BUDGETS.reconcile.page;
    const isListed =
      byOperation['ListSubscriptions'] === pages &&
      byOperation['GetSubscription'] === undefined &&
      (byOperation['ListSubscriptionTargets'] ?? 0) <= environments;
    return [
      check(policyWrites === 0, `${on} writes ${policyWrites} policies`),
      check(isListed, `${on} asks DataZone for single ones: ${JSON.stringify(byOperation)}`),
      check(calls <= invocation * invocations + project * projects + bucket * buckets + page * pages, `${on} makes ${calls} calls`),
      check(megabytes < BUDGETS.reconcile.megabytes, `${on} takes ${megabytes} MB`),
    ];
  }),
  ...(cost === undefined
    ? []
    : [
        check(
          callsTo(cost.measured.sweep) === callsTo(cost.measured.sweep, 'dynamodb'),
          'a sweep that finds nothing asks others than the ledger',
        ),
        check(cost.measured.sweep['write units'] === 0, `a sweep that finds nothing writes ${cost.measured.sweep['write units']} units`),
      ]),
];

/** A sentence for each budget that is broken by what was measured, and how many were looked at. */
export const brokenIn = (figures: Figures): { readonly checked: number; readonly broken: readonly string[] } => {
  const checks = checksOf(figures);
  return { checked: checks.length, broken: checks.filter(({ holds }) => !holds).map(({ says }) => says) };
};
