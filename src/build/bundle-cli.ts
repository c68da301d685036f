import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = resolve(__dirname, '../..');

/** What `synth` alone needs, and whoever runs it installs: a published command line has no dependencies of its own. */
export const SYNTHESIS_PACKAGES = ['cdktf', 'constructs', '@cdktf/provider-aws'] as const;

/**
 * Bundles the command line into `outDir/datazone-s3.js`, one file that runs on Node 20 without anything installed, with the
 * `package.json` under which the folder is published.
 * @returns the file's path
 */
export const bundleCli = ({ outDir }: { outDir: string }): string => {
  mkdirSync(outDir, { recursive: true });
  const file = resolve(outDir, 'datazone-s3.js');
  buildSync({
    absWorkingDir: ROOT,
    entryPoints: ['src/cli/datazone-s3.ts'],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    // What is imported when it is needed is only evaluated then: `--help` should not wait for the SDK.
    supported: { 'dynamic-import': false },
    external: [...SYNTHESIS_PACKAGES, ...SYNTHESIS_PACKAGES.map((name) => `${name}/*`), 'esbuild'],
    banner: { js: '#!/usr/bin/env node' },
    minifySyntax: true,
    minifyWhitespace: true,
    // Names are kept, so that `--debug` says something.
    keepNames: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  chmodSync(file, 0o755);
  writeFileSync(join(outDir, 'package.json'), `${JSON.stringify(publishedPackage(), null, 2)}\n`);
  return file;
};

interface Package {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The package as it is published: the bundle, and what `synth` needs as peers that nobody has to install. */
const publishedPackage = () => {
  const { name, version, description, license, engines, dependencies }: Package = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  );
  return {
    name,
    version,
    description,
    license,
    engines,
    bin: { 'datazone-s3': 'datazone-s3.js' },
    peerDependencies: Object.fromEntries(SYNTHESIS_PACKAGES.map((peer) => [peer, dependencies[peer]])),
    peerDependenciesMeta: Object.fromEntries(SYNTHESIS_PACKAGES.map((peer) => [peer, { optional: true }])),
  };
};

if (require.main === module) console.log(bundleCli({ outDir: join(ROOT, 'dist/cli') }));
