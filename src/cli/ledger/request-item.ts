import * as z from 'zod';
import { moment } from '../../../handler/moment';
import { readAs, readText, schema } from './ledger-text';

const requestItem = z.object({
  schema,
  state: z.enum(['accepted', 'running', 'done', 'refused']),
  message: z.optional(z.string()),
  at: moment,
  by: z.optional(z.string()),
  finishedAt: z.optional(moment),
  result: z.optional(z.string()),
});

const result = z.record(z.string(), z.unknown());

/** An operator's request as the function took it up. */
export interface RequestItem {
  readonly id: string;
  readonly state: 'accepted' | 'running' | 'done' | 'refused';
  readonly message?: string | undefined;
  readonly by?: string | undefined;
  readonly at: string;
  readonly finishedAt?: string | undefined;
  readonly result?: Readonly<Record<string, unknown>> | undefined;
}

export const requestFromItem = (item: unknown, id: string): RequestItem => {
  const what = `of request '${id}'`;
  const { schema: _, result: text, ...read } = readAs(requestItem, { value: item, what });
  return { id, ...read, ...(text === undefined ? {} : { result: readText(result, { text, what }) }) };
};

const planLine = z.object({
  action: z.enum(['grant', 'revoke', 'repair', 'held-back']),
  bucket: z.string(),
  location: z.optional(z.string()),
  principal: z.optional(z.string()),
  subscription: z.optional(z.string()),
  why: z.string(),
});

/** One thing that a reconcile would do, or did. */
export type PlanLine = z.output<typeof planLine>;

export const planLinesFromItem = (item: unknown, id: string): readonly PlanLine[] => {
  const what = `of the plan of request '${id}'`;
  const { lines } = readAs(z.object({ schema, lines: z.string() }), { value: item, what });
  return readText(z.array(planLine), { text: lines, what });
};
