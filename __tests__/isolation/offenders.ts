import { ASSET_FORM } from '../../handler/contract/datazone';
import { PRODUCER } from '../drills/deployment';
import type { Made, Published } from '../drills/domain';
import type { Offence } from './offence';
import { type IsolationWorld, SHARED } from './world';

const [BUCKET] = SHARED;

/** Every property name that each JavaScript object inherits. */
export const INHERITED_NAMES: readonly string[] = Object.getOwnPropertyNames(Object.prototype);

/** An offender with a live subscription on a bucket of the others: `change` brings the trouble in, and an event leads to it. */
export const liveOffender = (name: string, change: (world: IsolationWorld, made: Made) => void): Offence => ({
  name: `${name}, in a live subscription`,
  prepare: async (world) => {
    const made = world.domain.approve(world.consumer(), world.publish(BUCKET));
    await world.work();
    return () => {
      change(world, made);
      world.repeatEvent(made);
    };
  },
});

/** An offender whose target names `principals` beside a good role, and whose subscription is approved now. */
export const newOffender = (name: string, principals: readonly string[]): Offence => ({
  name: `${name}, in a new subscription`,
  prepare: async (world) => {
    const published = world.publish(BUCKET);
    return () => void world.domain.approve(world.consumer({ principals }), published);
  },
});

/** Makes an offender's target name `principals` beside its good role. */
export const naming =
  (principals: readonly string[]) =>
  ({ domain }: IsolationWorld, { consumer }: Made): void =>
    domain.retarget(consumer, [consumer.role, ...principals]);

/** Gives an offender's environment more targets: each names `principals(number)`. */
export const addTargets = (
  { aws }: IsolationWorld,
  { consumer }: Made,
  { count, principals }: { readonly count: number; readonly principals: (target: number) => readonly string[] },
): void => {
  const { targets } = aws.state.datazone;
  const model = targets.get(consumer.target);
  if (model === undefined) throw new Error(`target '${consumer.target}' does not exist`);
  for (let number = 0; number < count; number++) {
    const id = `${consumer.target}x${number}`;
    targets.set(id, { ...model, id, authorizedPrincipals: principals(number) });
  }
};

/** Texts, within the limits of DataZone's API, that people write into an offender's subscription. */
export type Texts = { readonly name: string; readonly reason: string };

/** Replaces the names and reasons around an offender's subscription: of its project, target, listing and asset, and of its request. */
export const rename = ({ aws }: IsolationWorld, { id, consumer, published }: Made, { name, reason }: Texts): void => {
  const { subscriptions, requests, listings, assets, targets } = aws.state.datazone;
  aws.seed.project({ id: consumer.id, name });
  const subscribedPrincipal = { project: { id: consumer.id, name } };
  const subscription = subscriptions.get(id);
  const request = requests.get(subscription?.subscriptionRequestId ?? '');
  const listing = listings.get(published.listing);
  const asset = assets.get(published.asset);
  const target = targets.get(consumer.target);
  if (!subscription || !request || !listing || !asset || !target) throw new Error(`subscription '${id}' is not complete in DataZone`);
  subscriptions.set(id, { ...subscription, subscribedPrincipal });
  requests.set(request.id, { ...request, subscribedPrincipal, requestReason: reason, decisionComment: reason });
  listings.set(listing.id, { ...listing, revisions: listing.revisions.map((one) => ({ ...one, name, description: reason })) });
  assets.set(asset.id, { ...asset, revisions: asset.revisions.map((one) => ({ ...one, name, description: reason })) });
  targets.set(target.id, { ...target, name });
};

/** Publishes assets whose forms hold `forms`; of more than one, a data product of them. */
export const publishForms = (
  { aws, domain }: IsolationWorld,
  { bucket, forms }: { readonly bucket: string; readonly forms: readonly string[] },
): Published => {
  const { assets, listings } = aws.state.datazone;
  const published = forms.map((content) => {
    const one = domain.publish({ bucket, prefix: 'runs/' });
    const asset = assets.get(one.asset);
    const listing = listings.get(one.listing);
    if (asset === undefined || listing === undefined) throw new Error(`asset '${one.asset}' was not published`);
    const revisions = asset.revisions.map((revision) => ({ ...revision, forms: revision.forms.map((form) => ({ ...form, content })) }));
    assets.set(asset.id, { ...asset, revisions });
    const listed = `{${JSON.stringify(ASSET_FORM)}:${content}}`;
    listings.set(listing.id, {
      ...listing,
      revisions: listing.revisions.map((revision) => ({
        ...revision,
        item: revision.item.kind === 'asset' ? { ...revision.item, forms: listed } : revision.item,
      })),
    });
    return one;
  });
  const [first, ...others] = published;
  if (first === undefined) throw new Error('no form was given; give one per asset');
  if (others.length === 0) return first;
  const assetIds = published.map(({ asset }) => asset);
  return { ...first, listing: aws.seed.dataProduct({ projectId: PRODUCER, name: 'images', assetIds }) };
};
