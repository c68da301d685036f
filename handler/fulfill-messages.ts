import type { FailedUnit } from './core/ledger/unit-failure';
import { every } from './every';
import { attempt } from './failure';
import { type Fulfilled, fulfillSubscriptions } from './fulfill';
import { type BatchOptions, type Invocation, withBatch } from './invocation';
import { retire } from './subscription/conclude';
import { findReferences, type SubscriptionMessage } from './subscription/find';

/**
 * Fulfils the subscriptions that messages, or scheduled work in the form of messages, lead to.
 * @returns the messages that must return to the queue, because nothing could be recorded of them
 */
export const fulfillMessages = (
  messages: readonly SubscriptionMessage[],
  { invocation, cause, failure }: Pick<BatchOptions, 'cause'> & { readonly invocation: Invocation; readonly failure?: FailedUnit },
): Promise<Fulfilled> =>
  withBatch(invocation, { cause }, async (batch) => {
    const { ports } = batch;
    const { references, resolved, returned, isComplete } = await findReferences(messages, batch);
    const tried = failure === undefined ? references : references.map((reference) => ({ ...reference, failure }));
    const fulfilled = await fulfillSubscriptions(tried, { invocation, batch });
    const unresolved = [...new Map(resolved.map((one) => [one.id, one])).values()];
    const retired = await every(
      unresolved.map(async ({ id, messageIds }) => {
        const result = await attempt({ kind: 'subscription', id, lookup: {} }, () => retire(id, batch), ports);
        return !result.done && result.returned ? messageIds : [];
      }),
    );
    // The failed unit was a message that leads to nothing now.
    if (failure !== undefined && references.length === 0 && isComplete) await ports.ledger.clearFailure(failure);
    return { returned: [...returned, ...fulfilled.returned, ...retired.flat()] };
  });
