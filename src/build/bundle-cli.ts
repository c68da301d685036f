import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { dependencies, description, engines, license, name, version } from '../../package.json';
import { bundleReportPage } from './bundle-report-page';

const ROOT = resolve(__dirname, '../..');

/** What `synth` alone needs, and whoever runs it installs: a published command line has no dependencies of its own. */
const SYNTHESIS_PACKAGES = ['cdktf', 'constructs', '@cdktf/provider-aws'] as const;

/**
 * The double's DynamoDB loads its actions by computed names without an ending, which a bundle does not have: they are given one. Its
 * database on disk is native code, which the double does not use.
 */
const dynaliteInBundle: Plugin = {
  name: 'dynalite-in-bundle',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]dynalite[\\/]index\.js$/ }, ({ path }) => {
      const contents = readFileSync(path, 'utf8').replace(
        /require\('(\.\/(?:actions|validations)\/)' \+ action\)/g,
        "require('$1' + action + '.js')",
      );
      return { contents, loader: 'js' };
    });
  },
};

/**
 * Bundles the command line into `outDir/datazone-s3.js`, one file that runs on Node 20 without anything installed, with the
 * `package.json` under which the folder is published.
 * @returns the file's path
 */
export const bundleCli = async ({ outDir }: { outDir: string }): Promise<string> => {
  mkdirSync(outDir, { recursive: true });
  const file = resolve(outDir, 'datazone-s3.js');
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/cli/datazone-s3.ts'],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    // What is imported when it is needed is only evaluated then: `--help` should not wait for the double or for CDKTF.
    supported: { 'dynamic-import': false },
    define: { REPORT_PAGE: JSON.stringify(JSON.stringify(bundleReportPage())) },
    external: [...SYNTHESIS_PACKAGES, ...SYNTHESIS_PACKAGES.map((external) => `${external}/*`), 'esbuild'],
    alias: { level: join(__dirname, 'no-database-on-disk.ts') },
    plugins: [dynaliteInBundle],
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

/** The package as it is published: the bundle, and what `synth` needs as peers that nobody has to install. */
const publishedPackage = () => ({
  ...{ name, version, description, license, engines },
  bin: { 'datazone-s3': 'datazone-s3.js' },
  peerDependencies: Object.fromEntries(SYNTHESIS_PACKAGES.map((peer) => [peer, dependencies[peer]])),
  peerDependenciesMeta: Object.fromEntries(SYNTHESIS_PACKAGES.map((peer) => [peer, { optional: true }])),
});
