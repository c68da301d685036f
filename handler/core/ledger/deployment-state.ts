import * as z from 'zod/mini';
import { lazily } from '../../lazily';
import { moment } from '../../moment';
import { type Stored, whole } from './stored';

/** What the ledger stores of the deployment as a whole. */
export const deploymentState = lazily(() => {
  const request = z.object({ request: z.string(), at: moment });
  return z.object({
    revision: whole,
    /** Subscriptions approved before this existed before the deployment did. ISO 8601, UTC. */
    since: moment,
    /** The request by which an operator stopped additions and repairs on all buckets. */
    frozen: z.optional(request),
    /** The request by which an operator has everything revoked. */
    uninstalling: z.optional(request),
  });
});

export type DeploymentState = Stored<typeof deploymentState>;
