import * as z from 'zod/mini';
import { LedgerFailure } from '../errors';

/** A moment as the ledger keeps it: ISO 8601, UTC. Times are reckoned from it, so that it has to be one. */
export const moment = z.string().check(
  z.regex(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  z.refine((at) => !Number.isNaN(Date.parse(at))),
);

/** A count, and what an item's revision is. */
export const whole = z.int().check(z.gte(0));

export const unreadable = (what: string, cause?: unknown): LedgerFailure =>
  new LedgerFailure(
    `the ledger's item ${what} is not of a shape that this version reads; nothing is changed on its word: look for who wrote it`,
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
export const storedJson = (text: unknown, what: string): unknown => {
  try {
    return JSON.parse(String(text));
  } catch (error) {
    throw unreadable(what, error);
  }
};
