import * as z from 'zod/mini';
import { LEDGER, LEDGER_KEYS } from '../../contract/ledger-keys';
import { grantKey } from '../../core/grant/grant';
import type { Head } from '../../core/policy/head';
import { DUE_KINDS } from '../../core/subscription/subscription-record';
import { lazily } from '../../lazily';
import { moment } from '../../moment';
import type { Ledger } from '../../ports';
import { announcedTexts, grantFromItem, grantToItem, headFromItem, marksOf, recordFromItem, recordToItem } from './items';
import { mustAgree, readStored, SCHEMA } from './stored';
import type { Key, LedgerTable } from './table';

const { bucket: bucketPartition, buckets: BUCKETS, grant: GRANT, head: HEAD, history, subscription: subscriptionPartition } = LEDGER_KEYS;

/** Kind of a due head: its last change is to be confirmed. */
const CONFIRM = 'confirm';
/** Kinds of due records that wait for something. */
const WAITING: readonly (typeof DUE_KINDS)[number][] = ['revoke', 'grant'];

/** What is read of a waiting record without the record. */
const waitingItem = lazily(() => z.object({ waitingSince: z.optional(moment) }));

/** The bucket whose head is due. */
const changedBucket = (item: Record<string, unknown>): string => {
  const partition = String(item[LEDGER.partitionKey]);
  const bucket = partition.slice(bucketPartition('').length);
  mustAgree('of due changes', [bucketPartition(bucket), partition], [HEAD, item[LEDGER.sortKey]]);
  return bucket;
};

/** Greater than any sort key. */
const LAST = '\uffff';

const recordKey = (id: string): Key => ({ partition: subscriptionPartition(id), sort: LEDGER_KEYS.subscriptionState });
const headKey = (bucket: string): Key => ({ partition: bucketPartition(bucket), sort: HEAD });

/** The ledger in its table. Decisions read its base keys consistently, never the index; every write is of one item and conditional. */
export const dynamodbLedger = (table: LedgerTable): Ledger => {
  const putDown = async (bucket: string): Promise<void> =>
    table.put({ partition: BUCKETS, sort: bucket }, { schema: SCHEMA }, `putting down bucket '${bucket}'`);
  /** The head as it was seen. Our own attempt passes too: the SDK may send a call again whose answer was lost. */
  const ifSeen = (seen: string | undefined, attempt: string) =>
    seen === undefined
      ? { condition: 'attribute_not_exists(#attempt) OR #attempt = :own', values: { ':own': attempt } }
      : { condition: '#attempt = :seen OR #attempt = :own', values: { ':own': attempt, ':seen': seen } };
  const recordsOf = (items: readonly Record<string, unknown>[], what: string) => items.map((item) => recordFromItem(item, what));

  return {
    subscription: async (id) => {
      const what = `subscription '${id}'`;
      const item = await table.get(recordKey(id), what);
      return item && recordFromItem(item, what);
    },
    subscriptions: async (ids) => {
      const items = await table.getAll(ids.map(recordKey), 'subscriptions');
      return new Map(recordsOf(items, 'of many subscriptions').map((record) => [record.id, record]));
    },
    saveSubscription: (record) =>
      table.putRevision(
        recordKey(record.id),
        {
          ...recordToItem(record),
          revision: record.revision,
          ...(record.due === undefined ? {} : { [LEDGER.dueKind]: record.due.kind, [LEDGER.dueAt]: record.due.at }),
        },
        `saving subscription '${record.id}'`,
      ),
    due: async ({ now, limit }) => {
      const what = 'due work';
      const found = await Promise.allSettled([...DUE_KINDS, CONFIRM].map((kind) => table.due(kind, { until: now, limit, what })));
      const items = found.map((result) => {
        if (result.status === 'rejected') throw result.reason;
        return result.value;
      });
      const changes = items.at(-1) ?? [];
      return {
        records: recordsOf(items.slice(0, -1).flat(), 'of due work'),
        changes: changes.map(changedBucket),
      };
    },
    waitingSince: async () => {
      const what = 'waiting work';
      const found = await Promise.allSettled(WAITING.map((kind) => table.due(kind, { attributes: ['waitingSince'], what })));
      const moments = found.flatMap((result) => {
        if (result.status === 'rejected') throw result.reason;
        return result.value.flatMap((item) => readStored(waitingItem, { value: item, what: `of ${what}` }).waitingSince ?? []);
      });
      return moments.sort()[0];
    },
    bucket: async (bucket) => {
      const items = await table.query({ partition: bucketPartition(bucket), from: GRANT, to: HEAD }, `bucket '${bucket}'`);
      const sortOf = (item: Record<string, unknown>) => String(item[LEDGER.sortKey]);
      const head = items.find((item) => sortOf(item) === HEAD);
      return {
        head: head && headFromItem(head, `'${bucket}' '${HEAD}'`),
        grants: items.filter((item) => sortOf(item) !== HEAD).map((item) => grantFromItem(item, `'${bucket}' '${sortOf(item)}'`)),
      };
    },
    buckets: async () => {
      const items = await table.query({ partition: BUCKETS, from: ' ', to: LAST }, 'the names of buckets');
      return items.map((item) => String(item[LEDGER.sortKey]));
    },
    saveGrant: (stored) =>
      table.putRevision(
        { partition: bucketPartition(stored.grant.location.bucket), sort: `${GRANT}${grantKey(stored.grant)}` },
        { ...grantToItem(stored), revision: stored.revision },
        `saving grant '${grantKey(stored.grant)}'`,
      ),
    putDown,
    announce: (bucket, { seen, attempt, version, intended, overwrites }) => {
      const set = { attempt, version, overwrites, ...announcedTexts(intended), schema: SCHEMA };
      return table.update(headKey(bucket), { set, ...ifSeen(seen, attempt) }, `announcing a change of bucket '${bucket}'`);
    },
    recordHistory: (record) =>
      table.put(
        { partition: bucketPartition(record.bucket), sort: history(record.version) },
        { schema: SCHEMA, ...record, before: JSON.stringify(record.before), after: JSON.stringify(record.after) },
        `recording the history of bucket '${record.bucket}'`,
      ),
    settle: (bucket, { attempt, written, at, bytes, confirmAt }) =>
      table.update(
        headKey(bucket),
        {
          set: { written: JSON.stringify(written), writtenAt: at, bytes, [LEDGER.dueKind]: CONFIRM, [LEDGER.dueAt]: confirmAt },
          remove: ['intended', 'previousPolicy'],
          condition: '#attempt = :own',
          values: { ':own': attempt },
        },
        `settling the change of bucket '${bucket}'`,
      ),
    confirmed: (bucket, { attempt, again }) =>
      table.update(
        headKey(bucket),
        {
          ...(again === undefined
            ? { set: {}, remove: [LEDGER.dueKind, LEDGER.dueAt] }
            : { set: { [LEDGER.dueKind]: CONFIRM, [LEDGER.dueAt]: again } }),
          condition: '#attempt = :own',
          values: { ':own': attempt },
        },
        `confirming the change of bucket '${bucket}'`,
      ),
    mark: async (bucket, { seen, head }) => {
      if (seen === undefined) await putDown(bucket);
      const { set, remove } = marked(head, seen === undefined);
      const seenAs = seen === undefined ? ifSeen(seen, head.attempt) : { condition: '#attempt = :seen', values: { ':seen': seen } };
      return table.update(headKey(bucket), { set, remove, ...seenAs }, `marking bucket '${bucket}'`);
    },
  };
};

/** What a head is marked with, and which marks it has no more. */
const marked = (head: Head, isNew: boolean) => {
  const marks = marksOf(head);
  return {
    set: {
      ...(isNew ? { attempt: head.attempt, version: head.version, schema: SCHEMA } : {}),
      ...Object.fromEntries(Object.entries(marks).filter(([, value]) => value !== undefined)),
    },
    remove: Object.entries(marks).flatMap(([name, value]) => (value === undefined ? [name] : [])),
  };
};
