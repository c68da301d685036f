import { cut } from './core/bounds';
import type { FailedUnit, UnitFailure } from './core/ledger/unit-failure';
import { LONGEST_MESSAGE } from './core/limits';
import { type Refusal, refused, type Waiting, waiting } from './core/outcome';
import { printable } from './core/printable';
import { backoff } from './core/subscription/backoff';
import { ItemTooLarge, LedgerUnavailable, PolicyBlocked, TransientFailure, UnreadableItem, WriteConflict } from './errors';
import type { Ports } from './ports';

/**
 * What a failure of one unit (a subscription or a bucket) becomes. This is the only place that decides it; `docs/semantics.md` has the
 * same table.
 */
export type Consequence =
  /** Nothing can be recorded: the messages return to the queue. */
  | { readonly kind: 'return' }
  /** Another writer was faster: the unit is read again. */
  | { readonly kind: 'read-again' }
  /** The unit waits and is scheduled again, or is refused, with a code and a sentence. */
  | { readonly kind: 'hinder'; readonly hindrance: Refusal | Waiting }
  /** Unexpected: recorded as a failure of the unit, scheduled again, and alarmed. */
  | { readonly kind: 'record'; readonly outcome: UnitFailure['outcome'] };

/** Names of the deployment's own items, as units of work. */
export const DEPLOYMENT_STATE = 'state';
export const RECONCILE_STATE = 'reconcile';

/** Decides what a failure becomes. */
export const consequenceOf = (error: unknown): Consequence => {
  if (error instanceof LedgerUnavailable) return { kind: 'return' };
  if (error instanceof WriteConflict) return { kind: 'read-again' };
  if (error instanceof PolicyBlocked) return { kind: 'hinder', hindrance: error.refusal };
  if (error instanceof TransientFailure) return { kind: 'hinder', hindrance: waiting(error.code, error.message) };
  if (error instanceof ItemTooLarge)
    return {
      kind: 'hinder',
      hindrance: refused(
        'limit-exceeded',
        `${error.message}; publish smaller data products, or name fewer principals in fewer subscription targets`,
      ),
    };
  return { kind: 'record', outcome: error instanceof UnreadableItem ? 'unreadable' : 'defect' };
};

/** Returns a sentence on an error, in a printable form. The sentence of an exception may quote external text, so it goes into the ledger only. */
const sentenceOf = (error: unknown): string =>
  cut(printable(error instanceof Error ? `${error.name}: ${error.message}` : String(error)), LONGEST_MESSAGE);

/**
 * Records that the work on a unit failed unexpectedly, and schedules the unit again. The more often it failed, the later.
 * @throws LedgerUnavailable when it cannot be recorded
 */
export const recordFailure = async (
  unit: FailedUnit,
  { outcome, error, ports }: { readonly outcome: UnitFailure['outcome']; readonly error: unknown; readonly ports: Ports },
): Promise<void> => {
  const { clock, ledger, telemetry } = ports;
  const now = clock.now();
  const before = await ledger.failure(unit);
  const attempts = (before?.attempts ?? 0) + 1;
  const failure: UnitFailure = {
    outcome,
    unit,
    message: sentenceOf(error),
    ...(error instanceof UnreadableItem ? { item: shortKey(error.item) } : {}),
    since: before?.since ?? now.toISOString(),
    at: now.toISOString(),
    attempts,
    dueAt: new Date(now.getTime() + backoff(attempts)).toISOString(),
  };
  await ledger.recordFailure(failure);
  telemetry.unitFailure(failure, error);
};

/** Keys of an item are at most 2 KB and 1 KB long in DynamoDB; what another writer put there is not stored at that length twice. */
const shortKey = ({ partition, sort }: UnreadableItem['item']) => ({ partition: cut(partition, 1_100), sort: cut(sort, 1_100) });

/** The result of the work on one unit. `returned`: its messages must return to the queue. */
export type Attempt<Value> =
  | { readonly done: true; readonly value: Value }
  | { readonly done: false; readonly error: unknown; readonly returned: boolean };

/**
 * Does the work of one unit, so that whatever it throws costs that unit only: a defect is recorded, and everything else is left to the
 * caller as a value.
 */
export const attempt = async <Value>(unit: FailedUnit, work: () => Promise<Value>, ports: Ports): Promise<Attempt<Value>> => {
  try {
    return { done: true, value: await work() };
  } catch (error) {
    return { done: false, error, returned: await isReturned(error, { unit, ports }) };
  }
};

const isReturned = async (error: unknown, { unit, ports }: { unit: FailedUnit; ports: Ports }): Promise<boolean> => {
  const consequence = consequenceOf(error);
  if (consequence.kind === 'return') return true;
  if (consequence.kind !== 'record') return false;
  try {
    await recordFailure(unit, { outcome: consequence.outcome, error, ports });
    return false;
  } catch (failure) {
    ports.telemetry.failure(
      `the failure of ${unit.kind} '${unit.kind === 'subscription' ? unit.id : unit.name}' could not be recorded`,
      failure,
    );
    return true;
  }
};
