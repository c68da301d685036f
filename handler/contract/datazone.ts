/** `source` of the events on the domain account's default bus. */
export const EVENT_SOURCE = 'aws.datazone';

/** Subscription events that the handler acts on. `Created` fires on approval. Source: facts on DataZone's events in `docs/semantics.md`. */
export const SUBSCRIPTION_EVENTS = ['Subscription Created', 'Subscription Cancelled', 'Subscription Revoked'] as const;

/** Grant events that the handler acts on: one per asset and subscription target. */
export const GRANT_EVENTS = ['Subscription Grant Requested', 'Subscription Grant Revoke Requested'] as const;

/** Every detail type that the rule lets through. */
export const DETAIL_TYPES = [...SUBSCRIPTION_EVENTS, ...GRANT_EVENTS] as const;

/** DataZone's type of an unmanaged S3 asset, as listings, events and subscription targets spell it; CreateAsset and GetAsset put a namespace before it. */
export const ASSET_TYPE = 'S3ObjectCollectionAssetType';
export const ASSET_TYPE_NAMESPACE = 'amazon.datazone.';

/** Whether a type is that of an S3 asset, in either spelling. */
export const isS3AssetType = (type: string): boolean => type === ASSET_TYPE || type === `${ASSET_TYPE_NAMESPACE}${ASSET_TYPE}`;

/** The form of such an asset; its content holds `bucketArn`. */
export const ASSET_FORM = 'S3ObjectCollectionForm';
export const ASSET_FORM_TYPE = 'amazon.datazone.S3ObjectCollectionFormType';

/** Provider of subscription targets that DataZone fulfils itself: never one of ours, or access is granted twice. */
export const DATAZONE_PROVIDER = 'Amazon DataZone';
