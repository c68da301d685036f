import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { REGISTRY } from '../../../handler/contract/registry';
import { LedgerFailure } from '../../../handler/errors';
import { BUCKET, DomainStory } from '../../end-to-end/domain-story';
import { type LedgerTable, openLedgerTable } from '../failures/ledger-table';
import { Adapters } from './adapters';
import { aGrant, aRecord } from './ledger-contract';

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
  const grantItem = {
    schema: 1,
    revision: 1,
    ...aGrant('odd', 's1'),
    location: 'arn:aws:s3:::odd/runs/',
    pk: 'bucket#odd',
    sk: 'grant#s1#odd/runs/',
  };
  const principals = (arn: string) => ({ [arn]: { state: 'granted', since: '2026-01-15T09:30:00.000Z', targets: [] } });
  it.each([
    ['of another schema', { ...grantItem, schema: 2 }],
    ['of a place with a wildcard', { ...grantItem, location: 'arn:aws:s3:::odd/*' }],
    ['of everyone', { ...grantItem, principals: principals('*') }],
    ['of a whole account', { ...grantItem, principals: principals('arn:aws:iam::333333333333:root') }],
    [
      'in a state nobody knows',
      { ...grantItem, principals: { 'arn:aws:iam::333333333333:role/r': { state: 'owner', since: '2026-01-15T09:30:00Z', targets: [] } } },
    ],
    ['that is a head of nothing', { pk: 'bucket#odd', sk: 'head', schema: 1, version: 'one' }],
    ['with statements that are no JSON', { pk: 'bucket#odd', sk: 'head', schema: 1, version: 1, attempt: 'a', written: '[{' }],
    ['of another bucket', { ...grantItem, location: 'arn:aws:s3:::even/runs/' }],
    ['of another subscription', { ...grantItem, subscriptionId: 's2' }],
    ['of a partition that AWS does not have', { ...grantItem, location: 'arn:*:s3:::odd/runs/', principals: {} }],
    [
      'that announces a change and keeps no policy from before it',
      {
        pk: 'bucket#odd',
        sk: 'head',
        schema: 1,
        version: 1,
        attempt: 'a',
        intended: JSON.stringify({ statements: [], subscriptions: [], at: AT }),
      },
    ],
  ])('changes nothing on the word of an item %s', async (_what, item) => {
    await table.replace([marshall(item)]);
    await expect(adapters.ledger().bucket('odd')).rejects.toThrow(LedgerFailure);
    await expect(adapters.ledger().bucket('odd')).rejects.toThrow(/nothing is changed on its word/);
  });

  const recordItem = (id: string, record: object) => ({
    pk: `subscription#${id}`,
    sk: 'state',
    schema: 1,
    revision: 1,
    record: JSON.stringify(record),
  });
  it.each([
    ['of another subscription', marshall(recordItem('s1', aRecord('s2')))],
    ['of another revision than its own', marshall(recordItem('s1', aRecord('s1', { revision: 2 })))],
    [
      'that is due at a time no clock shows',
      marshall(recordItem('s1', aRecord('s1', { due: { kind: 'grant', at: '2026-99-99T00:00:00Z', attempts: 1 } }))),
    ],
    [
      'with a number that JavaScript cannot hold',
      { ...marshall(recordItem('s1', aRecord('s1'))), revision: { N: '123456789012345678901234567890' } },
    ],
  ])('decides nothing on the word of a record %s', async (_what, item) => {
    await table.replace([item]);
    await expect(adapters.ledger().subscription('s1')).rejects.toThrow(LedgerFailure);
    await expect(adapters.ledger().subscription('s1')).rejects.toThrow(/nothing is changed on its word/);
    await expect(adapters.ledger().subscriptions(['s1'])).rejects.toThrow(/nothing is changed on its word/);
  });

  it('confirms no change that lies where none belongs, and tells no waiting since a time that is none', async () => {
    await table.replace([marshall({ pk: 'subscription#s1', sk: 'state', schema: 1, dueKind: 'confirm', dueAt: AT })]);
    await expect(adapters.ledger().due({ now: new Date(AT), limit: 10 })).rejects.toThrow(/of due changes is not of a shape/);
    await table.replace([marshall({ pk: 'subscription#s1', sk: 'state', schema: 1, dueKind: 'grant', dueAt: AT, waitingSince: 'long' })]);
    await expect(adapters.ledger().waitingSince()).rejects.toThrow(LedgerFailure);
  });

  it('reads what it wrote of the same kind', async () => {
    await table.replace([marshall(grantItem)]);
    expect((await adapters.ledger().bucket('odd')).grants).toEqual([{ grant: aGrant('odd', 's1'), revision: 1 }]);
  });
});

describe('the registry', () => {
  const putRegistry = async (document: string | undefined) => {
    const { endpoint } = story.aws;
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

  it('returns the message when it cannot be read, and is read again by the next', async () => {
    const registry = adapters.registry();
    deny();
    await expect(registry.read()).rejects.toThrow(LedgerFailure);
    expect((await registry.read()).buckets.has(BUCKET)).toBe(true);
  });

  it.each([
    ['nothing', undefined, /holds no registry/],
    ['text that is no JSON', '{', /not of a format/],
    ['another format', JSON.stringify({ format: 2, buckets: [], principalAccounts: [] }), /not of a format/],
    [
      'a bucket without an account',
      JSON.stringify({ format: 1, principalAccounts: [], buckets: [{ name: 'b-1', region: 'eu-west-1', state: 'active', prefixes: [] }] }),
      /not of a format/,
    ],
  ])('returns the message when it holds %s', async (_what, document, said) => {
    await putRegistry(document);
    const registry = adapters.registry();
    await expect(registry.read()).rejects.toThrow(said);
    await expect(registry.read()).rejects.toThrow(LedgerFailure);
  });
});
