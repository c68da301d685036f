import { ASSET_FORM, ASSET_FORM_TYPE, ASSET_TYPE, ASSET_TYPE_NAMESPACE } from '../../../handler/contract/datazone';
import type { AssetForm, Subscription } from '../../../handler/core/subscription/subscription';
import type { Catalogue } from '../../../handler/ports';
import { type DomainStory, IDS, READER } from '../../end-to-end/domain-story';
import { FakeWorld } from '../fake-world';

const AT = '2026-01-15T09:30:00.000Z';
export const PLACES = ['arn:aws:s3:::acme-raw/public/', 'arn:aws:s3:::acme-raw/public/later/'] as const;
export const OUR_PROVIDER = 'datazone-s3-fulfillment';
/** As DataZone holds them in a listing, and as they are read. */
export const formsAt = (bucketArn: string): string => JSON.stringify({ [ASSET_FORM]: { bucketArn } });
const readForms = (bucketArn: string): readonly AssetForm[] => [{ name: ASSET_FORM, content: JSON.stringify({ bucketArn }) }];

/** What DataZone shows of one of the stage's subscriptions. */
export const shown = (id: string, change: Partial<Subscription> = {}): Subscription => ({
  id,
  status: 'APPROVED',
  retainPermissions: false,
  requestId: IDS.request,
  createdAt: AT,
  updatedAt: AT,
  createdBy: 'someone',
  listing: { id: IDS.listing, revision: '1', name: 'images', owningProject: IDS.producer, owningProjectName: 'producers' },
  subscriber: { kind: 'project', id: IDS.consumer, name: 'consumers' },
  item: { kind: 'asset', assetId: IDS.asset, assetType: ASSET_TYPE, revision: '1', forms: readForms(PLACES[0]) },
  ...change,
});

export const APPROVED = ['sub1', 'sub2', 'sub3', 'sub4', 'sub5'] as const;
export const GRANTS = ['grant1', 'grant2', 'grant3'] as const;
const TARGETS = ['target1', 'target2', 'target3'] as const;
const ENVIRONMENTS = ['env1', 'env2', 'env3'] as const;
const grantAt = (id: string, environmentId: string, targetId: string) => ({
  id,
  environmentId,
  targetId,
  listingId: IDS.listing,
  assets: [{ assetId: IDS.asset, status: 'GRANT_PENDING' }],
});

/** Seven subscriptions, three environments (one of them disabled, one without targets), three targets, four grants; two revisions. */
export const catalogueInMemory = (): Catalogue => {
  const world = new FakeWorld();
  for (const id of APPROVED) world.subscriptions.set(id, shown(id));
  world.subscriptions.set('revoked', shown('revoked', { status: 'REVOKED', retainPermissions: true }));
  world.subscriptions.set('other', shown('other', { requestId: 'another' }));
  world.environments.clear();
  world.environments.set(
    IDS.consumer,
    ENVIRONMENTS.map((id) => ({ id, account: '111111111111' })),
  );
  world.targets.clear();
  world.targets.set(
    'env1',
    TARGETS.map((id) => ({
      id,
      environmentId: 'env1',
      provider: OUR_PROVIDER,
      assetTypes: [ASSET_TYPE],
      authorizedPrincipals: [READER],
      authorizedPrincipalsOmitted: 0,
    })),
  );
  for (const [index, id] of GRANTS.entries()) world.catalogueGrants.set(id, grantAt(id, 'env1', TARGETS[index] ?? ''));
  world.catalogueGrants.set('grant4', grantAt('grant4', 'env2', 'target4'));
  for (const [index, place] of PLACES.entries())
    for (const of of [IDS.asset, IDS.listing])
      world.assets.set(`${of}@${index + 1}`, { assetId: IDS.asset, owningProject: IDS.producer, forms: readForms(place) });
  world.provenances.set(IDS.request, { requestedBy: 'alice', requestReason: 'a model', reviewedBy: 'bob', decisionComment: 'fine' });
  return world.ports.catalogue;
};

/** The same in the double's DataZone. */
export const setDataZone = ({ aws }: DomainStory): void => {
  const { datazone } = aws.state;
  const made = { createdAt: AT, createdBy: 'someone' };
  for (const map of [datazone.subscriptions, datazone.environments, datazone.targets, datazone.grants, datazone.requests]) map.clear();
  const subscription = {
    ...made,
    createdAt: AT,
    updatedAt: AT,
    status: 'APPROVED' as const,
    subscriptionRequestId: IDS.request as string,
    subscribedPrincipal: { project: { id: IDS.consumer, name: 'consumers' } },
    subscribedListing: { id: IDS.listing, revision: '1' },
  };
  for (const id of APPROVED) datazone.subscriptions.set(id, { ...subscription, id });
  datazone.subscriptions.set('revoked', { ...subscription, id: 'revoked', status: 'REVOKED', retainPermissions: true });
  datazone.subscriptions.set('other', { ...subscription, id: 'other', subscriptionRequestId: 'another' });
  const place = { account: '111111111111', region: 'eu-west-1', projectId: IDS.consumer };
  for (const id of ENVIRONMENTS) aws.seed.environment({ ...place, id, status: id === 'env2' ? 'DISABLED' : 'ACTIVE' });
  const target = {
    ...made,
    projectId: IDS.consumer,
    type: 'BaseSubscriptionTargetType',
    name: 'reader',
    authorizedPrincipals: [READER],
    applicableAssetTypes: [ASSET_TYPE],
    subscriptionTargetConfig: [],
    manageAccessRole: READER,
    provider: OUR_PROVIDER,
  };
  for (const id of TARGETS) datazone.targets.set(id, { ...target, id, environmentId: 'env1' });
  const grant = { ...made, updatedAt: AT, projectId: IDS.consumer, listing: { id: IDS.listing, revision: '1' } };
  const granted = (id: string, environmentId: string, subscriptionTargetId: string) =>
    datazone.grants.set(id, {
      ...grant,
      id,
      environmentId,
      subscriptionTargetId,
      assets: [{ assetId: IDS.asset, assetRevision: '1', status: 'GRANT_PENDING' }],
    });
  for (const [index, id] of GRANTS.entries()) granted(id, 'env1', TARGETS[index] ?? '');
  granted('grant4', 'env2', 'target4');
  const revision = { name: 'images', description: '', ...made };
  const form = (bucketArn: string) => ({ formName: ASSET_FORM, typeName: ASSET_FORM_TYPE, content: JSON.stringify({ bucketArn }) });
  datazone.assets.set(IDS.asset, {
    ...made,
    id: IDS.asset,
    typeIdentifier: `${ASSET_TYPE_NAMESPACE}${ASSET_TYPE}`,
    owningProjectId: IDS.producer,
    revisions: PLACES.map((at) => ({ ...revision, forms: [form(at)] })),
    listingId: IDS.listing,
  });
  const item = { kind: 'asset' as const, assetId: IDS.asset, assetType: ASSET_TYPE };
  datazone.listings.set(IDS.listing, {
    id: IDS.listing,
    owningProjectId: IDS.producer,
    status: 'ACTIVE',
    revisions: PLACES.map((at, index) => ({ ...revision, item: { ...item, assetRevision: String(index + 1), forms: formsAt(at) } })),
  });
  datazone.requests.set(IDS.request, {
    ...subscription,
    id: IDS.request,
    createdBy: 'alice',
    status: 'ACCEPTED',
    requestReason: 'a model',
    reviewerId: 'bob',
    decisionComment: 'fine',
  });
};
