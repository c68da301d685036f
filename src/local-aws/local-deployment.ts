import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleHandler } from '../build/bundle-handler';
import { loadDeployment } from '../deployment/load';
import { deploymentApp } from '../stacks/deployment-app';
import type { Handler } from './eventing/delivery';
import { type LocalAws, type LocalAwsOptions, startLocalAws } from './local-aws';

/** A deployment as it runs on the double: its synthesized stacks loaded, its bundled function cold-started, its domain seeded. */
export type LocalDeployment = {
  readonly aws: LocalAws;
  readonly handler: Handler;
  readonly domainId: string;
  readonly region: string;
  /** Stops the double and removes what was synthesized. */
  readonly close: () => Promise<void>;
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
  const deployment = loadDeployment(file);
  const outdir = join(folder, 'out');
  deploymentApp({ deployment, file, handlerZip: join(bundled, 'handler.zip'), app: { outdir } }).synth();

  const aws = await startLocalAws(options);
  const { domain } = deployment;
  aws.seed.domain({ id: domain.id, account: domain.account, region: domain.region, version: domain.version === 'v2' ? 'V2' : 'V1' });
  for (const stack of stackNames(outdir))
    await aws.loadStack(JSON.parse(readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8')));
  const handler = await aws.startFunction(join(bundled, 'handler/index.js'));
  const close = async () => {
    await aws.close();
    rmSync(folder, { recursive: true });
  };
  return { aws, handler, domainId: domain.id, region: domain.region, close };
};

/** The stacks of a synthesis, as its manifest names them. */
const stackNames = (outdir: string): readonly string[] => {
  const manifest: unknown = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8'));
  const stacks: unknown = typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, 'stacks') : undefined;
  return Object.keys(typeof stacks === 'object' && stacks !== null ? stacks : {}).sort();
};
