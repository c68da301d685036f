import type { App } from 'cdktf';
import { BucketAccount } from '../../modules/bucket-account/construct';
import { editRights } from '../../modules/bucket-account/edit-rights';
import type { BucketAccountDeployment, Deployment } from '../deployment/load';
import { QUOTAS, quotaProblems } from '../deployment/quotas';
import { AccountStack } from './account-stack';

/** A bucket account's stack, `bucket-account-<account>`: one for the buckets of all Regions, since roles are global. */
export class BucketAccountStack extends AccountStack {
  readonly problems: readonly string[];

  constructor(app: App, deployment: Deployment, target: BucketAccountDeployment) {
    super(app, `bucket-account-${target.account}`, deployment, target);
    const { name, domain } = deployment;
    const { documents } = new BucketAccount(this, 'Default', {
      name,
      account: target.account,
      domain,
      rights: editRights(domain.partition, target.buckets),
    });
    const where = `account ${target.account} (buckets)`;
    this.problems = quotaProblems([
      { quota: QUOTAS.rolePolicies, text: documents.rolePolicy, where },
      { quota: QUOTAS.trustPolicy, text: documents.trust, where },
    ]);
  }
}
