import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { bundleHandler } from '../src/build/bundle-handler';
import { ACCOUNT, REGION, type Stage } from './stage';

const ROOT = resolve(__dirname, '..');
const PEER = join(__dirname, 'peer');
const RUNTIME = join(PEER, 'runtime.cjs');

/** One way to fulfil events: the command that starts its runtime, and what an event looks like to it. */
export type Contender = {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** The product's role and variables, or the peer's. */
  readonly runsAs: 'product' | 'peer';
};

export type Contenders = {
  /** The folder of the shipped bundle, for `startFunction`. */
  readonly bundle: string;
  /** The TypeScript peer as one file without the SDK, as Lambda's tools bundle by default. */
  readonly peer: string;
  readonly all: readonly Contender[];
};

export const PRODUCT = 'this product, as shipped';
export const RUNTIME_SDK = 'this product, SDK left to the runtime';
export const PEER_TYPESCRIPT = 'the blog’s flow, TypeScript';
export const PEER_PYTHON = 'the blog’s flow, Python and boto3';

/** A handler whose SDK is loaded from `node_modules` beside it, file by file, as the runtime's own is. */
const withRuntimeSdk = (entry: string, folder: string): string => {
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

/** Builds the TypeScript peer into `folder`. @returns its file */
export const buildPeer = (folder: string): string => withRuntimeSdk(join(PEER, 'handler.ts'), folder);

/** Whether this machine has Python with boto3. */
const hasBoto3 = (): boolean => spawnSync('python3', ['-c', 'import boto3'], { stdio: 'ignore' }).status === 0;

const node = (name: string, file: string, runsAs: Contender['runsAs']): Contender => ({
  name,
  command: [process.execPath, RUNTIME, file],
  runsAs,
});

/** The product as shipped, in a folder with `handler/index.js`. */
export const productIn = (bundle: string): Contender => node(PRODUCT, join(bundle, 'handler/index.js'), 'product');

/** The same, with a clock of its own that can be turned. */
export const productWithClock = (bundle: string): Contender => {
  const product = productIn(bundle);
  return { ...product, command: [...product.command, 'clock'] };
};

/** Builds everybody into `folder`. Without boto3 on the machine there is no Python peer. */
export const buildContenders = (folder: string): Contenders => {
  bundleHandler({ outDir: folder });
  const peer = buildPeer(join(folder, 'peer'));
  return {
    bundle: folder,
    peer,
    all: [
      productIn(folder),
      node(RUNTIME_SDK, withRuntimeSdk(join(ROOT, 'handler/index.ts'), join(folder, 'runtime-sdk')), 'product'),
      node(PEER_TYPESCRIPT, peer, 'peer'),
      ...(hasBoto3() ? [{ name: PEER_PYTHON, command: ['python3', join(PEER, 'runtime.py')], runsAs: 'peer' } as const] : []),
    ],
  };
};

const allowing = (action: string) => ({
  name: action.replace(/\W/g, ''),
  document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: action, Resource: '*' } },
});

const PEER_ROLE = 'blog-function';

/** What a contender finds in its environment on a stage: its settings, and its role's credentials. */
export const environmentOf = (stage: Stage, { runsAs }: Pick<Contender, 'runsAs'>): Readonly<Record<string, string>> => {
  const { aws } = stage;
  const deployed = aws.function();
  const role =
    runsAs === 'product'
      ? deployed.roleArn
      : aws.seed.role({ account: ACCOUNT, name: PEER_ROLE, policies: [allowing('datazone:*'), allowing('s3:*')] }).arn;
  const { accessKeyId, secretAccessKey, sessionToken = '' } = aws.credentialsFor(role);
  return {
    ...(runsAs === 'product' ? deployed.environment : {}),
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
};
