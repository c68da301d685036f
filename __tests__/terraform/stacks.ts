import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleHandler } from '../../src/build/bundle-handler';
import { type Deployment, loadDeployment } from '../../src/deployment/load';
import { deploymentApp } from '../../src/stacks/deployment-app';
import { MOTO_QUEUE, motoProvider, writeOverride } from './override';
import type { Workspace } from './workspace';

/** The deployment that is applied: a domain account, and a bucket account beside it. */
export const DEPLOYMENT_FILE = join(__dirname, 'deployment.yaml');

/** Bundles a function for Terraform to upload; moto runs none, so it need not do anything. */
export const bundleStub = (folder: string): string => {
  const entry = join(folder, 'index.ts');
  writeFileSync(entry, 'export const handler = async () => ({ batchItemFailures: [] });\n');
  return bundleHandler({ outDir: folder, entry }).zip;
};

/** Synthesizes the deployment's stacks into a folder and points them at moto. */
export const stackWorkspaces = ({ folder, handlerZip, endpoint }: { folder: string; handlerZip: string; endpoint: string }) => {
  const deployment: Deployment = loadDeployment(DEPLOYMENT_FILE);
  const outdir = join(folder, 'cdktf.out');
  deploymentApp({ deployment, file: DEPLOYMENT_FILE, handlerZip, app: { outdir } }).synth();
  const workspace = (name: string): Workspace => ({ name, folder: join(outdir, 'stacks', name) });
  const domain = workspace('domain-account');
  const buckets = deployment.bucketAccounts.map(({ account }) => workspace(`bucket-account-${account}`));
  const provider = { aws: motoProvider(endpoint) };
  writeOverride(domain.folder, { provider, resource: MOTO_QUEUE });
  for (const { folder: stack } of buckets) writeOverride(stack, { provider });
  return { deployment, domain, buckets };
};
