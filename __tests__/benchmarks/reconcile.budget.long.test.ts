import { BUDGETS } from '../../benchmarks/budgets';
import { measureReconcile } from '../../benchmarks/reconcile/measure-reconcile';

const SUBSCRIPTIONS = 60;
const BUCKETS = 10;

test('a reconcile makes no call for a single unchanged subscription, and writes no policy', async () => {
  const bundle = process.env['TEST_BUNDLE'] ?? '';
  const [row] = await measureReconcile([{ buckets: BUCKETS, subscriptions: SUBSCRIPTIONS }], { bundle, clock: 'standing' });
  const { projects = 0, byOperation = {}, calls, policyWrites, invocations = 0, megabytes } = row ?? {};
  const { calls: budget, page, megabytes: memory } = BUDGETS.reconcile;
  const pages = Math.ceil(SUBSCRIPTIONS / page);
  expect({ projects, invocations, policyWrites }).toEqual({ projects: SUBSCRIPTIONS / 10, invocations: 1, policyWrites: 0 });
  expect(byOperation).toMatchObject({ ListSubscriptions: pages, ListSubscriptionTargets: projects, ListEnvironments: projects });
  expect(byOperation).not.toHaveProperty('GetSubscription');
  expect(calls).toBeLessThanOrEqual(budget.invocation + budget.project * projects + budget.bucket * BUCKETS + budget.page * pages);
  expect(megabytes).toBeLessThan(memory);
});
