import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Burst, openBurst } from '../../benchmarks/burst/burst-stage';
import { type BurstRun, runPeer, runProduct } from '../../benchmarks/burst/measure-burst';
import { buildPeer } from '../../benchmarks/contenders';

const bundle = process.env['TEST_BUNDLE'] ?? '';
/** A tenth of the burst of the report: rounds, calls and writes grow with it. With one environment the peer waits least. */
const SIZE = { grants: 20, buckets: 1, eventsPerGrant: 5, environments: 1 };

const on = async (run: (burst: Burst) => Promise<BurstRun>): Promise<BurstRun> => {
  const burst = await openBurst(SIZE, bundle);
  return run(burst).finally(() => burst.stage.close());
};

test('a burst on one bucket loses nothing, writes the policy at most once a batch, and waits ten times less than the peer does', async () => {
  const product = await on((burst) => runProduct(burst, bundle));
  expect(product).toMatchObject({ events: 100, refused: 0, lost: 0 });
  expect(product.writes).toBeGreaterThan(0);
  expect(product.writes).toBeLessThanOrEqual(product.events / 10);
  const folder = mkdtempSync(join(tmpdir(), 'peer-'));
  try {
    const file = buildPeer(folder);
    const peer = await on((burst) => runPeer(burst, { file, atATime: 1 }));
    expect(peer.rounds / product.rounds).toBeGreaterThanOrEqual(10);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
