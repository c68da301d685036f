import { ASSET_FORM, ASSET_TYPE } from '../../handler/contract/datazone';
import type { Outcome } from '../../handler/core/outcome';
import type { RegisteredBucket } from '../../handler/core/subscription/registry';
import type { Subscription, SubscriptionTarget } from '../../handler/core/subscription/subscription';
import { dispatch } from '../../handler/dispatch';
import type { Message } from '../../handler/messages';
import { accountBreaker } from '../../handler/policy-change/account-breaker';
import type { Ports } from '../../handler/ports';
import type { Settings } from '../../handler/settings';
import { fakePorts } from './fake-ports';
import { FakeState } from './fake-state';

export const SETTINGS: Settings = {
  deployment: 'acme',
  mode: 'enforce',
  existingSubscriptions: 'grant',
  domainId: 'dzd_bc8e1ez8r2a6xz',
  domainVersion: 'v1',
  queueArn: 'arn:aws:sqs:eu-west-1:111111111111:acme-events.fifo',
  partition: 'aws',
  region: 'eu-west-1',
  account: '111111111111',
  registryTable: 'acme-registry',
  ledgerTable: 'acme-ledger',
  editorRole: 'acme-policy-editor',
  targetProvider: 'datazone-s3-fulfillment',
  missingGrants: 'leave',
  operatorRoleId: 'AROAOPERATOROFACME001',
  removalCap: 50,
  expiresAfterDays: undefined,
};

export const PRODUCER = '5a3se66qm88947';
export const CONSUMER = '6oy92hwk937pgn';
export const READER = 'arn:aws:iam::333333333333:role/reader';
export const BUCKET: RegisteredBucket = {
  name: 'acme-raw',
  account: '222222222222',
  region: 'eu-west-1',
  state: 'active',
  prefixes: [{ prefix: 'runs/', owningProjects: [PRODUCER] }],
};

/**
 * The world in memory, on the ports: it keeps DataZone's subscriptions, the buckets' policies and the ledger, counts every call, and
 * lets a test interfere with any of them.
 */
export class FakeWorld extends FakeState {
  settings: Settings = SETTINGS;
  readonly ports: Ports = fakePorts(this);
  readonly breaker = accountBreaker(this.ports.clock);

  constructor() {
    super();
    this.buckets.set(BUCKET.name, BUCKET);
    this.environments.set(CONSUMER, [{ id: 'env1', account: '333333333333' }]);
    this.targets.set('env1', [this.target('target1', { principals: [READER] })]);
  }

  target(
    id: string,
    {
      principals,
      environmentId = 'env1',
      provider = SETTINGS.targetProvider,
    }: { principals: readonly string[]; environmentId?: string; provider?: string },
  ): SubscriptionTarget {
    return { id, environmentId, provider, assetTypes: [ASSET_TYPE], authorizedPrincipals: principals, authorizedPrincipalsOmitted: 0 };
  }

  /** Has a consumer subscribed to an asset at this ARN, approved. */
  approve(
    id: string,
    {
      arn,
      consumer = CONSUMER,
      owner = PRODUCER,
      listing = `listing-${id}`,
    }: { arn: string; consumer?: string; owner?: string; listing?: string },
  ): Subscription {
    const subscription: Subscription = {
      id,
      status: 'APPROVED',
      retainPermissions: false,
      createdAt: this.now.toISOString(),
      updatedAt: this.now.toISOString(),
      createdBy: 'approver',
      listing: { id: listing, revision: '1', name: listing, owningProject: owner },
      subscriber: { kind: 'project', id: consumer, name: 'consumer' },
      item: {
        kind: 'asset',
        assetId: `asset-${listing}`,
        assetType: ASSET_TYPE,
        revision: '1',
        forms: [{ name: ASSET_FORM, content: JSON.stringify({ bucketArn: arn }) }],
      },
    };
    this.subscriptions.set(id, subscription);
    return subscription;
  }

  end(id: string, { status = 'REVOKED', retain = false }: { status?: 'REVOKED' | 'CANCELLED'; retain?: boolean } = {}): void {
    const subscription = this.subscriptions.get(id);
    if (subscription === undefined) throw new Error(`no subscription '${id}'`);
    this.subscriptions.set(id, { ...subscription, status, retainPermissions: retain, updatedAt: this.now.toISOString() });
  }

  /** One batch with a message per subscription; answers the ids of the messages that go back. */
  deliver(...messages: readonly Message[]): Promise<readonly string[]> {
    return dispatch(messages, { ports: this.ports, settings: this.settings, breaker: this.breaker, timeIsUp: () => false });
  }

  created(id: string): Message {
    return { kind: 'subscription', messageId: `m-${id}`, lookup: { subscriptionId: id, projectId: CONSUMER }, saidToHaveEnded: false };
  }

  ended(id: string): Message {
    return { kind: 'subscription', messageId: `m-${id}`, lookup: { subscriptionId: id, projectId: CONSUMER }, saidToHaveEnded: true };
  }

  statements(bucket = BUCKET.name): readonly Record<string, unknown>[] {
    const text = this.policies.get(bucket);
    return text === undefined ? [] : JSON.parse(text).Statement;
  }

  outcomeOf(id: string): Outcome | undefined {
    return this.outcomes.filter((entry) => entry.id === id).at(-1)?.outcome;
  }
}
