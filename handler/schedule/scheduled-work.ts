import { LEDGER_KEYS } from '../contract/ledger-keys';
import type { Cause } from '../core/ledger/history-record';
import type { SubscriptionRecord } from '../core/ledger/subscription-record';
import type { FailedUnit, UnitFailure } from '../core/ledger/unit-failure';
import type { ItemKey, UnreadableItem } from '../errors';
import { attempt, DEPLOYMENT_STATE, RECONCILE_STATE, recordFailure } from '../failure';
import { applyBucketAlone, mustBeRecorded } from '../fulfill';
import { fulfillMessages } from '../fulfill-messages';
import { type Batch, type Invocation, withBatch } from '../invocation';
import { archiveSettled } from '../policy-change/archive';
import type { DuePage, Ports } from '../ports';
import type { SubscriptionMessage } from '../subscription/find';

/** A change that could not be confirmed is read again this much later. Milliseconds. */
const CONFIRM_AGAIN = 5 * 60_000;
/** How long an event that a subscription ended outweighs a reading that shows it approved. Then DataZone's API counts. */
const DOUBT_FOR = 15 * 60_000;

export const SCHEDULE: Cause = { trigger: 'schedule' };

/** What scheduled work is done with: the message of the sweep returns to the queue if something could not be recorded. */
export type Scheduled = { readonly messageId: string; readonly invocation: Invocation };

/**
 * Does one page of scheduled work.
 * @throws LedgerUnavailable
 */
export const workOnPage = async (page: DuePage, scheduled: Scheduled): Promise<void> => {
  const { invocation } = scheduled;
  for (const error of page.unreadable) await setAside(error, invocation.ports);
  const messages = page.records.map((record) => messageOf(record, scheduled));
  if (messages.length > 0) mustBeRecorded(await fulfillMessages(messages, { invocation, cause: SCHEDULE }));
  for (const bucket of page.buckets) await confirmChange(bucket, invocation);
  for (const failure of page.failures) await retry(failure, scheduled);
};

/** Scheduled work is done as if its event had come again. */
const messageOf = (
  { lookup, endingSaidAt }: Pick<SubscriptionRecord, 'lookup' | 'endingSaidAt'>,
  { messageId, invocation }: Scheduled,
): SubscriptionMessage => {
  if (lookup.grantId !== undefined && lookup.subscriptionId === undefined)
    return { kind: 'grant', messageId, grantId: lookup.grantId, lookup };
  const now = invocation.ports.clock.now().getTime();
  return {
    kind: 'subscription',
    messageId,
    lookup,
    saidToHaveEnded: endingSaidAt !== undefined && now - Date.parse(endingSaidAt) < DOUBT_FOR,
  };
};

/** An item that cannot be read becomes a failure of its unit, which has a schedule of its own. The item itself only leaves the schedule. */
const setAside = async (error: UnreadableItem, ports: Ports): Promise<void> => {
  const unit = unitOf(error.item);
  if (unit !== undefined) await recordFailure(unit, { outcome: 'unreadable', error, ports });
  await ports.ledger.unschedule(error.item);
};

/** The unit that an item belongs to, by its keys; none for a failure, which stays listed as it is. */
const unitOf = ({ partition, sort }: ItemKey): FailedUnit | undefined => {
  const [subscription, bucket] = [LEDGER_KEYS.subscription(''), LEDGER_KEYS.bucket('')];
  if (partition.startsWith(bucket)) return { kind: 'bucket', name: short(partition.slice(bucket.length)) };
  if (!partition.startsWith(subscription))
    return partition === LEDGER_KEYS.failures ? undefined : { kind: 'deployment', name: short(`${partition} ${sort}`) };
  const id = short(partition.slice(subscription.length));
  return { kind: 'subscription', id, lookup: { subscriptionId: id } };
};

/** Ids and bucket names are at most 63 characters long; another writer's may be longer. */
const short = (name: string): string => name.slice(0, 100);

/** Does the work on one bucket by itself; a failure is recorded there. */
const onBucket = (
  name: string,
  { invocation, work }: { invocation: Invocation; work: (batch: Batch) => Promise<void> },
): Promise<boolean> =>
  withBatch(invocation, { cause: SCHEDULE }, async (batch) => {
    const result = await attempt({ kind: 'bucket', name }, () => work(batch), batch.ports);
    if (!result.done && result.returned) throw result.error;
    return result.done;
  });

/** Reads a verified change once more: a policy that does not hold it is written again. Then moves grants that are settled. */
const confirmChange = async (bucket: string, invocation: Invocation): Promise<void> => {
  const { clock, ledger } = invocation.ports;
  const isDone = await onBucket(bucket, {
    invocation,
    work: async (batch) => {
      const { head } = await batch.reads.bucket(bucket);
      const result = await applyBucketAlone(bucket, batch);
      if (head === undefined) return;
      const again = new Date(clock.now().getTime() + CONFIRM_AGAIN).toISOString();
      // A change that was made again has a new attempt, and is confirmed by itself.
      await ledger.confirmed(bucket, { attempt: head.attempt, ...(result.hindrance === undefined ? {} : { again }) });
      await archiveSettled(result.stored, batch.ports);
    },
  });
  // The failure has a schedule of its own.
  if (!isDone) await ledger.unschedule({ partition: LEDGER_KEYS.bucket(bucket), sort: LEDGER_KEYS.head });
};

/** Reads one of the deployment's own items. An operator's request is not executed again, so that its item is not read. */
const readAgain = async (name: string, { operations }: Ports): Promise<unknown> => {
  if (name === DEPLOYMENT_STATE) return operations.deployment();
  return name === RECONCILE_STATE ? operations.reconcile() : undefined;
};

/** Tries a failed unit again, and clears its failure once the work is done. */
const retry = async ({ unit }: UnitFailure, scheduled: Scheduled): Promise<void> => {
  const { invocation } = scheduled;
  const { ports } = invocation;
  switch (unit.kind) {
    case 'subscription':
      return mustBeRecorded(await fulfillMessages([messageOf(unit, scheduled)], { invocation, cause: SCHEDULE, failure: unit }));
    case 'bucket':
      await onBucket(unit.name, {
        invocation,
        work: async (batch) => {
          const { unreadable } = await batch.reads.bucket(unit.name);
          await applyBucketAlone(unit.name, batch);
          if (unreadable.length === 0) await ports.ledger.clearFailure(unit);
        },
      });
      return undefined;
    case 'deployment': {
      const result = await attempt(unit, () => readAgain(unit.name, ports), ports);
      if (result.done) await ports.ledger.clearFailure(unit);
      else if (result.returned) throw result.error;
      return undefined;
    }
    default:
      return unit satisfies never;
  }
};
