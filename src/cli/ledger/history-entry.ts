import * as z from 'zod';
import type { HistoryRecord } from '../../../handler/ports';
import { readAs, readText } from './ledger-text';

const statements = z.array(z.record(z.string(), z.unknown()));

const historyItem = z.object({
  bucket: z.string(),
  version: z.number(),
  before: z.string(),
  after: z.string(),
  previousPolicy: z.nullable(z.string()),
  changeId: z.string(),
  subscriptions: z.array(z.string()),
  drift: z.string(),
  residualAccess: z.array(z.string()),
  at: z.string(),
  by: z.optional(z.string()),
  reason: z.optional(z.string()),
});

/** One verified change of a bucket's policy; who asked for it and why, where an operator did. */
export interface HistoryEntry extends HistoryRecord {
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
}

export const historyFromItem = (item: unknown, bucket: string): HistoryEntry => {
  const what = `history of bucket '${bucket}'`;
  const { before, after, ...entry } = readAs(historyItem, { value: item, what });
  return { ...entry, before: readText(statements, { text: before, what }), after: readText(statements, { text: after, what }) };
};
