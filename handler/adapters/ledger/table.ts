import {
  type AttributeValue,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  paginateQuery,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { LEDGER } from '../../contract/ledger-keys';
import { type ItemKey, ItemTooLarge, LedgerUnavailable } from '../../errors';
import { itemBytes, LONGEST_ITEM, valuesOf } from './item-values';
import type { Item } from './stored';

/** A position in an index, to continue from. */
export type Cursor = { readonly values: Item };

/**
 * The ledger's table. Every call throws `LedgerUnavailable` when the table does not answer; what DynamoDB refuses for its content is an
 * error of the caller's unit. A conditional write returns `false` when another writer changed the item since it was read.
 */
export type LedgerTable = {
  /** Reads an item, consistently. */
  readonly get: (key: ItemKey) => Promise<Item | undefined>;
  /** Reads many items, consistently; returns those that exist. */
  readonly getAll: (keys: readonly ItemKey[]) => Promise<readonly Item[]>;
  /** Reads all items of a partition between two sort keys, consistently; `limit`: the first ones only. */
  readonly query: (range: {
    readonly partition: string;
    readonly from: string;
    readonly to: string;
    readonly limit?: number;
  }) => Promise<readonly Item[]>;
  /** Reads a page of scheduled items of a kind, the earliest first. May lag behind. */
  readonly due: (
    kind: string,
    page: { readonly until: Date; readonly limit: number; readonly after?: Cursor },
  ) => Promise<{ readonly items: readonly Item[]; readonly next?: Cursor }>;
  /** Reads the first keys of the index of waiting items: the longest waiting one. May lag behind. */
  readonly oldestWaiting: () => Promise<Item | undefined>;
  /** @throws ItemTooLarge */
  readonly put: (key: ItemKey, item: Item) => Promise<void>;
  /**
   * Saves an item whose stored revision is one less, or which is not stored yet.
   * @throws ItemTooLarge
   */
  readonly putRevision: (key: ItemKey, item: Item & { readonly revision: number }) => Promise<boolean>;
  /**
   * Changes attributes of an item where the condition holds.
   * @throws ItemTooLarge
   */
  readonly update: (key: ItemKey, change: Update) => Promise<boolean>;
  readonly remove: (key: ItemKey, condition?: Condition) => Promise<boolean>;
};

/** `expression` writes an attribute as `#name` and a value as `:name`. */
export type Condition = { readonly expression: string; readonly values?: Item; readonly names?: readonly string[] };

export type Update = {
  readonly set: Item;
  readonly remove?: readonly string[];
  readonly condition: Condition;
  /** Attributes of `set` that keep their first value until they are removed. */
  readonly once?: readonly string[];
};

/** Keys in one call. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const KEYS_A_CALL = 100;
/** How often keys that DynamoDB left unread are asked for again. */
const ATTEMPTS = 5;

const marshalled = (item: Item): Record<string, AttributeValue> => marshall(item, { removeUndefinedValues: true });

/** Content that DynamoDB refuses is refused at each attempt: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const REFUSALS: readonly string[] = ['ValidationException', 'ItemCollectionSizeLimitExceededException'];

/** Creates the access to the ledger's table. */
export const ledgerTable = (table: string, client: DynamoDBClient): LedgerTable => {
  const Key = ({ partition, sort }: ItemKey) => marshalled({ [LEDGER.partitionKey]: partition, [LEDGER.sortKey]: sort });

  const answered = async <Answer>(what: string, call: Promise<Answer>): Promise<Answer> => {
    try {
      return await call;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) throw error;
      const name = error instanceof Error ? error.name : 'Unknown';
      if (REFUSALS.includes(name)) throw new Error(`DynamoDB refuses ${what} in ledger table '${table}' (${name})`, { cause: error });
      throw new LedgerUnavailable(`${what} in ledger table '${table}' failed (${name}); the message is tried again`, { cause: error });
    }
  };

  const conditionally = async (what: string, write: Promise<unknown>): Promise<boolean> => {
    try {
      await answered(what, write);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

  const sized = ({ partition, sort }: ItemKey, item: Item): Record<string, AttributeValue> => {
    const values = marshalled({ ...item, [LEDGER.partitionKey]: partition, [LEDGER.sortKey]: sort });
    const bytes = itemBytes(values);
    if (bytes > LONGEST_ITEM)
      throw new ItemTooLarge(
        bytes,
        `ledger item '${partition}' / '${sort}' would take ${bytes} bytes, and DynamoDB takes ${LONGEST_ITEM}; it was not written`,
      );
    return values;
  };

  const query = async (input: Omit<QueryCommandInput, 'TableName'>): Promise<readonly Item[]> => {
    const items: Item[] = [];
    for await (const page of paginateQuery({ client }, { TableName: table, ...input })) items.push(...(page.Items ?? []).map(valuesOf));
    return items;
  };

  /** What is left unread is asked for again; a table that keeps leaving something cannot be read. */
  const batch = async (keys: readonly Record<string, AttributeValue>[]): Promise<readonly Item[]> => {
    const items: Item[] = [];
    let left = [...keys];
    for (let attempt = 0; left.length > 0; attempt++) {
      if (attempt === ATTEMPTS) throw new LedgerUnavailable(`ledger table '${table}' left items unread; the message is tried again`);
      const { Responses = {}, UnprocessedKeys = {} } = await client.send(
        new BatchGetItemCommand({ RequestItems: { [table]: { Keys: left, ConsistentRead: true } } }),
      );
      items.push(...(Responses[table] ?? []).map(valuesOf));
      left = UnprocessedKeys[table]?.Keys ?? [];
    }
    return items;
  };

  return {
    get: async (key) => {
      const { Item } = await answered(
        'reading an item',
        client.send(new GetItemCommand({ TableName: table, Key: Key(key), ConsistentRead: true })),
      );
      return Item === undefined ? undefined : valuesOf(Item);
    },
    getAll: async (keys) => {
      const items: Item[] = [];
      for (let from = 0; from < keys.length; from += KEYS_A_CALL)
        items.push(...(await answered('reading items', batch(keys.slice(from, from + KEYS_A_CALL).map(Key)))));
      return items;
    },
    query: ({ partition, from, to, limit }) => {
      const input = {
        ConsistentRead: true,
        KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
        ExpressionAttributeNames: { '#pk': LEDGER.partitionKey, '#sk': LEDGER.sortKey },
        ExpressionAttributeValues: marshalled({ ':pk': partition, ':from': from, ':to': to }),
      };
      if (limit === undefined) return answered('reading a partition', query(input));
      const page = client.send(new QueryCommand({ TableName: table, ...input, Limit: limit }));
      return answered('reading a partition', page).then(({ Items = [] }) => Items.map(valuesOf));
    },
    due: async (kind, { until, limit, after }) => {
      const { Items = [], LastEvaluatedKey } = await answered(
        'reading scheduled work',
        client.send(
          new QueryCommand({
            TableName: table,
            IndexName: LEDGER.dueIndex,
            KeyConditionExpression: '#kind = :kind AND #at <= :until',
            ExpressionAttributeNames: { '#kind': LEDGER.dueKind, '#at': LEDGER.dueAt },
            ExpressionAttributeValues: marshalled({ ':kind': kind, ':until': until.toISOString() }),
            Limit: limit,
            ExclusiveStartKey: after && marshalled(after.values),
          }),
        ),
      );
      return { items: Items.map(valuesOf), ...(LastEvaluatedKey === undefined ? {} : { next: { values: valuesOf(LastEvaluatedKey) } }) };
    },
    oldestWaiting: async () => {
      const { Items = [] } = await answered(
        'reading waiting work',
        client.send(
          new QueryCommand({
            TableName: table,
            IndexName: LEDGER.waitingIndex,
            KeyConditionExpression: '#kind = :kind',
            ExpressionAttributeNames: { '#kind': LEDGER.waitingKind },
            ExpressionAttributeValues: marshalled({ ':kind': LEDGER.waitingKind }),
            Limit: 1,
          }),
        ),
      );
      return Items[0] && valuesOf(Items[0]);
    },
    put: async (key, item) => {
      await answered('writing an item', client.send(new PutItemCommand({ TableName: table, Item: sized(key, item) })));
    },
    putRevision: async (key, item) => {
      const condition: Partial<PutItemCommandInput> =
        item.revision === 1
          ? { ConditionExpression: 'attribute_not_exists(#pk)', ExpressionAttributeNames: { '#pk': LEDGER.partitionKey } }
          : {
              ConditionExpression: '#revision = :before',
              ExpressionAttributeNames: { '#revision': 'revision' },
              ExpressionAttributeValues: marshalled({ ':before': item.revision - 1 }),
            };
      return conditionally('writing an item', client.send(new PutItemCommand({ TableName: table, Item: sized(key, item), ...condition })));
    },
    update: async (key, { set, remove = [], condition, once = [] }) => {
      sized(key, set);
      const names = [...Object.keys(set), ...remove, ...(condition.names ?? [])];
      const assigned = Object.keys(set).map(
        (name) => `#${name} = ${once.includes(name) ? `if_not_exists(#${name}, :${name})` : `:${name}`}`,
      );
      const expression = [
        ...(assigned.length === 0 ? [] : [`SET ${assigned.join(', ')}`]),
        ...(remove.length === 0 ? [] : [`REMOVE ${remove.map((name) => `#${name}`).join(', ')}`]),
      ];
      const values = { ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])), ...condition.values };
      return conditionally(
        'changing an item',
        client.send(
          new UpdateItemCommand({
            TableName: table,
            Key: Key(key),
            UpdateExpression: expression.join(' '),
            ConditionExpression: condition.expression,
            ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
            ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: marshalled(values) }),
          }),
        ),
      );
    },
    remove: (key, condition) =>
      conditionally(
        'removing an item',
        client.send(
          new DeleteItemCommand({
            TableName: table,
            Key: Key(key),
            ...(condition === undefined
              ? {}
              : {
                  ConditionExpression: condition.expression,
                  ExpressionAttributeNames: Object.fromEntries((condition.names ?? []).map((name) => [`#${name}`, name])),
                  ExpressionAttributeValues: marshalled(condition.values ?? {}),
                }),
          }),
        ),
      ),
  };
};
