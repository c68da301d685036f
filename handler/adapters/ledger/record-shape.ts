import * as z from 'zod/mini';
import { REFUSED_CODES, WAITING_CODES } from '../../core/outcome';
import { DUE_KINDS } from '../../core/subscription/subscription-record';
import { lazily } from '../../lazily';
import { moment } from '../../moment';
import { whole } from './stored';

/** A subscription's record, every member of it: what is read here is acted on. Members that a later version added are kept. */
export const recordShape = lazily(() => {
  const text = z.string();
  const refusal = z.looseObject({ kind: z.literal('refused'), code: z.enum(REFUSED_CODES), message: text });
  const outcome = z.union([
    z.looseObject({ kind: z.enum(['granted', 'revoked', 'retained', 'expired', 'orphaned', 'unchanged']) }),
    z.looseObject({ kind: z.literal('ignored'), reason: text }),
    refusal,
    z.looseObject({ kind: z.literal('waiting'), code: z.enum(WAITING_CODES), message: text }),
  ]);
  const subscriber = z.union([
    z.looseObject({ kind: z.literal('project'), id: text, name: z.optional(text) }),
    z.looseObject({ kind: z.literal('iam'), arn: text }),
    z.looseObject({ kind: z.enum(['user', 'group', 'unknown']), id: text }),
  ]);
  return z.looseObject({
    id: text,
    revision: whole,
    status: z.optional(z.enum(['APPROVED', 'REVOKED', 'CANCELLED'])),
    outcome,
    ended: z.optional(z.enum(['revoked', 'retained', 'expired'])),
    endedBy: z.optional(z.looseObject({ request: text, by: text, reason: text })),
    served: z.optional(z.boolean()),
    missingSince: z.optional(moment),
    waitingSince: z.optional(moment),
    missingTargets: z.optional(z.record(text, moment)),
    pending: z.boolean(),
    listing: z.optional(
      z.looseObject({ id: text, revision: z.optional(text), name: text, owningProject: text, owningProjectName: z.optional(text) }),
    ),
    subscriber: z.optional(subscriber),
    createdBy: z.optional(text),
    approvedAt: z.optional(moment),
    provenance: z.optional(
      z.looseObject({ requestedBy: text, requestReason: text, reviewedBy: z.optional(text), decisionComment: z.optional(text) }),
    ),
    assets: z.array(
      z.looseObject({
        assetId: text,
        owningProject: text,
        published: z.union([z.looseObject({ arn: text }), z.looseObject({ refusal })]),
      }),
    ),
    buckets: z.array(text),
    reported: z.record(text, text),
    due: z.optional(z.looseObject({ kind: z.enum(DUE_KINDS), at: moment, attempts: whole })),
    endingSaidAt: z.optional(moment),
    lookup: z.looseObject({
      subscriptionId: z.optional(text),
      requestId: z.optional(text),
      listingId: z.optional(text),
      projectId: z.optional(text),
      grantId: z.optional(text),
    }),
    at: moment,
  });
});
