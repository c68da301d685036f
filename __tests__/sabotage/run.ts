import { join } from 'node:path';
import { bundleHandler } from '../../src/build/bundle-handler';
import { runTests, type Said } from './jest-run';
import type { Patch } from './patch';
import { PATCHES } from './patches';
import { Copy } from './tree';

// `npm run sabotage [-- pattern of promises]`
const [pattern = ''] = process.argv.slice(2);

/** How a breakage ended: by which test it was caught, or that it survived. A file that does not even run has caught nothing. */
const verdictOf = ({ failed: [first, ...more], unrunnable: [why] }: Said): { readonly caught: boolean; readonly line: string } => {
  if (first !== undefined) return { caught: true, line: `caught by: ${first}${more.length > 0 ? ` (and ${more.length} more)` : ''}` };
  return { caught: false, line: why === undefined ? 'SURVIVED' : `PROVED NOTHING: ${why}` };
};

const tryPatch = (patch: Patch, { copy, bundle }: { readonly copy: Copy; readonly bundle: string }): boolean => {
  copy.break(patch);
  try {
    const { caught, line } = verdictOf(runTests(copy.folder, patch.tests, bundle));
    console.log(`${patch.breaks}\n  ${patch.file}\n  ${line}`);
    return caught;
  } finally {
    copy.mend(patch);
  }
};

const main = (): void => {
  const patches = PATCHES.filter(({ breaks }) => new RegExp(pattern).test(breaks));
  if (patches.length === 0) throw new Error(`no promise is like '${pattern}'`);
  const copy = new Copy();
  const bundle = join(copy.folder, 'bundle');
  try {
    bundleHandler({ outDir: bundle });
    const sound = runTests(copy.folder, [...new Set(patches.flatMap(({ tests }) => tests))], bundle);
    if (sound.failed.length + sound.unrunnable.length > 0)
      throw new Error(`the tests fail with nothing broken: ${[...sound.failed, ...sound.unrunnable].join('; ')}`);
    const survivors = patches.filter((patch) => !tryPatch(patch, { copy, bundle }));
    console.log(`\n${patches.length} promises broken, one at a time, under ${sound.passed} tests; ${survivors.length} survived`);
    for (const { breaks } of survivors) console.log(`  SURVIVED: ${breaks}`);
    if (survivors.length > 0) process.exitCode = 1;
  } finally {
    copy.remove();
  }
};

main();
