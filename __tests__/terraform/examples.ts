import { deepStrictEqual } from 'node:assert';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { App } from 'cdktf';
import { FulfillmentStack } from '../../examples/cdktf/fulfillment-stack';
import { loadDeployment } from '../../src/deployment/load';
import { copyModules } from './modules';
import { startMoto } from './moto';
import { deployRole, MOTO_DOMAIN_ACCOUNT, motoProvider, writeOverride } from './override';
import type { Place } from './stacks';
import type { Tally } from './tally';
import { applyPlan, liveThrough, planChanges, type Workspace } from './workspace';

const EXAMPLES = resolve(__dirname, '../../examples');

/** What every example asks for that has a ledger: it is destroyed in the end. */
const DESTROYABLE = { TF_VAR_deletion_protection: 'false' };

/** Copies an example and the modules that it calls, lying to each other as in the repository, and points it at moto. */
const copyExample = (place: Place, name: string, provider: object | readonly object[]): Workspace => {
  const folder = join(place.folder, 'examples', name);
  cpSync(join(EXAMPLES, name), folder, { recursive: true, filter: (path) => !basename(path).startsWith('.terraform') });
  copyModules(place.folder);
  mkdirSync(join(place.folder, 'dist'), { recursive: true });
  cpSync(place.handlerZip, join(place.folder, 'dist/handler.zip'));
  writeOverride(folder, { provider: { aws: provider } });
  return { name: `examples/${name}`, folder, env: DESTROYABLE };
};

/** Gives an example a moto of its own, since all of them name things alike. */
const alone = async (place: Omit<Place, 'endpoint'>, name: string, live: (place: Place) => Promise<void>): Promise<void> => {
  const moto = await startMoto();
  try {
    const folder = join(place.folder, name);
    mkdirSync(folder);
    await live({ ...place, folder, endpoint: moto.endpoint });
  } finally {
    await moto.stop();
  }
};

/** All examples of whole deployments through their lives. */
export const examplesLive = async (tally: Tally, place: Omit<Place, 'endpoint'>): Promise<void> => {
  await Promise.all([
    alone(place, 'one-account', (own) => oneAccount(tally, own)),
    alone(place, 'many-accounts', (own) => manyAccounts(tally, own)),
    alone(place, 'cdktf', (own) => cdktfApp(tally, own)),
  ]);
};

/** In the account of the example, which the credentials are not in. */
const inAccount = (account: string, endpoint: string) => ({ ...motoProvider(endpoint), assume_role: { role_arn: deployRole(account) } });

const oneAccount = (tally: Tally, place: Place) =>
  liveThrough(tally, copyExample(place, 'one-account', inAccount('111111111111', place.endpoint)));

const manyAccounts = async (tally: Tally, place: Place): Promise<void> => {
  const aliases = ['domain', 'labs', 'archives'].map((alias) => ({ alias, ...motoProvider(place.endpoint) }));
  const example = copyExample(place, 'many-accounts', aliases);
  const without = { ...example, env: { ...example.env, TF_VAR_buckets: JSON.stringify(WITHOUT_MIDDLE) } };
  await liveThrough(tally, example, async () => {
    await tally.step(`${example.name}: without the middle bucket of three, and with it again, nothing else changes`, async () => {
      deepStrictEqual(await planChanges(without), CHANGED);
      await applyPlan(without);
      deepStrictEqual(await planChanges(example), CHANGED);
    });
  });
};

const CHANGED = [
  'update module.fulfillment.aws_dynamodb_table_item.registry_item',
  'update module.labs["222222222222"].aws_iam_role_policy.editor_policy',
  'update module.labs["222222222222"].aws_iam_role_policy.inspector_policy',
];

/** The example's own buckets without `acme-images`. */
const WITHOUT_MIDDLE = [
  { account: '222222222222', name: 'acme-raw', prefixes: [{ prefix: 'runs/', owning_projects: ['5a3se66qm88947'] }] },
  { account: '222222222222', name: 'acme-reference', prefixes: [{ prefix: 'genomes/', owning_projects: ['*'] }] },
  { account: '444444444444', name: 'acme-archive', prefixes: [{ prefix: '2025/', owning_projects: ['6b4tf77rn99058'] }] },
].map((bucket) => ({ ...bucket, region: 'eu-west-1' }));

const cdktfApp = async (tally: Tally, { folder, endpoint, handlerZip }: Place): Promise<void> => {
  const deployment = { ...loadDeployment(join(EXAMPLES, 'cdktf/acme.yaml')), ledger: { deletionProtection: false } };
  const outdir = join(folder, 'cdktf.out');
  const app = new App({ outdir, stackTraces: false });
  new FulfillmentStack(app, 'fulfillment', { deployment, handlerZip });
  app.synth();
  const stack = { name: 'examples/cdktf', folder: join(outdir, 'stacks/fulfillment') };
  const synthesized: { resource: Readonly<Record<string, object>> } = JSON.parse(readFileSync(join(stack.folder, 'cdk.tf.json'), 'utf8'));
  // The construct's id precedes the names of its resources, and a hash of their path follows.
  const full = (type: string, name: string) =>
    Object.keys(synthesized.resource[type] ?? {}).find((one) => new RegExp(`^domain_${name}_[0-9A-F]{8}$`).test(one)) ?? name;
  const resource = Object.fromEntries(
    Object.entries(MOTO_DOMAIN_ACCOUNT).map(([type, named]) => [
      type,
      Object.fromEntries(Object.entries(named).map(([name, change]) => [full(type, name), change])),
    ]),
  );
  writeOverride(stack.folder, { provider: { aws: inAccount(deployment.domain.account, endpoint) }, resource });
  await liveThrough(tally, stack);
};
