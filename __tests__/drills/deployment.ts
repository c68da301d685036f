import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { loadDeployment } from '../../src/deployment/load';
import { deploymentApp } from '../../src/stacks/deployment-app';

export const DOMAIN = { id: 'dzd_bc8e1ez8r2a6xz', account: '111111111111', region: 'eu-west-1' } as const;
export const PRODUCER = 'producer0000000';
/** A project that owns places of its own, in the same buckets. */
export const NEIGHBOUR = 'neighbour000000';
export const PROVIDER = 'datazone-s3-fulfillment';
/** Who may take on the operator role. */
export const OPERATOR = `arn:aws:iam::${DOMAIN.account}:role/acme-operator`;
/** Consumers' environments, and the roles that they name. */
export const CONSUMER_ACCOUNT = '444444444444';

/** A role of the consumers' account that nobody ever names. */
export const BYSTANDER = `arn:aws:iam::${CONSUMER_ACCOUNT}:role/bystander`;
/** The function's role. */
export const FUNCTION_ROLE = `arn:aws:iam::${DOMAIN.account}:role/acme-fulfillment`;

export type RegisteredPlace = {
  readonly bucket: string;
  readonly account: string;
  readonly state: 'active' | 'retiring';
  readonly prefixes: readonly { readonly prefix: string; readonly owningProjects: readonly string[] }[];
};

/** What is registered unless a drill says otherwise: two accounts, and in the first bucket a folder of the neighbour's alone inside one of both. */
export const PLACES: readonly RegisteredPlace[] = [
  {
    bucket: 'acme-raw',
    account: '222222222222',
    state: 'active',
    prefixes: [
      { prefix: 'runs/', owningProjects: [PRODUCER] },
      { prefix: 'shared/', owningProjects: [PRODUCER, NEIGHBOUR] },
      { prefix: 'shared/secret/', owningProjects: [NEIGHBOUR] },
      { prefix: 'theirs/', owningProjects: [NEIGHBOUR] },
    ],
  },
  { bucket: 'acme-more', account: '222222222222', state: 'active', prefixes: [{ prefix: 'runs/', owningProjects: [PRODUCER] }] },
  { bucket: 'acme-far', account: '333333333333', state: 'active', prefixes: [{ prefix: 'runs/', owningProjects: [PRODUCER] }] },
];

export type Wanted = { readonly places: readonly RegisteredPlace[]; readonly mode: 'enforce' | 'observe' };
export const USUAL: Wanted = { places: PLACES, mode: 'enforce' };

const deploymentOf = ({ places, mode }: Wanted) => ({
  name: 'acme',
  mode,
  existingSubscriptions: 'grant',
  domain: { ...DOMAIN, version: 'v1' },
  bucketAccounts: [...new Set(places.map(({ account }) => account))].map((account) => ({
    account,
    buckets: places.filter((one) => one.account === account).map(({ bucket, state, prefixes }) => ({ name: bucket, state, prefixes })),
  })),
  operators: [`arn:aws:iam::${DOMAIN.account}:role/people`],
  deployRole: 'Deploy',
  state: { backend: 'local' },
});

const manifest = z.looseObject({ stacks: z.record(z.string(), z.unknown()) });
const synthesized = new Map<string, readonly unknown[]>();

/** The stacks of a deployment as synthesized, once for all drills that want the same. */
export const stacksOf = (wanted: Wanted, bundle: string): readonly unknown[] => {
  // JSON is YAML.
  const text = JSON.stringify(deploymentOf(wanted));
  const known = synthesized.get(text);
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(tmpdir(), 'drill-'));
  const file = join(folder, 'deployment.yaml');
  const outdir = join(folder, 'out');
  try {
    writeFileSync(file, text);
    deploymentApp({ deployment: loadDeployment(file), file, handlerZip: join(bundle, 'handler.zip'), app: { outdir } }).synth();
    const read = (name: string): unknown => JSON.parse(readFileSync(join(outdir, name), 'utf8'));
    const names = Object.keys(manifest.parse(read('manifest.json')).stacks).sort();
    const stacks = names.map((name) => read(join('stacks', name, 'cdk.tf.json')));
    synthesized.set(text, stacks);
    return stacks;
  } finally {
    rmSync(folder, { recursive: true });
  }
};
