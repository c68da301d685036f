import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ASSET_FORM, ASSET_FORM_TYPE, ASSET_TYPE, ASSET_TYPE_NAMESPACE } from '../handler/contract/datazone';
import type { BusEvent } from '../local-aws/eventing/event';
import type { LocalAwsOptions } from '../local-aws/local-aws';
import { deployLocally, type LocalDeployment } from '../local-aws/local-deployment';

export const DOMAIN = 'dzd_bc8e1ez8r2a6xz';
/** The one account of domain, consumers and buckets, because the baseline supports a single account. The product still assumes its editor role. */
export const ACCOUNT = '111111111111';
export const REGION = 'eu-west-1';
export const PRODUCER = 'producer0000000';
/** The prefix in which the producer may publish, registered for every bucket. */
const REGISTERED = 'runs/';
const PROVIDER = 'datazone-s3-fulfillment';
const AT = '2026-01-15T09:30:00.000Z';

/** A consumer project. Each of its environments has one subscription target, which names the roles. */
export type Consumer = { readonly id: string; readonly environments: readonly string[]; readonly roles: readonly string[] };

/** A published asset: a folder below the registered prefix. */
export type Published = { readonly id: string; readonly bucket: string; readonly prefix: string };

/** A DataZone domain and its buckets on the local AWS emulator. Writes its state directly, because thousands of API calls would take minutes. */
export class DomainFixture {
  private constructor(
    readonly deployment: LocalDeployment,
    private readonly folder: string,
  ) {}

  /** Deploys the function into an emulator with these buckets. `bundle` is a folder with `handler.zip` and `handler/index.js`. */
  static async open({
    buckets,
    bundle,
    ...options
  }: {
    readonly buckets: readonly string[];
    readonly bundle: string;
  } & Pick<LocalAwsOptions, 'clock' | 'pageSize'>): Promise<DomainFixture> {
    const folder = mkdtempSync(join(tmpdir(), 'domain-'));
    const file = join(folder, 'deployment.yaml');
    const registered = buckets.map((name) => ({ name, prefixes: [{ prefix: REGISTERED, owningProjects: [PRODUCER] }] }));
    const deployment = {
      name: 'acme',
      mode: 'enforce',
      existingSubscriptions: 'grant',
      domain: { id: DOMAIN, account: ACCOUNT, region: REGION, version: 'v1' },
      bucketAccounts: [{ account: ACCOUNT, buckets: registered }],
      deployRole: 'Deploy',
      state: { backend: 'local' },
    };
    // JSON is YAML.
    writeFileSync(file, JSON.stringify(deployment));
    const fixture = new DomainFixture(await deployLocally({ file, bundle, ...options }), folder);
    for (const name of buckets) fixture.aws.seed.bucket({ name, account: ACCOUNT, region: REGION });
    fixture.aws.seed.project({ id: PRODUCER, name: 'producers' });
    return fixture;
  }

  get aws() {
    return this.deployment.aws;
  }

  /** Creates a consumer project with this number of environments, and one target in each that names this number of roles. */
  addConsumer({
    id,
    environments = 1,
    roles = 1,
  }: {
    readonly id: string;
    readonly environments?: number;
    readonly roles?: number;
  }): Consumer {
    const { seed, state } = this.aws;
    seed.project({ id, name: id });
    const arns = Array.from({ length: roles }, (_, index) => seed.role({ account: ACCOUNT, name: `${id}-${index}` }).arn);
    const ids = Array.from({ length: environments }, (_, index) => `${id}e${index}`);
    for (const environmentId of ids) {
      seed.environment({ id: environmentId, projectId: id, account: ACCOUNT, region: REGION });
      state.datazone.targets.set(`${environmentId}t`, {
        id: `${environmentId}t`,
        environmentId,
        projectId: id,
        type: 'BaseSubscriptionTargetType',
        createdBy: 'someone',
        createdAt: AT,
        name: 'reader',
        authorizedPrincipals: arns,
        applicableAssetTypes: [ASSET_TYPE],
        subscriptionTargetConfig: [],
        manageAccessRole: arns[0] ?? '',
        provider: PROVIDER,
      });
    }
    return { id, environments: ids, roles: arns };
  }

  /** Publishes a folder as an S3 asset. */
  publish({ id, bucket, folder }: { readonly id: string; readonly bucket: string; readonly folder: string }): Published {
    const { datazone } = this.aws.state;
    const prefix = `${REGISTERED}${folder}/`;
    const form = { bucketArn: `arn:aws:s3:::${bucket}/${prefix}` };
    datazone.assets.set(`${id}a`, {
      id: `${id}a`,
      typeIdentifier: `${ASSET_TYPE_NAMESPACE}${ASSET_TYPE}`,
      owningProjectId: PRODUCER,
      createdAt: AT,
      createdBy: 'someone',
      revisions: [
        {
          name: folder,
          forms: [{ formName: ASSET_FORM, typeName: ASSET_FORM_TYPE, content: JSON.stringify(form) }],
          createdAt: AT,
          createdBy: 'someone',
        },
      ],
      listingId: id,
    });
    const forms = JSON.stringify({ [ASSET_FORM]: form });
    const item = { kind: 'asset', assetId: `${id}a`, assetRevision: '1', assetType: ASSET_TYPE, forms } as const;
    datazone.listings.set(id, {
      id,
      owningProjectId: PRODUCER,
      status: 'ACTIVE',
      revisions: [{ name: folder, description: '', createdAt: AT, item }],
    });
    return { id, bucket, prefix };
  }

  /** Creates an approved subscription with the grants that DataZone creates for its targets. @returns its id */
  subscribe(consumer: Consumer, published: Published): string {
    const { datazone } = this.aws.state;
    const id = `${consumer.id}${published.id}s`;
    const subscribedListing = { id: published.id, revision: '1' };
    const made = { createdBy: 'someone', createdAt: AT, updatedAt: AT };
    const subscribedPrincipal = { project: { id: consumer.id, name: consumer.id } };
    datazone.requests.set(`${id}r`, {
      id: `${id}r`,
      ...made,
      requestReason: 'work',
      subscribedPrincipal,
      subscribedListing,
      status: 'ACCEPTED',
    });
    datazone.subscriptions.set(id, {
      id,
      ...made,
      subscriptionRequestId: `${id}r`,
      subscribedPrincipal,
      subscribedListing,
      status: 'APPROVED',
    });
    for (const environmentId of consumer.environments)
      datazone.grants.set(`${id}${environmentId}g`, {
        id: `${id}${environmentId}g`,
        ...made,
        environmentId,
        projectId: consumer.id,
        subscriptionTargetId: `${environmentId}t`,
        listing: subscribedListing,
        subscriptionId: id,
        assets: [{ assetId: `${published.id}a`, assetRevision: '1', status: 'GRANT_PENDING' }],
      });
    return id;
  }

  /** Returns DataZone's event for an approved subscription. `nonce` makes the ids of repeated events distinct. */
  createdEvent(subscription: string, nonce: number | string = 0): BusEvent {
    const found = this.aws.state.datazone.subscriptions.get(subscription);
    const { subscribedListing, subscribedPrincipal, subscriptionRequestId } = found ?? {};
    if (subscribedListing === undefined || subscribedPrincipal === undefined || !('project' in subscribedPrincipal))
      throw new Error(`subscription '${subscription}' does not exist or has no project as its principal`);
    const { project } = subscribedPrincipal;
    return {
      version: '0',
      id: `${subscription}-${nonce}`,
      'detail-type': 'Subscription Created',
      source: 'aws.datazone',
      account: ACCOUNT,
      time: AT,
      region: REGION,
      resources: [],
      detail: {
        version: '1',
        metadata: {
          domain: DOMAIN,
          user: 'someone',
          id: subscription,
          version: '1',
          typeName: 'SubscriptionEntityType',
          owningProjectId: project.id,
          awsAccountId: ACCOUNT,
        },
        data: {
          status: 'APPROVED',
          subscriptionRequestId,
          subscribedListing: {
            id: subscribedListing.id,
            version: subscribedListing.revision,
            ownerProjectId: PRODUCER,
            item: { assetListing: { entityId: `${subscribedListing.id}a`, entityType: ASSET_TYPE } },
          },
          subscribedPrincipal: { id: project.id, type: 'PROJECT' },
        },
      },
    };
  }

  /** Deletes the recorded calls, which would fill the memory in a long run. */
  clearRecorder(): void {
    this.aws.recorder.clear();
  }

  /** Stops the emulator and deletes its files. */
  async close(): Promise<void> {
    await this.deployment.close();
    rmSync(this.folder, { recursive: true });
  }
}
