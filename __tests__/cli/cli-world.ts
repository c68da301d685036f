import { join } from 'node:path';
import {
  AcceptSubscriptionRequestCommand,
  CreateAssetCommand,
  CreateListingChangeSetCommand,
  CreateSubscriptionRequestCommand,
  CreateSubscriptionTargetCommand,
  type DataZoneClient,
} from '@aws-sdk/client-datazone';
import { ASSET_FORM, ASSET_FORM_TYPE, ASSET_TYPE, ASSET_TYPE_NAMESPACE } from '../../handler/contract/datazone';
import type { LocalAwsOptions } from '../../local-aws/local-aws';
import { deployLocally } from '../../local-aws/local-deployment';
import type { LocalDeployment } from '../../local-aws/running-stacks';
import { allowing, dataZoneAs } from '../local-aws/world';
import { envOf, type Ran, runCli } from './run-cli';

export const DEPLOYMENT = join(__dirname, 'deployment.yaml');
export const PRODUCER = '5a3se66qm88947';
export const CONSUMER = '6oy92hwk937pgn';
export const BUCKET = 'acme-raw';
export const READER = 'arn:aws:iam::111111111111:role/reader';
export const ANALYST = 'arn:aws:iam::111111111111:role/analyst';
/** May take on the operator role; the auditor role, from another account; neither, though everything in the domain. */
export const OLGA = 'arn:aws:iam::111111111111:role/olga';
export const AUDE = 'arn:aws:iam::444444444444:role/aude';
export const STEWARD = 'arn:aws:iam::111111111111:role/steward';

/** A deployment with operators and auditors on the double, and the people who run the command line on it. */
export class CliWorld {
  environment = '';
  private readonly steward: DataZoneClient;

  private constructor(readonly deployment: LocalDeployment) {
    const { seed } = deployment.aws;
    const mayAssume = [allowing('sts:AssumeRole')];
    seed.role({ account: '111111111111', name: 'olga', policies: mayAssume });
    seed.role({ account: '444444444444', name: 'aude', policies: mayAssume });
    seed.role({ account: '111111111111', name: 'steward', policies: [allowing('datazone:*')] });
    seed.role({ account: '111111111111', name: 'reader' });
    seed.role({ account: '111111111111', name: 'analyst' });
    seed.project({ id: PRODUCER, name: 'producers' });
    seed.project({ id: CONSUMER, name: 'consumers' });
    this.environment = seed.environment({ projectId: CONSUMER, account: '111111111111', region: 'eu-west-1', name: 'lab' }).id;
    for (const name of [BUCKET, 'acme-empty'])
      seed.bucket({ name, account: '222222222222', region: 'eu-west-1', objects: { 'public/a.png': 'a' } });
    this.steward = dataZoneAs(deployment.aws, STEWARD);
  }

  static async start(options: LocalAwsOptions & { readonly file?: string } = {}): Promise<CliWorld> {
    return new CliWorld(await deployLocally({ file: DEPLOYMENT, bundle: process.env['TEST_BUNDLE'] ?? '', ...options }));
  }

  get aws() {
    return this.deployment.aws;
  }

  get domainIdentifier() {
    return this.deployment.domainId;
  }

  /** Runs the built command line as somebody, on this deployment. */
  cli(who: string, ...args: readonly string[]): Promise<Ran> {
    return runCli(args, { DEPLOYMENT, ...envOf(this.aws, who) });
  }

  /** The same, its answer read as JSON. */
  async answer(who: string, ...args: readonly string[]): Promise<Ran & { readonly answer: unknown }> {
    const ran = await this.cli(who, ...args, '--json');
    return { ...ran, answer: ran.stdout === '' ? undefined : JSON.parse(ran.stdout) };
  }

  async publish(prefix: string, bucket = BUCKET): Promise<string> {
    const { domainIdentifier } = this;
    const content = JSON.stringify({ bucketArn: `arn:aws:s3:::${bucket}/${prefix}` });
    const asset = await this.steward.send(
      new CreateAssetCommand({
        domainIdentifier,
        name: `images of ${prefix}`,
        owningProjectIdentifier: PRODUCER,
        typeIdentifier: `${ASSET_TYPE_NAMESPACE}${ASSET_TYPE}`,
        formsInput: [{ formName: ASSET_FORM, typeIdentifier: ASSET_FORM_TYPE, content }],
      }),
    );
    const listing = await this.steward.send(
      new CreateListingChangeSetCommand({ domainIdentifier, entityIdentifier: asset.id, entityType: 'ASSET', action: 'PUBLISH' }),
    );
    return listing.listingId ?? '';
  }

  async target(...principals: readonly string[]): Promise<string> {
    const { id } = await this.steward.send(
      new CreateSubscriptionTargetCommand({
        domainIdentifier: this.domainIdentifier,
        environmentIdentifier: this.environment,
        name: 'readers',
        type: 'BaseSubscriptionTargetType',
        provider: 'datazone-s3-fulfillment',
        applicableAssetTypes: [ASSET_TYPE],
        authorizedPrincipals: [...principals],
        manageAccessRole: READER,
        subscriptionTargetConfig: [],
      }),
    );
    return id ?? '';
  }

  /** The consumer's project asks and the owner approves; the function works it off. @returns the subscription's id */
  async subscribe(listing: string): Promise<string> {
    const { domainIdentifier } = this;
    const request = await this.steward.send(
      new CreateSubscriptionRequestCommand({
        domainIdentifier,
        requestReason: 'training a model',
        subscribedListings: [{ identifier: listing }],
        subscribedPrincipals: [{ project: { identifier: CONSUMER } }],
      }),
    );
    const accepted = await this.steward.send(
      new AcceptSubscriptionRequestCommand({ domainIdentifier, identifier: request.id, decisionComment: 'go ahead' }),
    );
    await this.settle();
    return accepted.existingSubscriptionId ?? '';
  }

  /** Lets the function work until its queue is empty. */
  async settle(): Promise<void> {
    for (const { error } of await this.aws.drain(this.deployment.handler)) if (error !== undefined) throw error;
  }

  /** A bucket's policy as it stands with more statements, which somebody wrote by hand. */
  policyWith(bucket: string, statements: readonly unknown[]): unknown {
    const { Statement: own = [] } = this.aws.state.buckets.get(bucket)?.policy ?? {};
    return { Version: '2012-10-17', Statement: [...(Array.isArray(own) ? own : [own]), ...statements] };
  }

  close(): Promise<void> {
    this.steward.destroy();
    return this.deployment.close();
  }
}
