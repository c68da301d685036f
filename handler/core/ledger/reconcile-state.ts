import * as z from 'zod/mini';
import { lazily } from '../../lazily';
import { moment } from '../../moment';
import { type Stored, whole } from './stored';

/** One thing that a reconcile would do, or did. */
export const planLine = lazily(() =>
  z.object({
    action: z.enum(['grant', 'revoke', 'repair', 'held-back']),
    bucket: z.string(),
    /** ARN of the location. */
    location: z.optional(z.string()),
    principal: z.optional(z.string()),
    subscription: z.optional(z.string()),
    /** A sentence. */
    why: z.string(),
  }),
);

/** What a run counts; whole numbers. */
export const COUNTS = [
  'subscriptions',
  'buckets',
  'grant',
  'revoke',
  'repair',
  'held-back',
  'live',
  'stranded',
  'orphaned',
  'shared',
  'contended',
] as const;

const counts = lazily(() =>
  z.object({
    subscriptions: whole,
    buckets: whole,
    grant: whole,
    revoke: whole,
    repair: whole,
    'held-back': whole,
    live: whole,
    stranded: whole,
    orphaned: whole,
    shared: whole,
    contended: whole,
  } satisfies Record<(typeof COUNTS)[number], typeof whole>),
);

/** Percent of S3's longest policy. */
const share = z.number().check(z.gte(0));

/** A run that has not ended. It goes through all approved subscriptions first, then through all buckets. */
export const reconcileRun = lazily(() =>
  z.object({
    id: z.string(),
    /** The operator's request that it executes. @default none: it was scheduled */
    request: z.optional(z.string()),
    dryRun: z.boolean(),
    /** How many accesses it may still revoke. */
    removals: whole,
    startedAt: moment,
    phase: z.enum(['subscriptions', 'buckets']),
    /** Token of DataZone's next page of approved subscriptions. @default the first page */
    token: z.optional(z.string()),
    /** The last bucket that is done. @default none */
    bucket: z.optional(z.string()),
    /** Parts of the plan, and of the list of approved subscriptions, that were saved. */
    parts: z.object({ plan: whole, approved: whole }),
    counts: counts(),
    /** Percent of S3's longest policy that the fullest one takes. */
    fullest: share,
    /** Slices in a row that failed. */
    failures: whole,
  }),
);

/** The run under way, and what the last one found. */
export const reconcileState = lazily(() =>
  z.object({
    revision: whole,
    run: z.optional(reconcileRun()),
    last: z.optional(z.object({ finishedAt: moment, counts: counts(), fullest: share })),
  }),
);

export type PlanLine = Stored<typeof planLine>;
export type Counts = Stored<typeof counts>;
export type ReconcileRun = Stored<typeof reconcileRun>;
export type ReconcileState = Stored<typeof reconcileState>;

export const NO_COUNTS: Counts = {
  subscriptions: 0,
  buckets: 0,
  grant: 0,
  revoke: 0,
  repair: 0,
  'held-back': 0,
  live: 0,
  stranded: 0,
  orphaned: 0,
  shared: 0,
  contended: 0,
};
