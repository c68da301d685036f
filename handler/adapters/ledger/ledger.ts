import { LEDGER, LEDGER_KEYS } from '../../contract/ledger-keys';
import type { Head } from '../../core/ledger/bucket-state';
import { SCHEMA } from '../../core/ledger/stored';
import { DUE_KINDS } from '../../core/ledger/subscription-record';
import { UnreadableItem } from '../../errors';
import type { DueKind, DuePage, Ledger } from '../../ports';
import {
  announcedTexts,
  CONFIRM,
  changedBucket,
  FAILURE,
  failureFromItem,
  failureKey,
  failureToItem,
  grantFromItem,
  grantItemKey,
  grantToItem,
  historyToItem,
  marksOf,
  recordFromItem,
  recordKey,
  recordToItem,
  settledGrantKey,
  stateFromItem,
  stateKey,
} from './items';
import { type Item, keyOf, readEach } from './stored';
import type { Cursor, LedgerTable } from './table';

/** Greater than any sort key. */
export const LAST = '\uffff';

const { bucket: bucketPartition, buckets: BUCKETS, grant: GRANT, head: HEAD, history } = LEDGER_KEYS;

/** Every kind of scheduled work, in the order in which a sweep does it: revocations come first. */
const KINDS: readonly DueKind[] = [...DUE_KINDS.slice(0, 1), CONFIRM, ...DUE_KINDS.slice(1), FAILURE];

const isState = (item: Item): boolean => keyOf(item).sort === LEDGER_KEYS.subscriptionState;

/** The state as it was seen. Our own attempt passes too: the SDK may send a call again whose answer was lost. */
const ifSeen = (seen: string | undefined, attempt: string) =>
  seen === undefined
    ? { expression: 'attribute_not_exists(#attempt) OR #attempt = :own', values: { ':own': attempt }, names: ['attempt'] }
    : { expression: '#attempt = :seen OR #attempt = :own', values: { ':own': attempt, ':seen': seen }, names: ['attempt'] };

const ifOwn = (attempt: string) => ({ expression: '#attempt = :own', values: { ':own': attempt }, names: ['attempt'] });

/** Creates the ledger in its table. Decisions read the base keys consistently, never an index; every write is of one item. */
export const dynamodbLedger = (table: LedgerTable): Ledger => {
  const recordBucketName = (bucket: string): Promise<void> => table.put({ partition: BUCKETS, sort: bucket }, { schema: SCHEMA });

  const due = async (kind: DueKind, page: { until: Date; limit: number; after?: unknown }): Promise<DuePage> => {
    const { items, next } = await table.due(kind, {
      until: page.until,
      limit: page.limit,
      ...(page.after === undefined ? {} : { after: page.after as Cursor }),
    });
    const none = { records: [], buckets: [], failures: [], ...(next === undefined ? {} : { next }) };
    if (kind === CONFIRM) {
      const { values: buckets, unreadable } = readEach(items, changedBucket);
      return { ...none, buckets, unreadable };
    }
    if (kind === FAILURE) {
      const { values: failures, unreadable } = readEach(items, failureFromItem);
      return { ...none, failures, unreadable };
    }
    const { values: records, unreadable } = readEach(items, recordFromItem);
    return { ...none, records, unreadable };
  };

  return {
    subscription: async (id) => {
      const { partition } = recordKey(id);
      const items = await table.query({ partition, from: GRANT, to: LAST });
      const state = items.find(isState);
      const settled = items.filter((item) => !isState(item)).map((item) => grantFromItem(item, settledGrantKey));
      return { record: state && recordFromItem(state), settledGrants: settled.map(({ grant }) => grant) };
    },
    subscriptions: async (ids) => {
      const { values, unreadable } = readEach(await table.getAll(ids.map(recordKey)), recordFromItem);
      const failed = new Map(unreadable.map((error) => [error.item.partition, error]));
      return {
        records: new Map(values.map((record) => [record.id, record])),
        unreadable: new Map(
          ids.flatMap((id) => {
            const error = failed.get(recordKey(id).partition);
            return error === undefined ? [] : [[id, error] as const];
          }),
        ),
      };
    },
    saveSubscription: (record) => table.putRevision(recordKey(record.id), recordToItem(record)),
    dueKinds: KINDS,
    due,
    oldestWaiting: async () => {
      const item = await table.oldestWaiting();
      const since = item?.[LEDGER.waitingSince];
      return typeof since === 'string' && !Number.isNaN(Date.parse(since)) ? since : undefined;
    },
    bucket: async (bucket) => {
      const items = await table.query({ partition: bucketPartition(bucket), from: GRANT, to: HEAD });
      const head = items.find((item) => keyOf(item).sort === HEAD);
      const { values: grants, unreadable } = readEach(
        items.filter((item) => item !== head),
        (item) => grantFromItem(item),
      );
      return { head: head && stateFromItem(head), grants, unreadable };
    },
    buckets: async () => (await table.query({ partition: BUCKETS, from: ' ', to: LAST })).map((item) => keyOf(item).sort),
    saveGrant: (stored) => table.putRevision(grantItemKey(stored.grant), grantToItem(stored)),
    archiveGrant: async (stored) => {
      // The copy comes first: a crash in between leaves both, and the bucket's is the one that counts.
      await table.put(settledGrantKey(stored.grant), grantToItem(stored));
      await table.remove(grantItemKey(stored.grant), {
        expression: '#revision = :seen',
        names: ['revision'],
        values: { ':seen': stored.revision },
      });
    },
    recordBucketName,
    announce: (bucket, { seen, attempt, version, intended, overwrites }) => {
      const set = { attempt, version, overwrites, ...announcedTexts(intended), schema: SCHEMA };
      // An announcement that was never settled keeps the policy before it: tried again it is the same change.
      return table.update(stateKey(bucket), { set, once: ['previousPolicy'], condition: ifSeen(seen, attempt) });
    },
    recordHistory: (record) =>
      table.put({ partition: bucketPartition(record.bucket), sort: history(record.version) }, historyToItem(record)),
    settle: (bucket, { attempt, written, at, bytes, confirmAt }) =>
      table.update(stateKey(bucket), {
        set: { written: JSON.stringify(written), writtenAt: at, bytes, [LEDGER.dueKind]: CONFIRM, [LEDGER.dueAt]: confirmAt },
        remove: ['intended', 'previousPolicy'],
        condition: ifOwn(attempt),
      }),
    confirmed: (bucket, { attempt, again }) =>
      table.update(stateKey(bucket), {
        ...(again === undefined
          ? { set: {}, remove: [LEDGER.dueKind, LEDGER.dueAt] }
          : { set: { [LEDGER.dueKind]: CONFIRM, [LEDGER.dueAt]: again } }),
        condition: ifOwn(attempt),
      }),
    mark: async (bucket, { seen, head }) => {
      if (seen === undefined) await recordBucketName(bucket);
      const { set, remove } = marked(head, seen === undefined);
      const condition = seen === undefined ? ifSeen(seen, head.attempt) : ifOwn(seen);
      return table.update(stateKey(bucket), { set, remove, condition });
    },
    failures: async (limit) => {
      const items = await table.query({ partition: LEDGER_KEYS.failures, from: ' ', to: LAST, limit });
      return readEach(items, failureFromItem);
    },
    failure: async (unit) => {
      const item = await table.get(failureKey(unit));
      try {
        return item && failureFromItem(item);
      } catch (error) {
        if (error instanceof UnreadableItem) return undefined;
        throw error;
      }
    },
    recordFailure: (failure) => table.put(failureKey(failure.unit), failureToItem(failure)),
    clearFailure: async (unit) => {
      await table.remove(failureKey(unit));
    },
    unschedule: async (item) => {
      await table.update(item, {
        set: {},
        remove: [LEDGER.dueKind, LEDGER.dueAt, LEDGER.waitingKind],
        condition: { expression: 'attribute_exists(#pk)', names: [LEDGER.partitionKey] },
      });
    },
  };
};

/** The marks that are set, and those that are not set any more. */
const marked = (head: Head, isNew: boolean) => {
  const marks = Object.entries(marksOf(head));
  return {
    set: {
      ...(isNew ? { attempt: head.attempt, version: head.version, schema: SCHEMA } : {}),
      ...Object.fromEntries(marks.filter(([, value]) => value !== undefined)),
    },
    remove: marks.flatMap(([name, value]) => (value === undefined ? [name] : [])),
  };
};
