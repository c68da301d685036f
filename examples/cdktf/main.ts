import { App } from 'cdktf';
import { bundleHandler } from '../../src/build/bundle-handler';
import { loadDeployment } from '../../src/deployment/load';
import { FulfillmentStack } from './fulfillment-stack';

/** Synthesizes the stack of `acme.yaml` beside this file: `npx tsx examples/cdktf/main.ts`. */
const main = (): void => {
  const deployment = loadDeployment(`${__dirname}/acme.yaml`);
  const { zip } = bundleHandler({ outDir: `${__dirname}/../../dist` });
  const app = new App({ stackTraces: false });
  new FulfillmentStack(app, 'fulfillment', { deployment, handlerZip: zip });
  app.synth();
};

main();
