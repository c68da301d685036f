import { LedgerUnavailable } from './errors';
import { every } from './every';
import { consequenceOf } from './failure';
import { fulfillMessages } from './fulfill-messages';
import type { Invocation } from './invocation';
import type { Message } from './messages';
import { startScheduled } from './reconcile/run';
import { executeRequest } from './requests/execute';
import { sweep } from './schedule/sweep';
import type { SubscriptionMessage } from './subscription/find';

/**
 * Handles a batch of messages: events first, then what operators request, then scheduled work.
 * @returns the ids of the messages that must return to the queue, because nothing could be recorded of them
 */
export const dispatch = async (messages: readonly Message[], invocation: Invocation): Promise<readonly string[]> => {
  const { ports } = invocation;
  for (const message of messages) if (message.kind === 'unusable') ports.telemetry.unusable(message.reason);
  const events = messages.filter((message): message is SubscriptionMessage => message.kind === 'subscription' || message.kind === 'grant');
  const returned = [...(await onEvents(events, invocation))];
  const single = messages.filter(({ kind }) => kind === 'test' || kind === 'request' || kind === 'reconcile');
  for (const message of single) returned.push(...(await onMessage(message, invocation)));
  // One sweep does the work of any number.
  const [sweeping] = messages.filter(({ kind }) => kind === 'sweep');
  if (sweeping !== undefined) returned.push(...(await onMessage(sweeping, invocation)));
  return [...new Set(returned)];
};

const onEvents = async (events: readonly SubscriptionMessage[], invocation: Invocation): Promise<readonly string[]> => {
  if (events.length === 0) return [];
  try {
    return (await fulfillMessages(events, { invocation, cause: { trigger: 'event' } })).returned;
  } catch (error) {
    invocation.ports.telemetry.failure('events return to the queue', error);
    return events.map(({ messageId }) => messageId);
  }
};

/** A message that could not be recorded returns to the queue; any other failure of it ends with the message, and is logged. */
const onMessage = async (message: Message, invocation: Invocation): Promise<readonly string[]> => {
  const { ports } = invocation;
  try {
    await work(message, invocation);
    return [];
  } catch (error) {
    const returns = error instanceof LedgerUnavailable || consequenceOf(error).kind === 'read-again';
    ports.telemetry.failure(`a message of kind '${message.kind}' failed${returns ? ' and returns to the queue' : ''}`, error);
    return returns ? [message.messageId] : [];
  }
};

const work = async (message: Message, invocation: Invocation): Promise<unknown> => {
  const { messageId } = message;
  const { clock, operations } = invocation.ports;
  switch (message.kind) {
    case 'test':
      return operations.recordDeliveryTest({ id: message.id, at: clock.now().toISOString() });
    case 'request':
      return executeRequest(message, invocation);
    case 'reconcile':
      return startScheduled({ messageId, invocation });
    case 'sweep':
      return sweep({ messageId, invocation });
    default:
      return every([]);
  }
};
