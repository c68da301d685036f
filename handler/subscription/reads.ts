import { isS3AssetType } from '../contract/datazone';
import { type Grant, grantKey } from '../core/grant/grant';
import type { SubscriptionRecord } from '../core/ledger/subscription-record';
import { firstState, type Stance, stanceOf, unreadableStance } from '../core/stance';
import type { ConsumerTarget, SubscribedAsset } from '../core/subscription/subscription';
import { UnreadableItem } from '../errors';
import { every } from '../every';
import { DEPLOYMENT_STATE, recordFailure } from '../failure';
import type { BucketLedger, CatalogueGrant, Ports, SubscriptionLedger } from '../ports';
import { subscriptionOfGrantKey } from './grant-key';

/** What one batch reads, each thing once, however many subscriptions of the batch need it. */
export type Reads = {
  /** The registered buckets, and what an operator allows in them. */
  readonly stance: () => Promise<Stance>;
  /** A subscription's record. @throws UnreadableItem */
  readonly record: (subscriptionId: string) => Promise<SubscriptionRecord | undefined>;
  /** All grants of a subscription, live and settled, in these buckets and in those of its record. @throws UnreadableItem */
  readonly grantsOf: (subscriptionId: string, buckets: readonly string[]) => Promise<readonly Grant[]>;
  /** A project's subscription targets for S3 assets that belong to this deployment: all of them, or a failure. */
  readonly targets: (projectId: string) => Promise<readonly ConsumerTarget[]>;
  /** DataZone's own grants of a listing in an environment. */
  readonly grants: (grants: { readonly listingId: string; readonly environmentId: string }) => Promise<readonly CatalogueGrant[]>;
  readonly asset: (asset: { readonly id: string; readonly revision?: string }) => Promise<SubscribedAsset | undefined>;
  readonly bucket: (name: string) => Promise<BucketLedger>;
  /** Whether DataZone still knows a subscription target, given as `environment/target`. */
  readonly hasTarget: (target: string) => Promise<boolean>;
  /** Whether editor sessions are prepared ahead of their use. */
  readonly prepares: boolean;
  /** Any other thing, read once. */
  readonly once: <Value>(key: string, read: () => Promise<Value>) => Promise<Value>;
  /** Starts a read whose failure concerns only those that ask for it. */
  readonly ahead: (read: Promise<unknown>) => void;
  /** Resolves when nothing that was started is under way any more. */
  readonly done: () => Promise<void>;
};

type Options = {
  /** Provider of the subscription targets that belong to this deployment. */
  readonly provider: string;
  readonly prepares?: boolean;
  /** Records that were read already, without settled grants. */
  readonly known?: ReadonlyMap<string, SubscriptionRecord | undefined>;
};

/** Creates the reads of one batch. */
export const invocationReads = (ports: Ports, { provider, prepares = true, known = new Map() }: Options): Reads => {
  const { catalogue, ledger, registry } = ports;
  const started = new Map<string, Promise<unknown>>();
  const ahead: Promise<unknown>[] = [];
  const once = <Value>(key: string, read: () => Promise<Value>): Promise<Value> => {
    const before = started.get(key) as Promise<Value> | undefined;
    const value = before ?? read();
    if (before === undefined) started.set(key, value);
    return value;
  };

  const targets = async (projectId: string): Promise<readonly ConsumerTarget[]> => {
    const environments = await catalogue.environments(projectId);
    const found = await every(
      environments.map(async ({ id, account }) =>
        ((await catalogue.subscriptionTargets(id)) ?? []).map((target) => ({ ...target, ...(account === undefined ? {} : { account }) })),
      ),
    );
    return found.flat().filter((target) => target.provider === provider && target.assetTypes.some(isS3AssetType));
  };

  const subscription = (id: string): Promise<SubscriptionLedger> => once(`subscription ${id}`, () => ledger.subscription(id));
  const record = async (id: string) => (known.has(id) ? known.get(id) : (await subscription(id)).record);
  const bucket = (name: string) => once(`bucket ${name}`, () => ledger.bucket(name));

  /** A record that was read in a page came without its settled grants, and most have none. */
  const settledGrants = async (id: string): Promise<readonly Grant[]> =>
    known.has(id) && known.get(id)?.hasSettledGrants !== true ? [] : (await subscription(id)).settledGrants;

  const grantsOf = async (id: string, buckets: readonly string[]): Promise<readonly Grant[]> => {
    const names = [...new Set([...((await record(id))?.buckets ?? []), ...buckets])];
    const [settled, ...ledgers] = await every([settledGrants(id), ...names.map(bucket)] as const);
    const unreadable = ledgers.flatMap((one) => one.unreadable).find(({ item }) => subscriptionOfGrantKey(item.sort) === id);
    if (unreadable !== undefined) throw unreadable;
    const live = ledgers.flatMap(({ grants }) => grants.map(({ grant }) => grant)).filter((grant) => grant.subscriptionId === id);
    // Where a crash left both, the bucket's grant counts.
    const keys = new Set(live.map(grantKey));
    return [...live, ...settled.filter((grant) => !keys.has(grantKey(grant)))];
  };

  return {
    prepares,
    once,
    stance: () =>
      once('stance', async () => {
        const [registered, state] = await every([registry.read(), deploymentState(ports, ahead)]);
        return state === undefined ? unreadableStance(registered) : stanceOf(registered, state);
      }),
    record,
    grantsOf,
    targets: (projectId) => once(`targets ${projectId}`, () => targets(projectId)),
    grants: ({ listingId, environmentId }) =>
      once(`grants ${listingId} ${environmentId}`, () => catalogue.grants({ listingId, environmentId })),
    asset: (asset) => once(`asset ${asset.id} ${asset.revision ?? ''}`, () => catalogue.asset(asset)),
    bucket,
    hasTarget: (target) =>
      once(`target ${target}`, () => {
        const [environmentId = '', targetId = ''] = target.split('/');
        return catalogue.hasTarget({ environmentId, targetId });
      }),
    ahead: (read) => {
      ahead.push(read.catch(() => undefined));
    },
    done: async () => {
      await Promise.allSettled([...ahead, ...started.values()]);
    },
  };
};

/** The deployment's state; `undefined`: it cannot be read, which is recorded, and then nothing is granted. */
const deploymentState = async (ports: Ports, ahead: Promise<unknown>[]) => {
  const { clock, operations } = ports;
  try {
    const found = await operations.deployment();
    if (found !== undefined) return found;
    const first = firstState(clock.now());
    // Nothing waits for it: where it cannot be saved now, the next invocation does.
    ahead.push(operations.saveDeployment(first).catch(() => undefined));
    return first;
  } catch (error) {
    if (!(error instanceof UnreadableItem)) throw error;
    await recordFailure({ kind: 'deployment', name: DEPLOYMENT_STATE }, { outcome: 'unreadable', error, ports });
    return undefined;
  }
};
