import { ASSET_FORM, ASSET_TYPE } from '../../handler/contract';
import { grantKey } from '../../handler/core/grant';
import type { Head } from '../../handler/core/head';
import type { Outcome } from '../../handler/core/outcome';
import type { RegisteredBucket } from '../../handler/core/registry';
import type { Environment, Provenance, SubscribedAsset, Subscription, SubscriptionTarget } from '../../handler/core/subscription';
import type { SubscriptionRecord } from '../../handler/core/subscription-record';
import type { Settings } from '../../handler/env';
import { fulfill } from '../../handler/fulfill';
import type { Message } from '../../handler/messages';
import type { CatalogueGrant, HistoryRecord, PolicyWrite, Ports, StatusReport, StoredGrant } from '../../handler/ports';

/** A call that a port is about to answer: `n` counts the calls of its name from 1. */
export type FakeCall = { readonly name: string; readonly n: number; readonly args: readonly unknown[] };
/** Throws to fail the call before it takes effect; `after` runs once it has. */
export type Interference = (call: FakeCall) => undefined | { readonly after: () => void } | { readonly answer: unknown };

const copy = <Value>(value: Value): Value => structuredClone(value);

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
};

export const PRODUCER = '5a3se66qm88947';
export const CONSUMER = '6oy92hwk937pgn';
export const READER = 'arn:aws:iam::333333333333:role/reader';
export const START = new Date('2026-01-15T09:30:00Z');

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
export class FakeWorld {
  now = START;
  settings: Settings = SETTINGS;
  readonly subscriptions = new Map<string, Subscription>();
  readonly provenances = new Map<string, Provenance>();
  readonly assets = new Map<string, SubscribedAsset>();
  readonly environments = new Map<string, Environment[]>();
  readonly targets = new Map<string, SubscriptionTarget[]>();
  readonly catalogueGrants = new Map<string, CatalogueGrant>();
  readonly buckets = new Map<string, RegisteredBucket>();
  principalAccounts: string[] = [];
  readonly policies = new Map<string, string>();
  /** Principals that S3 does not know. */
  readonly unknownPrincipals = new Set<string>();
  readonly records = new Map<string, SubscriptionRecord>();
  readonly grants = new Map<string, StoredGrant>();
  readonly heads = new Map<string, Head>();
  readonly history = new Map<string, HistoryRecord>();
  readonly reports: StatusReport[] = [];
  readonly outcomes: { readonly id: string; readonly outcome: Outcome }[] = [];
  readonly unusable: string[] = [];
  readonly failures: unknown[] = [];
  readonly drifts: string[] = [];
  readonly calls: FakeCall[] = [];
  interfere: Interference = () => undefined;
  underWay = 0;
  private ids = 0;

  constructor() {
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
    return { id, environmentId, provider, assetTypes: [ASSET_TYPE], authorizedPrincipals: principals };
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
      updatedAt: this.now.toISOString(),
      createdBy: 'approver',
      listing: { id: listing, revision: '1', name: listing, owningProject: owner },
      subscriber: { kind: 'project', id: consumer, name: 'consumer' },
      item: {
        kind: 'asset',
        assetId: `asset-${listing}`,
        assetType: ASSET_TYPE,
        revision: '1',
        forms: JSON.stringify({ [ASSET_FORM]: { bucketArn: arn } }),
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
    return fulfill(messages, { ports: this.ports, settings: this.settings, timeIsUp: () => false });
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

  private async call<Value>(name: string, args: readonly unknown[], work: () => Value): Promise<Value> {
    this.underWay++;
    try {
      await Promise.resolve();
      const call = { name, n: this.calls.filter((made) => made.name === name).length + 1, args };
      this.calls.push(call);
      const interference = this.interfere(call);
      if (interference !== undefined && 'answer' in interference) return interference.answer as Value;
      const value = copy(work());
      interference?.after();
      return value;
    } finally {
      this.underWay--;
    }
  }

  private write(bucket: string, policy: string | undefined): PolicyWrite {
    const text = policy ?? '';
    for (const unknown of this.unknownPrincipals) if (text.includes(`"${unknown}"`)) return { kind: 'invalid-principal', named: unknown };
    if (policy === undefined) this.policies.delete(bucket);
    else this.policies.set(bucket, policy);
    return { kind: 'written', session: 'session-1' };
  }

  readonly ports: Ports = {
    clock: {
      now: () => this.now,
      wait: async (milliseconds) => {
        this.now = new Date(this.now.getTime() + milliseconds);
      },
    },
    newId: () => `id-${++this.ids}`,
    catalogue: {
      subscription: (id) => this.call('subscription', [id], () => this.subscriptions.get(id)),
      subscriptions: (filter) =>
        this.call('subscriptions', [filter], () =>
          [...this.subscriptions.values()].filter(
            (subscription) =>
              subscription.status === filter.status &&
              (filter.requestId === undefined || subscription.requestId === filter.requestId) &&
              (filter.listingId === undefined || subscription.listing.id === filter.listingId) &&
              (filter.projectId === undefined ||
                (subscription.subscriber.kind === 'project' && subscription.subscriber.id === filter.projectId)),
          ),
        ),
      provenance: (id) => this.call('provenance', [id], () => this.provenances.get(id)),
      asset: (asset) => this.call('asset', [asset], () => this.assets.get(`${asset.id}@${asset.revision ?? ''}`)),
      listedAsset: (listing) => this.call('listedAsset', [listing], () => this.assets.get(`${listing.id}@${listing.revision ?? ''}`)),
      environments: (project) => this.call('environments', [project], () => this.environments.get(project) ?? []),
      subscriptionTargets: (environment) => this.call('subscriptionTargets', [environment], () => this.targets.get(environment) ?? []),
      grant: (id) => this.call('grant', [id], () => this.catalogueGrants.get(id)),
      grants: (filter) =>
        this.call('grants', [filter], () =>
          [...this.catalogueGrants.values()].filter(
            (grant) => grant.listingId === filter.listingId && grant.environmentId === filter.environmentId,
          ),
        ),
      reportStatus: (report) =>
        this.call('reportStatus', [report], () => {
          this.reports.push(report);
        }),
    },
    policies: {
      prepare: (access) =>
        this.call('prepare', [access], () => undefined).then(
          () => undefined,
          () => undefined,
        ),
      read: (access) => this.call('readPolicy', [access], () => this.policies.get(access.bucket.name)),
      write: (access, policy) => this.call('writePolicy', [access, policy], () => this.write(access.bucket.name, policy)),
      remove: (access) => this.call('removePolicy', [access], () => this.write(access.bucket.name, undefined)),
    },
    registry: { read: () => this.call('registry', [], () => ({ buckets: this.buckets, principalAccounts: this.principalAccounts })) },
    ledger: {
      subscription: (id) => this.call('ledger.subscription', [id], () => this.records.get(id)),
      saveSubscription: (record) =>
        this.call('ledger.saveSubscription', [record], () => {
          if ((this.records.get(record.id)?.revision ?? 0) !== record.revision - 1) return false;
          this.records.set(record.id, copy(record));
          return true;
        }),
      bucket: (name) =>
        this.call('ledger.bucket', [name], () => ({
          head: this.heads.get(name),
          grants: [...this.grants.values()].filter(({ grant }) => grant.location.bucket === name),
        })),
      saveGrant: (stored) =>
        this.call('ledger.saveGrant', [stored], () => {
          const key = `${stored.grant.location.bucket} ${grantKey(stored.grant)}`;
          if ((this.grants.get(key)?.revision ?? 0) !== stored.revision - 1) return false;
          this.grants.set(key, copy(stored));
          return true;
        }),
      announce: (bucket, change) =>
        this.call('ledger.announce', [bucket, change], () => {
          const head = this.heads.get(bucket);
          if (head?.attempt !== change.seen) return false;
          const previousPolicy = (head?.intended ?? change.intended).previousPolicy;
          this.heads.set(
            bucket,
            copy({
              ...(head ?? { written: [], bytes: 0 }),
              version: change.version,
              attempt: change.attempt,
              intended: { ...change.intended, previousPolicy },
            }),
          );
          return true;
        }),
      recordHistory: (record) =>
        this.call('ledger.recordHistory', [record], () => {
          this.history.set(`${record.bucket}#${record.version}`, copy(record));
        }),
      settle: (bucket, settled) =>
        this.call('ledger.settle', [bucket, settled], () => {
          const head = this.heads.get(bucket);
          if (head?.attempt !== settled.attempt) return false;
          const { intended: _, ...rest } = head;
          this.heads.set(bucket, copy({ ...rest, written: settled.written, writtenAt: settled.at, bytes: settled.bytes }));
          return true;
        }),
    },
    telemetry: {
      outcome: (id, outcome) => {
        this.outcomes.push({ id, outcome });
      },
      unusable: (reason) => {
        this.unusable.push(reason);
      },
      failure: (_what, error) => {
        this.failures.push(error);
      },
      drift: (_bucket, kind) => {
        this.drifts.push(kind);
      },
      residualAccess: () => undefined,
    },
  };
}
