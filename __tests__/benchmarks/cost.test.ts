import { type Grown, growthOf, reconcileOf } from '../../benchmarks/cost/month';
import { type DomainSize, MonthStage } from '../../benchmarks/cost/month-stage';
import { CALL, callsTo, type Quantities } from '../../benchmarks/cost/quantities';

const bundle = process.env['TEST_BUNDLE'] ?? '';
/** Short pages, so that a small domain has several. */
const PAGE = 10;
const SIZE = { buckets: 2, projects: 2, subscriptions: 2 * PAGE };

const callsOf = (quantities: Quantities) => Object.fromEntries(Object.entries(quantities).filter(([name]) => name.startsWith(CALL)));

test('what a reconcile takes grows by buckets, projects and subscriptions, so that small domains tell of a large one', async () => {
  const run = (more: Partial<DomainSize>): Promise<Grown> => {
    const size = { ...SIZE, ...more };
    return MonthStage.with({ bundle, size, pageSize: PAGE }, async (month) => ({ size, taken: await month.reconcile() }));
  };
  const grown = growthOf(await run({}), {
    buckets: await run({ buckets: 4 }),
    projects: await run({ projects: 4 }),
    subscriptions: await run({ subscriptions: 4 * PAGE }),
  });
  const large = await run({ buckets: 4, projects: 4, subscriptions: 4 * PAGE });
  const told = callsOf(reconcileOf(grown, large.size));
  for (const [name, value] of Object.entries(callsOf(large.taken))) expect(told[name]).toBeCloseTo(value);
  expect(callsTo(large.taken, 'datazone')).toBe(4 + 2 * 4);
});

test('a sweep that finds nothing asks the ledger alone; a change costs what its events and its confirmation take', async () => {
  await MonthStage.with({ bundle, size: SIZE }, async (month) => {
    const sweep = await month.sweep();
    expect(sweep).toMatchObject({ messages: 1, invocations: 1, 'write units': 0, 'registry reads': 1 });
    expect(callsTo(sweep)).toBe(callsTo(sweep, 'dynamodb'));
    const empty = month.meter.bytes();
    const { id, taken } = await month.approve();
    const granted = month.meter.bytes();
    expect(taken).toMatchObject({ messages: 2, invocations: 2, [`${CALL}s3 PutBucketPolicy`]: 1 });
    expect(taken['write units']).toBeGreaterThan(0);
    expect(granted).toBeGreaterThan(empty);
    const revoked = await month.revoke(id);
    expect(revoked).toMatchObject({ messages: 2, [`${CALL}s3 PutBucketPolicy`]: 1 });
    expect(month.meter.bytes()).toBeGreaterThan(granted);
    expect([...month.metrics]).toEqual(expect.arrayContaining(['oldest-waiting', 'granted', 'revoked']));
    // Nothing is left over: the sweep after it all is as the one before.
    expect(callsOf(await month.sweep())).toEqual(callsOf(sweep));
  });
});
