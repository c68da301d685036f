import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bucketAccountModule } from '../../modules/bucket-account/module';
import { domainAccountModule } from '../../modules/domain-account/module';

/** The Terraform modules that are emitted from constructs: the folder under `modules/`, and what makes its `main.tf.json`. */
export const MODULES: Readonly<Record<string, () => string>> = {
  'bucket-account': bucketAccountModule,
  'domain-account': domainAccountModule,
};

const ROOT = resolve(__dirname, '../../modules');
const fileOf = (root: string, module: string) => join(root, module, 'main.tf.json');

/** Writes every module's `main.tf.json` below `root`. */
export const emitModules = (root = ROOT): void => {
  for (const [module, emit] of Object.entries(MODULES)) writeFileSync(fileOf(root, module), emit());
};

/** The modules below `root` whose `main.tf.json` is not what their construct emits now. */
export const staleModules = (root = ROOT): readonly string[] =>
  Object.entries(MODULES)
    .filter(([module, emit]) => read(fileOf(root, module)) !== emit())
    .map(([module]) => module);

const read = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);

if (require.main === module) {
  if (process.argv.includes('--check')) {
    const stale = staleModules();
    for (const module of stale)
      console.error(`modules/${module}/main.tf.json is not what its construct emits; run 'npm run modules' and commit it`);
    process.exitCode = stale.length > 0 ? 1 : 0;
  } else {
    emitModules();
  }
}
