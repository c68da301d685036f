import { checkBudgets } from '../../benchmarks/budgets';
import { PRODUCT } from '../../benchmarks/contenders';
import type { Figures } from '../../benchmarks/figures';

const timing = { median: 1, spread: 0, samples: 1 };
const eventIn = (rounds: number) => ({ access: timing, done: timing, rounds });
const event = (rounds: number): Figures => ({
  event: [{ contender: PRODUCT, environments: 3, cold: eventIn(rounds), warm: eventIn(5) }],
});
const coldStart = (raw: number): Figures => ({
  'cold-start': { bundle: { raw, gzip: 200_000 }, contenders: [], ratios: { toRuntimeSdk: 0.6 } },
});
const capacity = (row: object, growth = 1): Figures => ({
  capacity: {
    rows: [
      {
        ...{ scenario: 'teams', shape: 'folder', layouts: { naive: 40, perPrefix: 90, perRole: 80, merged: 200 } },
        ...{ withSids: 190, granted: 180, bytes: 20_000, revocableFirst: 180, fullyRevocable: 100 },
        ...row,
      },
    ],
    planning: [],
    growth,
  },
});
const reconcile = (row: object): Figures => ({
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
  burst: [
    {
      size: { grants, buckets: 1, eventsPerGrant: 5, environments: 1 },
      product: { ...run, ...product },
      baselineSerial: run,
      baselineParallel: run,
      faster,
    },
  ],
});

test.each([
  ['the bundle', coldStart(640_000), 1],
  ['an event', event(5), 2],
  ['the capacity', capacity({}), 3],
  ['a reconcile', reconcile({}), 4],
  ['a reconcile of two invocations', reconcile({ invocations: 2, byOperation: { ListSubscriptions: 2, ListSubscriptionTargets: 9 } }), 4],
  ['a small burst', burst({}), 3],
  ['a larger burst', burst({}, { grants: 20, faster: 10 }), 4],
])('figures within their budgets exceed none: %s', (_, figures, checked) => {
  expect(checkBudgets(figures)).toEqual({ checked, exceeded: [] });
});

test.each([
  ['the bundle', coldStart(640_001), 'the bundle has 640001 bytes'],
  ['rounds', event(6), 'a cold event with 3 environment(s) writes its policy in round 6'],
  ['an event without a write', event(0), 'a cold event with 3 environment(s) writes its policy in round 0'],
  ['pairs', capacity({ granted: 179, revocableFirst: 179 }), "the policy of 'teams', folder, holds 179 pairs; merging could hold 200"],
  ['headroom', capacity({ revocableFirst: 179 }), "the policy of 'teams', folder, holds 180 pairs, of which 179 can be revoked first"],
  ['growth', capacity({}, 1.2), "the planner's work grows 1.20 times as fast as n log n"],
  ['memory', reconcile({ megabytes: 256 }), 'a reconcile of 60 unchanged subscriptions on 10 buckets takes 256 MB'],
  ['calls', reconcile({ calls: 61 }), 'a reconcile of 60 unchanged subscriptions on 10 buckets makes 61 calls'],
  [
    'policy writes of a reconcile',
    reconcile({ policyWrites: 1 }),
    'a reconcile of 60 unchanged subscriptions on 10 buckets writes 1 policies',
  ],
  [
    'a call for one subscription',
    reconcile({ byOperation: { ListSubscriptions: 2, GetSubscription: 1 } }),
    'a reconcile of 60 unchanged subscriptions on 10 buckets reads single subscriptions or pages twice: {"ListSubscriptions":2,"GetSubscription":1}',
  ],
  ['a lost grant', burst({ lost: 1 }), 'a burst of 10 grants on 1 bucket(s) loses 1'],
  ['a refused write', burst({ refused: 1 }), 'S3 refuses 1 policy writes of a burst of 10 grants on 1 bucket(s)'],
  [
    'the speed of a burst',
    burst({}, { grants: 20, faster: 9.9 }),
    'a burst of 20 grants on 1 bucket(s) is 9.9 times faster than the serial baseline',
  ],
  ['policy writes of a burst', burst({ writes: 6 }), 'a burst of 10 grants on 1 bucket(s) writes policies 6 times'],
])('an exceeded budget is named: %s', (_, figures, sentence) => {
  expect(checkBudgets(figures).exceeded).toEqual([sentence]);
});
