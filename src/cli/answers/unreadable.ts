import type { UnreadableItem } from '../../../handler/errors';
import type { Terminal } from '../framework/terminal';

/** A stored item that this version cannot read, by its keys. */
export interface UnreadableEntry {
  readonly partition: string;
  readonly sort: string;
  readonly message: string;
}

/** Lists unreadable items by their keys, each once, although several readings may have found it. */
export const unreadableEntries = (errors: readonly UnreadableItem[]): readonly UnreadableEntry[] => {
  const entries = new Map(errors.map(({ item, message }) => [`${item.partition}\n${item.sort}`, { ...item, message }]));
  return [...entries.values()].map(({ partition, sort, message }) => ({ partition, sort, message }));
};

/**
 * Prints a note on each unreadable item, so that an answer without it is not taken for complete. With `--json` the answer lists them
 * itself, as `unreadable`.
 */
export const noteUnreadable = (terminal: Terminal, entries: readonly UnreadableEntry[]): void => {
  if (terminal.json) return;
  for (const { message } of entries) terminal.note(terminal.paint('yellow', `Left out: ${message}`));
};
