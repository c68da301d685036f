import type { DeploymentState } from './ledger/deployment-state';
import type { RegisteredBucket, Registry } from './subscription/registry';

/** Where the deployment stands: what Terraform registered, as far as an operator lets it. */
export type Stance = { readonly registry: Registry; readonly since: string; readonly frozen: boolean };

/**
 * How long before the function first ran the deployment counts as having been there: subscriptions that were approved while it was
 * being set up are new ones. Milliseconds.
 */
const SET_UP_FOR = 15 * 60_000;

/** The state of a deployment that runs for the first time. */
export const firstState = (now: Date): DeploymentState => ({ revision: 1, since: new Date(now.getTime() - SET_UP_FOR).toISOString() });

/** A deployment that is being uninstalled is one of which every bucket is retiring. */
export const stanceOf = (registry: Registry, state: DeploymentState): Stance => ({
  registry: state.uninstalling === undefined ? registry : { ...registry, buckets: allRetiring(registry.buckets) },
  since: state.since,
  frozen: state.frozen !== undefined,
});

/**
 * The status of a deployment whose state cannot be read. It may hold an operator's stop, so nothing is granted or repaired until it can
 * be read again; revocations go on.
 */
export const unreadableStance = (registry: Registry): Stance => ({ registry, since: new Date(0).toISOString(), frozen: true });

const allRetiring = (buckets: ReadonlyMap<string, RegisteredBucket>): ReadonlyMap<string, RegisteredBucket> =>
  new Map([...buckets].map(([name, bucket]) => [name, { ...bucket, state: 'retiring' as const }]));
