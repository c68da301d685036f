import { BOUNDS } from '../bounds';
import { type Location, parseLocation } from '../grant/location';
import { parsePrincipal } from '../grant/principal';
import type { Ending, FrozenAsset, SubscriptionRecord } from '../ledger/subscription-record';
import { MOST_TARGETS } from '../limits';
import { type Refusal, refused, type Waiting, waiting } from '../outcome';
import { printable } from '../printable';
import { bucketArnIn } from './asset-forms';
import { publishable, type Registry } from './registry';
import { type ConsumerTarget, type SubscribedAsset, type Subscription, targetKey } from './subscription';

/** Everything that was read about one subscription before it is decided. */
export type ResolvedSubscription = {
  readonly subscription: Subscription;
  /** Its S3 assets as approved, or as they were frozen from the very same revision. Empty: nothing of it is ours. */
  readonly assets: readonly (SubscribedAsset | FrozenAsset)[];
  /** The consumer's subscription targets that are ours; all of them, or the reading would have failed. */
  readonly targets: readonly ConsumerTarget[];
  readonly record: SubscriptionRecord | undefined;
  /** The event said that the subscription ended. */
  readonly saidToHaveEnded: boolean;
};

export type DecisionRules = {
  readonly registry: Registry;
  readonly partition: string;
  readonly formName: string;
  /** Subscriptions approved before this are left alone. ISO 8601, UTC. */
  readonly ignoreBefore?: string;
  /** Grants of subscriptions approved before this have run out. ISO 8601, UTC. */
  readonly expireBefore?: string;
};

/** What the subscription is entitled to at one place. */
export type DecidedAsset = FrozenAsset & ({ readonly location: Location } | { readonly refusal: Refusal });

/** One principal of the consumer, and the targets that name it. */
export type DecidedPrincipal = { readonly arn: string; readonly targets: readonly string[]; readonly refusal?: Refusal };

export type Decision =
  | { readonly kind: 'ignored'; readonly reason: string }
  /** Nothing is changed; it is looked at again. */
  | { readonly kind: 'hold'; readonly waiting: Waiting }
  | { readonly kind: 'end'; readonly ended: Ending }
  /** DataZone has not known the subscription for a while. */
  | { readonly kind: 'orphan' }
  | { readonly kind: 'refuse'; readonly refusal: Refusal; readonly assets: readonly FrozenAsset[] }
  | {
      readonly kind: 'grant';
      readonly assets: readonly DecidedAsset[];
      readonly principals: readonly DecidedPrincipal[];
      /** Every target that was read, so that a principal it no longer names is known to be gone. */
      readonly readTargets: readonly string[];
      readonly waiting?: Waiting;
    };

/** Decides what a subscription's grants should be. Pure: the same reading and the same registry give the same decision. */
export const decide = (resolved: ResolvedSubscription, rules: DecisionRules): Decision => {
  const { subscription, record } = resolved;
  if (record?.ended !== undefined) return { kind: 'end', ended: record.ended };
  if (isForeign(resolved)) return NOT_OURS;
  if (subscription.status !== 'APPROVED')
    return { kind: 'end', ended: subscription.status === 'REVOKED' && subscription.retainPermissions ? 'retained' : 'revoked' };
  if (resolved.saidToHaveEnded)
    return {
      kind: 'hold',
      waiting: waiting(
        'disagreement',
        `an event says that subscription '${subscription.id}' ended and DataZone still shows it approved; it is looked at again`,
      ),
    };
  if (isBefore(subscription, rules.ignoreBefore) && !isServed(record)) return EXISTED_BEFORE;
  if (isBefore(subscription, rules.expireBefore)) return { kind: 'end', ended: 'expired' };
  return decideApproved(resolved, rules);
};

const isBefore = ({ createdAt }: Subscription, moment: string | undefined): boolean =>
  moment !== undefined && Date.parse(createdAt) < Date.parse(moment);

/** Whether access was ever given for it: what is served goes on being served. */
const isServed = (record: SubscriptionRecord | undefined): boolean => record?.served === true;

const EXISTED_BEFORE: Decision = {
  kind: 'ignored',
  reason: "it was approved before this deployment was there, and existingSubscriptions says 'ignore'",
};

const NOT_OURS: Decision = { kind: 'ignored', reason: 'nothing in it is an S3 object collection' };

const isForeign = ({ assets, record }: ResolvedSubscription): boolean =>
  assets.length === 0 && (record === undefined || record.assets.length === 0);

const decideApproved = (resolved: ResolvedSubscription, rules: DecisionRules): Decision => {
  const { subscription } = resolved;
  const assets = resolved.assets.map((asset) => freeze(asset, { listing: subscription.listing.id, rules }));
  const { subscriber } = subscription;
  if (subscriber.kind !== 'project' && subscriber.kind !== 'iam') {
    const refusal = refused(
      'subscriber-unsupported',
      `subscription '${subscription.id}' was made by a ${subscriber.kind === 'unknown' ? 'kind of subscriber that this version does not know' : subscriber.kind}, which has no IAM principal; subscribe as a project or as an IAM principal`,
    );
    return { kind: 'refuse', refusal, assets: assets.map(frozenPart) };
  }
  const excess = exceeding(resolved);
  if (excess !== undefined) return { kind: 'refuse', refusal: excess, assets: [] };
  const recorded = resolved.record?.assets ?? [];
  const changed = changedSince(assets, recorded);
  const decided = (changed === undefined ? assets : recorded).map((asset) => place(asset, { changed, rules }));
  const principals = subscriber.kind === 'iam' ? [iamSubscriber(subscriber.arn, rules)] : targetPrincipals(resolved.targets, rules);
  return {
    kind: 'grant',
    assets: decided,
    principals,
    // A target that was not read whole is no evidence that it stopped naming anybody.
    readTargets: resolved.targets.filter(({ authorizedPrincipalsOmitted }) => authorizedPrincipalsOmitted === 0).map(targetKey),
    ...(subscriber.kind === 'project' && principals.length === 0 ? { waiting: noTarget(subscriber.id) } : {}),
  };
};

/** Why the subscription is too large to be evaluated. What it was granted before stays: nothing here is evidence against it. */
const exceeding = ({ subscription, assets, targets }: ResolvedSubscription): Refusal | undefined => {
  if (assets.length > BOUNDS.assetsPerProduct)
    return refused(
      'limit-exceeded',
      `subscription '${subscription.id}' holds more S3 assets than are granted by one: at most ${BOUNDS.assetsPerProduct}; publish smaller data products`,
    );
  if (targets.length > MOST_TARGETS)
    return refused(
      'limit-exceeded',
      `the consumer of subscription '${subscription.id}' has ${targets.length} subscription targets of this deployment, and at most ${MOST_TARGETS} are read; remove targets`,
    );
  return undefined;
};

const noTarget = (project: string): Waiting =>
  waiting(
    'no-subscription-target',
    `project '${project}' has no subscription target for S3 assets of this deployment's provider; create one in an environment of the project, with the roles that are to read`,
  );

const frozenPart = ({ assetId, owningProject, published }: FrozenAsset): FrozenAsset => ({ assetId, owningProject, published });

const freeze = (asset: SubscribedAsset | FrozenAsset, { listing, rules }: { listing: string; rules: DecisionRules }): FrozenAsset => {
  if ('published' in asset) return asset;
  const arn = bucketArnIn(asset.forms, { formName: rules.formName, listing });
  return { assetId: asset.assetId, owningProject: asset.owningProject, published: typeof arn === 'string' ? { arn } : { refusal: arn } };
};

/** The first asset whose place is not the one that was recorded at approval, if any: it is reported, never followed. */
const changedSince = (assets: readonly FrozenAsset[], recorded: readonly FrozenAsset[]): Refusal | undefined => {
  if (recorded.length === 0) return undefined;
  const byId = new Map(recorded.map((asset) => [asset.assetId, asset]));
  for (const asset of assets) {
    const before = byId.get(asset.assetId);
    if (before === undefined)
      return refused(
        'location-changed',
        `asset '${asset.assetId}' came into the data product after its approval; unsubscribe and subscribe again to have it approved`,
      );
    if (arnOf(before) !== arnOf(asset))
      return refused(
        'location-changed',
        `asset '${asset.assetId}' was approved at ${placeText(before)} and is now at ${placeText(asset)}; the grant stays where it was approved: subscribe again to have the new place approved`,
      );
  }
  return undefined;
};

const arnOf = ({ published }: FrozenAsset): string | undefined => ('arn' in published ? published.arn : undefined);

const placeText = (asset: FrozenAsset): string => {
  const arn = arnOf(asset);
  return arn === undefined ? 'no place that could be read' : `'${printable(arn)}'`;
};

const place = (asset: FrozenAsset, { changed, rules }: { changed: Refusal | undefined; rules: DecisionRules }): DecidedAsset => {
  const frozen = frozenPart(asset);
  if (changed !== undefined) return { ...frozen, refusal: changed };
  if ('refusal' in frozen.published) return { ...frozen, refusal: frozen.published.refusal };
  const published = parseLocation(frozen.published.arn, rules.partition);
  if ('kind' in published) return { ...frozen, refusal: published };
  const location = publishable(published, { owningProject: frozen.owningProject, registry: rules.registry });
  return 'kind' in location ? { ...frozen, refusal: location } : { ...frozen, location };
};

const iamSubscriber = (arn: string, rules: DecisionRules): DecidedPrincipal => {
  const parsed = parsePrincipal(arn, { partition: rules.partition, accounts: rules.registry.principalAccounts });
  return 'code' in parsed ? { arn: printable(arn), targets: [], refusal: parsed } : { arn, targets: [] };
};

/** Each principal once, whichever targets name it; granted if any of them may name it. */
const targetPrincipals = (targets: readonly ConsumerTarget[], rules: DecisionRules): readonly DecidedPrincipal[] => {
  const principals = new Map<string, DecidedPrincipal>();
  for (const target of targets) {
    const accounts = [...new Set([...(target.account === undefined ? [] : [target.account]), ...rules.registry.principalAccounts])];
    for (const named of new Set(target.authorizedPrincipals)) {
      const parsed = parsePrincipal(named, { partition: rules.partition, accounts });
      // What is no ARN is stored and shown, so it is made printable and short first.
      const arn = 'code' in parsed ? printable(named) : named;
      const known = principals.get(arn);
      const refusal = 'code' in parsed && (known === undefined || known.refusal !== undefined) ? { refusal: parsed } : {};
      principals.set(arn, { arn, targets: [...(known?.targets ?? []), targetKey(target)], ...refusal });
    }
  }
  return [...principals.values()];
};
