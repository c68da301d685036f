import * as z from 'zod';
import type { DataZone, Listing, ListingRevision, SubscribedListing } from './model';
import {
  byId,
  clientToken,
  conflict,
  type DataZoneCall,
  find,
  id,
  inDomain,
  invalid,
  newId,
  notFound,
  operation,
  requireMember,
  revision,
  seconds,
} from './operation';

/** Listings, events and targets spell system types without their namespace. */
const bare = (typeIdentifier: string): string => typeIdentifier.replace(/^amazon\.datazone\./, '');

/** A revision of a listing, counted from 1; the latest unless one is named. */
export const listingAt = (datazone: DataZone, { id: listingId, revision: wanted }: { readonly id: string; readonly revision?: string }) => {
  const listing = find(datazone.listings, 'listing', listingId);
  const number = wanted ?? String(listing.revisions.length);
  const at = listing.revisions[Number(number) - 1];
  if (at === undefined) throw notFound('listing revision', `${number} of ${listingId}`);
  return { listing, number, at };
};

/** `subscribedListing` as subscriptions and their requests show it. */
export const subscribedListingView = ({ datazone, state }: Pick<DataZoneCall, 'datazone' | 'state'>, subscribed: SubscribedListing) => {
  const { listing, at } = listingAt(datazone, subscribed);
  const shown = state.unverified.subscriptionForms === 'latest' ? (listing.revisions.at(-1) ?? at) : at;
  const { item } = shown;
  const ownerProjectName = datazone.projects.get(listing.owningProjectId)?.name;
  return {
    id: listing.id,
    revision: subscribed.revision,
    name: at.name,
    description: at.description,
    ownerProjectId: listing.owningProjectId,
    ...(ownerProjectName === undefined ? {} : { ownerProjectName }),
    item:
      item.kind === 'asset'
        ? { assetListing: { entityId: item.assetId, entityRevision: item.assetRevision, entityType: item.assetType, forms: item.forms } }
        : {
            productListing: {
              entityId: item.productId,
              name: at.name,
              assetListings: item.assets.map((asset) => ({ entityId: asset.id, entityRevision: asset.revision, entityType: asset.type })),
            },
          },
  };
};

const itemView = (datazone: DataZone, { owningProjectId }: Listing, { item, createdAt }: ListingRevision) =>
  item.kind === 'asset'
    ? {
        assetListing: {
          assetId: item.assetId,
          assetRevision: item.assetRevision,
          assetType: item.assetType,
          createdAt: seconds(createdAt),
          forms: item.forms,
          owningProjectId,
        },
      }
    : {
        dataProductListing: {
          dataProductId: item.productId,
          createdAt: seconds(createdAt),
          owningProjectId,
          items: item.assets.flatMap((asset) => {
            const listingId = datazone.assets.get(asset.id)?.listingId;
            return listingId === undefined ? [] : [{ listingId }];
          }),
        },
      };

/** Returns the content of a form. A test may seed content that is not JSON, and DataZone does not promise that it is. */
const formContent = (content: string): unknown => {
  try {
    return JSON.parse(content);
  } catch {
    return content;
  }
};

/** What publishing an asset at a revision shows; a listing's name is shorter than an asset's. */
export const assetListing = (datazone: DataZone, assetId: string, number: number, createdAt: string): ListingRevision => {
  const asset = find(datazone.assets, 'asset', assetId);
  const at = asset.revisions[number - 1];
  if (at === undefined) throw notFound('revision', `${number} of asset ${assetId}`);
  const forms = Object.fromEntries(at.forms.map(({ formName, content }) => [formName, formContent(content)]));
  return {
    name: at.name.slice(0, 64),
    description: at.description ?? '',
    createdAt,
    item: { kind: 'asset', assetId, assetRevision: String(number), assetType: bare(asset.typeIdentifier), forms: JSON.stringify(forms) },
  };
};

const publish = ({ datazone, call }: DataZoneCall, assetId: string, number: number): Listing => {
  const asset = find(datazone.assets, 'asset', assetId);
  const published = assetListing(datazone, assetId, number, call.at.toISOString());
  const listing = datazone.listings.get(asset.listingId ?? '') ?? {
    id: newId(datazone),
    owningProjectId: asset.owningProjectId,
    status: 'ACTIVE' as const,
    revisions: [],
  };
  listing.revisions.push(published);
  listing.status = 'ACTIVE';
  asset.listingId = listing.id;
  datazone.listings.set(listing.id, listing);
  return listing;
};

const unpublish = ({ datazone }: DataZoneCall, assetId: string): Listing => {
  const listing = datazone.listings.get(find(datazone.assets, 'asset', assetId).listingId ?? '');
  if (listing?.status !== 'ACTIVE') throw conflict(`asset '${assetId}' is not published`);
  listing.status = 'INACTIVE';
  return listing;
};

export const listingOperations = [
  operation({
    name: 'CreateListingChangeSet',
    method: 'POST',
    path: '/v2/domains/{domainIdentifier}/listings/change-set',
    input: {
      ...inDomain,
      entityIdentifier: id,
      entityType: z.enum(['ASSET', 'DATA_PRODUCT']),
      entityRevision: z.optional(revision),
      action: z.enum(['PUBLISH', 'UNPUBLISH']),
      clientToken,
    },
    run: (call, { entityIdentifier, entityType, entityRevision, action }) => {
      if (entityType !== 'ASSET') throw invalid('the local DataZone publishes data products by seed only');
      const asset = find(call.datazone.assets, 'asset', entityIdentifier);
      requireMember(call, [asset.owningProjectId]);
      const listing =
        action === 'PUBLISH'
          ? publish(call, entityIdentifier, entityRevision === undefined ? asset.revisions.length : Number(entityRevision))
          : unpublish(call, entityIdentifier);
      return { listingId: listing.id, listingRevision: String(listing.revisions.length), status: listing.status };
    },
  }),
  operation({
    name: 'GetListing',
    method: 'GET',
    path: '/v2/domains/{domainIdentifier}/listings/{identifier}',
    input: { ...byId, listingRevision: z.optional(revision) },
    run: ({ datazone, domain }, { identifier, listingRevision }) => {
      const { listing, number, at } = listingAt(datazone, {
        id: identifier,
        ...(listingRevision === undefined ? {} : { revision: listingRevision }),
      });
      return {
        id: listing.id,
        domainId: domain.id,
        listingRevision: number,
        name: at.name,
        description: at.description,
        status: listing.status,
        createdAt: seconds(at.createdAt),
        item: itemView(datazone, listing, at),
      };
    },
  }),
];
