import { join } from 'node:path';
import { ASSET_FORM, ASSET_TYPE } from '../../../handler/contract/datazone';
import type { Grant } from '../../../local-aws/datazone/model';
import { BUCKET, type DomainStory, IDS } from '../../end-to-end/domain-story';

/**
 * By what calls a subscription is found and resolved: `subscription`, the event names it and DataZone gives its forms; `grant`, the
 * event names a grant; `listing`, the forms are missing; `product`, the listing is a data product.
 */
export type Journey = 'subscription' | 'grant' | 'listing' | 'product';

/** The shipped events of a journey: of the grant, and of its end. */
export const EVENTS: Readonly<Record<Journey, { readonly grant: string; readonly end: string }>> = {
  subscription: { grant: 'subscription-created', end: 'subscription-revoked' },
  grant: { grant: 'subscription-grant-requested', end: 'subscription-grant-revoke-requested' },
  listing: { grant: 'subscription-created', end: 'subscription-revoked' },
  product: { grant: 'subscription-created', end: 'subscription-revoked' },
};

export const bundlePath = join(process.env['TEST_BUNDLE'] ?? '', 'handler/index.js');

const GRANT = 'c0v5yt0v1jgjmf';
const AT = '2026-01-15T09:30:00.000Z';

export const grantOf = ({ aws }: DomainStory): Grant => {
  const grant = aws.state.datazone.grants.get(GRANT);
  if (grant === undefined) throw new Error('the story has no grant; begin first');
  return grant;
};

/** Puts DataZone back as it was when the subscription had just been approved. */
export const setOut = (story: DomainStory, journey: Journey): void => {
  const { aws } = story;
  const { datazone } = aws.state;
  aws.faults.clear();
  story.setStatus('APPROVED');
  const forms = JSON.stringify({ [ASSET_FORM]: { bucketArn: `arn:aws:s3:::${BUCKET}/public/` } });
  const asset = { assetId: IDS.asset, assetRevision: '1', assetType: ASSET_TYPE };
  const listed = (text: string) => ({ kind: 'asset' as const, ...asset, forms: text });
  const product = { kind: 'product' as const, productId: 'product1', assets: [{ id: IDS.asset, revision: '1', type: ASSET_TYPE }] };
  const revision = (item: ReturnType<typeof listed> | typeof product) => ({ name: 'images', description: '', createdAt: AT, item });
  const show = (item: ReturnType<typeof listed> | typeof product) =>
    datazone.listings.set(IDS.listing, { id: IDS.listing, owningProjectId: IDS.producer, status: 'ACTIVE', revisions: [revision(item)] });
  show(journey === 'product' ? product : listed(forms));
  // Whether DataZone gives a listing's forms with its subscriptions is left open by its API: here it does not.
  if (journey === 'listing')
    aws.faults.add(({ operation }) => {
      if (operation === 'GetSubscription' || operation === 'GetListing')
        show(operation === 'GetListing' ? listed(forms) : { ...listed(forms), forms: undefined as unknown as string });
      return undefined;
    });
  datazone.grants.clear();
  datazone.grants.set(GRANT, {
    id: GRANT,
    createdBy: 'SYSTEM',
    createdAt: AT,
    updatedAt: AT,
    environmentId: IDS.environment,
    projectId: IDS.consumer,
    subscriptionTargetId: IDS.target,
    listing: { id: IDS.listing, revision: '1' },
    assets: [{ assetId: IDS.asset, assetRevision: '1', status: 'GRANT_PENDING' }],
  });
};
