import * as z from 'zod/mini';
import { lazily } from '../../lazily';
import { moment } from '../../moment';
import { REFUSED_CODES, WAITING_CODES } from '../outcome';
import { type Stored, whole } from './stored';

/** Kinds of scheduled work on a subscription, in the order in which a sweep does them: revocations come first. */
export const DUE_KINDS = ['revoke', 'grant', 'report', 'look'] as const;

/**
 * What was decided of one subscription, and what is still to be done. DataZone's values are bounded where they are read
 * (`handler/core/bounds.ts`), so that a record stays far below DynamoDB's 400 KB.
 */
export const subscriptionRecord = lazily(() => {
  const text = z.string();
  const refusal = z.object({ kind: z.literal('refused'), code: z.enum(REFUSED_CODES), message: text });
  const outcome = z.union([
    z.object({ kind: z.enum(['granted', 'revoked', 'retained', 'expired', 'orphaned', 'unchanged']) }),
    z.object({ kind: z.literal('ignored'), reason: text }),
    refusal,
    z.object({ kind: z.literal('waiting'), code: z.enum(WAITING_CODES), message: text }),
  ]);
  const subscriber = z.union([
    z.object({ kind: z.literal('project'), id: text, name: z.optional(text) }),
    z.object({ kind: z.literal('iam'), arn: text }),
    z.object({ kind: z.enum(['user', 'group', 'unknown']), id: text }),
  ]);
  return z.object({
    id: text,
    revision: whole,
    status: z.optional(z.enum(['APPROVED', 'REVOKED', 'CANCELLED'])),
    outcome,
    /** Ended for good: no later reading brings the subscription back. */
    ended: z.optional(z.enum(['revoked', 'retained', 'expired'])),
    /** The operator's request that ended it, where DataZone did not. */
    endedBy: z.optional(z.object({ request: text, by: text, reason: text })),
    /** Access was granted for it, now or once. */
    served: z.optional(z.boolean()),
    /** Settled grants of it were moved from their bucket's partition to the subscription's. */
    hasSettledGrants: z.optional(z.boolean()),
    /** Since when DataZone reports that it knows no such subscription. ISO 8601, UTC. */
    missingSince: z.optional(moment),
    /** Since when it has been waiting without a break. ISO 8601, UTC. */
    waitingSince: z.optional(moment),
    /** Subscription targets of its grants, as `environment/target`, that DataZone no longer knows. */
    missingTargets: z.optional(z.array(z.object({ target: text, since: moment }))),
    /** Not all of its buckets are settled; set before anything is changed, so that the next evaluation finishes after a crash. */
    pending: z.boolean(),
    listing: z.optional(
      z.object({ id: text, revision: z.optional(text), name: text, owningProject: text, owningProjectName: z.optional(text) }),
    ),
    subscriber: z.optional(subscriber),
    createdBy: z.optional(text),
    approvedAt: z.optional(moment),
    provenance: z.optional(
      z.object({ requestedBy: text, requestReason: text, reviewedBy: z.optional(text), decisionComment: z.optional(text) }),
    ),
    /** Its S3 assets as first resolved: where the producer had published them when the subscription was approved. */
    assets: z.array(z.object({ assetId: text, owningProject: text, published: z.union([z.object({ arn: text }), z.object({ refusal })]) })),
    /** Buckets in which it has grants, live or settled. */
    buckets: z.array(text),
    /** Statuses last reported to DataZone; at most `bounds.reportedStatuses` of them. */
    reported: z.array(z.object({ grant: text, asset: text, status: text })),
    /** When it is evaluated again. */
    due: z.optional(z.object({ kind: z.enum(DUE_KINDS), at: moment, attempts: whole })),
    /** When an event first reported that it ended while DataZone showed it approved. ISO 8601, UTC. */
    endingSaidAt: z.optional(moment),
    /** How it is found again. Ids only: nothing else of a message is kept. */
    lookup: z.object({
      subscriptionId: z.optional(text),
      requestId: z.optional(text),
      listingId: z.optional(text),
      projectId: z.optional(text),
      /** A message that named a grant only. */
      grantId: z.optional(text),
    }),
    /** When this record last changed. ISO 8601, UTC. */
    at: moment,
  });
});

export type SubscriptionRecord = Stored<typeof subscriptionRecord>;
export type FrozenAsset = SubscriptionRecord['assets'][number];
export type SubscriptionLookup = SubscriptionRecord['lookup'];
/** Work that is scheduled. */
export type Due = NonNullable<SubscriptionRecord['due']>;
/** How a subscription ended for good. */
export type Ending = NonNullable<SubscriptionRecord['ended']>;
