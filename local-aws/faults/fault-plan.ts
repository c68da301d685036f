import * as z from 'zod';
import { SERVICES, type ServiceName } from '../call';

/** What may befall a call; see `Fault` for what each means on the wire. */
export const CALL_FAULTS = [
  /** AWS asks to come back more slowly. */
  'throttled',
  'denied',
  /** What the call is about is said not to be there. */
  'missing',
  'conflict',
  'failed',
  /** The connection ends before the call took effect, */
  'lost',
  /** or after it did, */
  'unheard',
  /** or it takes effect `delayMs` after its client lost the connection. */
  'lands-late',
  /** Neither effect nor answer, until the client gives up. */
  'no-answer',
  'cut-off',
  'garbled',
  /** What was there before the last change; for `delayMs` thereafter too, if given. */
  'stale',
  /** A bucket policy as it was when the plan first saw a call about it, however often it is written. */
  'frozen',
  'half-list',
  /** The service takes `delayMs`. */
  'slow',
] as const;

/** What may befall an event on its way from DataZone to the bus: `late` by `delayMs`. */
export const EVENT_FAULTS = ['lost', 'twice', 'late'] as const;

const counted = {
  /** Which of these calls, or events, counted from 1 since the plan was begun. */
  occurrences: z.union([z.readonly(z.array(z.number().int().min(1)).min(1)), z.literal('every')]),
  /** Milliseconds of the double's clock; for `slow`, of its `wait`. */
  delayMs: z.optional(z.number().min(0)),
};

const narrowed = {
  /** Only calls of roles and users of this account: an editor role's, for instance. */
  account: z.optional(z.string().regex(/^\d{12}$/)),
  /** Only calls one of whose members is this: a bucket's name, a subscription's id. */
  about: z.optional(z.string()),
};

const plannedFault = z.union([
  z.strictObject({ service: z.enum(SERVICES), operation: z.string(), fault: z.enum(CALL_FAULTS), ...counted, ...narrowed }),
  z.strictObject({ service: z.literal('bus'), operation: z.string(), fault: z.enum(EVENT_FAULTS), ...counted }),
]);

/** Which call, or event by its detail type, which occurrence, which fault, which delay. Of several that befall a call the first counts. */
export type PlannedFault = z.infer<typeof plannedFault>;
export type CallFault = (typeof CALL_FAULTS)[number];
export type EventFault = (typeof EVENT_FAULTS)[number];
export type FaultPlan = readonly PlannedFault[];

/** Reads a plan, given as its JSON text or as what that says. @throws ZodError */
export const parseFaultPlan = (plan: unknown): FaultPlan => z.array(plannedFault).parse(typeof plan === 'string' ? JSON.parse(plan) : plan);

type ErrorForm = { readonly status: number; readonly code: string; readonly message: string };

const slowDown = 'Please reduce your request rate.';
const exceeded = 'Rate exceeded';
const internal = 'We encountered an internal error. Please try again.';

/** How each service words what can be worded; a service without a word never answers so. */
const ERRORS: Readonly<Record<ServiceName, Partial<Record<CallFault, ErrorForm>>>> = {
  s3: {
    throttled: { status: 503, code: 'SlowDown', message: slowDown },
    denied: { status: 403, code: 'AccessDenied', message: 'Access Denied' },
    missing: { status: 404, code: 'NoSuchBucket', message: 'The specified bucket does not exist' },
    conflict: { status: 409, code: 'OperationAborted', message: 'A conflicting conditional operation is currently in progress' },
    failed: { status: 500, code: 'InternalError', message: internal },
  },
  datazone: {
    throttled: { status: 429, code: 'ThrottlingException', message: exceeded },
    denied: { status: 403, code: 'AccessDeniedException', message: 'User is not permitted to perform the operation' },
    missing: { status: 404, code: 'ResourceNotFoundException', message: 'The resource does not exist' },
    conflict: { status: 409, code: 'ConflictException', message: 'The resource is being changed' },
    failed: { status: 500, code: 'InternalServerException', message: internal },
  },
  sts: {
    throttled: { status: 400, code: 'Throttling', message: exceeded },
    // A role that is missing is answered so too.
    denied: { status: 403, code: 'AccessDenied', message: 'User is not authorized to perform: sts:AssumeRole' },
    failed: { status: 500, code: 'InternalFailure', message: internal },
  },
  dynamodb: {
    throttled: { status: 400, code: 'ProvisionedThroughputExceededException', message: exceeded },
    denied: { status: 400, code: 'AccessDeniedException', message: 'User is not authorized' },
    missing: { status: 400, code: 'ResourceNotFoundException', message: 'Requested resource not found' },
    conflict: { status: 400, code: 'TransactionConflictException', message: 'Transaction is ongoing for the item' },
    failed: { status: 500, code: 'InternalServerError', message: internal },
  },
  sqs: {
    throttled: { status: 400, code: 'RequestThrottled', message: exceeded },
    denied: { status: 403, code: 'AccessDeniedException', message: 'Access to the resource is denied.' },
    missing: { status: 400, code: 'QueueDoesNotExist', message: 'The specified queue does not exist.' },
    failed: { status: 500, code: 'InternalFailure', message: internal },
  },
  events: {
    throttled: { status: 400, code: 'ThrottlingException', message: exceeded },
    denied: { status: 400, code: 'AccessDeniedException', message: 'User is not authorized' },
    failed: { status: 500, code: 'InternalException', message: internal },
  },
  lambda: {
    throttled: { status: 429, code: 'TooManyRequestsException', message: exceeded },
    denied: { status: 403, code: 'AccessDeniedException', message: 'User is not authorized' },
    missing: { status: 404, code: 'ResourceNotFoundException', message: 'Function not found' },
    failed: { status: 500, code: 'ServiceException', message: internal },
  },
};

/** @throws Error if the service has no such answer. */
export const errorOf = (service: ServiceName, fault: CallFault): ErrorForm => {
  const error = ERRORS[service][fault];
  if (error === undefined) throw new Error(`${service} never answers '${fault}'; it may be ${Object.keys(ERRORS[service]).join(', ')}`);
  return error;
};
