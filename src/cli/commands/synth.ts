import { join } from 'node:path';
import { dependencies } from '../../../package.json';
import { command } from '../framework/command';
import { CommandFailure } from '../framework/failure';
import { anyText, option } from '../framework/fields';
import { output } from '../framework/output';

export const synth = command({
  name: 'synth',
  group: 'First hour',
  summary: 'Writes the stacks of a deployment as Terraform JSON',
  details: [
    'The only command that needs packages beside it: `cdktf`, `constructs` and `@cdktf/provider-aws`, which are not installed with it. The Terraform modules under `modules/` need none of this.',
  ],
  needs: 'nothing',
  options: { out: option('--out <folder>', 'where to (default: cdktf.out)', anyText.default('cdktf.out')) },
  examples: [
    { line: 'synth --deployment deployment.yaml', about: 'One folder with a cdk.tf.json for each account, under cdktf.out/stacks.' },
  ],
  run: async ({ deployment, terminal, options }, { out }) => {
    const { deploymentApp } = await stacksModule();
    const app = deploymentApp({ deployment, file: options.deployment, handlerZip: join(__dirname, 'handler.zip'), app: { outdir: out } });
    app.synth();
    const stacks = app.node.children.map(({ node }) => node.id);
    terminal.answer({ out, stacks }, () => output`Wrote ${stacks.map((stack) => join(out, 'stacks', stack)).join(', ')}.`);
    return undefined;
  },
});

/** Loads what stacks are made of, which nobody has to have. */
const stacksModule = async () => {
  try {
    return await import('../../stacks/deployment-app');
  } catch (error) {
    if (!(error instanceof Error && Reflect.get(error, 'code') === 'MODULE_NOT_FOUND')) throw error;
    const wanted = (['cdktf', 'constructs', '@cdktf/provider-aws'] as const).map((name) => `${name}@${dependencies[name]}`);
    throw new CommandFailure(
      'missing',
      `synth needs packages that are not installed: ${wanted.join(' ')}`,
      `npm install ${wanted.join(' ')}; or use the Terraform modules`,
      { cause: error },
    );
  }
};
