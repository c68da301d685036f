import type {
  CreateSubscriptionGrantOutput,
  EnvironmentSummary,
  GetAssetOutput,
  GetListingOutput,
  GetSubscriptionGrantOutput,
  GetSubscriptionOutput,
  GetSubscriptionRequestDetailsOutput,
  SubscribedListingItem,
  SubscribedPrincipal,
  SubscriptionGrantSummary,
  SubscriptionSummary,
  SubscriptionTargetSummary,
} from '@aws-sdk/client-datazone';
import type {
  Environment,
  Provenance,
  SubscribedAsset,
  SubscribedItem,
  Subscriber,
  Subscription,
  SubscriptionStatus,
  SubscriptionTarget,
} from '../core/subscription';
import { TransientFailure } from '../errors';
import type { CatalogueGrant } from '../ports';

/** A member that DataZone's model says is always there. */
const required = <Value>(value: Value | undefined, what: string): Value => {
  if (value === undefined || value === '')
    throw new TransientFailure('unavailable', `DataZone answered without ${what}, which its API always gives; it is asked again`);
  return value;
};

/** The same of a text: the SDK passes on whatever stands in its place. */
const text = (value: string | undefined, what: string): string => {
  const given = required(value, what);
  if (typeof given === 'string') return given;
  throw new TransientFailure('unavailable', `DataZone answered with ${what} that is no text, as its API has it; it is asked again`);
};

const texts = (values: readonly string[] | undefined, what: string): readonly string[] =>
  required(values, what).map((value) => text(value, `one of ${what}`));

/**
 * REVOKED and CANCELLED alone say that a subscription ended. A status that DataZone has added since says nothing to this version, and takes
 * nothing away.
 */
const STATUSES: readonly SubscriptionStatus[] = ['APPROVED', 'REVOKED', 'CANCELLED'];

const statusOf = (output: GetSubscriptionOutput | SubscriptionSummary): SubscriptionStatus => {
  const status = required(output.status, 'the status of a subscription');
  if (STATUSES.includes(status)) return status;
  throw new TransientFailure(
    'unavailable',
    `DataZone shows subscription '${output.id ?? ''}' with status '${status}', which this version does not know; nothing is changed, and it is asked again: look for a newer version`,
  );
};

export const subscriptionOf = (output: GetSubscriptionOutput | SubscriptionSummary): Subscription => {
  const listing = required(output.subscribedListing, 'the listing of a subscription');
  const createdAt = required(output.createdAt, 'the time of a subscription');
  return {
    id: text(output.id, 'the id of a subscription'),
    status: statusOf(output),
    retainPermissions: output.retainPermissions === true,
    ...(output.subscriptionRequestId === undefined ? {} : { requestId: output.subscriptionRequestId }),
    createdAt: createdAt.toISOString(),
    updatedAt: (output.updatedAt ?? createdAt).toISOString(),
    createdBy: text(output.createdBy, 'the creator of a subscription'),
    listing: {
      id: text(listing.id, 'the id of a listing'),
      name: listing.name ?? '',
      owningProject: text(listing.ownerProjectId, 'the owning project of a listing'),
      ...(listing.revision === undefined ? {} : { revision: listing.revision }),
      ...(listing.ownerProjectName === undefined ? {} : { owningProjectName: listing.ownerProjectName }),
    },
    subscriber: subscriberOf(output.subscribedPrincipal),
    item: itemOf(listing.item),
  };
};

const subscriberOf = (principal: SubscribedPrincipal | undefined): Subscriber => {
  if (principal?.project?.id !== undefined)
    return {
      kind: 'project',
      id: text(principal.project.id, 'the project of a subscription'),
      ...(principal.project.name === undefined ? {} : { name: principal.project.name }),
    };
  if (principal?.iam?.principalArn !== undefined)
    return { kind: 'iam', arn: text(principal.iam.principalArn, 'the principal of a subscription') };
  if (principal?.user !== undefined) return { kind: 'user', id: principal.user.id ?? '' };
  if (principal?.group !== undefined) return { kind: 'group', id: principal.group.id ?? '' };
  return { kind: 'unknown', id: '' };
};

const itemOf = (item: SubscribedListingItem | undefined): SubscribedItem => {
  if (item?.assetListing !== undefined) {
    const { entityId, entityType, entityRevision, forms } = item.assetListing;
    return {
      kind: 'asset',
      assetId: text(entityId, 'the asset of a listing'),
      assetType: text(entityType, 'the type of a listed asset'),
      ...(entityRevision === undefined ? {} : { revision: entityRevision }),
      ...(forms === undefined || forms === '' ? {} : { forms: text(forms, 'the forms of a listed asset') }),
    };
  }
  if (item?.productListing !== undefined)
    return {
      kind: 'product',
      assets: required(item.productListing.assetListings, 'the assets of a data product').map(
        ({ entityId, entityType, entityRevision }) => ({
          assetId: text(entityId, 'an asset of a data product'),
          assetType: text(entityType, 'the type of an asset of a data product'),
          ...(entityRevision === undefined ? {} : { revision: entityRevision }),
        }),
      ),
    };
  return { kind: 'unknown' };
};

export const provenanceOf = (output: GetSubscriptionRequestDetailsOutput): Provenance => ({
  requestedBy: text(output.createdBy, 'the requester of a subscription'),
  requestReason: output.requestReason ?? '',
  ...(output.reviewerId === undefined ? {} : { reviewedBy: output.reviewerId }),
  ...(output.decisionComment === undefined ? {} : { decisionComment: output.decisionComment }),
});

/** GetAsset lists forms; here they take the shape of a listing's, one JSON text of names and contents. */
export const assetOf = (output: GetAssetOutput): SubscribedAsset => ({
  assetId: text(output.id, 'the id of an asset'),
  owningProject: text(output.owningProjectId, 'the owning project of an asset'),
  forms: JSON.stringify(Object.fromEntries((output.formsOutput ?? []).map((form) => [form.formName, form.content]))),
});

export const listedAssetOf = (output: GetListingOutput): SubscribedAsset | undefined => {
  const asset = output.item?.assetListing;
  return (
    asset && {
      assetId: text(asset.assetId, 'the asset of a listing'),
      owningProject: text(asset.owningProjectId, 'the owning project of a listed asset'),
      forms: text(asset.forms, 'the forms of a listing'),
    }
  );
};

/** An environment without an id can hold no target that we could read. */
export const environmentOf = (summary: EnvironmentSummary): readonly Environment[] =>
  summary.id === undefined ? [] : [{ id: summary.id, ...(summary.awsAccountId === undefined ? {} : { account: summary.awsAccountId }) }];

export const targetOf = (summary: SubscriptionTargetSummary): SubscriptionTarget => ({
  id: text(summary.id, 'the id of a subscription target'),
  environmentId: text(summary.environmentId, 'the environment of a subscription target'),
  provider: summary.provider ?? '',
  assetTypes: texts(summary.applicableAssetTypes, 'the asset types of a subscription target'),
  authorizedPrincipals: texts(summary.authorizedPrincipals, 'the authorized principals of a subscription target'),
});

export const grantOf = (output: GetSubscriptionGrantOutput | SubscriptionGrantSummary | CreateSubscriptionGrantOutput): CatalogueGrant => {
  const listing = output.grantedEntity !== undefined && 'listing' in output.grantedEntity ? output.grantedEntity.listing : undefined;
  return {
    id: text(output.id, 'the id of a grant'),
    targetId: text(output.subscriptionTargetId, 'the target of a grant'),
    ...(output.environmentId === undefined ? {} : { environmentId: output.environmentId }),
    ...(listing?.id === undefined ? {} : { listingId: listing.id }),
    assets: (output.assets ?? []).map(({ assetId, status }) => ({
      assetId: text(assetId, 'the asset of a grant'),
      status: text(status, 'the status of a granted asset'),
    })),
  };
};
