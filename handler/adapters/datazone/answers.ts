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
} from '../../core/subscription/subscription';
import { TransientFailure } from '../../errors';
import type { CatalogueGrant } from '../../ports';

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

/** Source: the patterns of ids in DataZone's API reference, such as https://docs.aws.amazon.com/datazone/latest/APIReference/API_GetSubscription.html */
const ID = /^[a-zA-Z0-9_-]{1,36}$/;

/** An id: keys of the ledger and further calls are made of it. */
const id = (value: string | undefined, what: string): string => {
  const given = text(value, what);
  if (ID.test(given)) return given;
  throw new TransientFailure('unavailable', `DataZone answered with ${what} that is no id, as its API has it; it is asked again`);
};

/** A text that may be left out. */
const optional = <Name extends string>(name: Name, value: string | undefined, what: string): { readonly [Key in Name]?: string } => {
  if (value === undefined || value === '') return {};
  return { [name]: text(value, what) } as { readonly [Key in Name]: string };
};

/** A time as ISO 8601, UTC, of a year that has four digits: times are compared as texts. */
const time = (value: Date | undefined, what: string): string => {
  const given = required(value, what);
  const iso = Number.isNaN(given.getTime()) ? '' : given.toISOString();
  if (/^\d{4}-/.test(iso)) return iso;
  throw new TransientFailure('unavailable', `DataZone answered with ${what} that is no time of this age; it is asked again`);
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
  const createdAt = time(output.createdAt, 'the time of a subscription');
  return {
    id: id(output.id, 'the id of a subscription'),
    status: statusOf(output),
    retainPermissions: output.retainPermissions === true,
    ...optional('requestId', output.subscriptionRequestId, 'the request of a subscription'),
    createdAt,
    updatedAt: output.updatedAt === undefined ? createdAt : time(output.updatedAt, 'the time of a change of a subscription'),
    createdBy: text(output.createdBy, 'the creator of a subscription'),
    listing: {
      id: id(listing.id, 'the id of a listing'),
      name: optional('name', listing.name, 'the name of a listing').name ?? '',
      owningProject: id(listing.ownerProjectId, 'the owning project of a listing'),
      ...optional('revision', listing.revision, 'the revision of a listing'),
      ...optional('owningProjectName', listing.ownerProjectName, 'the name of an owning project'),
    },
    subscriber: subscriberOf(output.subscribedPrincipal),
    item: itemOf(listing.item),
  };
};

const subscriberOf = (principal: SubscribedPrincipal | undefined): Subscriber => {
  if (principal?.project?.id !== undefined)
    return {
      kind: 'project',
      id: id(principal.project.id, 'the project of a subscription'),
      ...optional('name', principal.project.name, 'the name of a project'),
    };
  if (principal?.iam?.principalArn !== undefined)
    return { kind: 'iam', arn: text(principal.iam.principalArn, 'the principal of a subscription') };
  if (principal?.user !== undefined) return { kind: 'user', id: optional('id', principal.user.id, 'the id of a user').id ?? '' };
  if (principal?.group !== undefined) return { kind: 'group', id: optional('id', principal.group.id, 'the id of a group').id ?? '' };
  return { kind: 'unknown', id: '' };
};

const itemOf = (item: SubscribedListingItem | undefined): SubscribedItem => {
  if (item?.assetListing !== undefined) {
    const { entityId, entityType, entityRevision, forms } = item.assetListing;
    return {
      kind: 'asset',
      assetId: id(entityId, 'the asset of a listing'),
      assetType: text(entityType, 'the type of a listed asset'),
      ...optional('revision', entityRevision, 'the revision of a listed asset'),
      ...optional('forms', forms, 'the forms of a listed asset'),
    };
  }
  if (item?.productListing !== undefined)
    return {
      kind: 'product',
      assets: required(item.productListing.assetListings, 'the assets of a data product').map(
        ({ entityId, entityType, entityRevision }) => ({
          assetId: id(entityId, 'an asset of a data product'),
          assetType: text(entityType, 'the type of an asset of a data product'),
          ...optional('revision', entityRevision, 'the revision of an asset of a data product'),
        }),
      ),
    };
  return { kind: 'unknown' };
};

export const provenanceOf = (output: GetSubscriptionRequestDetailsOutput): Provenance => ({
  requestedBy: text(output.createdBy, 'the requester of a subscription'),
  requestReason: optional('reason', output.requestReason, 'the reason of a request').reason ?? '',
  ...optional('reviewedBy', output.reviewerId, 'the reviewer of a request'),
  ...optional('decisionComment', output.decisionComment, 'the comment on a request'),
});

/** GetAsset lists forms; here they take the shape of a listing's, one JSON text of names and contents. */
export const assetOf = (output: GetAssetOutput): SubscribedAsset => ({
  assetId: id(output.id, 'the id of an asset'),
  owningProject: id(output.owningProjectId, 'the owning project of an asset'),
  forms: JSON.stringify(Object.fromEntries((output.formsOutput ?? []).map((form) => [form.formName, form.content]))),
});

export const listedAssetOf = (output: GetListingOutput): SubscribedAsset | undefined => {
  const asset = output.item?.assetListing;
  return (
    asset && {
      assetId: id(asset.assetId, 'the asset of a listing'),
      owningProject: id(asset.owningProjectId, 'the owning project of a listed asset'),
      forms: text(asset.forms, 'the forms of a listing'),
    }
  );
};

/** An environment without an id can hold no target that we could read. */
export const environmentOf = (summary: EnvironmentSummary): readonly Environment[] =>
  summary.id === undefined
    ? []
    : [{ id: id(summary.id, 'the id of an environment'), ...optional('account', summary.awsAccountId, 'the account of an environment') }];

export const targetOf = (summary: SubscriptionTargetSummary): SubscriptionTarget => ({
  id: id(summary.id, 'the id of a subscription target'),
  environmentId: id(summary.environmentId, 'the environment of a subscription target'),
  provider: optional('provider', summary.provider, 'the provider of a subscription target').provider ?? '',
  assetTypes: texts(summary.applicableAssetTypes, 'the asset types of a subscription target'),
  authorizedPrincipals: texts(summary.authorizedPrincipals, 'the authorized principals of a subscription target'),
});

export const grantOf = (output: GetSubscriptionGrantOutput | SubscriptionGrantSummary | CreateSubscriptionGrantOutput): CatalogueGrant => {
  const listing = output.grantedEntity !== undefined && 'listing' in output.grantedEntity ? output.grantedEntity.listing : undefined;
  return {
    id: id(output.id, 'the id of a grant'),
    targetId: id(output.subscriptionTargetId, 'the target of a grant'),
    ...optional('environmentId', output.environmentId, 'the environment of a grant'),
    ...optional('listingId', listing?.id, 'the listing of a grant'),
    assets: (output.assets ?? []).map(({ assetId, status }) => ({
      assetId: id(assetId, 'the asset of a grant'),
      status: text(status, 'the status of a granted asset'),
    })),
  };
};
