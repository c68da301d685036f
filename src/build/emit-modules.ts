import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bucketAccountModule } from '../../modules/bucket-account/module';
import { consumerAccountModule } from '../../modules/consumer-account/module';
import { domainAccountModule } from '../../modules/domain-account/module';
import { moduleTables, withTables } from './module-tables';

/** The Terraform modules that are emitted from constructs: the folder under `modules/`, and what makes its `main.tf.json`. */
export const MODULES: Readonly<Record<string, () => string>> = {
  'bucket-account': bucketAccountModule,
  'consumer-account': consumerAccountModule,
  'domain-account': domainAccountModule,
};

const ROOT = resolve(__dirname, '../../modules');

/** What the files of all modules below `root` should hold: each `main.tf.json`, and its README with the tables made of it. */
const emitted = (root: string): readonly { readonly file: string; readonly path: string; readonly text: string }[] =>
  Object.entries(MODULES).flatMap(([module, emit]) => {
    const json = emit();
    const file = (name: string) => ({ file: `${module}/${name}`, path: join(root, module, name) });
    const readme = file('README.md');
    return [
      { ...file('main.tf.json'), text: json },
      { ...readme, text: withTables(read(readme.path) ?? '', moduleTables(json)) },
    ];
  });

/** Writes every module's `main.tf.json` below `root`, and the tables in its README. */
export const emitModules = (root = ROOT): void => {
  for (const { path, text } of emitted(root)) writeFileSync(path, text);
};

/** The files below `root` that are not what their construct emits now. */
export const staleFiles = (root = ROOT): readonly string[] =>
  emitted(root)
    .filter(({ path, text }) => read(path) !== text)
    .map(({ file }) => file);

const read = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);

if (require.main === module) {
  if (process.argv.includes('--check')) {
    const stale = staleFiles();
    for (const file of stale) console.error(`modules/${file} is not what its construct emits; run 'npm run modules' and commit it`);
    process.exitCode = stale.length > 0 ? 1 : 0;
  } else {
    emitModules();
  }
}
