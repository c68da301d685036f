import * as z from 'zod/mini';
import { lazily } from '../../lazily';
import { moment } from '../../moment';
import { type Stored, whole } from './stored';

/**
 * A subscription, bucket or item of which the work failed in a way that its own record cannot hold: `defect` is an unexpected
 * exception, `unreadable` a stored item that this version cannot read. It is scheduled again; an item is never overwritten for it.
 */
export const unitFailure = lazily(() =>
  z.object({
    outcome: z.enum(['defect', 'unreadable']),
    unit: z.union([
      z.object({
        kind: z.literal('subscription'),
        id: z.string(),
        lookup: z.object({
          subscriptionId: z.optional(z.string()),
          requestId: z.optional(z.string()),
          listingId: z.optional(z.string()),
          projectId: z.optional(z.string()),
          grantId: z.optional(z.string()),
        }),
        /** When an event first reported that the subscription ended. ISO 8601, UTC. */
        endingSaidAt: z.optional(moment),
      }),
      z.object({ kind: z.literal('bucket'), name: z.string() }),
      /** One of the deployment's own items, such as the cursor of reconcile. */
      z.object({ kind: z.literal('deployment'), name: z.string() }),
    ]),
    /** What happened, and what to do. */
    message: z.string(),
    /** Keys of the item that cannot be read. */
    item: z.optional(z.object({ partition: z.string(), sort: z.string() })),
    since: moment,
    at: moment,
    attempts: whole,
    /** When the unit is tried again. ISO 8601, UTC. */
    dueAt: moment,
  }),
);

export type UnitFailure = Stored<typeof unitFailure>;
export type FailedUnit = UnitFailure['unit'];
