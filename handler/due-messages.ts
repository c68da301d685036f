import type { SubscriptionRecord } from './core/subscription/subscription-record';
import type { Message } from './messages';
import type { Ports } from './ports';

type Usable = Extract<Message, { kind: 'subscription' | 'grant' }>;

/** Part of what is due: records as messages that lead to them again, and buckets whose last change is to be confirmed. */
export type DueSlice = { readonly messages: readonly Usable[]; readonly changes: readonly string[] };

/** How many due records one slice of a sweep takes on: as many as a batch of the queue has messages. */
const SLICE = 10;
/** A sweep begins no further slice after this long: events wait behind it. Milliseconds. */
const SWEEP_FOR = 20_000;
/** So long an event that says a subscription ended outweighs a reading that shows it approved. Then DataZone's API is taken at its word. */
const DOUBT_FOR = 15 * 60_000;

/**
 * The slices of a sweep: due work as messages that lead to it again, revocations first. What a slice worked on is due later, or not
 * at all; `seen` keeps an index that lags from bringing it back at once.
 */
export const dueSlices = async function* (sweep: { readonly messageId: string }, { ports }: { ports: Ports }): AsyncGenerator<DueSlice> {
  const begun = ports.clock.now().getTime();
  const seen = new Set<string>();
  const confirmed = new Set<string>();
  while (ports.clock.now().getTime() - begun < SWEEP_FOR) {
    const now = ports.clock.now();
    const due = await ports.ledger.due({ now, limit: SLICE + seen.size + confirmed.size });
    const records = due.records.filter(({ id }) => !seen.has(id)).slice(0, SLICE);
    const changes = due.changes.filter((bucket) => !confirmed.has(bucket)).slice(0, SLICE);
    if (records.length + changes.length === 0) return;
    for (const { id } of records) seen.add(id);
    for (const bucket of changes) confirmed.add(bucket);
    yield { messages: records.map((record) => messageOf(record, { messageId: sweep.messageId, now })), changes };
  }
};

const messageOf = ({ lookup, endingSaidAt }: SubscriptionRecord, { messageId, now }: { messageId: string; now: Date }): Usable => {
  if (lookup.grantId !== undefined && lookup.subscriptionId === undefined)
    return { kind: 'grant', messageId, grantId: lookup.grantId, lookup };
  const saidToHaveEnded = endingSaidAt !== undefined && now.getTime() - Date.parse(endingSaidAt) < DOUBT_FOR;
  return { kind: 'subscription', messageId, lookup, saidToHaveEnded };
};
