import { join } from 'node:path';
import { bundleHandler } from './src/build/bundle-handler';
import { loadDeployment } from './src/deployment/load';
import { DeploymentError } from './src/deployment/problem';
import { deploymentApp } from './src/stacks/deployment-app';

/** Synthesizes the stacks of a deployment file: the argument, or DEPLOYMENT, or `deployment.yaml`. */
const main = (file: string): void => {
  const deployment = loadDeployment(file);
  if (!deployment.state)
    console.error(`${file}: no 'state' is given, so Terraform keeps its state in local files; see deployment.example.yaml`);
  const { zip } = bundleHandler({ outDir: join(__dirname, 'dist') });
  deploymentApp({ deployment, file, handlerZip: zip }).synth();
};

try {
  main(process.argv[2] ?? process.env['DEPLOYMENT'] ?? 'deployment.yaml');
} catch (error) {
  if (!(error instanceof DeploymentError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
