import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Deployment } from '../../src/deployment/load';
import { MOTO_QUEUE, motoProvider, writeOverride } from './override';
import type { Workspace } from './workspace';

const MODULES = resolve(__dirname, '../../modules');

/**
 * A root module that calls both emitted modules with the values of a deployment, every list of them known only once another
 * resource was applied: the hardest that a caller can ask of them.
 */
export const moduleWorkspace = (options: { folder: string; handlerZip: string; endpoint: string; deployment: Deployment }): Workspace => {
  const folder = join(options.folder, 'modules');
  for (const module of ['domain-account', 'bucket-account']) {
    const target = join(folder, module);
    mkdirSync(target, { recursive: true });
    cpSync(join(MODULES, module, 'main.tf.json'), join(target, 'main.tf.json'));
  }
  writeOverride(join(folder, 'domain-account'), { resource: MOTO_QUEUE });
  writeFileSync(join(folder, 'main.tf.json'), JSON.stringify(rootModule(options), null, 2));
  return { name: 'modules', folder };
};

/** The domain account's module with values that it must refuse, each with its own sentence. */
export const refusedWorkspace = ({ folder, handlerZip, endpoint }: { folder: string; handlerZip: string; endpoint: string }) => {
  const refused = join(folder, 'refused');
  mkdirSync(refused);
  cpSync(join(MODULES, 'domain-account/main.tf.json'), join(refused, 'main.tf.json'));
  writeOverride(refused, { provider: { aws: { region: 'eu-west-1', ...motoProvider(endpoint) } } });
  const values = {
    name: 'Acme',
    mode: 'on',
    existing_subscriptions: 'grant',
    domain_id: 'dzd_bc8e1ez8r2a6xz',
    domain_account: '111111111111',
    domain_region: 'eu-west-1',
    domain_version: 'v1',
    target_provider: 'Amazon DataZone',
    handler_zip: handlerZip,
    buckets: [
      {
        name: 'acme-raw',
        account: '222222222222',
        region: 'eu-west-1',
        prefixes: [{ prefix: 'runs', owning_projects: ['5a3se66qm88947'] }],
      },
    ],
  };
  writeFileSync(join(refused, 'terraform.tfvars.json'), JSON.stringify(values));
  const workspace: Workspace = { name: 'modules with wrong values', folder: refused };
  return {
    workspace,
    sentences: [
      'Write 2 to 20 lower-case',
      'Write observe or enforce',
      'Write a provider of your own',
      'a prefix that is empty or ends in',
    ],
  };
};

const rootModule = ({ handlerZip, endpoint, deployment }: { handlerZip: string; endpoint: string; deployment: Deployment }) => {
  const { name, domain, tags, bucketAccounts } = deployment;
  const provider = (alias: string, account: string) => ({
    alias,
    region: domain.region,
    allowed_account_ids: [account],
    assume_role: { role_arn: `arn:${domain.partition}:iam::${account}:role/Deploy` },
    ...motoProvider(endpoint),
  });
  const common = { name, domain_id: domain.id, domain_account: domain.account, tags };
  return {
    terraform: { required_providers: { aws: { source: 'hashicorp/aws' } } },
    provider: {
      aws: [provider('domain', domain.account), ...bucketAccounts.map(({ account }) => provider(`buckets-${account}`, account))],
    },
    resource: { terraform_data: { late: { input: { buckets: buckets(deployment), principal_accounts: deployment.principalAccounts } } } },
    module: {
      'domain-account': {
        source: './domain-account',
        providers: { aws: 'aws.domain' },
        ...common,
        domain_region: domain.region,
        domain_version: domain.version,
        mode: deployment.mode,
        existing_subscriptions: deployment.existingSubscriptions,
        buckets: '${terraform_data.late.output.buckets}',
        principal_accounts: '${terraform_data.late.output.principal_accounts}',
        handler_zip: handlerZip,
        deletion_protection: deployment.ledger.deletionProtection,
      },
      ...Object.fromEntries(
        bucketAccounts.map(({ account }) => [
          `bucket-account-${account}`,
          {
            source: './bucket-account',
            providers: { aws: `aws.buckets-${account}` },
            ...common,
            account,
            buckets: `\${[for bucket in terraform_data.late.output.buckets : bucket if bucket.account == "${account}"]}`,
          },
        ]),
      ),
    },
  };
};

const buckets = ({ bucketAccounts }: Deployment) =>
  bucketAccounts.flatMap((account) =>
    account.buckets.map(({ prefixes, ...bucket }) => ({
      ...bucket,
      prefixes: prefixes.map(({ prefix, owningProjects }) => ({ prefix, owning_projects: owningProjects })),
    })),
  );
