import { firstState, type Stance, stanceOf } from '../core/stance';
import type { ConsumerTarget, SubscribedAsset } from '../core/subscription/subscription';
import type { SubscriptionRecord } from '../core/subscription/subscription-record';
import { every } from '../every';
import type { BucketLedger, CatalogueGrant, Ports } from '../ports';

/** What one invocation reads, each thing once, however many subscriptions of the batch need it. */
export type Reads = {
  /** The registered buckets, and what an operator lets happen in them. */
  readonly stance: () => Promise<Stance>;
  readonly record: (subscriptionId: string) => Promise<SubscriptionRecord | undefined>;
  /** A project's subscription targets for S3 assets that are ours: all of them, or a failure. */
  readonly targets: (projectId: string) => Promise<readonly ConsumerTarget[]>;
  /** What DataZone keeps of a listing's grants in an environment. */
  readonly grants: (grants: { readonly listingId: string; readonly environmentId: string }) => Promise<readonly CatalogueGrant[]>;
  readonly asset: (asset: { readonly id: string; readonly revision?: string }) => Promise<SubscribedAsset | undefined>;
  readonly bucket: (name: string) => Promise<BucketLedger>;
  /** Whether DataZone still knows a subscription target, given as `environment/target`. */
  readonly hasTarget: (target: string) => Promise<boolean>;
  /** Whether editor sessions are got ready ahead of their use. */
  readonly prepares: boolean;
  /** Any other thing, read once. */
  readonly once: <Value>(key: string, read: () => Promise<Value>) => Promise<Value>;
  /** Starts a read whose failure matters only to whoever asks for it. */
  readonly ahead: (read: Promise<unknown>) => void;
  /** Resolves when nothing that was started is under way any more. */
  readonly done: () => Promise<void>;
};

export type TargetRules = { readonly provider: string; readonly isAssetType: (type: string) => boolean };

/** `known`: records that were read already. */
export const invocationReads = (
  { catalogue, clock, ledger, operations, registry }: Ports,
  {
    rules,
    prepares = true,
    known = new Map(),
  }: { rules: TargetRules; prepares?: boolean; known?: ReadonlyMap<string, SubscriptionRecord | undefined> },
): Reads => {
  const started = new Map<string, Promise<unknown>>();
  const ahead: Promise<unknown>[] = [];
  const once = <Value>(key: string, read: () => Promise<Value>): Promise<Value> => {
    const known = started.get(key) as Promise<Value> | undefined;
    const value = known ?? read();
    if (known === undefined) started.set(key, value);
    return value;
  };

  const targets = async (projectId: string): Promise<readonly ConsumerTarget[]> => {
    const environments = await catalogue.environments(projectId);
    const found = await every(
      environments.map(async ({ id, account }) =>
        ((await catalogue.subscriptionTargets(id)) ?? []).map((target) => ({ ...target, ...(account === undefined ? {} : { account }) })),
      ),
    );
    return found.flat().filter((target) => target.provider === rules.provider && target.assetTypes.some(rules.isAssetType));
  };

  const state = async () => {
    const found = await operations.deployment();
    if (found !== undefined) return found;
    const first = firstState(clock.now());
    // Nothing waits for it: where it cannot be saved now, the next invocation does.
    ahead.push(operations.saveDeployment(first).catch(() => undefined));
    return first;
  };

  return {
    prepares,
    once,
    stance: () =>
      once('stance', async () => {
        const [registered, deployment] = await every([registry.read(), state()]);
        return stanceOf(registered, deployment);
      }),
    record: async (id) => (known.has(id) ? known.get(id) : once(`record ${id}`, () => ledger.subscription(id))),
    targets: (projectId) => once(`targets ${projectId}`, () => targets(projectId)),
    grants: ({ listingId, environmentId }) =>
      once(`grants ${listingId} ${environmentId}`, () => catalogue.grants({ listingId, environmentId })),
    asset: (asset) => once(`asset ${asset.id} ${asset.revision ?? ''}`, () => catalogue.asset(asset)),
    bucket: (name) => once(`bucket ${name}`, () => ledger.bucket(name)),
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
