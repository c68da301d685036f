import type * as z from 'zod/mini';
import { LEDGER } from '../../contract/ledger-keys';
import { printable } from '../../core/printable';
import { type ItemKey, UnreadableItem } from '../../errors';

export type Item = Record<string, unknown>;

/** Returns the keys that an item lies under. */
export const keyOf = (item: Item): ItemKey => ({
  partition: String(item[LEDGER.partitionKey]),
  sort: String(item[LEDGER.sortKey]),
});

/** Returns the error of an item that this version cannot read. */
export const unreadable = (item: ItemKey, cause?: unknown): UnreadableItem =>
  new UnreadableItem(
    item,
    `ledger item '${printable(item.partition)}' / '${printable(item.sort)}' does not have a shape that this version reads; nothing is changed because of it: find out who wrote it, then correct or delete the item`,
    { cause },
  );

/**
 * Reads a value of an item by its schema. Members that a later version added are kept.
 * @throws UnreadableItem when it does not match
 */
export const readStored = <Schema extends z.ZodMiniType>(
  schema: () => Schema,
  { value, key }: { readonly value: unknown; readonly key: ItemKey },
): z.infer<Schema> => {
  const parsed = schema().safeParse(value);
  if (!parsed.success) throw unreadable(key, parsed.error);
  return value as z.infer<Schema>;
};

/**
 * Reads JSON text of an item by its schema.
 * @throws UnreadableItem when it is not JSON, or does not match
 */
export const readText = <Schema extends z.ZodMiniType>(
  schema: () => Schema,
  { text, key }: { readonly text: unknown; readonly key: ItemKey },
): z.infer<Schema> => {
  let value: unknown;
  try {
    value = JSON.parse(String(text));
  } catch (error) {
    throw unreadable(key, error);
  }
  return readStored(schema, { value, key });
};

/**
 * Compares what an item states of itself with what it is stored under, or beside.
 * @throws UnreadableItem where they differ: neither is then reliable
 */
export const mustAgree = (key: ItemKey, ...pairs: readonly (readonly [stated: unknown, stored: unknown])[]): void => {
  if (pairs.some(([stated, stored]) => stated !== stored)) throw unreadable(key);
};

/** The items that can be read, and those that cannot. */
export type Readable<Value> = { readonly values: readonly Value[]; readonly unreadable: readonly UnreadableItem[] };

/** Reads each item by itself, so that one that cannot be read costs that one only. */
export const readEach = <Value>(items: readonly Item[], read: (item: Item) => Value): Readable<Value> => {
  const values: Value[] = [];
  const failed: UnreadableItem[] = [];
  for (const item of items)
    try {
      values.push(read(item));
    } catch (error) {
      if (!(error instanceof UnreadableItem)) throw error;
      failed.push(error);
    }
  return { values, unreadable: failed };
};
