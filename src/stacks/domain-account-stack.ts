import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type App, AssetType, TerraformAsset } from 'cdktf';
import { DomainAccount } from '../../modules/domain-account/construct';
import type { DomainAccountProps } from '../../modules/domain-account/props';
import type { Deployment } from '../deployment/load';
import { QUOTAS, quotaProblems } from '../deployment/quotas';
import { AccountStack } from './account-stack';

const SECONDS_PER_DAY = 86_400;

/** Lambda asks for a visibility timeout of six times the function's. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const VISIBILITY_PER_TIMEOUT = 6;

/** The domain account's stack, `domain-account`. */
export class DomainAccountStack extends AccountStack {
  readonly problems: readonly string[];

  /** `handlerZip` is the path of the bundled function. */
  constructor(app: App, deployment: Deployment, handlerZip: string) {
    super(app, 'domain-account', deployment, deployment.domain);
    const { documents } = new DomainAccount(this, 'Default', { ...this.settings(), handler: this.addHandler(handlerZip) });
    const where = `account ${deployment.domain.account} (domain)`;
    const environment = Object.entries(documents.environment).flat().join('');
    this.problems = quotaProblems([
      { quota: QUOTAS.lambdaEnvironment, text: environment, where },
      { quota: QUOTAS.eventPattern, text: documents.eventPattern, where },
      { quota: QUOTAS.rolePolicies, text: documents.rolePolicy, where },
      { quota: QUOTAS.trustPolicy, text: documents.trust, where },
      { quota: QUOTAS.registryItem, text: documents.registryItem, where },
    ]);
  }

  /** The zip is copied beside the stack, under its own hash. */
  private addHandler(zip: string): DomainAccountProps['handler'] {
    const digest = createHash('sha256').update(readFileSync(zip)).digest();
    const asset = new TerraformAsset(this, 'handler', { path: resolve(zip), type: AssetType.FILE, assetHash: digest.toString('hex') });
    return { path: asset.path, hash: digest.toString('base64') };
  }

  private settings(): Omit<DomainAccountProps, 'handler'> {
    const { name, mode, existingSubscriptions, domain, targetProvider, bucketAccounts, principalAccounts, queue, ledger } = this.deployment;
    const { function: fulfillment } = this.deployment;
    const domainArn = `arn:${domain.partition}:datazone:${domain.region}:${domain.account}:domain/${domain.id}`;
    return {
      name,
      mode,
      existingSubscriptions,
      domain,
      dataZoneResource: domain.authorization === 'domain' ? domainArn : '*',
      targetProvider,
      buckets: bucketAccounts.flatMap(({ buckets }) => buckets),
      bucketAccounts: bucketAccounts.map(({ account }) => account).sort(),
      principalAccounts,
      function: {
        runtime: fulfillment.runtime,
        memory: fulfillment.memory,
        timeout: fulfillment.timeout,
        visibilityTimeout: VISIBILITY_PER_TIMEOUT * fulfillment.timeout,
        logRetention: fulfillment.logRetentionDays,
      },
      queueRetention: queue.retentionDays * SECONDS_PER_DAY,
      deletionProtection: ledger.deletionProtection,
    };
  }
}
