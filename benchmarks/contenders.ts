import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { bundleHandler } from '../src/build/bundle-handler';
import { ACCOUNT, type DomainFixture, REGION } from './domain-fixture';

const ROOT = resolve(__dirname, '..');
const BASELINE = join(__dirname, 'baseline');
const RUNTIME = join(BASELINE, 'runtime.cjs');

/**
 * A contender is one implementation that is measured: the product, or the baseline, which is the flow of the AWS blog post. `command`
 * starts its runtime.
 */
export type Contender = {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Selects the role, the environment variables and the form of the events. */
  readonly runsAs: 'product' | 'baseline';
};

export type Contenders = {
  /** The folder of the shipped bundle, for `startFunction`. */
  readonly bundle: string;
  /** The TypeScript baseline as one file without the SDK, as Lambda's tools bundle by default. */
  readonly baseline: string;
  readonly all: readonly Contender[];
};

export const PRODUCT = 'this product, as shipped';
export const RUNTIME_SDK = 'this product, with the SDK of the runtime';
export const BASELINE_TYPESCRIPT = 'baseline, TypeScript';
export const BASELINE_PYTHON = 'baseline, Python and boto3';

/** Bundles a handler without the SDK, which it then loads from `node_modules` beside it, as it does in Lambda's runtime. */
const bundleWithoutSdk = (entry: string, folder: string): string => {
  const outfile = join(folder, 'index.js');
  mkdirSync(folder, { recursive: true });
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    external: ['@aws-sdk/*'],
    logLevel: 'warning',
  });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return outfile;
};

/** Builds the TypeScript baseline into `folder`. @returns its file */
export const buildBaseline = (folder: string): string => bundleWithoutSdk(join(BASELINE, 'handler.ts'), folder);

const hasBoto3 = (): boolean => spawnSync('python3', ['-c', 'import boto3'], { stdio: 'ignore' }).status === 0;

const nodeContender = (name: string, { file, runsAs }: { readonly file: string; readonly runsAs: Contender['runsAs'] }): Contender => ({
  name,
  command: [process.execPath, RUNTIME, file],
  runsAs,
});

const productIn = (bundle: string): Contender => nodeContender(PRODUCT, { file: join(bundle, 'handler/index.js'), runsAs: 'product' });

/** How time passes in a process whose clock can be advanced: `standing` only by advancing it, `running` by itself too. */
export type ProcessClock = 'running' | 'standing';

/** Returns the product of a folder with `handler/index.js`, in a process whose clock can be advanced. */
export const productWithClock = (bundle: string, clock: ProcessClock): Contender => {
  const product = productIn(bundle);
  return { ...product, command: [...product.command, clock] };
};

/** Builds all contenders into `folder`. Leaves out the Python baseline if boto3 is not installed. */
export const buildContenders = (folder: string): Contenders => {
  bundleHandler({ outDir: folder });
  const baseline = buildBaseline(join(folder, 'baseline'));
  const withoutSdk = bundleWithoutSdk(join(ROOT, 'handler/index.ts'), join(folder, 'runtime-sdk'));
  return {
    bundle: folder,
    baseline,
    all: [
      productIn(folder),
      nodeContender(RUNTIME_SDK, { file: withoutSdk, runsAs: 'product' }),
      nodeContender(BASELINE_TYPESCRIPT, { file: baseline, runsAs: 'baseline' }),
      ...(hasBoto3() ? [{ name: BASELINE_PYTHON, command: ['python3', join(BASELINE, 'runtime.py')], runsAs: 'baseline' } as const] : []),
    ],
  };
};

const allowing = (action: string) => ({
  name: action.replace(/\W/g, ''),
  document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: action, Resource: '*' } },
});

const BASELINE_ROLE = 'blog-function';

/** Returns the credentials of a contender's role on the fixture's emulator. */
export const credentialsOf = ({ aws }: DomainFixture, { runsAs }: Pick<Contender, 'runsAs'>) =>
  runsAs === 'product'
    ? aws.functionCredentials()
    : aws.credentialsFor(
        aws.seed.role({ account: ACCOUNT, name: BASELINE_ROLE, policies: [allowing('datazone:*'), allowing('s3:*')] }).arn,
      );

/** Returns the environment variables of a contender: its settings and its role's credentials. */
export const environmentOf = (fixture: DomainFixture, contender: Pick<Contender, 'runsAs'>): Readonly<Record<string, string>> => {
  const { aws } = fixture;
  const { accessKeyId, secretAccessKey, sessionToken = '' } = credentialsOf(fixture, contender);
  return {
    ...(contender.runsAs === 'product' ? aws.function().environment : {}),
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
};
