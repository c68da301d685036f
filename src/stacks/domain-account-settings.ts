import { type DomainAccountProps, type Encryption, none, type Option, type People } from '../../modules/domain-account/props';
import type { Deployment } from '../deployment/load';

const SECONDS_PER_DAY = 86_400;
const SECONDS_PER_MINUTE = 60;

/** Lambda asks for a visibility timeout of six times the function's. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const VISIBILITY_PER_TIMEOUT = 6;

/** What the domain account's construct is told, all of it known. */
export const domainAccountSettings = (deployment: Deployment): Omit<DomainAccountProps, 'handler' | 'permissionsBoundary'> => {
  const { name, naming, mode, existingSubscriptions, domain, targetProvider, missingGrants, bucketAccounts, principalAccounts } =
    deployment;
  const { reconcile, grantsExpireAfterDays, queue, ledger, alarms, registryWriters, organization } = deployment;
  const domainArn = `arn:${domain.partition}:datazone:${domain.region}:${domain.account}:domain/${domain.id}`;
  return {
    name,
    ...naming,
    mode,
    existingSubscriptions,
    domain,
    dataZoneResource: domain.authorization === 'domain' ? domainArn : '*',
    domainKey: optional(domain.kmsKey, ''),
    targetProvider,
    missingGrants,
    removalCap: String(reconcile.removalCap),
    expiresAfter: String(grantsExpireAfterDays ?? 'never'),
    createsGrants: missingGrants === 'create',
    buckets: bucketAccounts.flatMap(({ buckets }) => buckets),
    bucketAccounts: {
      byOrganization: organization !== undefined,
      accounts: bucketAccounts.map(({ account }) => account).sort(),
      organization: organization ?? '',
    },
    principalAccounts,
    registryWriters: { wanted: registryWriters.length > 0, value: registryWriters },
    function: functionSettings(deployment.function),
    queueRetention: queue.retentionDays * SECONDS_PER_DAY,
    deletionProtection: ledger.deletionProtection,
    operators: people(deployment.operators),
    auditors: people(deployment.auditors),
    alarms: optional(alarms && { topicArn: alarms.topic, longestWait: alarms.waitingMinutes * SECONDS_PER_MINUTE }, NO_ALARMS),
    dashboard: deployment.dashboard,
    encryption: encryption(deployment.encryption?.key),
  };
};

const NO_ALARMS = { topicArn: '', longestWait: 0 };
const NO_VPC = { subnets: [], securityGroups: [] };

const optional = <T>(value: T | undefined, otherwise: T): Option<T> => (value === undefined ? none(otherwise) : { wanted: true, value });

const functionSettings = (settings: Deployment['function']): DomainAccountProps['function'] => {
  const { runtime, memory, timeout, logRetentionDays, tracing, vpc, codeSigningConfig } = settings;
  return {
    runtime,
    memory,
    timeout,
    visibilityTimeout: VISIBILITY_PER_TIMEOUT * timeout,
    logRetention: logRetentionDays,
    tracing,
    vpc: optional(vpc, NO_VPC),
    codeSigningConfig,
  };
};

const people = (principals: readonly string[]): People => ({
  wanted: principals.length > 0,
  principals,
  accountRoots: [...new Set(principals.map((arn) => arn.replace(/:(role|user)\/.*/, ':root')))],
});

const encryption = (key: string | undefined): Encryption => ({
  wanted: key !== undefined,
  create: key === 'create',
  existing: key === undefined || key === 'create' ? none('') : { wanted: true, value: key },
});
