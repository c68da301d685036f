import * as z from 'zod/mini';
import type { OperatorRequest } from '../../contract/requests';
import { lazily } from '../../lazily';
import { moment } from '../../moment';
import { type Stored, whole } from './stored';

/** An operator's request and its result, without the request's own text, which has a schema of its own (`handler/operator-request.ts`). */
export const requestResult = lazily(() =>
  z.object({
    revision: whole,
    /** The sender as SQS reports it: the operator role's unique id and the session's name. */
    by: z.string(),
    /** `running`: a reconcile works on it, slice by slice. */
    state: z.enum(['accepted', 'running', 'done', 'refused']),
    /** What was done, or why not. */
    message: z.optional(z.string()),
    at: moment,
    finishedAt: z.optional(moment),
    /** Counts of a reconcile. */
    result: z.optional(z.array(z.object({ name: z.string(), count: z.number() }))),
  }),
);

export type RequestRecord = Stored<typeof requestResult> & { readonly request: OperatorRequest };
export type RequestState = RequestRecord['state'];

/** The last delivery test that arrived. */
export const deliveryTest = lazily(() => z.object({ id: z.string(), at: moment }));
export type DeliveryTest = Stored<typeof deliveryTest>;
