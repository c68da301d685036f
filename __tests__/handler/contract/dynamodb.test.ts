import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { REGISTRY } from '../../../handler/contract/registry';
import { LedgerUnavailable, TransientFailure, type UnreadableItem } from '../../../handler/errors';
import { BUCKET, DomainStory } from '../../end-to-end/domain-story';
import { type LedgerTable, openLedgerTable, removeTablePolicy } from '../failures/ledger-table';
import { Adapters } from './adapters';
import { aGrant, aRecord, endedGrant } from './ledger-contract';

let story: DomainStory;
let adapters: Adapters;
let table: LedgerTable;

beforeAll(async () => {
  story = await DomainStory.start();
  adapters = new Adapters(story.aws);
  table = openLedgerTable(story.aws);
});

beforeEach(() => {
  story.aws.faults.clear();
  story.aws.recorder.clear();
});

afterAll(async () => {
  table.close();
  adapters.giveBack();
  await story.deployment.close();
});

describe('the ledger', () => {
  it('reads consistently and by key, never the index', async () => {
    const ledger = adapters.ledger();
    await ledger.subscription('s1');
    await ledger.bucket(BUCKET);
    const reads = story.aws.recorder.calls.filter(({ operation }) => operation === 'GetItem' || operation === 'Query');
    expect(reads.map(({ params }) => [params['ConsistentRead'], params['IndexName']])).toEqual([
      [true, undefined],
      [true, undefined],
    ]);
  });

  it('shows due work in the index, and nothing else', async () => {
    const ledger = adapters.ledger();
    const { due: _, ...settled } = aRecord('s2');
    await ledger.saveSubscription(aRecord('s1'));
    await ledger.saveSubscription(settled);
    await ledger.saveGrant({ grant: aGrant(BUCKET, 's1'), revision: 1 });
    const due = (await table.items()).filter(({ dueKind }) => dueKind !== undefined);
    expect(due.map(({ pk, dueKind, dueAt }) => [pk, dueKind, dueAt])).toEqual([
      [{ S: 'subscription#s1' }, { S: 'grant' }, { S: '2026-01-15T09:30:00.000Z' }],
    ]);
  });

  const AT = '2026-01-15T09:30:00.000Z';
  const recordItem = (id: string, record: object = aRecord(id)) => ({
    ...{ pk: `subscription#${id}`, sk: 'state', schema: 1, revision: 1, record: JSON.stringify(record) },
  });
  const grantItem = (id: string, change: object = {}) => {
    const { location: _, ...grant } = aGrant('odd', id);
    const principals = grant.principals.map((entry) => ({ ...entry, targets: ['0'] }));
    return {
      ...{ pk: 'bucket#odd', sk: `grant#${id}#odd/runs/`, schema: 1, revision: 1, targets: ['env1/t1'] },
      grant: JSON.stringify({ ...grant, location: 'arn:aws:s3:::odd/runs/', principals, ...change }),
    };
  };
  const keysOf = (errors: readonly UnreadableItem[]) => errors.map(({ item }) => `${item.partition} ${item.sort}`);

  it('reads what it wrote of the same kind', async () => {
    await table.replace([marshall(grantItem('s1'))]);
    expect(await adapters.ledger().bucket('odd')).toMatchObject({ grants: [{ grant: aGrant('odd', 's1'), revision: 1 }], unreadable: [] });
  });

  it('returns the grants of a bucket that can be read beside those that cannot', async () => {
    await table.replace([
      marshall(grantItem('s1')),
      marshall(grantItem('s2', { location: 'arn:aws:s3:::odd/*' })),
      marshall({ ...grantItem('s3'), schema: 2 }),
      { ...marshall(grantItem('s4')), revision: { N: '123456789012345678901234567890' } },
    ]);
    const { grants, unreadable } = await adapters.ledger().bucket('odd');
    expect(grants).toEqual([{ grant: aGrant('odd', 's1'), revision: 1 }]);
    expect(keysOf(unreadable)).toEqual(['s2', 's3', 's4'].map((id) => `bucket#odd grant#${id}#odd/runs/`));
  });

  it('changes nothing because of a bucket state that cannot be read', async () => {
    await table.replace([marshall(grantItem('s1')), marshall({ pk: 'bucket#odd', sk: 'head', schema: 1, version: 'one' })]);
    await expect(adapters.ledger().bucket('odd')).rejects.toMatchObject({
      name: 'UnreadableItem',
      item: { partition: 'bucket#odd', sort: 'head' },
      message: expect.stringContaining('nothing is changed because of it'),
    });
  });

  it('decides nothing because of a record, or a settled grant, that cannot be read, and returns the other records', async () => {
    const settled = { ...grantItem('s3', { listingId: 7 }), pk: 'subscription#s3', sk: 'grant#odd/runs/' };
    await table.replace([
      marshall(recordItem('s1')),
      marshall(recordItem('s2', aRecord('s2', { revision: 2 }))),
      marshall(recordItem('s3')),
      marshall(settled),
    ]);
    const ledger = adapters.ledger();
    expect((await ledger.subscription('s1')).record).toEqual(aRecord('s1'));
    await expect(ledger.subscription('s2')).rejects.toMatchObject({ item: { partition: 'subscription#s2', sort: 'state' } });
    await expect(ledger.subscription('s3')).rejects.toMatchObject({ item: { partition: 'subscription#s3', sort: 'grant#odd/runs/' } });
    const { records, unreadable } = await ledger.subscriptions(['s1', 's2', 's4']);
    expect([...records.keys()]).toEqual(['s1']);
    expect([...unreadable].map(([id, error]) => [id, error.item.partition])).toEqual([['s2', 'subscription#s2']]);
  });

  it.each([
    ['grant', { ...recordItem('s1'), record: '{' }],
    ['revoke', { ...recordItem('s1'), schema: 2 }],
    ['confirm', recordItem('s1')],
    ['failure', { pk: 'failures', sk: 'bucket#odd', schema: 1, failure: '7' }],
    ['failure', recordItem('s1')],
  ] as const)(
    'returns scheduled work of the kind %s that cannot be read beside the other, and it can be unscheduled',
    async (kind, item) => {
      await table.replace([marshall({ ...item, dueKind: kind, dueAt: AT })]);
      const ledger = adapters.ledger();
      const page = { until: new Date(AT), limit: 10 };
      const { unreadable, ...readable } = await ledger.due(kind, page);
      expect(readable).toEqual({ records: [], buckets: [], failures: [] });
      expect(keysOf(unreadable)).toEqual([`${item.pk} ${item.sk}`]);
      for (const { item: key } of unreadable) await ledger.unschedule(key);
      expect((await ledger.due(kind, page)).unreadable).toEqual([]);
      expect((await table.items()).map((one) => unmarshall(one))).toEqual([item]);
    },
  );

  it('writes a failure again over one that cannot be read, and lists it until then', async () => {
    await table.replace([marshall({ pk: 'failures', sk: 'bucket#odd', schema: 1, failure: '7' })]);
    const ledger = adapters.ledger();
    const unit = { kind: 'bucket', name: 'odd' } as const;
    expect(await ledger.failure(unit)).toBeUndefined();
    expect(keysOf((await ledger.failures(10)).unreadable)).toEqual(['failures bucket#odd']);
    const failure = { outcome: 'defect', unit, message: 'x', since: AT, at: AT, attempts: 1, dueAt: AT } as const;
    await ledger.recordFailure(failure);
    expect(await ledger.failures(10)).toEqual({ values: [failure], unreadable: [] });
  });

  it('keeps a settled grant in both places if the move ends half-way; the one of the bucket counts', async () => {
    await table.replace([]);
    const ledger = adapters.ledger();
    const stored = { grant: endedGrant('odd', 's1'), revision: 1 };
    await ledger.saveSubscription(aRecord('s1'));
    await ledger.saveGrant(stored);
    story.aws.faults.next('DeleteItem', { status: 400, code: 'AccessDeniedException', message: 'as arranged' });
    await expect(ledger.archiveGrant(stored)).rejects.toThrow(LedgerUnavailable);
    expect((await ledger.subscription('s1')).settledGrants).toEqual([stored.grant]);
    expect((await ledger.bucket('odd')).grants).toEqual([stored]);
    const again = { grant: aGrant('odd', 's1'), revision: 2 };
    expect(await ledger.saveGrant(again)).toBe(true);
    expect((await ledger.bucket('odd')).grants).toEqual([again]);
    await ledger.archiveGrant(stored);
    expect((await ledger.bucket('odd')).grants).toEqual([again]);
  });

  it('writes the copy of a settled grant before it removes the grant', async () => {
    await table.replace([]);
    const ledger = adapters.ledger();
    const stored = { grant: endedGrant('odd', 's1'), revision: 1 };
    await ledger.saveGrant(stored);
    story.aws.recorder.clear();
    await ledger.archiveGrant(stored);
    expect(story.aws.recorder.calls.map(({ operation }) => operation)).toEqual(['PutItem', 'DeleteItem']);
  });
});

describe('the registry', () => {
  const putRegistry = async (document: string | undefined) => {
    const { endpoint } = story.aws;
    removeTablePolicy(story.aws, adapters.settings.registryTable);
    const credentials = story.aws.credentialsFor('arn:aws:iam::111111111111:role/auditor');
    const terraform = new DynamoDBClient({ endpoint, region: adapters.settings.region, credentials });
    const Item = { [REGISTRY.keyName]: { S: REGISTRY.key }, ...(document === undefined ? {} : { [REGISTRY.document]: { S: document } }) };
    await terraform.send(new PutItemCommand({ TableName: adapters.settings.registryTable, Item }));
    terraform.destroy();
  };
  const deny = () => story.aws.faults.next('GetItem', { status: 400, code: 'AccessDeniedException', message: 'as arranged' });

  it('is read once a minute', async () => {
    const registry = adapters.registry();
    await Promise.all([registry.read(), registry.read()]);
    adapters.now += 59_000;
    await registry.read();
    expect(adapters.calls('GetItem')).toHaveLength(1);
    adapters.now += 2_000;
    await registry.read();
    expect(adapters.calls('GetItem')).toHaveLength(2);
  });

  it('fails when it cannot be read, and is read again by the next', async () => {
    const registry = adapters.registry();
    deny();
    await expect(registry.read()).rejects.toThrow(TransientFailure);
    expect((await registry.read()).buckets.has(BUCKET)).toBe(true);
  });

  it.each([
    ['nothing', undefined, /holds no registry/],
    ['text that is no JSON', '{', /does not have a format that this version reads/],
    ['another format', JSON.stringify({ format: 2, buckets: [], principalAccounts: [] }), /does not have a format that this version reads/],
    [
      'a bucket without an account',
      JSON.stringify({ format: 1, principalAccounts: [], buckets: [{ name: 'b-1', region: 'eu-west-1', state: 'active', prefixes: [] }] }),
      /does not have a format that this version reads/,
    ],
  ])('fails when it holds %s', async (_what, document, said) => {
    await putRegistry(document);
    const registry = adapters.registry();
    await expect(registry.read()).rejects.toThrow(said);
    await expect(registry.read()).rejects.toThrow(TransientFailure);
  });
});
