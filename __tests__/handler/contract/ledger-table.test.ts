import { type AttributeValue, ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { itemBytes, LONGEST_ITEM } from '../../../handler/adapters/ledger/item-values';
import { dynamodbLedger } from '../../../handler/adapters/ledger/ledger';
import { dynamodbOperations, inParts } from '../../../handler/adapters/ledger/operations';
import { ledgerTable } from '../../../handler/adapters/ledger/table';
import { ItemTooLarge, LedgerUnavailable } from '../../../handler/errors';
import { aRecord } from './ledger-contract';

type Call = { readonly command: string; readonly input: Readonly<Record<string, unknown>> };

/** A client that answers each call with the next answer: an output, or an error that is thrown. */
const clientAnswering = (...answers: readonly unknown[]) => {
  const calls: Call[] = [];
  const client = new DynamoDBClient({ region: 'eu-west-1' });
  client.middlewareStack.add(
    (_next, context) => async (args) => {
      const answer = answers[Math.min(calls.length, answers.length - 1)];
      calls.push({ command: String(context.commandName), input: args.input as Call['input'] });
      if (answer instanceof Error) throw answer;
      return { response: {}, output: { $metadata: {}, ...Object(answer) } };
    },
    { step: 'initialize', priority: 'high' },
  );
  return { calls, client, table: ledgerTable('acme-ledger', client) };
};

const named = (name: string): Error => Object.assign(new Error('as arranged'), { name });
const key = { partition: 'subscription#s1', sort: 'state' };
const page = { until: new Date(0), limit: 2 };

/** Every call of the table. */
const CALLS = {
  get: (table: ReturnType<typeof ledgerTable>) => table.get(key),
  getAll: (table) => table.getAll([key]),
  query: (table) => table.query({ partition: 'p', from: 'a', to: 'b' }),
  'query of the first': (table) => table.query({ partition: 'p', from: 'a', to: 'b', limit: 1 }),
  due: (table) => table.due('grant', page),
  oldestWaiting: (table) => table.oldestWaiting(),
  put: (table) => table.put(key, { schema: 1 }),
  putRevision: (table) => table.putRevision(key, { revision: 2 }),
  update: (table) => table.update(key, { set: { a: 1 }, condition: { expression: '#a = :own', values: { ':own': 1 } } }),
  remove: (table) => table.remove(key),
} satisfies Record<string, (table: ReturnType<typeof ledgerTable>) => Promise<unknown>>;

describe.each(Object.entries(CALLS))('the call %s', (_name, call) => {
  it.each([
    'ProvisionedThroughputExceededException',
    'ThrottlingException',
    'InternalServerError',
    'AccessDeniedException',
    'TimeoutError',
  ])('reports the table as unavailable on %s', async (name) => {
    await expect(call(clientAnswering(named(name)).table)).rejects.toThrow(LedgerUnavailable);
  });

  it.each(['ValidationException', 'ItemCollectionSizeLimitExceededException'])(
    'does not report the table as unavailable on %s: it would be refused at each attempt',
    async (name) => {
      const error: unknown = await call(clientAnswering(named(name)).table).catch((failure: unknown) => failure);
      expect(error).toBeInstanceOf(Error);
      expect(error).not.toBeInstanceOf(LedgerUnavailable);
      expect(String(error)).toContain(name);
    },
  );
});

describe('a conditional write', () => {
  const lost = new ConditionalCheckFailedException({ message: 'as arranged', $metadata: {} });
  it.each(['putRevision', 'update', 'remove'] as const)('by %s that another writer was faster than returns false', async (name) => {
    expect(await CALLS[name](clientAnswering(lost).table)).toBe(false);
    expect(await CALLS[name](clientAnswering({}).table)).toBe(true);
  });
});

describe('an item', () => {
  const sizes: readonly (readonly [string, Record<string, AttributeValue>, number])[] = [
    ['nothing', {}, 0],
    ['text, in UTF-8', { a: { S: 'é1' } }, 4],
    ['a number', { ab: { N: '123456' } }, 8],
    ['a long number', { a: { N: '1'.repeat(38) } }, 22],
    ['truth values', { a: { BOOL: true }, b: { NULL: true } }, 4],
    ['a list', { a: { L: [{ S: 'xy' }, { S: 'z' }] } }, 1 + 3 + 2 + 1 + 1 + 1],
    ['a map', { a: { M: { b: { S: 'xyz' } } } }, 1 + 3 + 1 + 1 + 3],
  ];
  it.each(sizes)('is measured: %s', (_what, item, bytes) => {
    expect(itemBytes(item)).toBe(bytes);
  });

  const filler = (bytes: number) => ({ text: 'x'.repeat(bytes) });
  const least = itemBytes(marshall({ pk: key.partition, sk: key.sort, ...filler(0) }));

  it('of exactly 400 KB is written, and of one byte more is refused before any call', async () => {
    const fits = clientAnswering({});
    await fits.table.put(key, filler(LONGEST_ITEM - least));
    expect(fits.calls).toHaveLength(1);
    const { table, calls } = clientAnswering({});
    const error: unknown = await table.put(key, filler(LONGEST_ITEM - least + 1)).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(ItemTooLarge);
    expect(error).toMatchObject({
      bytes: LONGEST_ITEM + 1,
      message: `ledger item 'subscription#s1' / 'state' would take ${LONGEST_ITEM + 1} bytes, and DynamoDB takes ${LONGEST_ITEM}; it was not written`,
    });
    expect(calls).toEqual([]);
  });

  it.each([
    ['a revision', (table: ReturnType<typeof ledgerTable>, item: object) => table.putRevision(key, { revision: 1, ...item })],
    [
      'a change',
      (table: ReturnType<typeof ledgerTable>, item: object) => table.update(key, { set: { ...item }, condition: { expression: 'x' } }),
    ],
  ])('is measured before %s as well', async (_what, write) => {
    const { table, calls } = clientAnswering({});
    await expect(write(table, filler(LONGEST_ITEM))).rejects.toThrow(ItemTooLarge);
    expect(calls).toEqual([]);
  });

  it('of a subscription that is too large is refused before any call', async () => {
    const { table, calls } = clientAnswering({});
    const buckets = Array.from({ length: 7_000 }, (_, index) => `bucket-${String(index).padStart(56, 'x')}`);
    await expect(dynamodbLedger(table).saveSubscription(aRecord('s1', { buckets }))).rejects.toThrow(ItemTooLarge);
    expect(calls).toEqual([]);
  });
});

describe('a list in parts', () => {
  it.each([
    ['nothing', [], 10, []],
    ['what fits', ['a', 'b'], 100, [['a', 'b']]],
    // Each takes its JSON and a comma: 4 bytes.
    ['as many as fit into each', ['a', 'b', 'c'], 8, [['a', 'b'], ['c']]],
    ['UTF-8', ['é', 'é'], 9, [['é'], ['é']]],
    ['a member that fits into no part', ['aaaaaaaaaa', 'b'], 8, [['aaaaaaaaaa'], ['b']]],
  ] as const)('%s', (_what, members, most, parts) => {
    expect(inParts<string>(members, most)).toEqual(parts);
  });

  it('keeps every member, in its order, and each part below the limit', () => {
    const members = Array.from({ length: 5_000 }, (_, index) => ({ index, why: 'x'.repeat(index % 300) }));
    const parts = inParts(members);
    expect(parts.flat()).toEqual(members);
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) expect(Buffer.byteLength(JSON.stringify(part))).toBeLessThan(LONGEST_ITEM);
  });

  it('is written item by item, and numbered on', async () => {
    const { table, calls } = clientAnswering({});
    const operations = dynamodbOperations(table);
    const ids = Array.from({ length: 20_000 }, (_, index) => `subscription-${index}`);
    const next = await operations.saveApproved({ run: 'run1', part: 3, ids });
    expect(next).toBe(3 + calls.length);
    expect(calls.length).toBeGreaterThan(1);
    const why = 'x'.repeat(3_000);
    const lines = Array.from({ length: 200 }, () => ({ action: 'repair' as const, bucket: 'acme-raw', why }));
    const before = calls.length;
    expect(await operations.savePlan({ request: 'r1', part: 0, lines })).toBe(calls.length - before);
    expect(calls.length - before).toBeGreaterThan(1);
    const sorts = calls.map(({ input }) => Reflect.get(Object(input['Item']), 'sk').S);
    expect(new Set(sorts).size).toBe(sorts.length);
  });
});

describe('a batch of keys', () => {
  const item = { pk: { S: 'subscription#s1' }, sk: { S: 'state' } };
  const left = { UnprocessedKeys: { 'acme-ledger': { Keys: [item] } }, Responses: { 'acme-ledger': [] } };

  it('asks again for what was left unread', async () => {
    const { table, calls } = clientAnswering(left, { Responses: { 'acme-ledger': [item] } });
    expect(await table.getAll([key])).toEqual([{ pk: 'subscription#s1', sk: 'state' }]);
    expect(calls).toHaveLength(2);
  });

  it('is unavailable if something is left again and again', async () => {
    const { table, calls } = clientAnswering(left);
    await expect(table.getAll([key])).rejects.toThrow(LedgerUnavailable);
    expect(calls).toHaveLength(5);
  });

  it('is read by a hundred keys a call, and not at all without keys', async () => {
    const { table, calls } = clientAnswering({ Responses: {} });
    await table.getAll(Array.from({ length: 201 }, (_, index) => ({ partition: `p${index}`, sort: 's' })));
    expect(calls).toHaveLength(3);
    await table.getAll([]);
    expect(calls).toHaveLength(3);
  });
});

it('scheduled work continues where its last page ended', async () => {
  const cursor = { pk: { S: 'a' }, sk: { S: 'b' }, dueKind: { S: 'grant' }, dueAt: { S: '1970' } };
  const { table, calls } = clientAnswering({ Items: [cursor], LastEvaluatedKey: cursor }, { Items: [] });
  const first = await table.due('grant', page);
  const next = first.next;
  if (next === undefined) throw new Error('there is a next page');
  expect(await table.due('grant', { ...page, after: next })).toEqual({ items: [] });
  expect(calls.map(({ input }) => [input['Limit'], input['ExclusiveStartKey']])).toEqual([
    [2, undefined],
    [2, cursor],
  ]);
});
