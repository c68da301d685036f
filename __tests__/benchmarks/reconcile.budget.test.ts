import { measureReconcile } from '../../benchmarks/reconcile/measure-reconcile';

const SUBSCRIPTIONS = 60;
const BUCKETS = 10;
/** Subscriptions on a page of DataZone's. */
const PAGE = 50;
/** Whatever the domain's size: where the run stands, the registry, which ids were seen, what is due. */
const FIXED = 12;

test('reconcile costs an unchanged subscription no call of its own, and writes no policy', async () => {
  const [row] = await measureReconcile([{ buckets: BUCKETS, subscriptions: SUBSCRIPTIONS }], process.env['TEST_BUNDLE'] ?? '');
  const { projects = 0, byOperation = {}, calls, policyWrites, megabytes } = row ?? {};
  const pages = Math.ceil(SUBSCRIPTIONS / PAGE);
  expect(policyWrites).toBe(0);
  expect(byOperation).toMatchObject({ ListSubscriptions: pages, ListSubscriptionTargets: projects, ListEnvironments: projects });
  expect(Object.keys(byOperation)).not.toEqual(expect.arrayContaining(['GetSubscription']));
  // Beside the environments: two queries and one read for a bucket, and for a page its records and its ids.
  expect(calls).toBeLessThanOrEqual(FIXED + 2 * projects + 3 * BUCKETS + 3 * pages);
  expect(megabytes).toBeLessThan(256);
});
