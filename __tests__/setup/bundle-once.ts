import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleHandler } from '../../src/build/bundle-handler';

/** Bundles the function once for the whole run; the tests that run it find it by TEST_BUNDLE. */
export default (): void => {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  bundleHandler({ outDir: folder });
  process.env['TEST_BUNDLE'] = folder;
};
