import { isS3AssetType } from '../../contract/datazone';
import type { Subscription } from './subscription';

/** Returns whether any asset of a subscription is an S3 object collection. */
export const hasS3Asset = (subscription: Subscription): boolean => s3AssetIds(subscription).length > 0;

/** Returns the ids of a subscription's S3 assets. */
export const s3AssetIds = ({ item }: Subscription): readonly string[] => {
  const assets = item.kind === 'asset' ? [item] : item.kind === 'product' ? item.assets : [];
  return assets.filter(({ assetType }) => isS3AssetType(assetType)).map(({ assetId }) => assetId);
};
