/** What DataZone remembers; members are named as in its API. Instants are ISO 8601, made epoch seconds where the API says so. */
export type Domain = {
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly version: 'V1' | 'V2';
  readonly createdAt: string;
};

/** `members` are ARNs of roles and users with a profile in the domain; they count in a V2 domain, where IAM is not enough. */
export type Project = { readonly id: string; readonly name: string; readonly members: readonly string[] };

export type Environment = {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly awsAccountId: string;
  readonly awsAccountRegion: string;
  readonly provider: string;
  readonly status: 'ACTIVE' | 'DISABLED' | 'DELETED';
  readonly createdAt: string;
};

export type Form = { readonly formName: string; readonly typeName: string; readonly content: string };

export type Asset = {
  readonly id: string;
  /** With namespace, as CreateAsset and GetAsset spell it. */
  readonly typeIdentifier: string;
  readonly owningProjectId: string;
  readonly externalIdentifier?: string;
  readonly createdAt: string;
  readonly createdBy: string;
  /** Revision n is at index n - 1. */
  readonly revisions: {
    readonly name: string;
    readonly description?: string;
    readonly forms: readonly Form[];
    readonly createdAt: string;
    readonly createdBy: string;
  }[];
  listingId?: string;
};

/** One published state: of an asset at a revision, or of a data product. */
export type ListingRevision = {
  readonly name: string;
  readonly description: string;
  readonly createdAt: string;
  readonly item:
    | {
        readonly kind: 'asset';
        readonly assetId: string;
        readonly assetRevision: string;
        readonly assetType: string;
        readonly forms: string;
      }
    | {
        readonly kind: 'product';
        readonly productId: string;
        readonly assets: readonly { readonly id: string; readonly revision: string; readonly type: string }[];
      };
};

export type Listing = {
  readonly id: string;
  readonly owningProjectId: string;
  status: 'ACTIVE' | 'INACTIVE';
  readonly revisions: ListingRevision[];
};

export type SubscribedPrincipal =
  | { readonly project: { readonly id: string; readonly name: string } }
  | { readonly user: { readonly id: string } }
  | { readonly group: { readonly id: string } }
  | { readonly iam: { readonly principalArn: string } };

export type SubscribedListing = { readonly id: string; readonly revision: string };

export type SubscriptionRequest = {
  readonly id: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly requestReason: string;
  readonly subscribedPrincipal: SubscribedPrincipal;
  readonly subscribedListing: SubscribedListing;
  updatedAt: string;
  status: 'PENDING' | 'ACCEPTED' | 'REJECTED';
  reviewerId?: string;
  decisionComment?: string;
  existingSubscriptionId?: string;
};

export type Subscription = {
  readonly id: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly subscriptionRequestId: string;
  readonly subscribedPrincipal: SubscribedPrincipal;
  readonly subscribedListing: SubscribedListing;
  updatedAt: string;
  updatedBy?: string;
  status: 'APPROVED' | 'REVOKED' | 'CANCELLED';
  retainPermissions?: boolean;
  /** What a stale read shows: how it was before its last change. */
  previous?: Omit<Subscription, 'previous'>;
};

export type SubscriptionTarget = {
  readonly id: string;
  readonly environmentId: string;
  readonly projectId: string;
  readonly type: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly name: string;
  readonly authorizedPrincipals: readonly string[];
  readonly applicableAssetTypes: readonly string[];
  readonly subscriptionTargetConfig: readonly { readonly formName: string; readonly content: string }[];
  readonly manageAccessRole: string;
  readonly provider: string;
  readonly subscriptionGrantCreationMode?: 'AUTOMATIC' | 'MANUAL';
  /** DataZone made it, and fulfils its grants itself, through S3 Access Grants. */
  readonly native?: true;
  readonly updatedAt?: string;
  readonly updatedBy?: string;
};

export const ASSET_STATUSES = [
  'GRANT_PENDING',
  'REVOKE_PENDING',
  'GRANT_IN_PROGRESS',
  'REVOKE_IN_PROGRESS',
  'GRANTED',
  'REVOKED',
  'GRANT_FAILED',
  'REVOKE_FAILED',
] as const;

export type GrantedAsset = {
  readonly assetId: string;
  readonly assetRevision: string;
  status: (typeof ASSET_STATUSES)[number];
  targetName?: string;
  failureCause?: { readonly message?: string };
  grantedTimestamp?: string;
  failureTimestamp?: string;
};

export type Grant = {
  readonly id: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly environmentId: string;
  readonly projectId: string;
  readonly subscriptionTargetId: string;
  readonly listing: SubscribedListing;
  readonly subscriptionId?: string;
  readonly assets: GrantedAsset[];
  updatedAt: string;
  updatedBy?: string;
};

/** A user profile; only an activated one lets its role or user act in a V2 domain. */
export type ProfileStatus = 'ASSIGNED' | 'NOT_ASSIGNED' | 'ACTIVATED' | 'DEACTIVATED';

/** What DataZone's own fulfilment gave through S3 Access Grants: credentials from GetDataAccess, never a bucket policy. */
export type NativeAccess = { readonly grantId: string; readonly assetId: string; readonly principals: readonly string[] };

export type DataZone = {
  domain: Domain | undefined;
  /** No page is longer, whatever is asked for (1–50). */
  pageSize: number;
  issued: number;
  readonly projects: Map<string, Project>;
  readonly environments: Map<string, Environment>;
  readonly assets: Map<string, Asset>;
  readonly listings: Map<string, Listing>;
  readonly requests: Map<string, SubscriptionRequest>;
  readonly subscriptions: Map<string, Subscription>;
  readonly targets: Map<string, SubscriptionTarget>;
  readonly grants: Map<string, Grant>;
  /** By ARN. */
  readonly profiles: Map<string, ProfileStatus>;
  readonly nativeAccess: NativeAccess[];
};
