import {
  type AttributeValue,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { LEDGER } from '../../contract/ledger-keys';
import { LedgerFailure } from '../../errors';
import { unreadable } from './stored';

export type Key = { readonly partition: string; readonly sort: string };
export type Item = Record<string, unknown>;

/** Every call throws `LedgerFailure`; a conditional write answers `false` when somebody else wrote since it was read. */
export type LedgerTable = {
  /** An item, consistently read. */
  readonly get: (key: Key, what: string) => Promise<Item | undefined>;
  /** Many items, consistently read; those that are there. */
  readonly getAll: (keys: readonly Key[], what: string) => Promise<readonly Item[]>;
  /** All items of a partition between two sort keys, consistently read. */
  readonly query: (
    range: { readonly partition: string; readonly from: string; readonly to: string },
    what: string,
  ) => Promise<readonly Item[]>;
  /** Due items of a kind, the earliest first: up to a moment and a number, or all. May lag behind. */
  readonly due: (
    kind: string,
    question: { readonly until?: Date; readonly limit?: number; readonly attributes?: readonly string[]; readonly what: string },
  ) => Promise<readonly Item[]>;
  readonly put: (key: Key, item: Item, what: string) => Promise<void>;
  /** Saves an item whose stored revision is one less, or which is not stored yet. */
  readonly putRevision: (key: Key, item: Item & { readonly revision: number }, what: string) => Promise<boolean>;
  readonly update: (key: Key, change: Update, what: string) => Promise<boolean>;
};

/** A change of an item's attributes that passes where the condition holds; names that are reserved words are written `#name`. */
export type Update = { readonly set: Item; readonly remove?: readonly string[]; readonly condition: string; readonly values?: Item };

/** How many keys one call may ask for. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const KEYS_A_CALL = 100;
/** How often what DynamoDB left unread is asked for again. */
const ATTEMPTS = 5;

const marshalled = (item: Item): Record<string, AttributeValue> => marshall(item, { removeUndefinedValues: true });

/** The ledger's table. */
export const ledgerTable = (table: string, client: DynamoDBClient): LedgerTable => {
  const keyOf = ({ partition, sort }: Key) => marshalled({ [LEDGER.partitionKey]: partition, [LEDGER.sortKey]: sort });
  const failed = (what: string) => (error: unknown) => {
    throw error instanceof LedgerFailure
      ? error
      : new LedgerFailure(`${what} in ledger table '${table}' failed; the message is tried again`, { cause: error });
  };
  const conditionally = async (what: string, write: Promise<unknown>): Promise<boolean> => {
    try {
      await write;
      return true;
    } catch (error) {
      return error instanceof ConditionalCheckFailedException ? false : failed(what)(error);
    }
  };
  const put = (item: Item, condition: object = {}) =>
    client.send(new PutItemCommand({ TableName: table, Item: marshalled(item), ...condition }));
  const itemOf = ({ partition, sort }: Key, item: Item): Item => ({ ...item, [LEDGER.partitionKey]: partition, [LEDGER.sortKey]: sort });

  /** What is left unread is asked for again; a table that keeps leaving something is one that cannot be read. */
  const batch = async (keys: readonly Record<string, AttributeValue>[], what: string): Promise<readonly Item[]> => {
    const items: Item[] = [];
    let left = [...keys];
    for (let attempt = 0; left.length > 0; attempt++) {
      if (attempt === ATTEMPTS) throw new LedgerFailure(`${what} in ledger table '${table}' stayed incomplete; the message is tried again`);
      const { Responses = {}, UnprocessedKeys = {} } = await client.send(
        new BatchGetItemCommand({ RequestItems: { [table]: { Keys: left, ConsistentRead: true } } }),
      );
      items.push(...(Responses[table] ?? []).map((item) => valuesOf(item, what)));
      left = UnprocessedKeys[table]?.Keys ?? [];
    }
    return items;
  };

  return {
    get: async (key, what) => {
      const { Item } = await client
        .send(new GetItemCommand({ TableName: table, Key: keyOf(key), ConsistentRead: true }))
        .catch(failed(`reading ${what}`));
      return Item === undefined ? undefined : valuesOf(Item, what);
    },
    getAll: async (keys, what) => {
      const items: Item[] = [];
      for (let from = 0; from < keys.length; from += KEYS_A_CALL)
        items.push(...(await batch(keys.slice(from, from + KEYS_A_CALL).map(keyOf), `reading ${what}`).catch(failed(`reading ${what}`))));
      return items;
    },
    query: async ({ partition, from, to }, what) => {
      const pages = paginateQuery(
        { client },
        {
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
          ExpressionAttributeNames: { '#pk': LEDGER.partitionKey, '#sk': LEDGER.sortKey },
          ExpressionAttributeValues: marshalled({ ':pk': partition, ':from': from, ':to': to }),
        },
      );
      return collect(pages, what).catch(failed(`reading ${what}`));
    },
    due: async (kind, { until, limit, attributes = [], what }) => {
      const names = Object.fromEntries(attributes.map((name) => [`#${name}`, name]));
      const question = {
        TableName: table,
        IndexName: LEDGER.dueIndex,
        KeyConditionExpression: until === undefined ? '#kind = :kind' : '#kind = :kind AND #at <= :until',
        ExpressionAttributeNames: { '#kind': LEDGER.dueKind, ...(until === undefined ? {} : { '#at': LEDGER.dueAt }), ...names },
        ExpressionAttributeValues: marshalled({ ':kind': kind, ':until': until?.toISOString() }),
        ...(attributes.length === 0 ? {} : { ProjectionExpression: Object.keys(names).join(', ') }),
      };
      if (limit === undefined) return collect(paginateQuery({ client }, question), what).catch(failed(`reading ${what}`));
      const { Items = [] } = await client.send(new QueryCommand({ ...question, Limit: limit })).catch(failed(`reading ${what}`));
      return Items.map((item) => valuesOf(item, what));
    },
    put: async (key, item, what) => {
      await put(itemOf(key, item)).catch(failed(what));
    },
    putRevision: (key, item, what) =>
      conditionally(
        what,
        put(
          itemOf(key, item),
          item.revision === 1
            ? { ConditionExpression: 'attribute_not_exists(#pk)', ExpressionAttributeNames: { '#pk': LEDGER.partitionKey } }
            : {
                ConditionExpression: '#revision = :before',
                ExpressionAttributeNames: { '#revision': 'revision' },
                ExpressionAttributeValues: marshalled({ ':before': item.revision - 1 }),
              },
        ),
      ),
    update: (key, { set, remove = [], condition, values = {} }, what) => {
      const names = [...Object.keys(set), ...remove];
      const assigned = Object.keys(set).map((name) => `#${name} = ${ONCE[name] ?? `:${name}`}`);
      const sets = assigned.length === 0 ? '' : `SET ${assigned.join(', ')}`;
      const removes = remove.length === 0 ? '' : ` REMOVE ${remove.map((name) => `#${name}`).join(', ')}`;
      return conditionally(
        what,
        client.send(
          new UpdateItemCommand({
            TableName: table,
            Key: keyOf(key),
            UpdateExpression: `${sets}${removes}`,
            ConditionExpression: condition,
            ExpressionAttributeNames: Object.fromEntries([...new Set([...names, 'attempt'])].map((name) => [`#${name}`, name])),
            ExpressionAttributeValues: marshalled({
              ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
              ...values,
            }),
          }),
        ),
      );
    },
  };
};

/** Attributes that keep their first value until they are removed. */
const ONCE: Readonly<Record<string, string>> = { previousPolicy: 'if_not_exists(#previousPolicy, :previousPolicy)' };

/** An item's values. A number that JavaScript cannot hold is no value of ours. */
const valuesOf = (item: Record<string, AttributeValue>, what: string): Item => {
  try {
    return unmarshall(item);
  } catch (error) {
    throw unreadable(`of ${what}`, error);
  }
};

const collect = async (
  pages: AsyncIterable<{ readonly Items?: Record<string, AttributeValue>[] | undefined }>,
  what: string,
): Promise<readonly Item[]> => {
  const items: Item[] = [];
  for await (const page of pages) items.push(...(page.Items ?? []).map((item) => valuesOf(item, what)));
  return items;
};
