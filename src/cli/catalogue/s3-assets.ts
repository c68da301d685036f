import { type DataZoneClient, paginateSearch } from '@aws-sdk/client-datazone';
import { ASSET_FORM, ASSET_TYPE, ASSET_TYPE_NAMESPACE } from '../../../handler/contract/datazone';
import { bucketArnIn } from '../../../handler/core/subscription/asset-forms';

/** An S3 object collection in a project's inventory, published or not. */
export interface S3Asset {
  readonly id: string;
  readonly name: string;
  readonly owningProject: string;
  /** Where it lies, as its form says; undefined: no form says so. */
  readonly bucketArn: string | undefined;
}

/**
 * The S3 object collections in a project's inventory. DataZone searches an index, which may not know yet what was made seconds ago.
 */
export const s3AssetsOf = async (
  client: DataZoneClient,
  { domainIdentifier, project }: { domainIdentifier: string; project: string },
): Promise<readonly S3Asset[]> => {
  const assets: S3Asset[] = [];
  const pages = paginateSearch(
    { client },
    { domainIdentifier, owningProjectIdentifier: project, searchScope: 'ASSET', additionalAttributes: ['FORMS'] },
  );
  for await (const { items = [] } of pages)
    for (const { assetItem: item } of items) {
      if (item?.identifier === undefined || item.typeIdentifier?.replace(ASSET_TYPE_NAMESPACE, '') !== ASSET_TYPE) continue;
      const forms = (item.additionalAttributes?.formsOutput ?? []).map(({ formName = '', content = '' }) => ({ name: formName, content }));
      const arn = bucketArnIn(forms, { formName: ASSET_FORM, listing: item.identifier });
      assets.push({
        id: item.identifier,
        name: item.name ?? '',
        owningProject: item.owningProjectId ?? project,
        bucketArn: typeof arn === 'string' ? arn : undefined,
      });
    }
  return assets;
};
