import type { SubscriptionRecord } from '../core/subscription-record';
import type { Message } from '../messages';
import type { Ports } from '../ports';

type Usable = Exclude<Message, { kind: 'unusable' | 'sweep' }>;

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
export const dueSlices = async function* (
  sweep: { readonly messageId: string },
  { ports }: { ports: Ports },
): AsyncGenerator<readonly Usable[]> {
  const begun = ports.clock.now().getTime();
  const seen = new Set<string>();
  while (ports.clock.now().getTime() - begun < SWEEP_FOR) {
    const now = ports.clock.now();
    const due = (await ports.ledger.due({ now, limit: SLICE + seen.size })).filter(({ id }) => !seen.has(id)).slice(0, SLICE);
    if (due.length === 0) return;
    for (const { id } of due) seen.add(id);
    yield due.map((record) => messageOf(record, { messageId: sweep.messageId, now }));
  }
};

const messageOf = ({ lookup, endingSaidAt }: SubscriptionRecord, { messageId, now }: { messageId: string; now: Date }): Usable => {
  if (lookup.grantId !== undefined && lookup.subscriptionId === undefined)
    return { kind: 'grant', messageId, grantId: lookup.grantId, lookup };
  const saidToHaveEnded = endingSaidAt !== undefined && now.getTime() - Date.parse(endingSaidAt) < DOUBT_FOR;
  return { kind: 'subscription', messageId, lookup, saidToHaveEnded };
};
