import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { LEDGER, LEDGER_KEYS } from '../contract';
import { grantKey } from '../core/grant';
import { DUE_KINDS } from '../core/subscription-record';
import { LedgerFailure } from '../errors';
import type { Ledger, StoredGrant } from '../ports';
import { announcedTexts, grantFromItem, grantToItem, headFromItem, recordFromItem, recordToItem } from './ledger-items';

const { grant: GRANT, head: HEAD, bucket: bucketPartition, subscription: subscriptionPartition, history: historyKey } = LEDGER_KEYS;

const marshalled = (item: Record<string, unknown>): Record<string, AttributeValue> => marshall(item, { removeUndefinedValues: true });

/** The ledger table. Decisions read its base keys consistently, never the index; every write is of one item and conditional. */
export const dynamodbLedger = (table: string, client: DynamoDBClient): Ledger => {
  const key = (partition: string, sort: string) => ({ [LEDGER.partitionKey]: partition, [LEDGER.sortKey]: sort });
  const failed = (what: string) => (error: unknown) => {
    throw error instanceof LedgerFailure
      ? error
      : new LedgerFailure(`${what} in ledger table '${table}' failed; the message is tried again`, { cause: error });
  };
  /** `false` when the condition failed: somebody else wrote since it was read. */
  const conditionally = async (what: string, write: Promise<unknown>): Promise<boolean> => {
    try {
      await write;
      return true;
    } catch (error) {
      return error instanceof ConditionalCheckFailedException ? false : failed(what)(error);
    }
  };
  /** Saves an item whose stored revision is one less, or which is not stored yet. */
  const saveRevision = (
    what: string,
    { keys, item, revision }: { keys: Record<string, string>; item: Record<string, unknown>; revision: number },
  ): Promise<boolean> =>
    conditionally(
      what,
      client.send(
        new PutItemCommand({
          TableName: table,
          Item: marshalled({ ...item, ...keys }),
          ConditionExpression: revision === 1 ? 'attribute_not_exists(#pk)' : '#revision = :before',
          ExpressionAttributeNames: revision === 1 ? { '#pk': LEDGER.partitionKey } : { '#revision': 'revision' },
          ...(revision === 1 ? {} : { ExpressionAttributeValues: marshalled({ ':before': revision - 1 }) }),
        }),
      ),
    );
  const update = (
    what: string,
    { bucket, ...rest }: { bucket: string; set: string; condition: string; values: Record<string, unknown> },
  ): Promise<boolean> =>
    conditionally(
      what,
      client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: marshalled(key(bucketPartition(bucket), HEAD)),
          UpdateExpression: rest.set,
          ConditionExpression: rest.condition,
          ExpressionAttributeNames: rest.set.includes('#schema')
            ? { '#attempt': 'attempt', '#schema': 'schema' }
            : { '#attempt': 'attempt' },
          ExpressionAttributeValues: marshalled(rest.values),
        }),
      ),
    );

  return {
    subscription: async (id) => {
      const what = `subscription '${id}'`;
      const { Item } = await client
        .send(
          new GetItemCommand({
            TableName: table,
            Key: marshalled(key(subscriptionPartition(id), LEDGER_KEYS.subscriptionState)),
            ConsistentRead: true,
          }),
        )
        .catch(failed(`reading ${what}`));
      return Item === undefined ? undefined : recordFromItem(unmarshall(Item), what);
    },
    saveSubscription: (record) =>
      saveRevision(`saving subscription '${record.id}'`, {
        keys: key(subscriptionPartition(record.id), LEDGER_KEYS.subscriptionState),
        item: {
          ...recordToItem(record),
          ...(record.due === undefined ? {} : { [LEDGER.dueKind]: record.due.kind, [LEDGER.dueAt]: record.due.at }),
        },
        revision: record.revision,
      }),
    due: async ({ now, limit }) => {
      const ofKind = async (kind: string) => {
        const { Items } = await client.send(
          new QueryCommand({
            TableName: table,
            IndexName: LEDGER.dueIndex,
            KeyConditionExpression: '#kind = :kind AND #at <= :now',
            ExpressionAttributeNames: { '#kind': LEDGER.dueKind, '#at': LEDGER.dueAt },
            ExpressionAttributeValues: marshalled({ ':kind': kind, ':now': now.toISOString() }),
            Limit: limit,
          }),
        );
        return (Items ?? []).map((item) => recordFromItem(unmarshall(item), `of due work '${kind}'`));
      };
      const found = await Promise.allSettled(DUE_KINDS.map(ofKind));
      return found.flatMap((result) => (result.status === 'fulfilled' ? result.value : failed('reading due work')(result.reason)));
    },
    bucket: async (bucket) => {
      const heads: Record<string, unknown>[] = [];
      const grants: StoredGrant[] = [];
      try {
        const pages = paginateQuery(
          { client },
          {
            TableName: table,
            ConsistentRead: true,
            KeyConditionExpression: '#pk = :bucket AND #sk BETWEEN :from AND :to',
            ExpressionAttributeNames: { '#pk': LEDGER.partitionKey, '#sk': LEDGER.sortKey },
            ExpressionAttributeValues: marshalled({ ':bucket': bucketPartition(bucket), ':from': GRANT, ':to': HEAD }),
          },
        );
        for await (const page of pages)
          for (const stored of page.Items ?? []) {
            const item = unmarshall(stored);
            const sort = String(item[LEDGER.sortKey]);
            if (sort === HEAD) heads.push(item);
            else grants.push(grantFromItem(item, `'${bucket}' '${sort}'`));
          }
      } catch (error) {
        return failed(`reading bucket '${bucket}'`)(error);
      }
      const [head] = heads;
      return { head: head && headFromItem(head, `'${bucket}' '${HEAD}'`), grants };
    },
    saveGrant: (stored) =>
      saveRevision(`saving grant '${grantKey(stored.grant)}'`, {
        keys: key(bucketPartition(stored.grant.location.bucket), `${GRANT}${grantKey(stored.grant)}`),
        item: grantToItem(stored),
        revision: stored.revision,
      }),
    announce: (bucket, { seen, attempt, version, intended }) => {
      const texts = announcedTexts(intended);
      return update(`announcing a change of bucket '${bucket}'`, {
        bucket,
        set: 'SET #attempt = :attempt, version = :version, intended = :intended, previousPolicy = if_not_exists(previousPolicy, :previous), #schema = :schema',
        // Our own attempt passes too: the SDK may send a call again whose answer was lost.
        condition: seen === undefined ? 'attribute_not_exists(#attempt) OR #attempt = :attempt' : '#attempt = :seen OR #attempt = :attempt',
        values: {
          ':attempt': attempt,
          ':version': version,
          ':intended': texts.intended,
          ':previous': texts.previousPolicy,
          ':schema': 1,
          ...(seen === undefined ? {} : { ':seen': seen }),
        },
      });
    },
    recordHistory: async (record) => {
      const item = {
        schema: 1,
        ...record,
        before: JSON.stringify(record.before),
        after: JSON.stringify(record.after),
        ...key(bucketPartition(record.bucket), historyKey(record.version)),
      };
      await client
        .send(new PutItemCommand({ TableName: table, Item: marshalled(item) }))
        .catch(failed(`recording the history of bucket '${record.bucket}'`));
    },
    settle: (bucket, { attempt, written, at, bytes }) =>
      update(`settling the change of bucket '${bucket}'`, {
        bucket,
        set: 'SET written = :written, writtenAt = :at, bytes = :bytes REMOVE intended, previousPolicy',
        condition: '#attempt = :attempt',
        values: { ':attempt': attempt, ':written': JSON.stringify(written), ':at': at, ':bytes': bytes },
      }),
  };
};
