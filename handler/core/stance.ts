import type { RegisteredBucket, Registry } from './subscription/registry';

/** What the ledger keeps of the deployment as a whole. */
export type DeploymentState = {
  readonly revision: number;
  /** Subscriptions approved before this were there before the deployment was. ISO 8601, UTC. */
  readonly since: string;
  /** The request by which an operator stopped additions and repairs on all buckets. */
  readonly frozen?: { readonly request: string; readonly at: string };
  /** The request by which an operator has everything taken away. */
  readonly uninstalling?: { readonly request: string; readonly at: string };
};

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

const allRetiring = (buckets: ReadonlyMap<string, RegisteredBucket>): ReadonlyMap<string, RegisteredBucket> =>
  new Map([...buckets].map(([name, bucket]) => [name, { ...bucket, state: 'retiring' as const }]));
