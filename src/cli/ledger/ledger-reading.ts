import { type DynamoDBClient, GetItemCommand, paginateQuery, paginateScan, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { recordFromItem } from '../../../handler/adapters/ledger/items';
import { dynamodbLedger } from '../../../handler/adapters/ledger/ledger';
import { dynamodbOperations } from '../../../handler/adapters/ledger/operations';
import { ledgerTable } from '../../../handler/adapters/ledger/table';
import { LEDGER, LEDGER_KEYS } from '../../../handler/contract/ledger-keys';
import type { SubscriptionRecord } from '../../../handler/core/subscription/subscription-record';
import type { BucketLedger } from '../../../handler/ports';
import { type DeliveryTestItem, deliveryTestFromItem } from './delivery-test-item';
import { type HistoryEntry, historyFromItem } from './history-entry';
import { type PlanLine, planLinesFromItem, type RequestItem, requestFromItem } from './request-item';

/** The ledger as people read it: whole lists, nothing written. */
export interface LedgerReading {
  readonly subscription: (id: string) => Promise<SubscriptionRecord | undefined>;
  /** All that were ever seen, in no order. */
  readonly subscriptions: () => Promise<readonly SubscriptionRecord[]>;
  readonly bucket: (name: string) => Promise<BucketLedger>;
  /** Every bucket that ever had statements of ours. */
  readonly bucketNames: () => Promise<readonly string[]>;
  /** A bucket's changes, the oldest first. */
  readonly history: (bucket: string) => Promise<readonly HistoryEntry[]>;
  readonly request: (id: string) => Promise<RequestItem | undefined>;
  /** What a request's reconcile would do, or did. */
  readonly plan: (requestId: string) => Promise<readonly PlanLine[]>;
  /** Since when the deployment runs, what an operator stopped, and when a reconcile last came to its end; undefined: it never ran. */
  readonly operations: () => Promise<OperationsReading>;
  /** The last delivery test that arrived. */
  readonly deliveryTest: () => Promise<DeliveryTestItem | undefined>;
}

/** What the deployment as a whole is about. */
export interface OperationsReading {
  readonly since: string | undefined;
  readonly frozen: boolean;
  readonly uninstalling: boolean;
  readonly reconciledAt: string | undefined;
}

type Item = Record<string, unknown>;

/** Reads the ledger in `table`. */
export const ledgerReading = (table: string, client: DynamoDBClient): LedgerReading => {
  const stored = ledgerTable(table, client);
  const ledger = dynamodbLedger(stored);
  const operations = dynamodbOperations(stored);
  const item = async (partition: string, sort: string): Promise<Item | undefined> => {
    const Key = marshall({ [LEDGER.partitionKey]: partition, [LEDGER.sortKey]: sort });
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
    return Item === undefined ? undefined : unmarshall(Item);
  };
  const partition = async (key: string, begin?: string): Promise<readonly Item[]> => {
    const query: QueryCommandInput = {
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: begin === undefined ? '#pk = :pk' : '#pk = :pk AND begins_with(#sk, :sk)',
      ExpressionAttributeNames: { '#pk': LEDGER.partitionKey, ...(begin === undefined ? {} : { '#sk': LEDGER.sortKey }) },
      ExpressionAttributeValues: marshall({ ':pk': key, ...(begin === undefined ? {} : { ':sk': begin }) }),
    };
    const items: Item[] = [];
    for await (const { Items } of paginateQuery({ client }, query)) items.push(...(Items ?? []).map((one) => unmarshall(one)));
    return items;
  };
  const textOf = (from: Item, name: string): string => String(from[name] ?? '');

  return {
    subscription: ledger.subscription,
    bucket: ledger.bucket,
    subscriptions: async () => {
      const scan = {
        TableName: table,
        FilterExpression: '#sk = :state AND begins_with(#pk, :subscription)',
        ExpressionAttributeNames: { '#pk': LEDGER.partitionKey, '#sk': LEDGER.sortKey },
        ExpressionAttributeValues: marshall({ ':state': LEDGER_KEYS.subscriptionState, ':subscription': LEDGER_KEYS.subscription('') }),
      };
      const records: SubscriptionRecord[] = [];
      for await (const { Items } of paginateScan({ client }, scan))
        for (const one of Items ?? []) {
          const found = unmarshall(one);
          records.push(recordFromItem(found, textOf(found, LEDGER.partitionKey)));
        }
      return records;
    },
    bucketNames: async () => (await partition(LEDGER_KEYS.buckets)).map((marker) => textOf(marker, LEDGER.sortKey)),
    history: async (bucket) => (await partition(LEDGER_KEYS.bucket(bucket), HISTORY)).map((one) => historyFromItem(one, bucket)),
    request: async (id) => {
      const found = await item(LEDGER_KEYS.request(id), LEDGER_KEYS.requestState);
      return found === undefined ? undefined : requestFromItem(found, id);
    },
    plan: async (id) => (await partition(LEDGER_KEYS.request(id), PLAN)).flatMap((part) => planLinesFromItem(part, id)),
    operations: async () => {
      const [deployment, reconcile] = await Promise.all([operations.deployment(), operations.reconcile()]);
      return {
        since: deployment?.since,
        frozen: deployment?.frozen !== undefined,
        uninstalling: deployment?.uninstalling !== undefined,
        reconciledAt: reconcile?.last?.finishedAt,
      };
    },
    deliveryTest: async () => {
      const found = await item(LEDGER_KEYS.deliveryTest, LEDGER_KEYS.lastDeliveryTest);
      return found === undefined ? undefined : deliveryTestFromItem(found);
    },
  };
};

/** Sort keys' beginnings, of which the contract gives whole ones. */
const HISTORY = LEDGER_KEYS.history(0).replace(/\d+$/, '');
const PLAN = LEDGER_KEYS.plan(0).replace(/\d+$/, '');
