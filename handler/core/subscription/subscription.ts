/** DataZone's words for what it knows of one subscription; made in one adapter, read by the decision. */
export type SubscriptionStatus = 'APPROVED' | 'REVOKED' | 'CANCELLED';

export type Subscriber =
  | { readonly kind: 'project'; readonly id: string; readonly name?: string }
  | { readonly kind: 'iam'; readonly arn: string }
  /** Users and groups have no principal that a bucket policy could name. `unknown`: a member that DataZone has added since. */
  | { readonly kind: 'user' | 'group' | 'unknown'; readonly id: string };

export type SubscribedItem =
  | {
      readonly kind: 'asset';
      readonly assetId: string;
      readonly assetType: string;
      readonly revision?: string;
      readonly forms?: readonly AssetForm[];
    }
  | { readonly kind: 'product'; readonly assets: readonly ProductAsset[] }
  | { readonly kind: 'unknown' };

/** One form of an asset: its content is JSON text. */
export type AssetForm = { readonly name: string; readonly content: string };

export type ProductAsset = { readonly assetId: string; readonly assetType: string; readonly revision?: string };

export type Subscription = {
  readonly id: string;
  readonly status: SubscriptionStatus;
  /** The owner revoked and chose to let the consumer keep access. Never so on a cancellation. */
  readonly retainPermissions: boolean;
  readonly requestId?: string;
  /** When it was approved: DataZone makes a subscription on approval. ISO 8601, UTC; of DataZone. */
  readonly createdAt: string;
  /** ISO 8601, UTC; of DataZone. */
  readonly updatedAt: string;
  readonly createdBy: string;
  readonly listing: {
    readonly id: string;
    readonly revision?: string;
    readonly name: string;
    readonly owningProject: string;
    readonly owningProjectName?: string;
  };
  readonly subscriber: Subscriber;
  readonly item: SubscribedItem;
};

/** Who asked, who approved and why, as DataZone says. */
export type Provenance = {
  readonly requestedBy: string;
  readonly requestReason: string;
  readonly reviewedBy?: string;
  readonly decisionComment?: string;
};

/** A subscribed S3 asset as it was approved. */
export type SubscribedAsset = { readonly assetId: string; readonly owningProject: string; readonly forms: readonly AssetForm[] };

export type Environment = { readonly id: string; readonly account?: string };

export type SubscriptionTarget = {
  readonly id: string;
  readonly environmentId: string;
  readonly provider: string;
  readonly assetTypes: readonly string[];
  /** As the target names them, each bounded in length: not all of them are ARNs. */
  readonly authorizedPrincipals: readonly string[];
  /** Principals beyond the number that is kept of one target. */
  readonly authorizedPrincipalsOmitted: number;
};

/** A subscription target of ours with the account that its principals are meant to be in. */
export type ConsumerTarget = SubscriptionTarget & { readonly account?: string };

export const targetKey = (target: { readonly environmentId: string; readonly id: string }): string =>
  `${target.environmentId}/${target.id}`;
