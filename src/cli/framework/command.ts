import * as z from 'zod';
import type { Context } from './context';
import { CommandFailure, type CommandResult } from './failure';

/** An argument as it is typed: `<subscription>`, `[bucket]` where it may be left out, `<buckets...>` for several. */
export interface ArgumentField<V extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly about: string;
  readonly value: V;
}

/** An option as it is typed: `--bucket <name>`; its key among a definition's options is its name in camel case. */
export interface OptionField<V extends z.ZodType = z.ZodType> {
  readonly flags: string;
  readonly about: string;
  readonly value: V;
}

/** With whose rights a command works. `reading`: the auditor role's suffice. `commanding`: the operator role. `caller`: your own. */
export type Needs = 'nothing' | 'reading' | 'commanding' | 'caller';

export type Group = 'First hour' | 'Producers and consumers' | 'Answers' | 'Changes';

type Arguments = Readonly<Record<string, ArgumentField>>;
type Options = Readonly<Record<string, OptionField>>;
type InputOf<F extends Arguments | Options> = { readonly [K in keyof F]: z.output<F[K]['value']> };

/** Everything that is to be known of a command: its help, its part of `docs/cli.md` and what it does come from here. */
export interface Definition<A extends Arguments, O extends Options> {
  /** Words as they are typed: `target create`. */
  readonly name: string;
  readonly group: Group;
  readonly summary: string;
  /** Paragraphs for its help and the documentation. */
  readonly details?: readonly string[];
  readonly needs: Needs;
  readonly arguments?: A;
  readonly options?: O;
  readonly examples: readonly { readonly line: string; readonly about: string }[];
  readonly run: (context: Context, input: InputOf<A> & InputOf<O>) => Promise<CommandResult>;
}

/** A command with its input unread: whatever was typed is read by its fields' schemas. */
export interface Command extends Omit<Definition<Arguments, Options>, 'run'> {
  readonly arguments: Arguments;
  readonly options: Options;
  readonly run: (context: Context, typed: Readonly<Record<string, unknown>>) => Promise<CommandResult>;
}

/** Makes a command of its definition. */
export const command = <A extends Arguments = Record<never, never>, O extends Options = Record<never, never>>(
  definition: Definition<A, O>,
): Command => {
  const { arguments: given, options: chosen } = definition;
  const fields: Readonly<Record<string, ArgumentField | OptionField>> = { ...given, ...chosen };
  const shape = z.object(Object.fromEntries(Object.entries(fields).map(([key, { value }]) => [key, value])));
  return {
    ...definition,
    arguments: given ?? {},
    options: chosen ?? {},
    run: (context, typed) => {
      const parsed = shape.safeParse(typed);
      if (!parsed.success) throw misused(definition.name, fields, parsed.error);
      // The schema was made of exactly these fields; that each key has its own output is more than zod's types can follow.
      return definition.run(context, parsed.data as InputOf<A> & InputOf<O>);
    },
  };
};

const misused = (name: string, fields: Readonly<Record<string, ArgumentField | OptionField>>, error: z.ZodError): CommandFailure => {
  const [issue] = error.issues;
  const field = fields[String(issue?.path[0])];
  const what = field === undefined ? name : 'flags' in field ? field.flags : field.name;
  return new CommandFailure('usage', `${what} ${issue?.message ?? 'is wrong'}`, `see: datazone-s3 ${name} --help`);
};
