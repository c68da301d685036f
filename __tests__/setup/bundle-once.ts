import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleCli } from '../../src/build/bundle-cli';
import { bundleHandler } from '../../src/build/bundle-handler';

/** Bundles the function and the command line once for the whole run; the tests that run them find them by TEST_BUNDLE. */
export default async (): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  bundleHandler({ outDir: folder });
  await bundleCli({ outDir: join(folder, 'cli') });
  process.env['TEST_BUNDLE'] = folder;
};
