import * as z from 'zod';
import { LEDGER, LEDGER_KEYS } from '../../../handler/contract/ledger-keys';
import { moment } from '../../../handler/moment';
import type { HistoryRecord } from '../../../handler/ports';
import { mustAgree, readAs, readText, schema } from './ledger-text';

const statements = z.array(z.record(z.string(), z.unknown()));

const historyItem = z.object({
  schema,
  [LEDGER.sortKey]: z.string(),
  bucket: z.string(),
  version: z.int().min(1),
  before: z.string(),
  after: z.string(),
  previousPolicy: z.nullable(z.string()),
  changeId: z.string(),
  subscriptions: z.array(z.string()),
  drift: z.string(),
  residualAccess: z.array(z.string()),
  at: moment,
  by: z.optional(z.string()),
  reason: z.optional(z.string()),
});

/** One verified change of a bucket's policy; who asked for it and why, where an operator did. */
export interface HistoryEntry extends HistoryRecord {
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
}

/**
 * Reads a change from its item. An entry without a moment, or of another bucket, would be missing from evidence without a word.
 * @throws CommandFailure when it is of another shape, or lies where another belongs
 */
export const historyFromItem = (item: unknown, bucket: string): HistoryEntry => {
  const what = `history of bucket '${bucket}'`;
  const { schema: _, [LEDGER.sortKey]: sort, before, after, ...entry } = readAs(historyItem, { value: item, what });
  mustAgree(what, [entry.bucket, bucket], [LEDGER_KEYS.history(entry.version), sort]);
  return { ...entry, before: readText(statements, { text: before, what }), after: readText(statements, { text: after, what }) };
};
