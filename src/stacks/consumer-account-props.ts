import { consumerArnsOf, consumerNamesOf } from '../../modules/consumer-account/names';
import { notebookUri } from '../../modules/consumer-account/notebook-uri';
import type { ConsumerAccountProps } from '../../modules/consumer-account/props';
import { readRights } from '../../modules/consumer-account/read-rights';
import { roleArn, trustedRoleArns } from '../../modules/naming';
import { expressionOf } from '../../modules/policy-document';
import { consumerNameOf } from '../deployment/consumer-consistency';
import type { ConsumerAccountDeployment } from '../deployment/consumer-schema';
import type { Deployment } from '../deployment/load';

/** What a consumer's construct is told: everything known, and only the parts that the deployment file asks for. */
export const consumerAccountProps = (deployment: Deployment, consumer: ConsumerAccountDeployment): ConsumerAccountProps => {
  const { domain, naming } = deployment;
  const { environment, notebook, membership, reads } = consumer;
  const place = { partition: domain.partition, region: consumer.region ?? domain.region, account: consumer.account };
  const name = consumerNameOf(consumer);
  const names = consumerNamesOf(naming.prefix, name);
  const arns = consumerArnsOf(naming, name, place);
  const existing = (role: string | undefined) => (role === undefined ? undefined : roleArn(place, role));

  const environmentRole = environment.create && (existing(environment.create.role) ?? arns.environmentRole);
  const notebookRole = notebook?.create && (existing(notebook.create.role) ?? arns.notebookRole);
  const notebookName = notebook && (notebook.name ?? notebook.create?.name ?? names.notebook);
  const makesEnvironmentRole = environment.create !== undefined && environment.create.role === undefined;
  const principals = [...new Set([...consumer.readers.map((reader) => roleArn(place, reader)), ...present(notebookRole)])];
  return {
    naming,
    consumer: name,
    place,
    domain,
    project: consumer.project,
    environmentId: environment.id,
    blueprint: environment.create?.blueprint.enable ? environment.create.blueprint : undefined,
    environmentRole: makesEnvironmentRole ? {} : undefined,
    notebookAccess: makesEnvironmentRole && notebookName !== undefined ? { notebook: notebookName } : undefined,
    managedPolicy:
      makesEnvironmentRole && environment.create?.managedPolicy !== undefined ? { name: environment.create.managedPolicy } : undefined,
    environment:
      environment.create && environmentRole !== undefined
        ? {
            name: environment.create.name,
            description: environment.create.description,
            blueprint: environment.create.blueprint.id,
            roleArn: expressionOf(environmentRole),
          }
        : undefined,
    notebookRole: notebook?.create && notebook.create.role === undefined ? {} : undefined,
    notebook:
      notebook?.create && notebookRole !== undefined && notebookName !== undefined
        ? {
            ...notebook.create,
            name: notebookName,
            roleArn: notebookRole,
            directInternetAccess: notebook.create.directInternetAccess ? 'Enabled' : 'Disabled',
          }
        : undefined,
    notebookLink: notebookName === undefined ? undefined : { uri: expressionOf(notebookUri(place, notebookName)) },
    reader: reads && {
      rights: readRights(place.partition, reads),
      bucketAccounts: accountsOf(deployment, reads),
      roles: principals.map((arn) => arn.slice(arn.lastIndexOf('/') + 1)),
    },
    subscriptionTarget: consumer.subscriptionTarget.create
      ? {
          name: consumer.subscriptionTarget.name ?? naming.prefix,
          provider: deployment.targetProvider,
          principals: expressionOf(principals),
          manageAccessRole: expressionOf(existing(consumer.subscriptionTarget.manageAccessRole) ?? environmentRole ?? principals[0]),
        }
      : undefined,
    functionRoleArn: trustedRoleArns(naming, domain).functionRole,
    userProfile: membership?.userProfile === 'create' ? {} : undefined,
    membership: membership && { projects: membership.projects ?? [consumer.project] },
  };
};

const present = <T>(value: T | undefined): readonly T[] => (value === undefined ? [] : [value]);

/** Accounts that own the buckets of some locations. */
const accountsOf = ({ bucketAccounts }: Deployment, reads: readonly string[]): readonly string[] => {
  const buckets = new Set(reads.map((read) => read.split('/')[0]));
  return bucketAccounts
    .filter((owner) => owner.buckets.some((bucket) => buckets.has(bucket.name)))
    .map(({ account }) => account)
    .sort();
};
