import { type Waiting, waiting } from '../core/outcome';
import type { Subscription } from '../core/subscription/subscription';
import type { SubscriptionLookup } from '../core/subscription/subscription-record';
import { TransientFailure } from '../errors';
import { every } from '../every';
import type { Message } from '../messages';
import type { Ports } from '../ports';
import type { Lead } from './decide';
import type { Reads } from './reads';
import { findSubscriptions } from './resolve';

type Usable = Extract<Message, { kind: 'subscription' | 'grant' }>;
type Found = { readonly message: Usable; readonly found: readonly Subscription[] | Waiting };

/** A record that a message was kept under while nobody could say which subscription it leads to. */
export type StandIn = { readonly id: string; readonly messageIds: readonly string[] };

export type Followed = {
  /** The distinct subscriptions that the batch leads to: each once, however many messages name it. */
  readonly leads: readonly Lead[];
  /** What may stand in the ledger for messages that have found their subscriptions now. */
  readonly standIns: readonly StandIn[];
};

/** Finds the subscriptions of a batch's messages. */
export const followMessages = async (messages: readonly Message[], { ports, reads }: { ports: Ports; reads: Reads }): Promise<Followed> => {
  for (const message of messages) if (message.kind === 'unusable') ports.telemetry.unusable(message.reason);
  const usable = messages.filter((message): message is Usable => message.kind === 'subscription' || message.kind === 'grant');
  for (const message of usable) readAhead(message, { reads });
  const searches = new Map<string, Promise<Found['found']>>();
  const findOnce = (message: Usable): Promise<Found['found']> => {
    const search = searches.get(keyOf(message)) ?? find(message, ports);
    searches.set(keyOf(message), search);
    return search;
  };
  const found = await every(usable.map(async (message) => ({ message, found: await findOnce(message) })));
  const leads = new Map<string, Lead>();
  for (const lead of found.flatMap(leadsOf)) {
    const known = leads.get(lead.id);
    leads.set(lead.id, known === undefined ? lead : merged(known, lead));
  }
  return { leads: [...leads.values()], standIns: found.flatMap(standInsOf) };
};

/** Messages that name the same ids lead to the same subscriptions, which are searched once. */
const keyOf = (message: Usable): string => JSON.stringify([message.kind === 'grant' ? message.grantId : '', message.lookup]);

const find = async (message: Usable, ports: Ports): Promise<readonly Subscription[] | Waiting> => {
  try {
    return await findSubscriptions(message, ports);
  } catch (error) {
    if (error instanceof TransientFailure) return waiting(error.code, error.message);
    throw error;
  }
};

/** What will be needed of a subscription event that says the truth: read beside the subscription itself. */
const readAhead = (message: Usable, { reads }: { reads: Reads }): void => {
  reads.ahead(reads.stance());
  if (message.kind === 'grant') {
    reads.ahead(reads.record(standIn(message)));
    return;
  }
  const { subscriptionId, projectId } = message.lookup;
  if (subscriptionId !== undefined) reads.ahead(reads.record(subscriptionId));
  if (projectId !== undefined && !message.saidToHaveEnded) reads.ahead(reads.targets(projectId));
};

const leadsOf = ({ message, found }: Found): readonly Lead[] => {
  const saidToHaveEnded = message.kind === 'subscription' && message.saidToHaveEnded;
  const messageIds = [message.messageId];
  if ('code' in found) return [{ id: standIn(message), found, lookup: lookupOf(message), saidToHaveEnded, messageIds }];
  if (found.length > 0)
    return found.map((subscription) => ({
      id: subscription.id,
      found: subscription,
      lookup: { ...lookupOf(message), subscriptionId: subscription.id },
      saidToHaveEnded: saidToHaveEnded && found.length === 1,
      messageIds,
    }));
  // A grant event of which DataZone shows neither grant nor subscription is of something else.
  return message.kind === 'grant' ? [] : [{ id: standIn(message), found: 'missing', lookup: message.lookup, saidToHaveEnded, messageIds }];
};

const standInsOf = ({ message, found }: Found): readonly StandIn[] => {
  const id = standIn(message);
  const isSettled = !('code' in found) && (found.length > 0 || message.kind === 'grant') && !found.some((one) => one.id === id);
  return isSettled ? [{ id, messageIds: [message.messageId] }] : [];
};

const lookupOf = (message: Usable): SubscriptionLookup =>
  message.kind === 'grant' ? { ...message.lookup, grantId: message.grantId } : message.lookup;

/** Under what the record is kept until the subscription is found. */
const standIn = (message: Usable): string =>
  message.kind === 'grant'
    ? `grant-${message.grantId}`
    : (message.lookup.subscriptionId ?? `request-${message.lookup.requestId ?? message.messageId}`);

const merged = (known: Lead, other: Lead): Lead => ({
  ...known,
  found: typeof known.found === 'string' || 'code' in known.found ? other.found : known.found,
  saidToHaveEnded: known.saidToHaveEnded || other.saidToHaveEnded,
  messageIds: [...known.messageIds, ...other.messageIds],
});
