import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { ASSET_FORM, ASSET_FORM_TYPE, ASSET_TYPE, ASSET_TYPE_NAMESPACE } from '../../handler/contract/datazone';
import type { Delivery } from '../../local-aws/eventing/delivery';
import type { BusEvent } from '../../local-aws/eventing/event';
import type { LocalAwsOptions } from '../../local-aws/local-aws';
import { deployLocally } from '../../local-aws/local-deployment';
import type { LocalDeployment } from '../../local-aws/running-stacks';
import { handClock } from '../local-aws/world';

/** What people wrote to each other: kept in the ledger, told to nobody else. No log line may hold it. */
const UNTOLD = { requestReason: 'untold: a trial that is not announced', decisionComment: 'untold: fine by the board' };

/** The ids of the shipped events, so that these can be sent as they are. */
export const IDS = {
  subscription: '9kq2mdmzvnr5uf',
  glueSubscription: '8aa2mdmzvnr5uf',
  request: '5jbc0lie0sr99j',
  listing: 'ayzstznnx4dxyf',
  glueListing: 'bbbstznnx4dxyf',
  asset: '4wyh64k2n8czaf',
  target: 'd9rwy4t5w2g4k7',
  environment: '3fahnt3ymnhfd3',
  producer: '5a3se66qm88947',
  consumer: '6oy92hwk937pgn',
} as const;

export const BUCKET = 'acme-raw';
export const READER = 'arn:aws:iam::111111111111:role/reader';
const policyDocument = z.looseObject({ Statement: z.array(z.looseObject({ Sid: z.string() })) });
const AT = '2026-01-15T09:30:00.000Z';

/** An event of `__tests__/fixtures/events`. */
export const fixture = (name: string): BusEvent => JSON.parse(readFileSync(join(__dirname, `../fixtures/events/${name}.json`), 'utf8'));

/** The two-account example on the double, with the approved subscription that the shipped events speak of. */
export class DomainStory {
  private constructor(readonly deployment: LocalDeployment) {}

  /** Time passes only where the function waits, unless `options` has another clock. */
  static async start(options: LocalAwsOptions = {}): Promise<DomainStory> {
    const clock = handClock();
    const time = { clock: clock.now, sleep: async (milliseconds: number) => clock.advance(milliseconds / 1000) };
    const bundle = process.env['TEST_BUNDLE'];
    if (bundle === undefined) throw new Error('TEST_BUNDLE is not set; run the tests with jest, whose global setup bundles the function');
    const deployment = await deployLocally({ file: join(__dirname, '../../examples/two-accounts.yaml'), bundle, ...time, ...options });
    const story = new DomainStory(deployment);
    story.seed();
    return story;
  }

  get aws() {
    return this.deployment.aws;
  }

  /** The bucket's policy as it stands, its statements with principals as stored. */
  policy() {
    const policy = this.aws.state.buckets.get(BUCKET)?.policy;
    return policy === undefined ? undefined : policyDocument.parse(policy);
  }

  setStatus(status: 'APPROVED' | 'REVOKED' | 'CANCELLED', subscription: string = IDS.subscription): void {
    const found = this.aws.state.datazone.subscriptions.get(subscription);
    if (found === undefined) throw new Error(`no subscription '${subscription}'`);
    found.status = status;
  }

  /** Puts shipped events on the bus and lets the function work until the queue is empty. */
  async send(...names: readonly string[]): Promise<readonly Delivery[]> {
    for (const name of names) this.aws.bus.publish({ ...fixture(name), id: `${name}-${this.aws.bus.published.length}` });
    const deliveries = await this.aws.drain(this.deployment.handler);
    for (const { error } of deliveries) if (error !== undefined) throw error;
    return deliveries;
  }

  private seed(): void {
    const { seed, state } = this.aws;
    seed.role({ account: '111111111111', name: 'reader' });
    seed.project({ id: IDS.producer, name: 'producers' });
    seed.project({ id: IDS.consumer, name: 'consumers' });
    seed.environment({ id: IDS.environment, projectId: IDS.consumer, account: '111111111111', region: 'eu-west-1' });
    seed.bucket({ name: BUCKET, account: '222222222222', region: 'eu-west-1', objects: { 'public/a.png': 'a' } });
    const { datazone } = state;
    const content = JSON.stringify({ bucketArn: `arn:aws:s3:::${BUCKET}/public/` });
    const form = { formName: ASSET_FORM, typeName: ASSET_FORM_TYPE, content };
    const revisions = [{ name: 'images', forms: [form], createdAt: AT, createdBy: 'someone' }];
    const typeIdentifier = `${ASSET_TYPE_NAMESPACE}${ASSET_TYPE}`;
    datazone.assets.set(IDS.asset, {
      id: IDS.asset,
      typeIdentifier,
      owningProjectId: IDS.producer,
      createdAt: AT,
      createdBy: 'someone',
      revisions,
      listingId: IDS.listing,
    });
    const listed = (assetType: string, forms: string) =>
      ({
        name: 'images',
        description: '',
        createdAt: AT,
        item: { kind: 'asset', assetId: IDS.asset, assetRevision: '1', assetType, forms },
      }) as const;
    const s3 = listed(ASSET_TYPE, JSON.stringify({ [ASSET_FORM]: { bucketArn: `arn:aws:s3:::${BUCKET}/public/` } }));
    datazone.listings.set(IDS.listing, { id: IDS.listing, owningProjectId: IDS.producer, status: 'ACTIVE', revisions: [s3] });
    datazone.listings.set(IDS.glueListing, {
      id: IDS.glueListing,
      owningProjectId: IDS.producer,
      status: 'ACTIVE',
      revisions: [listed('GlueTableAssetType', '{}')],
    });
    datazone.targets.set(IDS.target, {
      id: IDS.target,
      environmentId: IDS.environment,
      projectId: IDS.consumer,
      type: 'BaseSubscriptionTargetType',
      createdBy: 'someone',
      createdAt: AT,
      name: 'reader',
      authorizedPrincipals: [READER],
      applicableAssetTypes: [ASSET_TYPE],
      subscriptionTargetConfig: [],
      manageAccessRole: READER,
      provider: 'datazone-s3-fulfillment',
    });
    datazone.requests.set(IDS.request, {
      id: IDS.request,
      createdBy: 'asker',
      createdAt: AT,
      updatedAt: AT,
      requestReason: UNTOLD.requestReason,
      decisionComment: UNTOLD.decisionComment,
      reviewerId: 'approver',
      subscribedPrincipal: { project: { id: IDS.consumer, name: 'consumers' } },
      subscribedListing: { id: IDS.listing, revision: '1' },
      status: 'ACCEPTED',
    });
    this.subscribe(IDS.subscription, IDS.listing);
    this.subscribe(IDS.glueSubscription, IDS.glueListing);
  }

  private subscribe(id: string, listing: string): void {
    this.aws.state.datazone.subscriptions.set(id, {
      id,
      createdBy: 'someone',
      createdAt: AT,
      updatedAt: AT,
      subscriptionRequestId: IDS.request,
      subscribedPrincipal: { project: { id: IDS.consumer, name: 'consumers' } },
      subscribedListing: { id: listing, revision: '1' },
      status: 'APPROVED',
    });
  }
}
