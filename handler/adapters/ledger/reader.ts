import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { LEDGER, LEDGER_KEYS } from '../../contract/ledger-keys';
import type { HistoryRecord } from '../../core/ledger/history-record';
import type { PlanLine } from '../../core/ledger/reconcile-state';
import type { DeliveryTest, RequestRecord } from '../../core/ledger/request-record';
import type { SubscriptionRecord } from '../../core/ledger/subscription-record';
import type { UnitFailure } from '../../core/ledger/unit-failure';
import { LedgerUnavailable, type UnreadableItem } from '../../errors';
import type { BucketLedger, Operations, StoredGrant, SubscriptionLedger } from '../../ports';
import { readAnyItem } from './any-item';
import { valuesOf } from './item-values';
import { failureFromItem, grantFromItem, historyFromItem, recordFromItem, settledGrantKey, stateFromItem } from './items';
import { dynamodbLedger, LAST } from './ledger';
import { deliveryTestFromItem, dynamodbOperations, planFromItem } from './operations';
import { type Item, keyOf, readEach } from './stored';
import { ledgerTable } from './table';

/** Everything the ledger holds of subscriptions, from one scan. */
export type SubscriptionsReading = {
  readonly records: readonly SubscriptionRecord[];
  /** Grants that ended, which lie with their subscriptions. */
  readonly settledGrants: readonly StoredGrant[];
  readonly unreadable: readonly UnreadableItem[];
};

/** What the ledger holds of one subscription, with its settled grants that this version cannot read. */
export type SubscriptionReading = SubscriptionLedger & { readonly unreadable: readonly UnreadableItem[] };

/** A bucket of which the state may be one that this version cannot read. */
export type BucketReading = BucketLedger & { readonly unreadableState?: UnreadableItem };

/** The ledger as a person reads it: whole lists, nothing written, and items that cannot be read listed beside the others. */
export type LedgerReader = {
  /** @throws UnreadableItem when the subscription's own record cannot be read */
  readonly subscription: (id: string) => Promise<SubscriptionReading>;
  readonly subscriptions: () => Promise<SubscriptionsReading>;
  readonly bucket: (name: string) => Promise<BucketReading>;
  /** Names of all buckets that ever had statements of this deployment. */
  readonly bucketNames: () => Promise<readonly string[]>;
  /** A bucket's changes, the oldest first. */
  readonly history: (
    bucket: string,
  ) => Promise<{ readonly records: readonly HistoryRecord[]; readonly unreadable: readonly UnreadableItem[] }>;
  /** @throws UnreadableItem */
  readonly request: (id: string) => Promise<RequestRecord | undefined>;
  /** All requests of operators, from one scan; `unreadable` holds the parts of their plans too. */
  /** Every item of the table that this version cannot read, whatever its kind. */
  readonly unreadableItems: () => Promise<readonly UnreadableItem[]>;
  /** What a request's reconcile would do, or did. */
  readonly plan: (requestId: string) => Promise<{ readonly lines: readonly PlanLine[]; readonly unreadable: readonly UnreadableItem[] }>;
  readonly deployment: Operations['deployment'];
  readonly reconcile: Operations['reconcile'];
  /** Units of which the work failed unexpectedly. */
  readonly failures: () => Promise<{ readonly failures: readonly UnitFailure[]; readonly unreadable: readonly UnreadableItem[] }>;
  /** The last delivery test that arrived. @throws UnreadableItem */
  readonly deliveryTest: () => Promise<DeliveryTest | undefined>;
};

/** Sort keys' beginnings, of which the contract gives whole ones. */
const PLAN = LEDGER_KEYS.plan(0).replace(/\d+$/, '');
const HISTORY = LEDGER_KEYS.history(0).replace(/\d+$/, '');

const isRecord = (item: Item): boolean => keyOf(item).sort === LEDGER_KEYS.subscriptionState;

/** Creates a reader of the ledger in `table`. */
export const ledgerReader = (table: string, client: DynamoDBClient): LedgerReader => {
  const stored = ledgerTable(table, client);
  const ledger = dynamodbLedger(stored);
  const operations = dynamodbOperations(stored);
  const range = (partition: string, begin: string) => stored.query({ partition, from: begin === '' ? ' ' : begin, to: `${begin}${LAST}` });

  /** Reads all items of the table, or of the partitions whose names begin so. */
  const scan = async (begin?: string): Promise<readonly Item[]> => {
    const filter = {
      FilterExpression: 'begins_with(#pk, :begin)',
      ExpressionAttributeNames: { '#pk': LEDGER.partitionKey },
      ExpressionAttributeValues: marshall({ ':begin': begin ?? '' }),
    };
    const input = { TableName: table, ...(begin === undefined ? {} : filter) };
    const items: Item[] = [];
    try {
      for await (const { Items } of paginateScan({ client }, input)) items.push(...(Items ?? []).map(valuesOf));
    } catch (error) {
      throw new LedgerUnavailable(`ledger table '${table}' could not be scanned`, { cause: error });
    }
    return items;
  };

  return {
    subscription: async (id) => {
      const items = await range(LEDGER_KEYS.subscription(id), '');
      const state = items.find(isRecord);
      const settled = readEach(
        items.filter((item) => item !== state),
        (item) => grantFromItem(item, settledGrantKey).grant,
      );
      return { record: state && recordFromItem(state), settledGrants: settled.values, unreadable: settled.unreadable };
    },
    subscriptions: async () => {
      const items = await scan(LEDGER_KEYS.subscription(''));
      const records = readEach(items.filter(isRecord), recordFromItem);
      const grants = readEach(
        items.filter((item) => !isRecord(item)),
        (item) => grantFromItem(item, settledGrantKey),
      );
      return { records: records.values, settledGrants: grants.values, unreadable: [...records.unreadable, ...grants.unreadable] };
    },
    bucket: async (name) => {
      const items = await stored.query({ partition: LEDGER_KEYS.bucket(name), from: LEDGER_KEYS.grant, to: LEDGER_KEYS.head });
      const isState = (item: Item) => keyOf(item).sort === LEDGER_KEYS.head;
      const state = readEach(items.filter(isState), stateFromItem);
      const grants = readEach(
        items.filter((item) => !isState(item)),
        (item) => grantFromItem(item),
      );
      const [unreadableState] = state.unreadable;
      return {
        head: state.values[0],
        grants: grants.values,
        unreadable: grants.unreadable,
        ...(unreadableState === undefined ? {} : { unreadableState }),
      };
    },
    bucketNames: ledger.buckets,
    history: async (bucket) => {
      const { values: records, unreadable } = readEach(await range(LEDGER_KEYS.bucket(bucket), HISTORY), historyFromItem);
      return { records, unreadable };
    },
    request: operations.request,
    unreadableItems: async () => readEach(await scan(), readAnyItem).unreadable,
    plan: async (id) => {
      const { values, unreadable } = readEach(await range(LEDGER_KEYS.request(id), PLAN), planFromItem);
      return { lines: values.flat(), unreadable };
    },
    deployment: operations.deployment,
    reconcile: operations.reconcile,
    failures: async () => {
      const { values: failures, unreadable } = readEach(await range(LEDGER_KEYS.failures, ''), failureFromItem);
      return { failures, unreadable };
    },
    deliveryTest: async () => {
      const item = await stored.get({ partition: LEDGER_KEYS.deliveryTest, sort: LEDGER_KEYS.lastDeliveryTest });
      return item && deliveryTestFromItem(item);
    },
  };
};
