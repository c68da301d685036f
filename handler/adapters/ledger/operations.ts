import * as z from 'zod/mini';
import { LEDGER, LEDGER_KEYS } from '../../contract/ledger-keys';
import { COUNTS } from '../../core/reconcile/reconcile-state';
import { lazily } from '../../lazily';
import { moment } from '../../moment';
import type { Operations } from '../../ports';
import { parseRequest } from '../../request-message';
import type { RequestRecord } from '../../request-record';
import { mustAgree, readStored, SCHEMA, schema, storedJson, unreadable, whole } from './stored';
import type { Item, Key, LedgerTable } from './table';

/** What is read here, by name. */
const shapes = lazily(() => {
  const request = z.object({ request: z.string(), at: moment });
  const deployment = z.object({ revision: whole, since: moment, frozen: z.optional(request), uninstalling: z.optional(request) });
  const counts = z.object(Object.fromEntries(COUNTS.map((name) => [name, whole])) as Record<(typeof COUNTS)[number], typeof whole>);
  /** Percent of S3's longest policy. */
  const share = z.number().check(z.gte(0));
  const run = z.object({
    id: z.string(),
    request: z.optional(z.string()),
    dryRun: z.boolean(),
    removals: whole,
    startedAt: moment,
    phase: z.enum(['subscriptions', 'buckets']),
    token: z.optional(z.string()),
    bucket: z.optional(z.string()),
    parts: z.object({ plan: whole, approved: whole }),
    counts,
    fullest: share,
    failures: whole,
  });
  const reconcile = z.object({
    revision: whole,
    run: z.optional(run),
    last: z.optional(z.object({ finishedAt: moment, counts, fullest: share })),
  });
  const requestItem = z.object({
    schema,
    revision: whole,
    request: z.string(),
    by: z.string(),
    state: z.enum(['accepted', 'running', 'done', 'refused']),
    message: z.optional(z.string()),
    at: moment,
    finishedAt: z.optional(moment),
    result: z.optional(z.string()),
  });
  const result = z.record(z.string(), z.number());
  const documentItem = z.object({ schema, revision: whole, document: z.string() });
  const approvedPart = z.object({ schema, run: z.string(), ids: z.array(z.string()) });
  return { deployment, reconcile, requestItem, result, documentItem, approvedPart };
});

const DEPLOYMENT: Key = { partition: LEDGER_KEYS.deployment, sort: LEDGER_KEYS.deploymentState };
const CURSOR: Key = { partition: LEDGER_KEYS.reconcile, sort: LEDGER_KEYS.cursor };
const requestKey = (id: string): Key => ({ partition: LEDGER_KEYS.request(id), sort: LEDGER_KEYS.requestState });

/** What the ledger's table keeps beside subscriptions and buckets. */
export const dynamodbOperations = (table: LedgerTable): Operations => {
  const document = async <State extends { readonly revision: number }>(
    key: Key,
    shape: () => z.ZodMiniType<State>,
  ): Promise<State | undefined> => {
    const what = `'${key.partition}' '${key.sort}'`;
    const item = await table.get(key, what);
    if (item === undefined) return undefined;
    const { revision, document: text } = readStored(() => shapes().documentItem, { value: item, what });
    const state = readStored(shape, { value: storedJson(text, what), what });
    mustAgree(what, [state.revision, revision]);
    return state;
  };
  const save = (key: Key, state: { readonly revision: number }): Promise<boolean> =>
    table.putRevision(
      key,
      { schema: SCHEMA, revision: state.revision, document: JSON.stringify(state) },
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
        { schema: SCHEMA, run: id, ids },
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
          schema: SCHEMA,
          ...record,
          request: JSON.stringify(asked),
          ...(counted === undefined ? {} : { result: JSON.stringify(counted) }),
        },
        `saving request '${asked.id}'`,
      ),
    savePlan: ({ request: id, part, lines }) =>
      table.put(
        { partition: LEDGER_KEYS.request(id), sort: LEDGER_KEYS.plan(part) },
        { schema: SCHEMA, lines: JSON.stringify(lines) },
        `saving the plan of request '${id}'`,
      ),
    recordDeliveryTest: (test) =>
      table.put(
        { partition: LEDGER_KEYS.deliveryTest, sort: LEDGER_KEYS.lastDeliveryTest },
        { schema: SCHEMA, ...test },
        'recording a delivery test',
      ),
  };
};

/**
 * Reads an operator's request and what became of it.
 * @throws LedgerFailure when the item is not of a shape that this version reads, or lies under another request's id
 */
export const requestFromItem = (item: Item, what: string): RequestRecord => {
  const { schema: _, request: text, result: counted, ...record } = readStored(() => shapes().requestItem, { value: item, what });
  const asked = parseRequest(storedJson(text, what));
  if (asked === undefined) throw unreadable(what);
  mustAgree(what, [LEDGER_KEYS.request(asked.id), item[LEDGER.partitionKey]]);
  return {
    ...record,
    request: asked,
    ...(counted === undefined ? {} : { result: readStored(() => shapes().result, { value: storedJson(counted, what), what }) }),
  };
};
