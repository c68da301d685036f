import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type App, AssetType, TerraformAsset } from 'cdktf';
import { DomainAccount } from '../../modules/domain-account/construct';
import type { DomainAccountProps } from '../../modules/domain-account/props';
import type { Deployment } from '../deployment/load';
import { QUOTAS, quotaProblems } from '../deployment/quotas';
import { AccountStack } from './account-stack';
import { domainAccountSettings } from './domain-account-settings';

/** The domain account's stack, `domain-account`. */
export class DomainAccountStack extends AccountStack {
  readonly problems: readonly string[];

  /** `handlerZip` is the path of the bundled function. */
  constructor(app: App, deployment: Deployment, handlerZip: string) {
    super(app, 'domain-account', deployment, deployment.domain);
    const { documents } = new DomainAccount(this, 'Default', {
      ...domainAccountSettings(deployment),
      handler: this.handler(handlerZip),
      permissionsBoundary: this.permissionsBoundary,
    });
    const where = `account ${deployment.domain.account} (domain)`;
    const environment = Object.entries(documents.environment).flat().join('');
    this.problems = quotaProblems([
      { quota: QUOTAS.lambdaEnvironment, text: environment, where },
      { quota: QUOTAS.eventPattern, text: documents.eventPattern, where },
      ...documents.rolePolicies.map((text) => ({ quota: QUOTAS.domainRolePolicies, text, where })),
      ...documents.trusts.map((text) => ({ quota: QUOTAS.trustPolicy, text, where })),
      ...documents.tablePolicies.map((text) => ({ quota: QUOTAS.tablePolicy, text, where })),
      ...documents.queuePolicies.map((text) => ({ quota: QUOTAS.queuePolicy, text, where })),
      { quota: QUOTAS.keyPolicy, text: documents.keyPolicy, where },
      { quota: QUOTAS.registryItem, text: documents.registry, where },
    ]);
  }

  /** From S3 where the deployment says so. Else the zip is copied beside the stack, under its own hash. */
  private handler(zip: string): DomainAccountProps['handler'] {
    const { handler } = this.deployment.function;
    if (handler) return { bucket: handler.bucket, key: handler.key, version: handler.version, hash: handler.sha256 };
    const digest = createHash('sha256').update(readFileSync(zip)).digest();
    const asset = new TerraformAsset(this, 'handler', { path: resolve(zip), type: AssetType.FILE, assetHash: digest.toString('hex') });
    return { path: asset.path, hash: digest.toString('base64') };
  }
}
