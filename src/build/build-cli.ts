import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { synthesizedStacks } from '../../local-aws/local-deployment';
import { bundleCli } from './bundle-cli';
import { bundleHandler } from './bundle-handler';

const ROOT = resolve(__dirname, '../..');

/** The deployment that the demo runs. */
const DEMO = join(ROOT, 'examples/two-accounts.yaml');

/** Puts beside the bundle what `synth` and `demo` use: the bundled function, and the synthesized stacks of an example. */
export const addCliFiles = ({ outDir }: { outDir: string }): void => {
  const { zip } = bundleHandler({ outDir });
  const outdir = mkdtempSync(join(tmpdir(), 'demo-stacks-'));
  const demo = { file: readFileSync(DEMO, 'utf8'), ...synthesizedStacks({ file: DEMO, handlerZip: zip, outdir }) };
  rmSync(outdir, { recursive: true });
  writeFileSync(join(outDir, 'demo.json'), JSON.stringify(demo));
};

if (require.main === module) {
  const outDir = join(ROOT, 'dist/cli');
  bundleCli({ outDir }).then(
    (file) => {
      addCliFiles({ outDir });
      console.log(file);
    },
    (error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}
