import { brokenIn } from '../../benchmarks/budgets';
import { PRODUCT } from '../../benchmarks/contenders';
import type { Figures } from '../../benchmarks/figures';

const timing = { median: 1, spread: 0, samples: 1 };
const span = (rounds: number) => ({ access: timing, done: timing, rounds });
const event = (rounds: number): Figures => ({
  runs: {},
  event: { rows: [{ contender: PRODUCT, environments: 3, cold: span(rounds), warm: span(5) }], picture: { cold: [], warm: [] } },
});
const reconcile = (row: object): Figures => ({
  runs: {},
  reconcile: [
    {
      ...{ buckets: 10, subscriptions: 60, projects: 6, calls: 57, policyWrites: 0, invocations: 1, seconds: 1, megabytes: 120 },
      byOperation: { ListSubscriptions: 2, ListSubscriptionTargets: 6 },
      ...row,
    },
  ],
});
const run = { events: 50, rounds: 1, seconds: 1, calls: 1, writes: 5, refused: 0, lost: 0 };
const burst = (product: object, { grants = 10, faster = 9 } = {}): Figures => ({
  runs: {},
  bursts: [
    {
      size: { grants, buckets: 1, eventsPerGrant: 5, environments: 1 },
      product: { ...run, ...product },
      peerSerial: run,
      peerParallel: run,
      faster,
    },
  ],
});

test.each([
  ['an event', event(5), 2],
  ['a reconcile', reconcile({}), 4],
  ['a reconcile of two invocations', reconcile({ invocations: 2, byOperation: { ListSubscriptions: 2, ListSubscriptionTargets: 9 } }), 4],
  ['a burst', burst({}), 3],
  ['a burst of more', burst({}, { grants: 20, faster: 10 }), 4],
])('figures within their budgets break none: %s', (_, figures, checked) => {
  expect(brokenIn(figures)).toEqual({ checked, broken: [] });
});

test.each([
  ['rounds', event(6), 'a cold event waits for 6 rounds until its write, with 3 environment(s)'],
  ['a run that wrote nothing', event(0), 'a cold event waits for 0 rounds until its write, with 3 environment(s)'],
  ['memory', reconcile({ megabytes: 256 }), 'a reconcile of 60 unchanged subscriptions on 10 buckets takes 256 MB'],
  ['calls', reconcile({ calls: 61 }), 'a reconcile of 60 unchanged subscriptions on 10 buckets makes 61 calls'],
  ['policy writes', reconcile({ policyWrites: 1 }), 'a reconcile of 60 unchanged subscriptions on 10 buckets writes 1 policies'],
  [
    'a call for a subscription',
    reconcile({ byOperation: { ListSubscriptions: 2, GetSubscription: 1 } }),
    'a reconcile of 60 unchanged subscriptions on 10 buckets asks DataZone for single ones: {"ListSubscriptions":2,"GetSubscription":1}',
  ],
  ['a lost grant', burst({ lost: 1 }), 'a burst of 10 grants on 1 bucket(s) loses 1'],
  [
    'a burst that takes as long',
    burst({}, { grants: 20, faster: 9.9 }),
    'a burst of 20 grants on 1 bucket(s) is 9.9 times faster than its events one by one',
  ],
  ['writes', burst({ writes: 6 }), 'a burst of 10 grants on 1 bucket(s) writes policies 6 times'],
])('a budget that is broken is named: %s', (_, figures, sentence) => {
  expect(brokenIn(figures).broken).toEqual([sentence]);
});
