import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { isAllowed, notAuthorized } from '../authorization';
import { type Asked, type Call, type HttpRequest, notBuilt, type Reply, ServiceError } from '../call';
import type { State } from '../state';
import type { EventBus } from './event-bus';
import { inputOf, jsonReply, readJson } from './json-protocol';
import { replyRules } from './rules';

export const readEvents = (request: HttpRequest): Asked => readJson('AWSEvents', request);

export const eventsError = ({ status, code, message }: ServiceError): Reply => jsonReply('1.1', { __type: code, message }, status);

const entry = z.strictObject({
  Source: z.string().min(1),
  DetailType: z.string().min(1).max(128),
  Detail: z.string(),
  // Epoch seconds.
  Time: z.optional(z.number()),
  Resources: z._default(z.array(z.string()), []),
  EventBusName: z._default(z.string(), 'default'),
});
type Entry = z.infer<typeof entry>;
const putInput = z.strictObject({ Entries: z.array(entry).min(1).max(10) });

const detailOf = (text: string): unknown => {
  try {
    const detail: unknown = JSON.parse(text);
    return typeof detail === 'object' && !Array.isArray(detail) && detail !== null ? detail : undefined;
  } catch {
    return undefined;
  }
};

type Parts = { readonly state: State; readonly bus: EventBus };

/** The sources of AWS's own services are not for callers. Source: EventBridge API Reference, PutEventsRequestEntry, `Source`. */
const putOne = ({ bus }: Parts, call: Call, one: Entry) => {
  if (one.Source.startsWith('aws.'))
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  const detail = detailOf(one.Detail);
  if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const at = one.Time === undefined ? call.at : new Date(one.Time * 1000);
  const id = randomUUID();
  bus.publish({
    version: '0',
    id,
    'detail-type': one.DetailType,
    source: one.Source,
    account: call.caller.account,
    time: `${at.toISOString().slice(0, 19)}Z`,
    region: call.region,
    resources: one.Resources,
    detail,
  });
  return { EventId: id };
};

/** PutEvents on the default bus of the caller's account, and what is asked of its rules. */
export const replyEvents = (parts: Parts, call: Call): Reply => {
  if (call.operation !== 'PutEvents') return replyRules(parts.state, call);
  const { Entries: entries } = inputOf(putInput, call.params);
  for (const { Source: source, DetailType: detailType, EventBusName: bus } of entries) {
    const resource = bus.startsWith('arn:') ? bus : `arn:aws:events:${call.region}:${call.caller.account}:event-bus/${bus}`;
    const question = { action: 'events:PutEvents', resource, context: { 'events:source': source, 'events:detail-type': detailType } };
    if (!isAllowed(parts.state, call, question)) throw new ServiceError(400, 'AccessDeniedException', notAuthorized(call, question));
    if (resource !== `arn:aws:events:${call.region}:${call.caller.account}:event-bus/default`)
      throw notBuilt('events', `PutEvents to ${bus}`);
  }
  const put = entries.map((one) => putOne(parts, call, one));
  return jsonReply('1.1', { FailedEntryCount: put.filter((one) => 'ErrorCode' in one).length, Entries: put });
};
