import { ASSET_FORM, ASSET_FORM_TYPE, ASSET_TYPE, ASSET_TYPE_NAMESPACE } from '../../handler/contract/datazone';
import { emitSubscriptionEvent } from '../../local-aws/datazone/events';
import { createGrants, revokeGrants } from '../../local-aws/datazone/grant-creation';
import type { Subscription } from '../../local-aws/datazone/model';
import type { DataZoneCall } from '../../local-aws/datazone/operation';
import type { BusEvent } from '../../local-aws/eventing/event';
import type { LocalAws } from '../../local-aws/local-aws';
import { CONSUMER_ACCOUNT, DOMAIN, PRODUCER, PROVIDER } from './deployment';

/** A consumer's project, with an environment, and a target of ours in it that names one role. */
export type Consumer = { readonly id: string; readonly environment: string; readonly target: string; readonly role: string };

/** A place as it was published: `arn` of the asset. */
export type Published = { readonly listing: string; readonly asset: string; readonly bucket: string; readonly prefix: string };

/** A subscription as it was made; DataZone says how it stands. */
export type Made = { readonly id: string; readonly consumer: Consumer; readonly published: Published };

/** What people do in DataZone, as its records; events leave for the bus as DataZone sends them. */
export class Domain {
  /** Every subscription that was ever made. */
  readonly made: Made[] = [];
  /** Roles that a target ever named: whoever was let in may have to be shut out. */
  readonly named = new Map<string, Set<string>>();
  private count = 0;

  constructor(private readonly aws: LocalAws) {}

  private get datazone() {
    return this.aws.state.datazone;
  }

  private get at(): string {
    return this.aws.state.clock().toISOString();
  }

  private get call(): DataZoneCall {
    const { state } = this.aws;
    const { domain } = state.datazone;
    if (domain === undefined) throw new Error('there is no domain');
    const session = { accessKeyId: '', secretAccessKey: '', arn: '', uniqueId: '', tags: {}, transitiveTagKeys: [] };
    const principal = { type: 'service', service: 'datazone.amazonaws.com' } as const;
    const caller = { account: DOMAIN.account, arn: '', principal, session };
    const call = { service: 'datazone', operation: '', params: {}, region: DOMAIN.region, caller, at: state.clock() } as const;
    return { stale: false, state, datazone: state.datazone, domain, call, user: 'someone' };
  }

  private send(): void {
    for (const event of this.aws.state.outbox.splice(0)) this.aws.bus.emit(event);
  }

  consumer({ role, account = CONSUMER_ACCOUNT }: { readonly role?: string; readonly account?: string } = {}): Consumer {
    this.count += 1;
    const id = `consumer${this.count}`;
    this.aws.seed.project({ id, name: id });
    const arn = role ?? this.aws.seed.role({ account, name: `reader-${this.count}` }).arn;
    const environment = `${id}e`;
    this.aws.seed.environment({ id: environment, projectId: id, account, region: DOMAIN.region });
    const consumer = { id, environment, target: `${id}t`, role: arn };
    this.retarget(consumer, [arn]);
    return consumer;
  }

  /** The consumer's target names these roles from now on. */
  retarget({ id, environment, target }: Consumer, roles: readonly string[]): void {
    this.named.set(target, new Set([...(this.named.get(target) ?? []), ...roles]));
    this.datazone.targets.set(target, {
      id: target,
      environmentId: environment,
      projectId: id,
      type: 'BaseSubscriptionTargetType',
      createdBy: 'someone',
      createdAt: this.at,
      name: 'reader',
      authorizedPrincipals: roles,
      applicableAssetTypes: [ASSET_TYPE],
      subscriptionTargetConfig: [],
      manageAccessRole: roles[0] ?? '',
      provider: PROVIDER,
    });
  }

  /** An asset at `bucket` and `prefix`, published. */
  publish({
    bucket = 'acme-raw',
    prefix,
    by = PRODUCER,
  }: {
    readonly bucket?: string;
    readonly prefix?: string;
    readonly by?: string;
  } = {}): Published {
    this.count += 1;
    const published = { listing: `listing${this.count}`, asset: `asset${this.count}`, bucket, prefix: prefix ?? `runs/${this.count}/` };
    const form = { bucketArn: `arn:aws:s3:::${bucket}${published.prefix === '' ? '' : `/${published.prefix}`}` };
    const made = { createdAt: this.at, createdBy: 'someone' };
    this.datazone.assets.set(published.asset, {
      id: published.asset,
      typeIdentifier: `${ASSET_TYPE_NAMESPACE}${ASSET_TYPE}`,
      owningProjectId: by,
      ...made,
      revisions: [{ name: 'images', forms: [{ formName: ASSET_FORM, typeName: ASSET_FORM_TYPE, content: JSON.stringify(form) }], ...made }],
      listingId: published.listing,
    });
    const forms = JSON.stringify({ [ASSET_FORM]: form });
    const item = { kind: 'asset', assetId: published.asset, assetRevision: '1', assetType: ASSET_TYPE, forms } as const;
    const revisions = [{ name: 'images', description: '', createdAt: this.at, item }];
    this.datazone.listings.set(published.listing, { id: published.listing, owningProjectId: by, status: 'ACTIVE', revisions });
    return published;
  }

  /** The producer approves; DataZone makes its grants and sends its events. */
  approve(consumer: Consumer, published: Published): Made {
    this.count += 1;
    const id = `subscription${this.count}`;
    const dates = { createdBy: 'someone', createdAt: this.at, updatedAt: this.at };
    const subscribedListing = { id: published.listing, revision: '1' };
    const subscribedPrincipal = { project: { id: consumer.id, name: consumer.id } };
    const request = { id: `request${this.count}`, ...dates, requestReason: 'work', subscribedPrincipal, subscribedListing };
    this.datazone.requests.set(request.id, { ...request, status: 'ACCEPTED' });
    const subscription: Subscription = {
      id,
      ...dates,
      subscriptionRequestId: request.id,
      subscribedPrincipal,
      subscribedListing,
      status: 'APPROVED',
    };
    this.datazone.subscriptions.set(id, subscription);
    const { call } = this;
    emitSubscriptionEvent(call, subscription);
    createGrants(call, { subscriptions: [subscription], targets: [...this.datazone.targets.values()] });
    this.send();
    const made = { id, consumer, published };
    this.made.push(made);
    return made;
  }

  /** A consumer that is new subscribes to a place that is. */
  subscribe(place: Parameters<Domain['publish']>[0] = {}): Made {
    return this.approve(this.consumer(), this.publish(place));
  }

  /** The subscription ends; DataZone asks for its grants to be revoked. */
  end({ id }: Made, status: 'REVOKED' | 'CANCELLED' = 'REVOKED'): void {
    const found = this.datazone.subscriptions.get(id);
    if (found === undefined) throw new Error(`there is no subscription '${id}'`);
    const { previous: _, ...before } = found;
    Object.assign(found, { previous: before, status, updatedAt: this.at });
    emitSubscriptionEvent(this.call, found);
    revokeGrants(this.call, found);
    this.send();
  }

  /** What DataZone tells its bus of a subscription, for whoever sends it himself. */
  eventsOf(act: () => void): readonly BusEvent[] {
    const caught: BusEvent[] = [];
    const { route } = this.aws.bus;
    this.aws.bus.route = (event) => {
      caught.push(event);
      return [];
    };
    try {
      act();
    } finally {
      this.aws.bus.route = route;
    }
    return caught;
  }
}
