import * as z from 'zod/mini';
import { LEDGER, LEDGER_KEYS } from '../contract';
import { COUNTS } from '../core/reconcile-state';
import { lazily } from '../lazily';
import type { Operations } from '../ports';
import { parseRequest } from '../request-message';
import type { Item, Key, LedgerTable } from './ledger-table';
import { readStored, storedJson, unreadable, whole } from './stored';

/** What is read here, by name. */
const shapes = lazily(() => {
  const request = z.object({ request: z.string(), at: z.string() });
  const deployment = z.object({ revision: whole, since: z.string(), frozen: z.optional(request), uninstalling: z.optional(request) });
  const counts = z.object(Object.fromEntries(COUNTS.map((name) => [name, whole])) as Record<(typeof COUNTS)[number], typeof whole>);
  const run = z.object({
    id: z.string(),
    request: z.optional(z.string()),
    dryRun: z.boolean(),
    removals: whole,
    startedAt: z.string(),
    phase: z.enum(['subscriptions', 'buckets']),
    token: z.optional(z.string()),
    bucket: z.optional(z.string()),
    parts: z.object({ plan: whole, approved: whole }),
    counts,
    fullest: z.number(),
    failures: whole,
  });
  const reconcile = z.object({
    revision: whole,
    run: z.optional(run),
    last: z.optional(z.object({ finishedAt: z.string(), counts, fullest: z.number() })),
  });
  const requestItem = z.object({
    revision: whole,
    request: z.string(),
    by: z.string(),
    state: z.enum(['accepted', 'running', 'done', 'refused']),
    message: z.optional(z.string()),
    at: z.string(),
    finishedAt: z.optional(z.string()),
    result: z.optional(z.string()),
  });
  const result = z.record(z.string(), z.number());
  const approvedPart = z.object({ run: z.string(), ids: z.array(z.string()) });
  return { deployment, reconcile, requestItem, result, approvedPart };
});

const DEPLOYMENT: Key = { partition: LEDGER_KEYS.deployment, sort: LEDGER_KEYS.deploymentState };
const CURSOR: Key = { partition: LEDGER_KEYS.reconcile, sort: LEDGER_KEYS.cursor };
const requestKey = (id: string): Key => ({ partition: LEDGER_KEYS.request(id), sort: LEDGER_KEYS.requestState });

/** What the ledger's table keeps beside subscriptions and buckets. */
export const dynamodbOperations = (table: LedgerTable): Operations => {
  const document = async <Schema extends z.ZodMiniType>(key: Key, shape: () => Schema): Promise<z.infer<Schema> | undefined> => {
    const what = `'${key.partition}' '${key.sort}'`;
    const item = await table.get(key, what);
    return item && readStored(shape, { value: storedJson(item['document'], what), what });
  };
  const save = (key: Key, state: { readonly revision: number }): Promise<boolean> =>
    table.putRevision(
      key,
      { schema: 1, revision: state.revision, document: JSON.stringify(state) },
      `saving '${key.partition}' '${key.sort}'`,
    );

  return {
    deployment: () => document(DEPLOYMENT, () => shapes().deployment),
    saveDeployment: (state) => save(DEPLOYMENT, state),
    reconcile: () => document(CURSOR, () => shapes().reconcile),
    saveReconcile: (state) => save(CURSOR, state),
    saveApproved: ({ run: id, part, ids }) =>
      table.put(
        { partition: LEDGER_KEYS.reconcile, sort: LEDGER_KEYS.approved(part) },
        { schema: 1, run: id, ids },
        'saving which subscriptions are approved',
      ),
    approved: async (id) => {
      const range = { partition: LEDGER_KEYS.reconcile, from: LEDGER_KEYS.approved(0), to: LEDGER_KEYS.approved(999_999) };
      const parts = await table.query(range, 'which subscriptions are approved');
      const known = parts.map((item) =>
        readStored(() => shapes().approvedPart, { value: item, what: `'${String(item[LEDGER.sortKey])}'` }),
      );
      return new Set(known.filter((part) => part.run === id).flatMap(({ ids }) => ids));
    },
    request: async (id) => {
      const item = await table.get(requestKey(id), `request '${id}'`);
      return item && requestFromItem(item, `request '${id}'`);
    },
    saveRequest: ({ request: asked, result: counted, ...record }) =>
      table.putRevision(
        requestKey(asked.id),
        {
          schema: 1,
          ...record,
          request: JSON.stringify(asked),
          ...(counted === undefined ? {} : { result: JSON.stringify(counted) }),
        },
        `saving request '${asked.id}'`,
      ),
    savePlan: ({ request: id, part, lines }) =>
      table.put(
        { partition: LEDGER_KEYS.request(id), sort: LEDGER_KEYS.plan(part) },
        { schema: 1, lines: JSON.stringify(lines) },
        `saving the plan of request '${id}'`,
      ),
    recordDeliveryTest: (test) =>
      table.put(
        { partition: LEDGER_KEYS.deliveryTest, sort: LEDGER_KEYS.lastDeliveryTest },
        { schema: 1, ...test },
        'recording a delivery test',
      ),
  };
};

/**
 * Reads an operator's request and what became of it.
 * @throws LedgerFailure when the item is not of a shape that this version reads
 */
export const requestFromItem = (item: Item, what: string) => {
  const { request: text, result: counted, ...record } = readStored(() => shapes().requestItem, { value: item, what });
  const asked = parseRequest(storedJson(text, what));
  if (asked === undefined) throw unreadable(what);
  return {
    ...record,
    request: asked,
    ...(counted === undefined ? {} : { result: readStored(() => shapes().result, { value: storedJson(counted, what), what }) }),
  };
};
