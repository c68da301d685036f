import * as z from 'zod';
import { DETAIL_TYPES, EVENT_SOURCE } from '../../../handler/contract/datazone';
import { DELIVERY_TEST, type ScheduledMessage } from '../../../handler/contract/requests';

/**
 * What happens to a message that was set aside. `send`: the text to send to the function again. `discard`: it must never be sent and is
 * deleted. `leave`: it stays in its queue. Both with the reason for a person to read.
 */
export type Disposal =
  | { readonly action: 'send'; readonly body: string }
  | { readonly action: 'discard' | 'leave'; readonly reason: string };

/** Where the deployment's domain lives: what its events must say. */
export type EventOrigin = { readonly id: string; readonly account: string };

/** As long as an id in an event is, and as long as any other text of its envelope may be. */
const id = z.string().regex(/^[a-zA-Z0-9_-]{1,36}$/);
const label = z.string().max(256);

/**
 * An event as EventBridge writes it to a queue; `replay-name` is there for a replayed one. Strict: a body with another member is not one,
 * and a request has the member `kind`.
 * https://docs.aws.amazon.com/eventbridge/latest/ref/events-structure.html
 */
const eventOf = (
  { source, detailTypes, ids }: { source: string; detailTypes: readonly string[]; ids: z.ZodType<string> },
  origin: EventOrigin,
) =>
  z.strictObject({
    version: label,
    id: label,
    'detail-type': z.enum(detailTypes),
    source: z.literal(source),
    account: z.literal(origin.account),
    time: label,
    region: label,
    resources: z.array(z.string().max(2_048)).max(100),
    'replay-name': label.optional(),
    detail: z.looseObject({ metadata: z.looseObject({ domain: z.literal(origin.id), id: ids }) }),
  });

const scheduled = z.strictObject({
  kind: z.enum(['sweep', 'reconcile'] as const satisfies readonly ScheduledMessage['kind'][]),
  at: z.iso.datetime(),
});

const request = z.looseObject({ kind: z.literal('request') });

const REQUEST =
  'an operator request: who sent it is no longer known once another principal sends it again; send the request again with its own command';
const UNKNOWN = 'neither an event of the rule, nor a scheduled message, nor a request';

/**
 * Decides what happens to a message that was set aside, by its text. Only events of the rule, delivery tests and scheduled messages are
 * sent again: sent by an operator, any other text would count as the operator's.
 */
export const disposalOf = (body: string | undefined, origin: EventOrigin): Disposal => {
  if (body === undefined) return { action: 'leave', reason: 'it has no body' };
  const content = parseJson(body);
  const resendable = z.union([
    eventOf({ source: EVENT_SOURCE, detailTypes: DETAIL_TYPES, ids: id }, origin),
    eventOf(
      { source: DELIVERY_TEST.source, detailTypes: [DELIVERY_TEST.detailType], ids: z.string().regex(/^[a-zA-Z0-9-]{1,64}$/) },
      origin,
    ),
    scheduled,
  ]);
  const parsed = resendable.safeParse(content);
  // What was checked is what is sent, not the text that it was read from.
  if (parsed.success) return { action: 'send', body: JSON.stringify(parsed.data) };
  return request.safeParse(content).success ? { action: 'discard', reason: REQUEST } : { action: 'leave', reason: UNKNOWN };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
