import * as z from 'zod/mini';
import { lazily } from '../../lazily';
import { moment } from '../../moment';
import { REFUSED_CODES, WAITING_CODES } from '../outcome';
import type { Stored } from './stored';

/**
 * States of one principal of a grant. `waiting`: access is to be granted and is not verified yet. `granted`, `retained` (the owner
 * let the consumer keep it) and `orphaned` (its subscription cannot be found): has access. `revoking`: access is being revoked and is
 * not yet proven gone. `revoked`, `expired`: proven gone. `refused`: never had access.
 */
export const PRINCIPAL_STATES = ['waiting', 'granted', 'retained', 'orphaned', 'revoking', 'revoked', 'expired', 'refused'] as const;

/** Principals are a list, never the keys of an object: their names come from the consumer. */
export const principalEntry = lazily(() =>
  z.object({
    /** ARN of a role or user; of a refused principal what the subscription target holds, in a printable form. */
    arn: z.string(),
    state: z.enum(PRINCIPAL_STATES),
    /** Since when. ISO 8601, UTC. */
    since: moment,
    /** Why the principal is refused or waits. */
    reason: z.optional(z.object({ code: z.enum([...REFUSED_CODES, ...WAITING_CODES]), message: z.string() })),
    /** Revoked for good, by an operator or because it expired: no reading of DataZone grants access again by this grant. */
    final: z.optional(z.enum(['operator', 'expired'])),
    /** Subscription targets that named the principal, as `environment/target`; none for an IAM principal that subscribed itself. */
    targets: z.array(z.string()),
  }),
);

/** A grant as it is stored, its location as an ARN. */
export const grantDocument = lazily(() =>
  z.object({
    subscriptionId: z.string(),
    location: z.string(),
    listingId: z.string(),
    assetId: z.string(),
    owningProject: z.string(),
    consumerProject: z.optional(z.string()),
    principals: z.array(principalEntry()),
  }),
);

export type PrincipalEntry = Stored<typeof principalEntry>;
export type PrincipalState = PrincipalEntry['state'];
export type GrantDocument = Stored<typeof grantDocument>;
