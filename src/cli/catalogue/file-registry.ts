import type { Registry } from '../../../handler/core/subscription/registry';
import type { Deployment } from '../../deployment/load';

/** The registry as a deployment file would have it, whether it is deployed or not. */
export const fileRegistry = ({ bucketAccounts, principalAccounts }: Deployment): Registry => ({
  buckets: new Map(bucketAccounts.flatMap(({ buckets }) => buckets.map((bucket) => [bucket.name, bucket] as const))),
  principalAccounts,
});
