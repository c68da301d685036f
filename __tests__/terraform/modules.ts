import { ok } from 'node:assert';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MODULES } from '../../src/build/emit-modules';
import { type Deployment, loadDeployment } from '../../src/deployment/load';
import { type AppliedDocument, appliedDocuments } from './applied-documents';
import { handlerStarts } from './handler-environment';
import { bucketInputs, consumerInputs, domainAccountInputs } from './module-inputs';
import { deployRole, MOTO_CONSUMER_ACCOUNT, MOTO_DOMAIN_ACCOUNT, motoProvider, writeOverride } from './override';
import { DEPLOYMENT_FILE, type Place } from './stacks';
import type { Tally } from './tally';
import { initialise, liveThrough, terraform, validate, type Workspace } from './workspace';

const SOURCES = resolve(__dirname, '../../modules');

const FOR_MOTO: Readonly<Record<string, object>> = { 'consumer-account': MOTO_CONSUMER_ACCOUNT, 'domain-account': MOTO_DOMAIN_ACCOUNT };

/** Copies the emitted modules into `folder/modules`, with what moto needs of them. */
export const copyModules = (folder: string): void => {
  for (const module of Object.keys(MODULES)) {
    const target = join(folder, 'modules', module);
    mkdirSync(target, { recursive: true });
    cpSync(join(SOURCES, module, 'main.tf.json'), join(target, 'main.tf.json'));
    const resource = FOR_MOTO[module];
    if (resource) writeOverride(target, { resource });
  }
};

/**
 * The emitted modules through their lives in one root module, with the values of the deployment that the stacks are made of, and every
 * list of them known only once another resource was applied: the hardest that a caller can ask of them. Answers what was applied.
 */
export const modulesLive = async (tally: Tally, place: Place): Promise<readonly AppliedDocument[]> => {
  const deployment = loadDeployment(DEPLOYMENT_FILE);
  copyModules(place.folder);
  const [applied, planned] = [true, false].map((isApplied) => rootModule(deployment, place, isApplied));
  let documents: readonly AppliedDocument[] = [];
  if (!applied || !planned) throw new Error('there are two root modules');
  await Promise.all([
    refuses(tally, place),
    refusesTooMuch(tally, place),
    planOnly(tally, planned),
    liveThrough(tally, applied, async () => {
      documents = await appliedDocuments(applied);
      await handlerStarts(tally, applied);
    }),
  ]);
  return documents;
};

const planOnly = async (tally: Tally, workspace: Workspace): Promise<void> => {
  if (!(await validate(tally, workspace))) return;
  await tally.step(`${workspace.name}: plan`, async () => {
    await terraform(workspace, ['plan', '-input=false', '-no-color']);
  });
};

/** Calls all modules; either with the consumer who has an environment, or with the one for whom all is made. */
const rootModule = (deployment: Deployment, { folder, endpoint, handlerZip }: Place, isApplied: boolean): Workspace => {
  const { domain, tags, bucketAccounts, consumerAccounts } = deployment;
  const consumers = consumerAccounts.filter(({ environment }) => (environment.id !== undefined) === isApplied);
  const accounts = [domain, ...bucketAccounts, ...consumers].map(({ account }) => account);
  const inputs = domainAccountInputs(deployment, handlerZip);
  // Of the object in which everything waits to be known, what is known only at apply. The number of principals has to be known at plan.
  const late = (name: string) => `\${terraform_data.late.output.${name}}`;
  const root = {
    terraform: { required_providers: { aws: { source: 'hashicorp/aws' } } },
    provider: { aws: accounts.map((account) => ({ alias: aliasOf(account), ...providerOf(domain.region, account, endpoint) })) },
    resource: {
      terraform_data: {
        late: {
          input: {
            buckets: bucketInputs(deployment),
            principal_accounts: deployment.principalAccounts,
            reads: consumers.map(({ reads }) => reads),
          },
        },
      },
    },
    module: {
      'domain-account': {
        source: '../modules/domain-account',
        providers: { aws: `aws.${aliasOf(domain.account)}` },
        ...inputs,
        buckets: late('buckets'),
        principal_accounts: late('principal_accounts'),
      },
      ...Object.fromEntries(
        bucketAccounts.map(({ account }) => [
          `bucket-account-${account}`,
          {
            source: '../modules/bucket-account',
            providers: { aws: `aws.${aliasOf(account)}` },
            deployment: '${module.domain-account.deployment}',
            account,
            buckets: `\${[for bucket in terraform_data.late.output.buckets : bucket if bucket.account == "${account}"]}`,
            tags,
          },
        ]),
      ),
      ...Object.fromEntries(
        consumers.map((consumer, index) => {
          const { reader_policy, ...rest } = consumerInputs(deployment, consumer);
          return [
            `consumer-${consumer.name}`,
            {
              source: '../modules/consumer-account',
              providers: { aws: `aws.${aliasOf(consumer.account)}` },
              deployment: '${module.domain-account.deployment}',
              ...rest,
              reader_policy: { ...(reader_policy as object), reads: late(`reads[${index}]`) },
            },
          ];
        }),
      ),
    },
  };
  return writeRoot(join(folder, isApplied ? 'root' : 'planned'), isApplied ? 'modules' : 'modules with everything of a consumer', root);
};

const aliasOf = (account: string): string => `account-${account}`;

const providerOf = (region: string, account: string, endpoint: string) => ({
  region,
  allowed_account_ids: [account],
  assume_role: { role_arn: deployRole(account) },
  ...motoProvider(endpoint),
});

const writeRoot = (folder: string, name: string, root: object): Workspace => {
  mkdirSync(folder);
  writeFileSync(join(folder, 'main.tf.json'), JSON.stringify(root, null, 2));
  return { name, folder };
};

/** The domain account's module refuses values, each with its own sentence. */
const refuses = async (tally: Tally, { folder, handlerZip, endpoint }: Place): Promise<void> => {
  const refused = writeRoot(join(folder, 'refused'), 'modules with wrong values', {
    provider: { aws: providerOf('eu-west-1', '111111111111', endpoint) },
    module: { fulfillment: { source: '../modules/domain-account', ...WRONG, handler_zip: handlerZip } },
  });
  if (!(await initialise(tally, refused))) return;
  await tally.step(`${refused.name}: validate says what to write instead`, async () => {
    says(await terraform(refused, ['validate', '-no-color'], [1]), SENTENCES);
  });
};

/** Terraform wraps its messages and draws a border beside them. */
const says = (output: string, sentences: readonly string[]): void => {
  const text = output.replace(/[\s│]+/g, ' ');
  for (const sentence of sentences) ok(text.includes(sentence), `'${sentence}' is not in:\n${output}`);
};

/** Lists that are too long for a policy are refused by the plan, with what they would take and what AWS takes. */
const refusesTooMuch = async (tally: Tally, { folder, handlerZip, endpoint }: Place): Promise<void> => {
  const refused = writeRoot(join(folder, 'too-much'), 'modules with too much', {
    provider: { aws: providerOf('eu-west-1', '111111111111', endpoint) },
    module: { fulfillment: { source: '../modules/domain-account', ...RIGHT, ...TOO_MUCH, handler_zip: handlerZip } },
  });
  if (!(await initialise(tally, refused))) return;
  await tally.step(`${refused.name}: plan says how much, and what to write instead`, async () => {
    says(await terraform(refused, ['plan', '-input=false', '-no-color'], [1]), [
      'The inline policies of a role would hold 1',
      'Write organization_id: it stands for the list of bucket accounts.',
      'The trust policy of a role would hold',
      'Name fewer operator_principals',
    ]);
  });
};

const RIGHT = {
  name: 'acme',
  mode: 'observe',
  existing_subscriptions: 'grant',
  domain_id: 'dzd_bc8e1ez8r2a6xz',
  domain_account: '111111111111',
  domain_region: 'eu-west-1',
  domain_version: 'v1',
};

/** More accounts than a role's policies list, and more operators than a role trusts. */
const TOO_MUCH = {
  buckets: Array.from({ length: 800 }, (_, index) => ({
    name: `acme-${index}`,
    account: String(200_000_000_000 + index),
    region: 'eu-west-1',
    prefixes: [{ prefix: 'runs/', owning_projects: ['5a3se66qm88947'] }],
  })),
  operator_principals: Array.from({ length: 40 }, (_, index) => `arn:aws:iam::111111111111:role/OperatorOfTheDataPlatform${index}`),
};

const WRONG = {
  ...RIGHT,
  name: 'Acme',
  mode: 'on',
  target_provider: 'Amazon DataZone',
  buckets: [
    {
      name: 'acme-raw',
      account: '222222222222',
      region: 'eu-west-1',
      prefixes: [{ prefix: 'runs', owning_projects: ['5a3se66qm88947'] }],
    },
    {
      name: 'acme-overlapping',
      account: '222222222222',
      region: 'eu-west-1',
      prefixes: [
        { prefix: 'runs/', owning_projects: ['5a3se66qm88947'] },
        { prefix: 'runs/deep/', owning_projects: ['6b4tf77rn99058'] },
      ],
    },
  ],
};

const SENTENCES = [
  'Write 2 to 20 lower-case',
  'Write observe or enforce',
  'Write a provider of your own',
  'a prefix that is empty or ends in',
  'Where one prefix lies within another, let both have an owning project in common',
];
