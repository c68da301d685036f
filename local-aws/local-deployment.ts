import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleHandler } from '../src/build/bundle-handler';
import { loadDeployment } from '../src/deployment/load';
import { deploymentApp } from '../src/stacks/deployment-app';
import type { LocalAwsOptions } from './local-aws';
import { type LocalDeployment, runStacks, type SynthesizedStacks } from './running-stacks';

export type { LocalDeployment };

/** Synthesizes a deployment file into a folder of its own. */
export const synthesizedStacks = ({
  file,
  handlerZip,
  outdir,
}: {
  file: string;
  handlerZip: string;
  outdir: string;
}): SynthesizedStacks => {
  const deployment = loadDeployment(file);
  deploymentApp({ deployment, file, handlerZip, app: { outdir } }).synth();
  const { id, account, region, version } = deployment.domain;
  const stacks = stackNames(outdir).map((stack): unknown => JSON.parse(readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8')));
  return { domain: { id, account, region, version }, stacks };
};

/**
 * Synthesizes a deployment file and runs it on the double: what is tried here are the stacks and the bundle that would be deployed.
 * `bundle` is a function bundled before, a folder with `handler.zip` and `handler/index.js`.
 */
export const deployLocally = async ({
  file,
  bundle,
  ...options
}: { readonly file: string; readonly bundle?: string } & LocalAwsOptions): Promise<LocalDeployment> => {
  const folder = mkdtempSync(join(tmpdir(), 'local-deployment-'));
  const bundled = bundle ?? folder;
  if (bundle === undefined) bundleHandler({ outDir: folder });
  const synthesized = synthesizedStacks({ file, handlerZip: join(bundled, 'handler.zip'), outdir: join(folder, 'out') });
  const deployment = await runStacks(synthesized, { functionFile: join(bundled, 'handler/index.js'), ...options });
  const close = async () => {
    await deployment.close();
    rmSync(folder, { recursive: true });
  };
  return { ...deployment, close };
};

/** The stacks of a synthesis, as its manifest names them. */
const stackNames = (outdir: string): readonly string[] => {
  const manifest: unknown = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8'));
  const stacks: unknown = typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, 'stacks') : undefined;
  return Object.keys(typeof stacks === 'object' && stacks !== null ? stacks : {}).sort();
};
