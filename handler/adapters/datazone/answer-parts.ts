import * as z from 'zod/mini';
import { BOUNDS, cut } from '../../core/bounds';
import { printable } from '../../core/printable';
import { TransientFailure } from '../../errors';
import { lazily } from '../../lazily';

/** Holds the names of a shape's members against those of the SDK's type. */
export type Members<Output> = { readonly [Name in keyof Output]?: z.core.$ZodType };

export const made = <Schema extends z.core.$ZodType, Made>(schema: Schema, make: (value: z.output<Schema>) => Made) =>
  z.pipe(schema, z.transform(make));

export const maybe = <Schema extends z.core.$ZodType>(schema: Schema) => made(z.nullish(schema), (value) => value ?? undefined);

/** Keys of the ledger and further calls are made of ids: one that is not an id fails the reading. */
export const id = lazily(() => z.string().check(z.regex(new RegExp(`^[a-zA-Z0-9_-]{1,${BOUNDS.id}}$`), 'is not an id of DataZone')));

/** A further call asks for a revision by it: it is never cut. */
export const revision = lazily(() =>
  maybe(z.string().check(z.refine((text) => text.length <= BOUNDS.revision, `is longer than ${BOUNDS.revision} characters`))),
);

/** Text that is shown or compared, and never part of a key or a call: cut where it is too long. */
export const text = (length: number) => made(z.string().check(z.minLength(1)), (value) => cut(value, length));
export const label = (length: number) => made(z.nullish(z.string()), (value) => (value ? cut(value, length) : undefined));

/** ISO 8601, UTC, with a year of four digits: timestamps are compared as text. */
export const timestamp = lazily(() =>
  made(z.date().check(z.refine((at) => /^\d{4}-/.test(at.toISOString()), 'is not a timestamp of this age')), (at) => at.toISOString()),
);

/**
 * Reads one kind of answer. Its schema is made at first use: no cold start waits for it.
 * @returns a function that throws `TransientFailure`, naming the member that is missing or wrong
 */
export const answer = <Shape extends z.core.$ZodShape, Made>(
  what: string,
  { members, make }: { members: () => Shape; make: (given: z.output<z.ZodMiniObject<Shape>>) => Made },
): ((given: unknown) => Made) => {
  const schema = lazily(() => z.object(members()));
  return (given) => {
    const parsed = schema().safeParse(given);
    if (parsed.success) return make(parsed.data);
    throw new TransientFailure(
      'unavailable',
      `${problem(what, { given, issue: parsed.error.issues[0] })}; nothing is changed, and it is read again`,
    );
  };
};

const problem = (what: string, { given, issue }: { given: unknown; issue: z.core.$ZodIssue | undefined }): string => {
  const path = issue?.path ?? [];
  const value = path.reduce((at: unknown, member) => Reflect.get(Object(at), member), given);
  const member = path.length === 0 ? what : `'${path.join('.')}' of ${what}`;
  if (value === undefined || value === null || value === '') return `DataZone answered without ${member}, which its API always returns`;
  const shown = typeof value === 'string' ? `'${printable(value)}'` : `a value of type ${typeof value}`;
  return `DataZone answered with ${shown} as ${member}, which ${issue?.code === 'invalid_type' ? `is not of type ${issue.expected}` : issue?.message}`;
};
