import * as z from 'zod/mini';
import { LEDGER_KEYS } from '../../contract/ledger-keys';
import { deploymentState } from '../../core/ledger/deployment-state';
import { planLine, reconcileState } from '../../core/ledger/reconcile-state';
import { type DeliveryTest, deliveryTest, type RequestRecord, requestResult } from '../../core/ledger/request-record';
import { SCHEMA, schema } from '../../core/ledger/stored';
import type { ItemKey } from '../../errors';
import { lazily } from '../../lazily';
import { parseRequest } from '../../operator-request';
import type { Operations } from '../../ports';
import { LONGEST_ITEM } from './item-values';
import { type Item, keyOf, mustAgree, readEach, readStored, readText, unreadable } from './stored';
import type { LedgerTable } from './table';

const documentItem = lazily(() => z.object({ schema, revision: z.int() }));
const idList = lazily(() => z.object({ schema, run: z.string(), ids: z.array(z.string()) }));
const planPart = lazily(() => z.array(planLine()));
const versioned = lazily(() => z.object({ schema }));

const DEPLOYMENT: ItemKey = { partition: LEDGER_KEYS.deployment, sort: LEDGER_KEYS.deploymentState };
const CURSOR: ItemKey = { partition: LEDGER_KEYS.reconcile, sort: LEDGER_KEYS.cursor };
const requestKey = (id: string): ItemKey => ({ partition: LEDGER_KEYS.request(id), sort: LEDGER_KEYS.requestState });

/** Bytes of text in one part of a list, so that an item stays far below DynamoDB's limit. */
const PART_BYTES = LONGEST_ITEM / 2;

/** Splits a list so that the JSON of each part stays below a number of bytes. A single member is never split. */
export const inParts = <Member>(members: readonly Member[], most = PART_BYTES): readonly (readonly Member[])[] => {
  const parts: Member[][] = [];
  let bytes = most;
  for (const member of members) {
    const size = Buffer.byteLength(JSON.stringify(member), 'utf8') + 1;
    if (bytes + size > most) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(member);
    bytes += size;
  }
  return parts;
};

/** Creates the access to what the ledger stores beside subscriptions and buckets. */
export const dynamodbOperations = (table: LedgerTable): Operations => {
  const document = async <State extends { readonly revision: number }>(
    key: ItemKey,
    shape: () => z.ZodMiniType<State>,
  ): Promise<State | undefined> => {
    const item = await table.get(key);
    return item && documentFromItem(item, { shape, key });
  };
  const save = (key: ItemKey, state: { readonly revision: number }): Promise<boolean> =>
    table.putRevision(key, { schema: SCHEMA, revision: state.revision, document: JSON.stringify(state) });

  return {
    deployment: () => document(DEPLOYMENT, deploymentState),
    saveDeployment: (state) => save(DEPLOYMENT, state),
    reconcile: () => document(CURSOR, reconcileState),
    saveReconcile: (state) => save(CURSOR, state),
    saveApproved: async ({ run, part, ids }) => {
      const parts = inParts(ids);
      for (const [index, some] of parts.entries())
        await table.put({ partition: LEDGER_KEYS.reconcile, sort: LEDGER_KEYS.approved(part + index) }, { schema: SCHEMA, run, ids: some });
      return part + parts.length;
    },
    approved: async (run) => {
      const items = await table.query({
        partition: LEDGER_KEYS.reconcile,
        from: LEDGER_KEYS.approved(0),
        to: LEDGER_KEYS.approved(999_999),
      });
      // A part that cannot be read makes its subscriptions unlisted, and DataZone is asked for each of those.
      const { values } = readEach(items, approvedFromItem);
      return new Set(values.filter((part) => part.run === run).flatMap(({ ids }) => ids));
    },
    request: async (id) => {
      const item = await table.get(requestKey(id));
      return item && requestFromItem(item);
    },
    saveRequest: ({ request, ...result }) =>
      table.putRevision(requestKey(request.id), {
        schema: SCHEMA,
        revision: result.revision,
        state: result.state,
        request: JSON.stringify(request),
        result: JSON.stringify(result),
      }),
    savePlan: async ({ request, part, lines }) => {
      const parts = inParts(lines);
      for (const [index, some] of parts.entries())
        await table.put(
          { partition: LEDGER_KEYS.request(request), sort: LEDGER_KEYS.plan(part + index) },
          { schema: SCHEMA, lines: JSON.stringify(some) },
        );
      return part + parts.length;
    },
    recordDeliveryTest: (test) =>
      table.put({ partition: LEDGER_KEYS.deliveryTest, sort: LEDGER_KEYS.lastDeliveryTest }, { schema: SCHEMA, ...test }),
  };
};

/** Reads a part of a requested reconcile's plan. @throws UnreadableItem */
export const planFromItem = (item: Item) => {
  const key = keyOf(item);
  readStored(versioned, { value: item, key });
  return readText(planPart, { text: item['lines'], key });
};

/** Reads the last delivery test that arrived. @throws UnreadableItem */
export const deliveryTestFromItem = (item: Item): DeliveryTest => {
  const key = keyOf(item);
  readStored(versioned, { value: item, key });
  const { id, at } = readStored(deliveryTest, { value: item, key });
  return { id, at };
};

/**
 * Reads an operator's request and its result.
 * @throws UnreadableItem also when the item lies under another request's id
 */
export const requestFromItem = (item: Item): RequestRecord => {
  const key = keyOf(item);
  const { revision } = readStored(documentItem, { value: item, key });
  const request = parseRequest(readText(lazilyUnknown, { text: item['request'], key }));
  if (request === undefined) throw unreadable(key);
  const result = readText(requestResult, { text: item['result'], key });
  mustAgree(key, [LEDGER_KEYS.request(request.id), key.partition], [result.revision, revision], [result.state, item['state']]);
  return { ...result, request };
};

const lazilyUnknown = lazily(() => z.unknown());

/** Reads one of the deployment's own documents. @throws UnreadableItem */
export const documentFromItem = <State extends { readonly revision: number }>(
  item: Item,
  { shape, key = keyOf(item) }: { readonly shape: () => z.ZodMiniType<State>; readonly key?: ItemKey },
): State => {
  const { revision } = readStored(documentItem, { value: item, key });
  const state = readText(shape, { text: item['document'], key });
  mustAgree(key, [state.revision, revision]);
  return state;
};

/** Reads a part of the list of approved subscriptions that a reconcile run has seen. @throws UnreadableItem */
export const approvedFromItem = (item: Item) => readStored(idList, { value: item, key: keyOf(item) });
