import * as z from 'zod';
import { parsePrincipal } from '../../../handler/core/grant/principal';
import { printable } from '../../../handler/core/printable';
import type { ArgumentField, OptionField } from './command';

const A_PRINCIPAL = 'the ARN of a role or user, such as arn:aws:iam::333333333333:role/analyst';

/** What was typed, as it may stand in a sentence. */
export const typedAs = (input: unknown): string => `is '${printable(String(input))}'`;

/** A text of a form; `advice` says what to write instead. */
export const text = (form: RegExp, advice: string) =>
  z.string({ error: `is missing; write ${advice}` }).regex(form, { error: ({ input }) => `${typedAs(input)}; write ${advice}` });

export const anyText = z.string().min(1, { error: 'is empty' });
export const bucketName = text(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "a bucket's name without s3://, such as acme-raw");
export const projectId = text(/^[a-zA-Z0-9_-]{1,36}$/, "a DataZone project's id, such as 5a3se66qm88947");
export const subscriptionId = text(/^[a-zA-Z0-9_-]{1,36}$/, "a DataZone subscription's id, such as 9kq2mdmzvnr5uf");
/** As the function takes it; which accounts and which partition are its to say. */
export const principalArn = z.string({ error: `is missing; write ${A_PRINCIPAL}` }).refine(
  (arn) => {
    const [, partition = '', , , account = ''] = arn.split(':');
    return !('code' in parsePrincipal(arn, { partition, accounts: [account] }));
  },
  { error: ({ input }) => `${typedAs(input)}; write ${A_PRINCIPAL}` },
);
/** Why something is asked for; it is kept with the change. */
export const reason = text(/^[^\p{Cc}]{3,500}$/u, 'a sentence of 3 to 500 characters');

/** A number of something. */
export const whole = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, { error: ({ input }) => `${typedAs(input)}; write a number from ${from} to ${to}` })
    .transform(Number)
    .refine((value) => value >= from && value <= to, { error: ({ input }) => `${typedAs(input)}; write a number from ${from} to ${to}` });

/** A moment: a date is its end of day in UTC for what holds at that date, its start for what began since. */
export const moment = (edge: 'start' | 'end') =>
  z
    .string()
    .regex(/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z)?$/, {
      error: ({ input }) => `${typedAs(input)}; write a date such as 2026-01-31, or a time in UTC such as 2026-01-31T09:30Z`,
    })
    .transform((value) => new Date(value.includes('T') ? value : `${value}T${edge === 'start' ? '00:00:00.000Z' : '23:59:59.999Z'}`))
    .refine((date) => !Number.isNaN(date.getTime()), { error: 'is no date of the calendar' });

export const argument = <V extends z.ZodType>(name: string, about: string, value: V): ArgumentField<V> => ({ name, about, value });
export const option = <V extends z.ZodType>(flags: string, about: string, value: V): OptionField<V> => ({ flags, about, value });

/** An option that is there or not. */
export const flag = (flags: string, about: string) => option(flags, about, z.boolean().default(false));

/** Options that several commands have in common. */
export const YES = flag('--yes', 'do it without asking');
export const REASON = option('--reason <sentence>', 'why; it is kept with the change', reason);
export const WAIT = option('--no-wait', 'send the request and do not wait for its result', z.boolean().default(true));
export const TIMEOUT = option('--timeout <seconds>', 'how long to wait (default: 900)', whole(1, 86_400).default(900));
