import type {
  AssetInDataProductListingItem,
  EnvironmentSummary,
  GetAssetOutput,
  GetListingOutput,
  GetSubscriptionRequestDetailsOutput,
  SubscribedAssetListing,
  SubscribedListing,
  SubscriptionGrantSummary,
  SubscriptionSummary,
  SubscriptionTargetSummary,
} from '@aws-sdk/client-datazone';
import * as z from 'zod/mini';
import { isS3AssetType } from '../../contract/datazone';
import { BOUNDS, cut } from '../../core/bounds';
import { boundedPrincipal } from '../../core/grant/principal';
import { boundedForms, parseForms } from '../../core/subscription/asset-forms';
import type {
  Environment,
  ProductAsset,
  Provenance,
  SubscribedAsset,
  SubscribedItem,
  Subscriber,
  Subscription,
  SubscriptionTarget,
} from '../../core/subscription/subscription';
import { TransientFailure } from '../../errors';
import { lazily } from '../../lazily';
import type { CatalogueGrant, SubscriptionList } from '../../ports';
import { answer, id, label, type Members, made, maybe, revision, text, timestamp } from './answer-parts';

const subscriber = lazily(() =>
  made(
    maybe(
      z.object({
        project: maybe(z.object({ id: id(), name: label(BOUNDS.name) })),
        iam: maybe(z.object({ principalArn: z.optional(z.unknown()) })),
        user: maybe(z.object({ id: label(BOUNDS.name) })),
        group: maybe(z.object({ id: label(BOUNDS.name) })),
      }),
    ),
    (given): Subscriber => {
      if (given?.project !== undefined) return { kind: 'project', ...given.project };
      if (given?.iam?.principalArn !== undefined) return { kind: 'iam', arn: boundedPrincipal(given.iam.principalArn) };
      if (given?.user !== undefined) return { kind: 'user', id: given.user.id ?? '' };
      if (given?.group !== undefined) return { kind: 'group', id: given.group.id ?? '' };
      return { kind: 'unknown', id: '' };
    },
  ),
);

const listed = () =>
  ({ entityId: id(), entityType: text(BOUNDS.name), entityRevision: revision() }) satisfies Members<AssetInDataProductListingItem>;

const itemAsset = (of: { entityId: string; entityType: string; entityRevision?: string | undefined }): ProductAsset => ({
  assetId: of.entityId,
  assetType: of.entityType,
  revision: of.entityRevision,
});

const item = lazily(() =>
  made(
    maybe(
      z.object({
        assetListing: maybe(z.object({ ...listed(), forms: maybe(z.string()) } satisfies Members<SubscribedAssetListing>)),
        productListing: maybe(z.object({ assetListings: z.array(z.object(listed())) })),
      }),
    ),
    (given): SubscribedItem => {
      if (given?.assetListing !== undefined) {
        const { forms } = given.assetListing;
        return { kind: 'asset', ...itemAsset(given.assetListing), forms: forms === undefined ? undefined : parseForms(forms) };
      }
      if (given?.productListing === undefined) return { kind: 'unknown' };
      const assets = given.productListing.assetListings.map(itemAsset);
      if (assets.length <= BOUNDS.assetsPerProduct) return { kind: 'product', assets };
      // One more than the bound, so that the decision sees that there are too many.
      const s3Assets = assets.filter(({ assetType }) => isS3AssetType(assetType)).slice(0, BOUNDS.assetsPerProduct + 1);
      return { kind: 'product', assets: s3Assets };
    },
  ),
);

/** Parses a subscription. Only REVOKED and CANCELLED report its end: a status that DataZone has added since fails the reading. */
export const subscriptionOf = answer('a subscription', {
  members: () =>
    ({
      id: id(),
      status: z.enum(['APPROVED', 'REVOKED', 'CANCELLED'], 'is a status that this version does not know (look for a newer version)'),
      retainPermissions: maybe(z.boolean()),
      subscriptionRequestId: maybe(id()),
      createdAt: timestamp(),
      updatedAt: maybe(timestamp()),
      createdBy: text(BOUNDS.name),
      subscribedPrincipal: subscriber(),
      subscribedListing: z.object({
        id: id(),
        name: label(BOUNDS.name),
        ownerProjectId: id(),
        ownerProjectName: label(BOUNDS.name),
        revision: revision(),
        item: item(),
      } satisfies Members<SubscribedListing>),
    }) satisfies Members<SubscriptionSummary>,
  make: ({ subscribedListing: listing, ...given }): Subscription => ({
    id: given.id,
    status: given.status,
    retainPermissions: given.retainPermissions === true,
    requestId: given.subscriptionRequestId,
    createdAt: given.createdAt,
    updatedAt: given.updatedAt ?? given.createdAt,
    createdBy: given.createdBy,
    listing: {
      id: listing.id,
      revision: listing.revision,
      name: listing.name ?? '',
      owningProject: listing.ownerProjectId,
      owningProjectName: listing.ownerProjectName,
    },
    subscriber: given.subscribedPrincipal,
    item: listing.item,
  }),
});

/** Parses the subscriptions of a list one by one: one that cannot be read is skipped with the reason, and never fails the others. */
export const subscriptionsOf = (items: readonly unknown[]): SubscriptionList => {
  const parsed = items.map((one) => {
    try {
      return { subscription: subscriptionOf(one) };
    } catch (error) {
      if (!(error instanceof TransientFailure)) throw error;
      const named = id().safeParse(Reflect.get(Object(one), 'id'));
      return { skipped: { ...(named.success ? { id: named.data } : {}), reason: error.message } };
    }
  });
  return {
    subscriptions: parsed.flatMap(({ subscription }) => subscription ?? []),
    skipped: parsed.flatMap(({ skipped }) => skipped ?? []),
  };
};

export const provenanceOf = answer('a subscription request', {
  members: () =>
    ({
      createdBy: text(BOUNDS.name),
      requestReason: label(BOUNDS.comment),
      reviewerId: label(BOUNDS.name),
      decisionComment: label(BOUNDS.comment),
    }) satisfies Members<GetSubscriptionRequestDetailsOutput>,
  make: ({ createdBy, requestReason = '', reviewerId, decisionComment }): Provenance => ({
    requestedBy: createdBy,
    requestReason,
    reviewedBy: reviewerId,
    decisionComment,
  }),
});

export const assetOf = answer('an asset', {
  members: () =>
    ({
      id: id(),
      owningProjectId: id(),
      formsOutput: maybe(
        z.array(
          made(z.object({ formName: z.string(), content: maybe(z.string()) }), (form) => ({
            name: form.formName,
            content: form.content ?? '',
          })),
        ),
      ),
    }) satisfies Members<GetAssetOutput>,
  make: (given): SubscribedAsset => ({
    assetId: given.id,
    owningProject: given.owningProjectId,
    forms: boundedForms(given.formsOutput ?? []),
  }),
});

export const listedAssetOf = answer('a listing', {
  members: () =>
    ({
      item: maybe(z.object({ assetListing: maybe(z.object({ assetId: id(), owningProjectId: id(), forms: z.string() })) })),
    }) satisfies Members<GetListingOutput>,
  make: ({ item: { assetListing: asset } = {} }): SubscribedAsset | undefined =>
    asset && { assetId: asset.assetId, owningProject: asset.owningProjectId, forms: parseForms(asset.forms) },
});

/** An environment without an id can have no target that we could read. */
export const environmentOf = answer('an environment', {
  members: () =>
    ({
      id: maybe(id()),
      awsAccountId: maybe(z.string().check(z.regex(/^\d{12}$/, 'is not an account id'))),
    }) satisfies Members<EnvironmentSummary>,
  make: (given): readonly Environment[] => (given.id === undefined ? [] : [{ id: given.id, account: given.awsAccountId }]),
});

/** Parses a subscription target. A consumer writes it: no principal in it fails the reading. */
export const targetOf = answer('a subscription target', {
  members: () =>
    ({
      id: id(),
      environmentId: id(),
      provider: label(BOUNDS.name),
      applicableAssetTypes: z.array(z.string()),
      authorizedPrincipals: z.array(z.unknown()),
    }) satisfies Members<SubscriptionTargetSummary>,
  make: ({ applicableAssetTypes, authorizedPrincipals, provider = '', ...ids }): SubscriptionTarget => ({
    ...ids,
    provider,
    assetTypes: applicableAssetTypes.slice(0, BOUNDS.assetTypesPerTarget).map((type) => cut(type, BOUNDS.name)),
    authorizedPrincipals: authorizedPrincipals.slice(0, BOUNDS.principalsPerTarget).map(boundedPrincipal),
    authorizedPrincipalsOmitted: Math.max(0, authorizedPrincipals.length - BOUNDS.principalsPerTarget),
  }),
});

export const grantOf = answer('a subscription grant', {
  members: () =>
    ({
      id: id(),
      subscriptionTargetId: id(),
      environmentId: maybe(id()),
      grantedEntity: maybe(z.object({ listing: maybe(z.object({ id: id() })) })),
      assets: maybe(z.array(z.object({ assetId: id(), status: text(BOUNDS.name) }))),
    }) satisfies Members<SubscriptionGrantSummary>,
  make: (given): CatalogueGrant => ({
    id: given.id,
    environmentId: given.environmentId,
    targetId: given.subscriptionTargetId,
    listingId: given.grantedEntity?.listing?.id,
    assets: given.assets?.slice(0, BOUNDS.assetsPerGrant) ?? [],
  }),
});
