import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUDGETS } from '../../benchmarks/budgets';
import { type Burst, openBurst } from '../../benchmarks/burst/burst-fixture';
import { type BurstRun, runBaseline, runProduct } from '../../benchmarks/burst/measure-burst';
import { buildBaseline } from '../../benchmarks/contenders';

const bundle = process.env['TEST_BUNDLE'] ?? '';
/** A tenth of the report's burst: rounds, calls and writes grow in proportion. With one environment the baseline needs the fewest rounds. */
const SIZE = { grants: BUDGETS.burst.grants, buckets: 1, eventsPerGrant: 5, environments: 1 };

const withBurst = async (run: (burst: Burst) => Promise<BurstRun>): Promise<BurstRun> => {
  const burst = await openBurst(SIZE, bundle);
  return run(burst).finally(() => burst.domain.close());
};

test('a burst on one bucket loses nothing, writes one policy per batch, and takes a tenth of the rounds of the baseline', async () => {
  const product = await withBurst((burst) => runProduct(burst, bundle));
  expect(product).toMatchObject({ events: 100, refused: 0, lost: 0 });
  expect(product.writes).toBeGreaterThan(0);
  expect(product.writes).toBeLessThanOrEqual(product.events / BUDGETS.burst.batch);
  const folder = mkdtempSync(join(tmpdir(), 'baseline-'));
  try {
    const file = buildBaseline(folder);
    const baseline = await withBurst((burst) => runBaseline(burst, { file, concurrency: 1 }));
    expect(baseline.rounds / product.rounds).toBeGreaterThanOrEqual(BUDGETS.burst.faster);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
