import * as z from 'zod/mini';
import { lazily } from '../../lazily';
import { moment } from '../../moment';
import { type Stored, whole } from './stored';

/** A policy statement as read or written; members that we do not know are carried along untouched. */
const statements = () => z.array(z.record(z.string(), z.unknown()));

/** A change of a bucket's policy that was announced in the ledger before it was made. */
export const intendedChange = lazily(() =>
  z.object({
    statements: statements(),
    /** The whole policy as read before the change; `null`: there was none. */
    previousPolicy: z.nullable(z.string()),
    /** Subscriptions whose grants the change settles. */
    subscriptions: z.array(z.string()),
    at: moment,
  }),
);

/**
 * The state of a bucket that every write must pass: `attempt` changes with each announcement, so that of two writers one loses.
 * `version` counts the changes; it stays the same when an announced change is tried again, and so its history record does.
 */
export const bucketState = lazily(() =>
  z.object({
    version: whole,
    attempt: z.string(),
    /** Present while a change is announced and not yet verified: what the policy holds is then unknown. */
    intended: z.optional(intendedChange()),
    /** Our statements as last written and verified: the reference for what is ours, never the policy itself. */
    written: statements(),
    writtenAt: z.optional(moment),
    /** Bytes of the whole policy as last written. */
    bytes: whole,
    /** When another writer removed or changed our statements, of the last day. ISO 8601, UTC. */
    overwrites: z.optional(z.array(moment)),
    /** Since when S3 reports that there is no such bucket. ISO 8601, UTC. */
    goneSince: z.optional(moment),
    /** An operator stopped additions and repairs. */
    frozen: z.optional(z.boolean()),
    /** Another writer keeps removing our statements; only an operator lifts this. */
    contended: z.optional(z.boolean()),
  }),
);

export type IntendedChange = Stored<typeof intendedChange>;
export type Head = Stored<typeof bucketState>;
