import type { Deployment } from '../../src/deployment/load';

/** A Terraform object: what a module's variable is given. */
type Inputs = Readonly<Record<string, unknown>>;

/** What the domain account's module is told of a deployment. */
export const domainAccountInputs = (deployment: Deployment, handlerZip: string): Inputs => {
  const { name, naming, domain, tags, alarms, dashboard, encryption } = deployment;
  return {
    name,
    role_path: naming.rolePath,
    domain_id: domain.id,
    domain_account: domain.account,
    domain_region: domain.region,
    domain_version: domain.version,
    mode: deployment.mode,
    existing_subscriptions: deployment.existingSubscriptions,
    buckets: bucketInputs(deployment),
    principal_accounts: deployment.principalAccounts,
    handler_zip: handlerZip,
    removal_cap: deployment.reconcile.removalCap,
    grants_expire_after_days: deployment.grantsExpireAfterDays,
    deletion_protection: deployment.ledger.deletionProtection,
    operator_principals: deployment.operators,
    auditor_principals: deployment.auditors,
    registry_writers: deployment.registryWriters,
    tracing: deployment.function.tracing,
    dashboard,
    tags,
    ...(alarms && { alarms: { topic_arn: alarms.topic, waiting_minutes: alarms.waitingMinutes } }),
    ...(encryption && { kms_key: encryption.key === 'create' ? { create: true } : { arn: encryption.key } }),
  };
};

/** All registered buckets. */
export const bucketInputs = ({ bucketAccounts }: Deployment): readonly Inputs[] =>
  bucketAccounts.flatMap((account) =>
    account.buckets.map(({ prefixes, ...bucket }) => ({
      ...bucket,
      prefixes: prefixes.map(({ prefix, owningProjects }) => ({ prefix, owning_projects: owningProjects })),
    })),
  );

/** What the consumer account's module is told of one consumer, beside the deployment. */
export const consumerInputs = ({ bucketAccounts, tags }: Deployment, consumer: Deployment['consumerAccounts'][number]): Inputs => {
  const { account, name, project, environment, notebook, reads, subscriptionTarget, membership } = consumer;
  const owners = bucketAccounts.filter(({ buckets }) =>
    buckets.some((bucket) => reads?.some((read) => read.split('/')[0] === bucket.name)),
  );
  const { create } = environment;
  const instance = notebook?.create;
  return {
    account,
    name,
    project_id: project,
    environment: create
      ? {
          create: {
            name: create.name,
            blueprint_id: create.blueprint.id,
            enable_blueprint: create.blueprint.enable,
            managed_policy: create.managedPolicy,
          },
        }
      : { id: environment.id },
    ...(instance && {
      notebook: {
        create: {
          subnet_id: instance.subnet,
          security_group_ids: instance.securityGroups,
          direct_internet_access: instance.directInternetAccess,
        },
      },
    }),
    ...(reads && { reader_policy: { reads, bucket_accounts: owners.map((owner) => owner.account).sort() } }),
    subscription_target: { manage_access_role: subscriptionTarget.manageAccessRole },
    ...(membership && { membership: { create_user_profile: membership.userProfile === 'create', project_ids: [project] } }),
    tags,
  };
};
