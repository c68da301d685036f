import * as z from 'zod/mini';
import { lazily } from '../../lazily';
import { moment } from '../../moment';
import type { Stored } from './stored';

/** What caused a change: an event of DataZone, scheduled work, a reconcile, or an operator's request. */
export const TRIGGERS = ['event', 'schedule', 'reconcile', 'operator'] as const;

/** One reason for a change of a bucket policy. */
export const cause = lazily(() =>
  z.object({
    trigger: z.enum(TRIGGERS),
    /** Detail type of the event, or the operator's command. */
    what: z.optional(z.string()),
    subscription: z.optional(z.string()),
    /** Who: an operator as SQS names the sender, else the approver, the canceller or the requester as DataZone names them. */
    by: z.optional(z.string()),
    /** Why: the operator's reason, or the approver's comment. */
    reason: z.optional(z.string()),
  }),
);

/** One verified change of a bucket's policy. */
export const historyRecord = lazily(() => {
  const statements = z.array(z.record(z.string(), z.unknown()));
  return z.object({
    bucket: z.string(),
    version: z.int().check(z.gte(1)),
    before: statements,
    after: statements,
    /** The whole policy as it was read before the change; `null`: there was none. */
    previousPolicy: z.nullable(z.string()),
    /** Session name of the editor role: the change's calls are found by it in CloudTrail. */
    session: z.string(),
    subscriptions: z.array(z.string()),
    causes: z.array(cause()),
    /** How the policy differed from what was last written. */
    drift: z.string(),
    /** What still gives revoked principals access, a sentence each: the first few, and a last one with the number of the others. */
    residualAccess: z.array(z.string()),
    at: moment,
  });
});

export type Cause = Stored<typeof cause>;
export type HistoryRecord = Stored<typeof historyRecord>;
