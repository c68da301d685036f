import * as z from 'zod/mini';
import { EVENT_SOURCE, GRANT_EVENTS, SUBSCRIPTION_EVENTS } from './contract/datazone';
import { DELIVERY_TEST, type OperatorRequest } from './contract/requests';
import type { Cause } from './core/ledger/history-record';
import type { SubscriptionLookup } from './core/ledger/subscription-record';
import { isRequest, parseRequest } from './operator-request';
import type { Settings } from './settings';

/** A record of the queue, read for what it says to look at. Only ids are taken from it; DataZone says what is true of them. */
export type Message =
  | {
      readonly kind: 'subscription';
      readonly messageId: string;
      readonly lookup: SubscriptionLookup;
      readonly saidToHaveEnded: boolean;
      readonly cause?: Cause;
    }
  | {
      readonly kind: 'grant';
      readonly messageId: string;
      readonly grantId: string;
      readonly lookup: SubscriptionLookup;
      readonly cause?: Cause;
    }
  /** The scheduler's word that due work is to be looked at, or that everything is to be compared. */
  | { readonly kind: 'sweep' | 'reconcile'; readonly messageId: string }
  /**
   * An operator's request, and the operator as SQS states the sender: unique id of the operator role and name of the session. Whoever
   * may invoke the function could write both: nothing is done for it before its receipt handle proves that it is a message of the queue.
   */
  | {
      readonly kind: 'request';
      readonly messageId: string;
      readonly request: OperatorRequest;
      readonly by: string;
      readonly receiptHandle: string;
    }
  /** An event by which somebody proves that bus, queue and function are connected. */
  | { readonly kind: 'test'; readonly messageId: string; readonly id: string }
  /** Not for us, forged or malformed: acknowledged and counted, and no call is made for it. */
  | {
      readonly kind: 'unusable';
      readonly messageId: string;
      readonly reason: 'malformed' | 'another-queue' | 'another-sender' | 'another-source' | 'another-domain' | 'another-type';
    };

const id = z.string().check(z.regex(/^[a-zA-Z0-9_-]{1,36}$/));
/** Ids that are absent or unusable are left out; the others still lead to the subscription. */
const tolerant = z.catch(z.optional(id), undefined);

/** SQS's ids are UUIDs, and a sender is a unique id with a session name of at most 64 characters. */
const LONGEST_ID = 128;
const LONGEST_SENDER = 256;
/** The longest receipt handle. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html */
const MOST_HANDLE = 1_024;

const sqsRecord = z.object({
  messageId: z.string().check(z.maxLength(LONGEST_ID)),
  body: z.string(),
  eventSourceARN: z.string(),
  receiptHandle: z.catch(z.optional(z.string().check(z.minLength(1), z.maxLength(MOST_HANDLE))), undefined),
  attributes: z.catch(z.object({ SenderId: z.optional(z.string().check(z.maxLength(LONGEST_SENDER))) }), {}),
});
const sqsEvent = z.object({ Records: z.array(sqsRecord) });

const datazoneEvent = z.object({
  source: z.string(),
  account: z.string(),
  'detail-type': z.string(),
  detail: z.object({
    metadata: z.object({ domain: z.string(), id }),
    data: z.catch(
      z.object({
        subscriptionRequestId: tolerant,
        projectId: tolerant,
        subscribedListing: z.catch(z.object({ id: tolerant }), {}),
        subscribedPrincipal: z.catch(z.object({ id: tolerant }), {}),
        asset: z.catch(z.object({ listingId: tolerant }), {}),
      }),
      { subscriptionRequestId: undefined, projectId: undefined, subscribedListing: {}, subscribedPrincipal: {}, asset: {} },
    ),
  }),
});

type DatazoneEvent = z.infer<typeof datazoneEvent>;

/** Strict: what was meant as an operator's request, and is none, must not pass for the scheduler's word. */
const scheduled = z.strictObject({ kind: z.enum(['sweep', 'reconcile']), at: z.string() });

const deliveryTest = z.object({
  source: z.literal(DELIVERY_TEST.source),
  account: z.string(),
  'detail-type': z.literal(DELIVERY_TEST.detailType),
  detail: z.object({ metadata: z.object({ domain: z.string(), id: z.string().check(z.regex(/^[a-zA-Z0-9-]{1,64}$/)) }) }),
});

/**
 * Reads a batch of the queue.
 * @throws Error when this is no batch of a queue at all: somebody invoked the function with something else
 */
export const readMessages = (event: unknown, settings: Settings): readonly Message[] => {
  const parsed = sqsEvent.safeParse(event);
  if (!parsed.success)
    throw new Error('the function was invoked with something that is no batch of its queue; only its event-source mapping may invoke it');
  return parsed.data.Records.map((record) => readRecord(record, settings));
};

const readRecord = (record: z.infer<typeof sqsRecord>, settings: Settings): Message => {
  const { messageId } = record;
  if (record.eventSourceARN !== settings.queueArn) return { kind: 'unusable', messageId, reason: 'another-queue' };
  const body = parseJson(record.body);
  const schedule = scheduled.safeParse(body);
  if (schedule.success) return { kind: schedule.data.kind, messageId };
  if (isRequest(body)) return readRequest(body, { record, settings });
  const test = deliveryTest.safeParse(body);
  if (test.success && test.data.account === settings.account && test.data.detail.metadata.domain === settings.domainId)
    return { kind: 'test', messageId, id: test.data.detail.metadata.id };
  const parsed = datazoneEvent.safeParse(body);
  if (!parsed.success) return { kind: 'unusable', messageId, reason: 'malformed' };
  const event = parsed.data;
  if (event.source !== EVENT_SOURCE || event.account !== settings.account) return { kind: 'unusable', messageId, reason: 'another-source' };
  if (event.detail.metadata.domain !== settings.domainId) return { kind: 'unusable', messageId, reason: 'another-domain' };
  return readEvent(event, messageId);
};

const readRequest = (body: unknown, { record, settings }: { record: z.infer<typeof sqsRecord>; settings: Settings }): Message => {
  const { messageId, receiptHandle, attributes } = record;
  const sender = attributes.SenderId;
  const [roleId] = sender?.split(':') ?? [];
  if (sender === undefined || receiptHandle === undefined || settings.operatorRoleId === undefined || roleId !== settings.operatorRoleId)
    return { kind: 'unusable', messageId, reason: 'another-sender' };
  const request = parseRequest(body);
  if (request === undefined) return { kind: 'unusable', messageId, reason: 'malformed' };
  return { kind: 'request', messageId, request, by: sender, receiptHandle };
};

const readEvent = (event: DatazoneEvent, messageId: string): Message => {
  const { metadata, data } = event.detail;
  const type = event['detail-type'];
  if ((SUBSCRIPTION_EVENTS as readonly string[]).includes(type)) {
    const lookup = {
      subscriptionId: metadata.id,
      requestId: data.subscriptionRequestId,
      listingId: data.subscribedListing.id,
      projectId: data.subscribedPrincipal.id,
    };
    return {
      kind: 'subscription',
      messageId,
      lookup,
      saidToHaveEnded: type !== 'Subscription Created',
      cause: { trigger: 'event', what: type },
    };
  }
  if ((GRANT_EVENTS as readonly string[]).includes(type))
    return {
      kind: 'grant',
      messageId,
      grantId: metadata.id,
      lookup: { listingId: data.asset.listingId, projectId: data.projectId },
      cause: { trigger: 'event', what: type },
    };
  return { kind: 'unusable', messageId, reason: 'another-type' };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
