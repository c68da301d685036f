import { ASSET_FORM, ASSET_TYPE, ASSET_TYPE_NAMESPACE } from '../contract/datazone';
import { NO_PROJECT } from '../contract/registry';
import { parseLocation } from '../core/grant/location';
import { bucketArnIn } from '../core/subscription/asset-forms';
import type { ResolvedSubscription } from '../core/subscription/decision';
import type { Provenance, SubscribedAsset, Subscription, SubscriptionStatus } from '../core/subscription/subscription';
import type { FrozenAsset, SubscriptionLookup, SubscriptionRecord } from '../core/subscription/subscription-record';
import { TransientFailure } from '../errors';
import { every } from '../every';
import type { Message } from '../messages';
import type { Ports } from '../ports';
import type { Settings } from '../settings';
import type { Reads } from './reads';

const STATUSES: readonly SubscriptionStatus[] = ['APPROVED', 'REVOKED', 'CANCELLED'];

/** Both spellings: with the namespace in assets, without it in listings, events and targets. */
export const isS3AssetType = (type: string): boolean => type === ASSET_TYPE || type === `${ASSET_TYPE_NAMESPACE}${ASSET_TYPE}`;

/** The subscriptions that a message leads to. None: DataZone knows nothing by any of its ids. */
export const findSubscriptions = async (
  message: Extract<Message, { kind: 'subscription' | 'grant' }>,
  ports: Ports,
): Promise<readonly Subscription[]> => {
  if (message.kind === 'grant') {
    const grant = await ports.catalogue.grant(message.grantId);
    return search({ ...message.lookup, ...(grant?.listingId === undefined ? {} : { listingId: grant.listingId }) }, ports);
  }
  const { subscriptionId, requestId } = message.lookup;
  const named = subscriptionId === undefined ? undefined : await ports.catalogue.subscription(subscriptionId);
  const agrees = named !== undefined && (requestId === undefined || named.requestId === undefined || named.requestId === requestId);
  return agrees ? [named] : search(message.lookup, ports);
};

/** DataZone lists approved subscriptions only, unless a status is asked for. Its answer is held against what was asked: a filter that it ignored must not widen the search. */
const search = async ({ requestId, listingId, projectId }: SubscriptionLookup, { catalogue }: Ports): Promise<readonly Subscription[]> => {
  const filter =
    requestId !== undefined
      ? { requestId }
      : listingId === undefined
        ? undefined
        : { listingId, ...(projectId === undefined ? {} : { projectId }) };
  if (filter === undefined) return [];
  const found = await every(STATUSES.map((status) => catalogue.subscriptions({ status, ...filter })));
  return found
    .flat()
    .filter(
      (subscription) =>
        (requestId === undefined || subscription.requestId === requestId) &&
        (listingId === undefined || subscription.listing.id === listingId) &&
        (projectId === undefined || subscription.subscriber.kind !== 'project' || subscription.subscriber.id === projectId),
    );
};

/** One subscription with everything that its decision needs, and who asked for it where DataZone says so. */
export type Resolution = { readonly resolved: ResolvedSubscription; readonly provenance?: Provenance };

/** Reads the rest of a subscription, side by side; what an ended one needs is in the ledger. */
export const resolve = async (
  subscription: Subscription,
  { ports, reads, settings, saidToHaveEnded }: { ports: Ports; reads: Reads; settings: Settings; saidToHaveEnded: boolean },
): Promise<Resolution> => {
  const record = await reads.record(subscription.id);
  const wanted = subscription.status === 'APPROVED' && hasS3Asset(subscription);
  prepareBuckets(subscription, { ports, reads, settings, record });
  const isNew = record === undefined || record.listing === undefined;
  const [assets, targets, provenance] = await every([
    wanted ? approvedAssets(subscription, { ports, reads, record }) : placesUnread(subscription),
    wanted && subscription.subscriber.kind === 'project' ? reads.targets(subscription.subscriber.id) : [],
    isNew && hasS3Asset(subscription) ? whoAsked(subscription, ports) : record?.provenance,
  ]);
  return { resolved: { subscription, assets, targets, record, saidToHaveEnded }, ...(provenance === undefined ? {} : { provenance }) };
};

/** Whether any of its assets is an S3 object collection. */
export const hasS3Asset = ({ item }: Subscription): boolean =>
  item.kind === 'asset'
    ? isS3AssetType(item.assetType)
    : item.kind === 'product' && item.assets.some(({ assetType }) => isS3AssetType(assetType));

/** Who asked is told where it can be told; no grant waits for it. */
const whoAsked = async ({ requestId }: Subscription, { catalogue, telemetry }: Ports): Promise<Provenance | undefined> => {
  if (requestId === undefined) return undefined;
  return catalogue.provenance(requestId).catch((error: unknown) => {
    telemetry.failure(`who asked for the subscription of request '${requestId}' could not be read; it is granted without`, error);
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
    `a subscription names ${what}, but ${why}; it is looked at again, and nothing but what was approved is ever granted`,
  );

/** The S3 assets of a subscription that ended, only to tell whether any of it was ours. */
const placesUnread = (subscription: Subscription): readonly SubscribedAsset[] =>
  s3AssetIds(subscription).map((assetId) => ({ assetId, owningProject: subscription.listing.owningProject, forms: '' }));

/** Ids of its S3 assets. */
export const s3AssetIds = ({ item }: Subscription): readonly string[] => {
  const assets = item.kind === 'asset' ? [item] : item.kind === 'product' ? item.assets : [];
  return assets.filter(({ assetType }) => isS3AssetType(assetType)).map(({ assetId }) => assetId);
};

/** Gets ledger items and editor sessions ready while DataZone is still being read: rounds saved, nothing decided. */
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
