import * as z from 'zod/mini';
import { printable } from '../../core/printable';
import { LedgerFailure } from '../../errors';

/** Version of the items' shapes, kept in each of them. */
export const SCHEMA = 1;
export const schema = z.literal(SCHEMA);

/** A count, and what an item's revision is. */
export const whole = z.int().check(z.gte(0));

export const unreadable = (what: string, cause?: unknown): LedgerFailure =>
  new LedgerFailure(
    `the ledger's item ${printable(what)} is not of a shape that this version reads; nothing is changed on its word: look for who wrote it`,
    { cause },
  );

/**
 * Reads something that the ledger holds by a shape, which is made at its first use: no cold start waits for it.
 * @throws LedgerFailure when it is of no such shape
 */
export const readStored = <Schema extends z.ZodMiniType>(
  shape: () => Schema,
  { value, what }: { value: unknown; what: string },
): z.infer<Schema> => {
  const parsed = shape().safeParse(value);
  if (!parsed.success) throw unreadable(what, parsed.error);
  return parsed.data;
};

/** @throws LedgerFailure when the text is no JSON */
export const storedJson = (text: string, what: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(what, error);
  }
};

/**
 * Holds what an item says of itself against what it is stored under, or beside.
 * @throws LedgerFailure where they differ: neither is then to be believed
 */
export const mustAgree = (what: string, ...pairs: readonly (readonly [said: unknown, stored: unknown])[]): void => {
  if (pairs.some(([said, stored]) => said !== stored)) throw unreadable(what);
};
