import fc from 'fast-check';
import { grantFromItem, grantToItem, recordFromItem, recordToItem, stateFromItem } from '../../handler/adapters/ledger/items';
import type { SubscriptionRecord } from '../../handler/core/ledger/subscription-record';
import type { StoredGrant } from '../../handler/ports';
import { BUCKET, CONSUMER, FakeWorld, PRODUCER, READER } from '../handler/fake-world';
import { fuzz } from './inputs';
import { mutated, mutatedItem } from './mutations';
import { expectUnreadable } from './pipeline';

const RUNS = `arn:aws:s3:::${BUCKET.name}/runs/`;

/** A subscription that was granted, and everything that the ledger may hold of one. */
const granted = async (): Promise<FakeWorld> => {
  const world = new FakeWorld();
  world.approve('s1', { arn: RUNS });
  await world.deliver(world.created('s1'));
  return world;
};

const AT = '2026-01-15T09:30:00.000Z';
const RECORD: SubscriptionRecord = {
  id: 's1',
  revision: 2,
  status: 'APPROVED',
  outcome: { kind: 'waiting', code: 'throttled', message: 'DataZone throttles' },
  pending: true,
  served: true,
  waitingSince: AT,
  missingTargets: [{ target: 'env1/target2', since: AT }],
  listing: { id: 'listing-s1', revision: '1', name: 'listing-s1', owningProject: PRODUCER },
  subscriber: { kind: 'project', id: CONSUMER, name: 'consumer' },
  createdBy: 'approver',
  approvedAt: AT,
  provenance: { requestedBy: 'asker', requestReason: 'research' },
  assets: [{ assetId: 'asset-listing-s1', owningProject: PRODUCER, published: { arn: RUNS } }],
  buckets: [BUCKET.name],
  reported: [{ grant: 'grant1', asset: 'asset-listing-s1', status: 'GRANTED' }],
  due: { kind: 'grant', at: AT, attempts: 1 },
  lookup: { subscriptionId: 's1', listingId: 'listing-s1', projectId: CONSUMER },
  at: AT,
};

type Item = Readonly<Record<string, unknown>>;

/** What is read, or `undefined` where the item is unreadable: the error names its keys in a sentence, and nothing else is ever thrown. */
const readOr = <Value>(item: Item, read: (item: Item) => Value): Value | undefined => {
  try {
    return read(item);
  } catch (error) {
    expectUnreadable(error, item);
    return undefined;
  }
};

/** Whatever the ledger holds, a look at it ends, and lets in nobody but the reader. */
const lookAgain = async (world: FakeWorld): Promise<void> => {
  world.now = new Date(world.now.getTime() + 3_600_000);
  await world.deliver(world.created('s1'));
  for (const { Principal, Resource } of world.statements()) {
    expect(Principal).toEqual({ AWS: READER });
    expect([`${RUNS}*`, `arn:aws:s3:::${BUCKET.name}`]).toContain(Resource);
  }
};

/** As the table holds it. */
const storedRecord: Readonly<Record<string, unknown>> = { pk: 'subscription#s1', sk: 'state', ...recordToItem(RECORD) };

fuzz('a record of the ledger is read whole, or not at all', {
  inputs: fc.oneof(
    mutated(RECORD, 2).map((record) => ({ ...storedRecord, record: JSON.stringify(record) })),
    mutated(storedRecord, 2).map((item) => Object(item)),
  ),
  share: 0.25,
  verdicts: ['read', 'not read'],
  check: async (item, tally) => {
    const record = readOr(item, recordFromItem);
    tally(record === undefined ? 'not read' : 'read');
    if (record === undefined) return;
    expect(recordFromItem({ pk: `subscription#${record.id}`, sk: 'state', ...recordToItem(record) })).toEqual(record);
    expect([record.id, record.revision]).toEqual([String(item.pk).slice('subscription#'.length), item.revision]);
    const world = await granted();
    world.records.set('s1', { ...record, id: 's1' });
    await lookAgain(world);
  },
});

const GRANT: StoredGrant = {
  revision: 3,
  grant: {
    subscriptionId: 's1',
    location: { partition: 'aws', bucket: BUCKET.name, shape: 'folder', path: 'runs/' },
    listingId: 'listing-s1',
    assetId: 'asset-listing-s1',
    owningProject: PRODUCER,
    consumerProject: CONSUMER,
    principals: [{ arn: READER, state: 'granted', since: AT, targets: ['env1/target1'] }],
  },
};

fuzz('a grant of the ledger lets in a role or user, at a place, or nobody', {
  inputs: mutatedItem({ pk: `bucket#${BUCKET.name}`, sk: `grant#s1#${BUCKET.name}/runs/`, ...grantToItem(GRANT) }, ['grant']),
  verdicts: ['read', 'not read'],
  check: async (item, tally) => {
    const stored = readOr(item, (one) => grantFromItem(one));
    tally(stored === undefined ? 'not read' : 'read');
    if (stored === undefined) return;
    for (const { arn, state } of stored.grant.principals)
      if (state !== 'refused') expect(arn).toMatch(/^arn:[a-z-]+:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/);
    expect(`${stored.grant.location.bucket}/${stored.grant.location.path}`).not.toMatch(/[*?]|\$\{/);
    const { subscriptionId, location } = stored.grant;
    const key = location.shape === 'bucket' ? location.bucket : `${location.bucket}/${location.path}`;
    expect([String(item['pk']), String(item['sk'])]).toEqual([`bucket#${location.bucket}`, `grant#${subscriptionId}#${key}`]);
    expect(location.partition).toMatch(/^aws[a-z-]*$/);
    expect(grantFromItem({ pk: item['pk'], sk: item['sk'], ...grantToItem(stored) })).toEqual(stored);
  },
});

const STATE_ITEM = {
  ...{ pk: `bucket#${BUCKET.name}`, sk: 'head', schema: 1 },
  version: 1,
  attempt: 'attempt',
  written: JSON.stringify([]),
  bytes: 0,
  writtenAt: AT,
  overwrites: [AT],
  goneSince: AT,
  frozen: false,
  contended: false,
  intended: JSON.stringify({ statements: [], subscriptions: ['s1'], at: AT }),
  previousPolicy: JSON.stringify(null),
};

fuzz("a bucket's state in the ledger is read, or the bucket is left alone", {
  inputs: mutatedItem(STATE_ITEM, ['written', 'intended', 'previousPolicy']),
  share: 0.25,
  verdicts: ['read', 'not read'],
  check: async (item, tally) => {
    const head = readOr(item, stateFromItem);
    tally(head === undefined ? 'not read' : 'read');
    if (head === undefined) return;
    const { intended } = head;
    if (intended !== undefined)
      expect([null, 'string']).toContain(intended.previousPolicy === null ? null : typeof intended.previousPolicy);
    for (const at of [intended?.at, head.writtenAt, head.goneSince, ...(head.overwrites ?? [])])
      if (at !== undefined) expect(Date.parse(at)).not.toBeNaN();
    const world = await granted();
    world.heads.set(BUCKET.name, head);
    await lookAgain(world);
  },
});
