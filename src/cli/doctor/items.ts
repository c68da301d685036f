import type { UnitFailure } from '../../../handler/core/ledger/unit-failure';
import type { UnreadableItem } from '../../../handler/errors';
import { unitText } from '../answers/unit-text';
import { counted } from '../framework/table';
import type { Reading } from '../reading';
import type { Check, Finding } from './finding';
import { LEDGER_ITEMS, unreadableFinding } from './unreadable-finding';

/** Checks that every stored item can be read, and that the work on no subscription or bucket failed unexpectedly. */
export const itemCheck = ({ ledger }: Reading): Check => ({
  name: LEDGER_ITEMS,
  look: async () => {
    const [unreadable, { failures }] = await Promise.all([ledger.unreadableItems(), ledger.failures()]);
    return findingsOf(unreadable, failures);
  },
});

const keyText = ({ partition, sort }: UnreadableItem['item']): string => `${partition}\n${sort}`;

/** One finding for each failure, and for each unreadable item that no failure names. */
const findingsOf = (unreadable: readonly UnreadableItem[], failures: readonly UnitFailure[]): readonly Finding[] => {
  const named = new Set(failures.flatMap(({ item }) => (item === undefined ? [] : [keyText(item)])));
  return [...failures.map(failureFinding), ...unreadable.filter(({ item }) => !named.has(keyText(item))).map(unreadableFinding)];
};

const failureFinding = (failure: UnitFailure): Finding => {
  const { outcome, unit, message, item, since, at, attempts, dueAt } = failure;
  return {
    level: 'problem',
    check: LEDGER_ITEMS,
    subject: unitText(unit),
    finding: `the work on it failed (${outcome}) ${counted(attempts, 'time')} since ${since.slice(0, 19)}, last at ${at.slice(0, 19)}; the next attempt is at ${dueAt.slice(0, 19)}: ${message}`,
    remedy: remedyOf(failure),
    ...(item === undefined ? {} : { item: { partition: item.partition, sort: item.sort } }),
    failure,
  };
};

const remedyOf = ({ outcome, item }: UnitFailure): string => {
  if (item !== undefined)
    return `find out who wrote it, then correct or delete the item '${item.partition}' / '${item.sort}' in the ledger table; the work is tried again by itself`;
  return outcome === 'defect'
    ? 'report the defect with this message to the maintainers; the work is tried again by itself'
    : 'correct or delete the item that the message names; the work is tried again by itself';
};
