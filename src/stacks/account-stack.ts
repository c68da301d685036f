import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { type App, LocalBackend, S3Backend, TerraformStack } from 'cdktf';
import { requireVersions } from '../../modules/module-stack';
import { policyArn, roleArn } from '../../modules/naming';
import type { Deployment } from '../deployment/load';

/** An account that a stack deploys to. */
export interface Target {
  readonly account: string;
  /** `undefined`: the caller's credentials. */
  readonly deployRole: string | undefined;
}

/**
 * A stack in one account: its provider, where its state is kept, its versions. Stacks know each other by computed names alone,
 * so that none reads another's state and any may be deployed first.
 */
export abstract class AccountStack extends TerraformStack {
  /** One sentence for everything in this stack that AWS would refuse for its length. */
  abstract readonly problems: readonly string[];
  /** ARN of what bounds every role of this account. */
  protected readonly permissionsBoundary: string | undefined;

  constructor(
    app: App,
    id: string,
    protected readonly deployment: Deployment,
    target: Target,
  ) {
    super(app, id);
    const { domain, iam } = deployment;
    this.permissionsBoundary =
      iam.permissionsBoundary && policyArn({ partition: domain.partition, account: target.account }, iam.permissionsBoundary);
    this.addProvider(target);
    this.addBackend();
    requireVersions(this, '>= 1.10.0');
  }

  /** `allowed_account_ids` refuses the credentials of a wrong account before anything is planned. */
  private addProvider({ account, deployRole }: Target): void {
    const { domain, tags, name } = this.deployment;
    new AwsProvider(this, 'aws', {
      region: domain.region,
      allowedAccountIds: [account],
      defaultTags: [{ tags }],
      ...(deployRole && { assumeRole: [{ roleArn: roleArn({ partition: domain.partition, account }, deployRole), sessionName: name }] }),
    });
  }

  /** A local path is relative to the stack's folder in `cdktf.out`: the state lies beside that, where no synthesis touches it. */
  private addBackend(): void {
    const { state, name } = this.deployment;
    if (state?.backend === 's3') {
      new S3Backend(this, {
        bucket: state.bucket,
        region: state.region,
        key: `${state.keyPrefix}/${name}/${this.node.id}.tfstate`,
        encrypt: true,
      });
      this.addOverride('terraform.backend.s3.use_lockfile', state.lock);
    } else {
      new LocalBackend(this, { path: `../../../${name}.${this.node.id}.tfstate` });
    }
  }
}
