import type { Cause } from '../core/ledger/history-record';
import type { SubscriptionLookup } from '../core/ledger/subscription-record';
import type { FailedUnit } from '../core/ledger/unit-failure';
import { type Waiting, waiting } from '../core/outcome';
import type { Subscription, SubscriptionStatus } from '../core/subscription/subscription';
import { TransientFailure } from '../errors';
import { every } from '../every';
import { type Attempt, attempt } from '../failure';
import type { Message } from '../messages';
import type { Ports, SubscriptionList } from '../ports';
import type { Reads } from './reads';

/** A message that names something of a subscription. */
export type SubscriptionMessage = Extract<Message, { kind: 'subscription' | 'grant' }>;

/** A subscription that messages, scheduled work or a reconcile lead to. */
export type Reference = {
  readonly id: string;
  /** What DataZone shows; `missing`: it reports that it knows no such subscription; or why it shows nothing now. */
  readonly found: Subscription | Waiting | 'missing';
  readonly lookup: SubscriptionLookup;
  readonly saidToHaveEnded: boolean;
  readonly messageIds: readonly string[];
  readonly cause: Cause;
  /** The recorded failure that it is tried again for. */
  readonly failure?: FailedUnit;
};

/** A record that a message is stored under until its subscription is found. */
export type Unresolved = { readonly id: string; readonly messageIds: readonly string[] };

export type Found = {
  /** Messages of which the search could not even be recorded as failed. */
  readonly returned: readonly string[];
  /** The distinct subscriptions that the messages lead to: each once, however many messages name it. */
  readonly references: readonly Reference[];
  /** Records that may be in the ledger for messages whose subscriptions are found now. */
  readonly resolved: readonly Unresolved[];
  /** Whether every search came to its end: if not, no reference is no evidence. */
  readonly isComplete: boolean;
};

type Search = { readonly message: SubscriptionMessage; readonly found: readonly Subscription[] | Waiting };
type Finding = { readonly message: SubscriptionMessage; readonly result: Attempt<Search['found']> };

/** Finds the subscriptions of a batch's messages. */
export const findReferences = async (
  messages: readonly SubscriptionMessage[],
  { ports, reads, cause }: { readonly ports: Ports; readonly reads: Reads; readonly cause: Cause },
): Promise<Found> => {
  for (const message of messages) readAhead(message, { reads });
  const searches = new Map<string, Promise<Finding['result']>>();
  const findOnce = (message: SubscriptionMessage): Promise<Finding['result']> => {
    const unit = { kind: 'subscription', id: unresolvedId(message), lookup: lookupOf(message) } as const;
    const search = searches.get(keyOf(message)) ?? attempt(unit, () => find(message, ports), ports);
    searches.set(keyOf(message), search);
    return search;
  };
  const findings = await every(messages.map(async (message) => ({ message, result: await findOnce(message) })));
  const found = findings.flatMap(({ message, result }) => (result.done ? [{ message, found: result.value }] : []));
  const references = new Map<string, Reference>();
  for (const reference of found.flatMap((search) => referencesOf(search, cause))) {
    const known = references.get(reference.id);
    references.set(reference.id, known === undefined ? reference : merged(known, reference));
  }
  return {
    references: [...references.values()],
    resolved: found.flatMap(resolvedOf),
    isComplete: findings.every(({ result }) => result.done),
    returned: findings.flatMap(({ message, result }) => (!result.done && result.returned ? [message.messageId] : [])),
  };
};

/** Messages that name the same ids lead to the same subscriptions, which are searched once. */
const keyOf = (message: SubscriptionMessage): string => JSON.stringify([message.kind === 'grant' ? message.grantId : '', message.lookup]);

const find = async (message: SubscriptionMessage, ports: Ports): Promise<readonly Subscription[] | Waiting> => {
  try {
    return await findSubscriptions(message, ports);
  } catch (error) {
    if (error instanceof TransientFailure) return waiting(error.code, error.message);
    throw error;
  }
};

const STATUSES: readonly SubscriptionStatus[] = ['APPROVED', 'REVOKED', 'CANCELLED'];

/** Returns the subscriptions that a message leads to. None: DataZone knows nothing by any of its ids. */
const findSubscriptions = async (message: SubscriptionMessage, ports: Ports): Promise<readonly Subscription[]> => {
  if (message.kind === 'grant') {
    const grant = await ports.catalogue.grant(message.grantId);
    return search({ ...message.lookup, ...(grant?.listingId === undefined ? {} : { listingId: grant.listingId }) }, ports);
  }
  const { subscriptionId, requestId } = message.lookup;
  const named = subscriptionId === undefined ? undefined : await ports.catalogue.subscription(subscriptionId);
  const agrees = named !== undefined && (requestId === undefined || named.requestId === undefined || named.requestId === requestId);
  return agrees ? [named] : search(message.lookup, ports);
};

/**
 * DataZone lists approved subscriptions only, unless another status is requested. Its answer is filtered again: a filter that it ignored
 * must not widen the search.
 */
const search = async (
  { subscriptionId, requestId, listingId, projectId }: SubscriptionLookup,
  { catalogue, telemetry }: Ports,
): Promise<readonly Subscription[]> => {
  const filter =
    requestId !== undefined
      ? { requestId }
      : listingId === undefined
        ? undefined
        : { listingId, ...(projectId === undefined ? {} : { projectId }) };
  if (filter === undefined) return [];
  const lists = await every(STATUSES.map((status) => catalogue.subscriptions({ status, ...filter })));
  const found = lists
    .flatMap(({ subscriptions }) => subscriptions)
    .filter(
      (subscription) =>
        (requestId === undefined || subscription.requestId === requestId) &&
        (listingId === undefined || subscription.listing.id === listingId) &&
        (projectId === undefined || subscription.subscriber.kind !== 'project' || subscription.subscriber.id === projectId),
    );
  const skipped = lists.flatMap((list) => list.skipped);
  // An empty answer means that DataZone has no such subscription: it may not come from a list of which something could not be read.
  const asked = skipped.find(({ id }) => found.length === 0 || (id !== undefined && id === subscriptionId));
  if (asked !== undefined) throw new TransientFailure('unavailable', asked.reason);
  reportSkipped(skipped, telemetry);
  return found;
};

/** Logs subscriptions of a list that could not be read; the work on the others continues. */
export const reportSkipped = (skipped: SubscriptionList['skipped'], telemetry: Ports['telemetry']): void => {
  for (const { id, reason } of skipped)
    telemetry.failure(
      `${id === undefined ? 'a subscription' : `subscription '${id}'`} could not be read and is skipped`,
      new Error(reason),
    );
};

/** Starts to read what the evaluation needs if the event is true, beside the subscription itself. */
const readAhead = (message: SubscriptionMessage, { reads }: { reads: Reads }): void => {
  reads.ahead(reads.stance());
  if (message.kind === 'grant') {
    reads.ahead(reads.record(unresolvedId(message)));
    return;
  }
  const { subscriptionId, projectId } = message.lookup;
  if (subscriptionId !== undefined) reads.ahead(reads.record(subscriptionId));
  if (projectId !== undefined && !message.saidToHaveEnded) reads.ahead(reads.targets(projectId));
};

const referencesOf = ({ message, found }: Search, batch: Cause): readonly Reference[] => {
  const saidToHaveEnded = message.kind === 'subscription' && message.saidToHaveEnded;
  const messageIds = [message.messageId];
  const cause = message.cause ?? batch;
  if ('code' in found) return [{ id: unresolvedId(message), found, lookup: lookupOf(message), saidToHaveEnded, messageIds, cause }];
  if (found.length > 0)
    return found.map((subscription) => ({
      id: subscription.id,
      found: subscription,
      lookup: { ...lookupOf(message), subscriptionId: subscription.id },
      saidToHaveEnded: saidToHaveEnded && found.length === 1,
      messageIds,
      cause,
    }));
  // A grant event of which DataZone shows neither grant nor subscription is of something else.
  return message.kind === 'grant'
    ? []
    : [{ id: unresolvedId(message), found: 'missing', lookup: message.lookup, saidToHaveEnded, messageIds, cause }];
};

const resolvedOf = ({ message, found }: Search): readonly Unresolved[] => {
  const id = unresolvedId(message);
  const isSettled = !('code' in found) && (found.length > 0 || message.kind === 'grant') && !found.some((one) => one.id === id);
  return isSettled ? [{ id, messageIds: [message.messageId] }] : [];
};

const lookupOf = (message: SubscriptionMessage): SubscriptionLookup =>
  message.kind === 'grant' ? { ...message.lookup, grantId: message.grantId } : message.lookup;

/** The id under which the record is stored until the subscription is found. */
const unresolvedId = (message: SubscriptionMessage): string =>
  message.kind === 'grant'
    ? `grant-${message.grantId}`
    : (message.lookup.subscriptionId ?? `request-${message.lookup.requestId ?? message.messageId}`);

const merged = (known: Reference, other: Reference): Reference => ({
  ...known,
  found: typeof known.found === 'string' || 'code' in known.found ? other.found : known.found,
  saidToHaveEnded: known.saidToHaveEnded || other.saidToHaveEnded,
  messageIds: [...known.messageIds, ...other.messageIds],
});
