import * as z from 'zod';
import type { Asset, Form } from './model';
import {
  byId,
  clientToken,
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

const NAMESPACE = 'amazon.datazone.';
const S3_ASSET = `${NAMESPACE}S3ObjectCollectionAssetType`;
const S3_FORM = `${NAMESPACE}S3ObjectCollectionFormType`;
const SYSTEM_TYPES = [S3_ASSET, `${NAMESPACE}GlueTableAssetType`, `${NAMESPACE}GlueViewAssetType`, `${NAMESPACE}RedshiftTableAssetType`];
/** Revision of the system types; AWS raises it, and refuses stale ones. */
const TYPE_REVISION = '1';

const location = z.looseObject({ bucketArn: z.string() });

const formInput = z.strictObject({
  formName: z.string().regex(/^((?![0-9_])\w+|_\w*[a-zA-Z0-9]\w*)$/),
  typeIdentifier: z.optional(z.string().regex(/^(?!\.)[\w.]*\w$/)),
  typeRevision: z.optional(z.string()),
  content: z.optional(z.string().max(300_000)),
});
const common = {
  name: z.string().min(1).max(256),
  description: z.optional(z.string().max(2048)),
  typeRevision: z.optional(revision),
  glossaryTerms: z.optional(z.array(id).min(1).max(20)),
  formsInput: z._default(z.array(formInput).max(10), []),
  predictionConfiguration: z.optional(z.unknown()),
  clientToken,
};

const parsed = (text: string, form: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(`the content of form '${form}' is not JSON`);
  }
};

/** An S3 asset must say where it is; forms of other types may hold any JSON. */
const formsOf = (
  typeIdentifier: string,
  typeRevision: string | undefined,
  inputs: readonly z.infer<typeof formInput>[],
): readonly Form[] => {
  if (!SYSTEM_TYPES.includes(typeIdentifier)) throw notFound('asset type', typeIdentifier);
  if (typeRevision !== undefined && typeRevision !== TYPE_REVISION)
    throw invalid(`revision '${typeRevision}' of ${typeIdentifier} is not the current one`);
  const forms = inputs.map(({ formName, typeIdentifier: type, content = '{}' }) => ({
    formName,
    typeName: type ?? `${NAMESPACE}${formName}Type`,
    content: JSON.stringify(parsed(content, formName)),
  }));
  const located = forms.some(({ typeName, content }) => typeName === S3_FORM && location.safeParse(JSON.parse(content)).success);
  if (typeIdentifier === S3_ASSET && !located)
    throw invalid(`an asset of type ${S3_ASSET} needs a form of type ${S3_FORM} with a bucketArn`);
  return forms;
};

const assetView = ({ domain, datazone }: DataZoneCall, asset: Asset, number: number) => {
  const at = asset.revisions[number - 1];
  if (at === undefined) throw notFound('revision', `${number} of asset ${asset.id}`);
  const listing = asset.listingId === undefined ? undefined : datazone.listings.get(asset.listingId);
  return {
    id: asset.id,
    domainId: domain.id,
    name: at.name,
    ...(at.description === undefined ? {} : { description: at.description }),
    typeIdentifier: asset.typeIdentifier,
    typeRevision: TYPE_REVISION,
    ...(asset.externalIdentifier === undefined ? {} : { externalIdentifier: asset.externalIdentifier }),
    revision: String(number),
    owningProjectId: asset.owningProjectId,
    createdAt: seconds(at.createdAt),
    createdBy: at.createdBy,
    firstRevisionCreatedAt: seconds(asset.createdAt),
    firstRevisionCreatedBy: asset.createdBy,
    formsOutput: at.forms.map((form) => ({ ...form, typeRevision: TYPE_REVISION })),
    ...(listing === undefined ? {} : { listing: { listingId: listing.id, listingStatus: listing.status } }),
  };
};

export const assetOperations = [
  operation({
    name: 'CreateAsset',
    method: 'POST',
    path: '/v2/domains/{domainIdentifier}/assets',
    status: 201,
    input: {
      ...inDomain,
      ...common,
      externalIdentifier: z.optional(z.string().min(1).max(600)),
      typeIdentifier: z
        .string()
        .regex(/^(?!\.)[\w.]*\w$/)
        .max(513),
      owningProjectIdentifier: id,
    },
    run: (call, { typeIdentifier, typeRevision, formsInput, owningProjectIdentifier, name, description, externalIdentifier }) => {
      const { datazone, user } = call;
      requireMember(call, [find(datazone.projects, 'project', owningProjectIdentifier).id]);
      const createdAt = call.call.at.toISOString();
      const forms = formsOf(typeIdentifier, typeRevision, formsInput);
      const asset: Asset = {
        id: newId(datazone),
        typeIdentifier,
        owningProjectId: owningProjectIdentifier,
        ...(externalIdentifier === undefined ? {} : { externalIdentifier }),
        createdAt,
        createdBy: user,
        revisions: [{ name, ...(description === undefined ? {} : { description }), forms, createdAt, createdBy: user }],
      };
      datazone.assets.set(asset.id, asset);
      return assetView(call, asset, 1);
    },
  }),
  operation({
    name: 'CreateAssetRevision',
    method: 'POST',
    path: '/v2/domains/{domainIdentifier}/assets/{identifier}/revisions',
    input: { ...byId, ...common },
    run: (call, { identifier, typeRevision, formsInput, name, description }) => {
      const asset = find(call.datazone.assets, 'asset', identifier);
      requireMember(call, [asset.owningProjectId]);
      const forms = formsOf(asset.typeIdentifier, typeRevision, formsInput);
      const made = { createdAt: call.call.at.toISOString(), createdBy: call.user };
      asset.revisions.push({ name, ...(description === undefined ? {} : { description }), forms, ...made });
      return assetView(call, asset, asset.revisions.length);
    },
  }),
  operation({
    name: 'GetAsset',
    method: 'GET',
    path: '/v2/domains/{domainIdentifier}/assets/{identifier}',
    input: { ...byId, revision: z.optional(revision) },
    run: (call, { identifier, revision: wanted }) => {
      const asset = find(call.datazone.assets, 'asset', identifier);
      const isSubscriber = [...call.datazone.subscriptions.values()].flatMap(({ subscribedPrincipal: one }) =>
        'project' in one ? [one.project.id] : [],
      );
      requireMember(call, [asset.owningProjectId, ...isSubscriber]);
      return assetView(call, asset, wanted === undefined ? asset.revisions.length : Number(wanted));
    },
  }),
];
