import { ASSET_FORM, isS3AssetType } from '../contract/datazone';
import { NO_PROJECT } from '../contract/registry';
import { BOUNDS } from '../core/bounds';
import { parseLocation } from '../core/grant/location';
import type { FrozenAsset, SubscriptionRecord } from '../core/ledger/subscription-record';
import { bucketArnIn } from '../core/subscription/asset-forms';
import { hasS3Asset, s3AssetIds } from '../core/subscription/asset-type';
import type { ResolvedSubscription } from '../core/subscription/decision';
import type { Provenance, SubscribedAsset, Subscription } from '../core/subscription/subscription';
import { TransientFailure } from '../errors';
import { every } from '../every';
import type { Ports } from '../ports';
import type { Settings } from '../settings';
import type { Reads } from './reads';

/** One subscription with everything that its decision needs, and its requester and approver where DataZone reports them. */
export type Resolution = { readonly resolved: ResolvedSubscription; readonly provenance?: Provenance };

/** Reads the rest of a subscription, in parallel; what an ended one needs is in the ledger. */
export const resolve = async (
  subscription: Subscription,
  { ports, reads, settings, saidToHaveEnded }: { ports: Ports; reads: Reads; settings: Settings; saidToHaveEnded: boolean },
): Promise<Resolution> => {
  const record = await reads.record(subscription.id);
  const isWanted = subscription.status === 'APPROVED' && hasS3Asset(subscription);
  prepareBuckets(subscription, { ports, reads, settings, record });
  const isNew = record === undefined || record.listing === undefined;
  const [assets, targets, provenance] = await every([
    isWanted ? approvedAssets(subscription, { ports, reads, record }) : unreadAssets(subscription),
    isWanted && subscription.subscriber.kind === 'project' ? reads.targets(subscription.subscriber.id) : [],
    isNew && hasS3Asset(subscription) ? readProvenance(subscription, ports) : record?.provenance,
  ]);
  return { resolved: { subscription, assets, targets, record, saidToHaveEnded }, ...(provenance === undefined ? {} : { provenance }) };
};

/** Reads who requested and approved it; no grant waits for it. */
const readProvenance = async ({ requestId }: Subscription, { catalogue, telemetry }: Ports): Promise<Provenance | undefined> => {
  if (requestId === undefined) return undefined;
  return catalogue.provenance(requestId).catch((error: unknown) => {
    telemetry.failure(
      `subscription request '${requestId}' could not be read; the subscription is granted without its requester's name`,
      error,
    );
    return undefined;
  });
};

/**
 * The S3 assets as approved: by the forms that came with the subscription, else as of the approved revision, never the latest. A
 * revision does not change: what was frozen from it is not read again.
 */
const approvedAssets = async (
  subscription: Subscription,
  { ports, reads, record }: { ports: Ports; reads: Reads; record: SubscriptionRecord | undefined },
): Promise<readonly (SubscribedAsset | FrozenAsset)[]> => {
  const { item, listing } = subscription;
  if (item.kind === 'unknown') return [];
  const isFrozen = record !== undefined && record.assets.length > 0 && record.listing?.revision === listing.revision;
  if (item.kind === 'asset') {
    if (item.forms !== undefined) return [{ assetId: item.assetId, owningProject: listing.owningProject, forms: item.forms }];
    if (isFrozen && listing.revision !== undefined) return record.assets;
    if (listing.revision === undefined) throw unreadable(`listing '${listing.id}'`, 'its approved revision is not named');
    const listed = await ports.catalogue.listedAsset({ id: listing.id, revision: listing.revision });
    if (listed === undefined) throw unreadable(`listing '${listing.id}'`, `its revision ${listing.revision} is not found`);
    return [listed];
  }
  const s3Assets = item.assets.filter(({ assetType }) => isS3AssetType(assetType));
  // The decision refuses it; reading the assets would take calls from others.
  if (s3Assets.length > BOUNDS.assetsPerProduct) return unreadAssets(subscription);
  if (isFrozen && listing.revision !== undefined && sameIds(s3Assets, record.assets)) return record.assets;
  return every(
    s3Assets.map(async ({ assetId, revision }) => {
      if (revision === undefined) throw unreadable(`asset '${assetId}'`, 'its approved revision is not named');
      const asset = await reads.asset({ id: assetId, revision });
      if (asset === undefined) throw unreadable(`asset '${assetId}'`, `its revision ${revision} is not found`);
      return asset;
    }),
  );
};

const sameIds = (some: readonly { readonly assetId: string }[], others: readonly { readonly assetId: string }[]): boolean => {
  const ids = (assets: typeof some) => JSON.stringify(assets.map(({ assetId }) => assetId).sort());
  return ids(some) === ids(others);
};

const unreadable = (what: string, why: string) =>
  new TransientFailure(
    'disagreement',
    `a subscription names ${what}, but ${why}; it is read again, and nothing but what was approved is ever granted`,
  );

/** The S3 assets without their forms: enough to know whether any of it is ours. */
const unreadAssets = (subscription: Subscription): readonly SubscribedAsset[] =>
  s3AssetIds(subscription).map((assetId) => ({ assetId, owningProject: subscription.listing.owningProject, forms: [] }));

/** Starts reading ledger items and editor sessions while DataZone is still being read: it saves rounds and decides nothing. */
const prepareBuckets = (
  { item, listing, status }: Subscription,
  { ports, reads, settings, record }: { ports: Ports; reads: Reads; settings: Settings; record: SubscriptionRecord | undefined },
): void => {
  const arn =
    item.kind === 'asset' && item.forms !== undefined ? bucketArnIn(item.forms, { formName: ASSET_FORM, listing: listing.id }) : undefined;
  const location = typeof arn === 'string' ? parseLocation(arn, settings.partition) : undefined;
  const named = location !== undefined && 'bucket' in location && status === 'APPROVED' ? [location.bucket] : [];
  const owningProject = status === 'APPROVED' ? listing.owningProject : NO_PROJECT;
  reads.ahead(
    reads.stance().then(({ registry: { buckets } }) =>
      every(
        [...new Set([...named, ...(record?.buckets ?? [])])].map(async (name) => {
          const bucket = buckets.get(name);
          if (bucket === undefined) return;
          await every([reads.bucket(name), reads.prepares ? ports.policies.prepare({ bucket, owningProject }) : undefined]);
        }),
      ),
    ),
  );
};
