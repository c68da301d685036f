import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { AssetType, LocalBackend, TerraformAsset, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { BucketAccount } from '../../modules/bucket-account/construct';
import { editRights } from '../../modules/bucket-account/edit-rights';
import { inspectionRights } from '../../modules/bucket-account/inspection-rights';
import { DomainAccount } from '../../modules/domain-account/construct';
import type { Handler } from '../../modules/domain-account/props';
import { requireVersions } from '../../modules/module-stack';
import type { Deployment } from '../../src/deployment/load';
import { domainAccountSettings } from '../../src/stacks/domain-account-settings';

/** What the stack is made of. */
export interface FulfillmentStackProps {
  readonly deployment: Deployment;
  /** Path of the bundled function. */
  readonly handlerZip: string;
}

/**
 * A stack of a team's own, of which fulfillment is a part: both constructs in one account, and beside them a topic of the team's that
 * the alarms go to. Whoever needs no more than the deployment file says uses `deploymentApp` instead.
 */
export class FulfillmentStack extends TerraformStack {
  constructor(scope: Construct, id: string, { deployment, handlerZip }: FulfillmentStackProps) {
    super(scope, id);
    const { domain, tags } = deployment;
    new AwsProvider(this, 'aws', { region: domain.region, allowedAccountIds: [domain.account], defaultTags: [{ tags }] });
    new LocalBackend(this, { path: `../../../${id}.tfstate` });
    requireVersions(this, '>= 1.10.0');

    const topic = new SnsTopic(this, 'alarms', { name: `${deployment.naming.prefix}-alarms` });
    const { fulfillment } = new DomainAccount(this, 'domain', {
      ...domainAccountSettings(deployment),
      handler: this.asset(handlerZip),
      alarms: { wanted: true, value: { topicArn: topic.arn, longestWait: 3600 } },
    });
    this.createBucketAccounts(deployment);
    new TerraformOutput(this, 'function', { value: fulfillment.function.functionName, staticId: true });
  }

  /** The domain's account is here the only one that has buckets, and few: the inline policies have room for all rights. */
  private createBucketAccounts({ naming, domain, bucketAccounts }: Deployment): void {
    for (const { account, buckets } of bucketAccounts) {
      if (account !== domain.account) throw new Error(`account ${account} is not the domain's; this example deploys one account`);
      new BucketAccount(this, 'buckets', {
        ...naming,
        account,
        domain,
        editRights: { inline: editRights(domain.partition, buckets), managed: [] },
        inspectionRights: { inline: inspectionRights(domain.partition, buckets), managed: [] },
      });
    }
  }

  /** The zip, copied beside the stack under its own hash. */
  private asset(path: string): Handler {
    const digest = createHash('sha256').update(readFileSync(path)).digest();
    const asset = new TerraformAsset(this, 'handler', { path, type: AssetType.FILE, assetHash: digest.toString('hex') });
    return { path: asset.path, hash: digest.toString('base64') };
  }
}
