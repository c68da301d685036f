import { cpSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MODULES } from '../../src/build/emit-modules';
import { type Deployment, loadDeployment } from '../../src/deployment/load';
import { type AppliedDocument, appliedDocuments } from './applied-documents';
import { handlerStarts } from './handler-environment';
import { bucketInputs, consumerInputs, domainAccountInputs } from './module-inputs';
import { refuses, refusesTooMuch } from './module-refusals';
import { MOTO_CONSUMER_ACCOUNT, MOTO_DOMAIN_ACCOUNT, writeOverride } from './override';
import { providerOf, writeRoot } from './root-module';
import { DEPLOYMENT_FILE, type Place } from './stacks';
import type { Tally } from './tally';
import { liveThrough, terraform, validate, type Workspace } from './workspace';

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
