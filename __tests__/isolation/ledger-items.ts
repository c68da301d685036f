import { type AttributeValue, type DynamoDBClient, PutItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { LEDGER, LEDGER_KEYS } from '../../handler/contract/ledger-keys';
import { removeTablePolicy } from '../handler/failures/ledger-table';
import { dynamoDbAs } from '../local-aws/world';
import type { IsolationWorld } from './world';

export type LedgerItem = Record<string, AttributeValue>;
export type Key = { readonly pk: string; readonly sk: string };

const EDITOR = 'arn:aws:iam::111111111111:role/ledger-editor';
/** Attributes that say where an item is, and when it is due: DynamoDB itself lets these be nothing but text. */
const KEYS: readonly string[] = [
  ...[LEDGER.partitionKey, LEDGER.sortKey, LEDGER.dueKind, LEDGER.dueAt],
  ...[LEDGER.waitingKind, LEDGER.waitingSince],
];

const tableOf = ({ aws }: IsolationWorld): string => {
  const name = [...aws.state.tables.keys()].find((table) => table.endsWith('-ledger'));
  if (name === undefined) throw new Error('the deployment has no ledger table');
  return name;
};

const withClient = async <Value>(world: IsolationWorld, work: (client: DynamoDBClient) => Promise<Value>): Promise<Value> => {
  const client = dynamoDbAs(world.aws, EDITOR);
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
};

/** Every item of the ledger, as DynamoDB stores it. */
export const itemsOf = (world: IsolationWorld): Promise<readonly LedgerItem[]> =>
  withClient(world, async (client) => {
    const items: LedgerItem[] = [];
    for await (const { Items = [] } of paginateScan({ client }, { TableName: tableOf(world), ConsistentRead: true })) items.push(...Items);
    return items;
  });

export const putItem = (world: IsolationWorld, item: LedgerItem): Promise<void> =>
  withClient(world, async (client) => {
    removeTablePolicy(world.aws, tableOf(world));
    await client.send(new PutItemCommand({ TableName: tableOf(world), Item: item }));
  });

export const keyOf = ({ pk, sk }: LedgerItem): Key => ({ pk: pk?.S ?? '', sk: sk?.S ?? '' });

/** An item by its key. Throws if there is none: a test that corrupts nothing proves nothing. */
export const itemAt = async (world: IsolationWorld, { pk, sk }: Key): Promise<LedgerItem> => {
  const item = (await itemsOf(world)).find((one) => one.pk?.S === pk && one.sk?.S === sk);
  if (item === undefined) throw new Error(`the ledger has no item '${pk}' '${sk}'`);
  return item;
};

/** Changes every attribute but the keys. */
const mapContent = (item: LedgerItem, change: (value: AttributeValue) => AttributeValue | undefined): LedgerItem =>
  Object.fromEntries(
    Object.entries(item).flatMap(([name, value]) => {
      const changed = KEYS.includes(name) ? value : change(value);
      return changed === undefined ? [] : [[name, changed] as const];
    }),
  );

/** How a stored item comes to be unreadable. */
export const CORRUPTIONS: readonly (readonly [name: string, corrupt: (item: LedgerItem) => LedgerItem])[] = [
  ['missing members', (item) => mapContent(item, () => undefined)],
  ['members of the wrong type', (item) => mapContent(item, () => ({ L: [{ NULL: true }] }))],
  ['another schema number', (item) => ({ ...item, schema: { N: '999999' } })],
  ['text that is no JSON', (item) => mapContent(item, (value) => (value.S === undefined ? value : { S: '{"half":' }))],
];

const INDEXED: ReadonlySet<string> = new Set([LEDGER.dueKind, LEDGER.dueAt, LEDGER.waitingKind]);

/** Returns an item without the attributes that put it into the indexes. The function may remove those from an item that it cannot read. */
export const contentOf = (item: LedgerItem): LedgerItem => Object.fromEntries(Object.entries(item).filter(([name]) => !INDEXED.has(name)));

/** Makes an item unreadable; one that is scheduled is due at once. Returns it as it is stored then. */
export const corruptItem = async (
  world: IsolationWorld,
  key: Key,
  { corrupt }: { readonly corrupt: (item: LedgerItem) => LedgerItem },
): Promise<LedgerItem> => {
  const corrupted = corrupt(await itemAt(world, key));
  const isScheduled = corrupted[LEDGER.dueAt] !== undefined;
  const item = isScheduled ? { ...corrupted, [LEDGER.dueAt]: { S: '2020-01-01T00:00:00.000Z' } } : corrupted;
  await putItem(world, item);
  return item;
};

/** Makes items unreadable, each in another way. */
export const corruptEach = async (world: IsolationWorld, keys: readonly Key[]): Promise<readonly LedgerItem[]> => {
  const items: LedgerItem[] = [];
  for (const [index, key] of keys.entries()) {
    const [, corrupt] = CORRUPTIONS[index % CORRUPTIONS.length] ?? [];
    if (corrupt !== undefined) items.push(await corruptItem(world, key, { corrupt }));
  }
  return items;
};

/** The key of a subscription's grant on a bucket. */
export const grantKeyOf = async (
  world: IsolationWorld,
  { subscription, bucket }: { readonly subscription: string; readonly bucket: string },
): Promise<Key> => {
  const beginning = `${LEDGER_KEYS.grant}${subscription}#`;
  const found = (await itemsOf(world)).map(keyOf).find(({ pk, sk }) => pk === LEDGER_KEYS.bucket(bucket) && sk.startsWith(beginning));
  if (found === undefined) throw new Error(`the ledger has no grant of subscription '${subscription}' on bucket '${bucket}'`);
  return found;
};
