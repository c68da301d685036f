import * as z from 'zod';
import { SCHEMA } from '../../../handler/adapters/ledger/stored';
import { printable } from '../../../handler/core/printable';
import { CommandFailure } from '../framework/failure';

/** Version of an item's shape. */
export const schema = z.literal(SCHEMA);

/** An item of the ledger that this version does not understand. */
export const unreadable = (what: string, cause?: unknown): CommandFailure =>
  new CommandFailure(
    'defect',
    `the ledger's item ${printable(what)} is not of a shape that this version reads`,
    'use the version that is deployed',
    {
      cause,
    },
  );

/** Reads an item, or a part of one, by its schema. */
export const readAs = <Schema extends z.ZodType>(schema: Schema, { value, what }: { value: unknown; what: string }): z.output<Schema> => {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw unreadable(what, parsed.error);
  return parsed.data;
};

/** Reads JSON text that an item holds. */
export const readText = <Schema extends z.ZodType>(schema: Schema, { text, what }: { text: string; what: string }): z.output<Schema> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unreadable(what, error);
  }
  return readAs(schema, { value, what });
};

/** Holds what an item says of itself against where it was found. */
export const mustAgree = (what: string, ...pairs: readonly (readonly [said: unknown, found: unknown])[]): void => {
  if (pairs.some(([said, found]) => said !== found)) throw unreadable(what);
};
