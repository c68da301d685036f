import * as z from 'zod/mini';

/** Version of the items' shapes; every item carries it. */
export const SCHEMA = 1;
export const schema = z.literal(SCHEMA);

/** A count, or a revision. */
export const whole = z.int().check(z.gte(0));

type Deep<Value> = Value extends readonly (infer Member)[]
  ? readonly Deep<Member>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: Deep<Value[Key]> }
    : Value;

/** The type of what a schema reads, given lazily: nothing that was read from the ledger is changed in place. */
export type Stored<Schema extends () => z.ZodMiniType> = Deep<z.infer<ReturnType<Schema>>>;
