import type { OperatorCommand } from '../../handler/contract/requests';
import { entryOf } from '../../handler/core/grant/grant';
import type { RequestRecord } from '../../handler/core/ledger/request-record';
import { LedgerUnavailable, TransientFailure } from '../../handler/errors';
import { type Message, readMessages } from '../../handler/messages';
import type { Settings } from '../../handler/settings';
import { RECEIPT } from './fake-state';
import { BUCKET, FakeWorld, READER, SETTINGS } from './fake-world';

const RUNS = 'arn:aws:s3:::acme-raw/runs/';
const OTHER = 'arn:aws:iam::333333333333:role/other';
const OPERATOR = 'AROAOPERATOR12345678';
const MINUTE = 60_000;
const SWEEP: Message = { kind: 'sweep', messageId: 'sweep' };
const RECONCILE: Message = { kind: 'reconcile', messageId: 'reconcile' };

const later = (world: FakeWorld, milliseconds: number) => {
  world.now = new Date(world.now.getTime() + milliseconds);
};

let requests = 0;

/** Asks for something as an operator; answers what became of it. */
const ask = async (
  world: FakeWorld,
  command: OperatorCommand,
  { id = `request-${++requests}`, receiptHandle = RECEIPT } = {},
): Promise<RequestRecord> => {
  const request = { kind: 'request' as const, id, at: world.now.toISOString(), reason: 'because', ...command };
  expect(await world.deliver({ kind: 'request', messageId: id, request, by: `${OPERATOR}:ann`, receiptHandle })).toEqual([]);
  return recordOf(world, id);
};

const recordOf = (world: FakeWorld, id: string): RequestRecord => {
  const record = world.documents.get(`request ${id}`);
  if (record === undefined) throw new Error(`request '${id}' left no record`);
  return record as RequestRecord;
};

const granted = async (...principals: readonly string[]): Promise<FakeWorld> => {
  const world = new FakeWorld();
  await world.deliver(SWEEP);
  world.targets.set('env1', [world.target('target1', { principals: [READER, ...principals] })]);
  world.approve('s1', { arn: RUNS });
  await world.deliver(world.created('s1'));
  later(world, 5 * MINUTE);
  await world.deliver(SWEEP);
  return world;
};

const countsOf = ({ result = [] }: RequestRecord) => Object.fromEntries(result.map(({ name, count }) => [name, count]));

const principalEntry = (world: FakeWorld, principal = READER, id = 's1') => entryOf(world.grantOf(id), principal);

const readerNamed = (world: FakeWorld, principal = READER) => JSON.stringify(world.statements()).includes(`"${principal}"`);

describe('a request', () => {
  const SETTLED: Settings = { ...SETTINGS, operatorRoleId: OPERATOR };
  const body = { kind: 'request', id: 'request-1', at: '2026-01-15T09:30:00.000Z', reason: 'why', command: 'freeze', bucket: 'acme-raw' };
  const read = (
    sender: string | undefined,
    message: unknown,
    { settings = SETTLED, ...given }: { settings?: Settings; handle?: unknown } = {},
  ) =>
    readMessages(
      {
        Records: [
          {
            messageId: 'm1',
            receiptHandle: 'handle' in given ? given.handle : RECEIPT,
            body: JSON.stringify(message),
            eventSourceARN: settings.queueArn,
            attributes: { SenderId: sender },
          },
        ],
      },
      settings,
    )[0];

  it("counts only from the operator role, by SQS's own word", () => {
    expect(read(`${OPERATOR}:ann`, body)).toEqual({
      kind: 'request',
      messageId: 'm1',
      request: body,
      by: `${OPERATOR}:ann`,
      receiptHandle: RECEIPT,
    });
  });

  it.each([
    ['no receipt handle', undefined],
    ['an empty one', ''],
    ['one that is longer than any of SQS', 'x'.repeat(1_025)],
    ['one that is no text', 7],
  ])('does not count with %s, which no message of the queue has', (_, handle) => {
    expect(read(`${OPERATOR}:ann`, body, { handle })).toEqual({ kind: 'unusable', messageId: 'm1', reason: 'another-sender' });
  });

  it.each([
    ['another role', 'AROASOMEBODYELSE1234:ann', body, SETTLED],
    ['nobody', undefined, body, SETTLED],
    ['the operator, in a deployment that has none', `${OPERATOR}:ann`, body, { ...SETTLED, operatorRoleId: undefined }],
    ['another role that says it is the operator', 'AROASOMEBODYELSE1234:ann', { ...body, by: OPERATOR, SenderId: OPERATOR }, SETTLED],
  ])('does not count from %s', (_, sender, message, settings) => {
    expect(read(sender, message, { settings })).toEqual({ kind: 'unusable', messageId: 'm1', reason: 'another-sender' });
  });

  it.each([
    ['an unknown command', { ...body, command: 'grant-everything' }],
    ['no reason', { ...body, reason: '' }],
    ['a bucket that is none', { ...body, bucket: '*' }],
    ['no time', { ...body, at: 'now' }],
    ['a time that no clock shows', { ...body, at: '2026-13-45T99:99:99Z' }],
    ['its bucket misspelt, which would leave all of them', { ...body, bucket: undefined, Bucket: 'acme-raw' }],
    ['a principal that is none', { ...body, command: 'revoke-principal', principal: '*' }],
    ['a negative cap', { ...body, command: 'reconcile', dryRun: false, removals: -1 }],
    ['a deployment key that is none', { ...body, command: 'hand-over', from: 'x', remove: false }],
  ])('with %s is counted as malformed, and nothing is done', (_, message) => {
    expect(read(`${OPERATOR}:ann`, message)).toEqual({ kind: 'unusable', messageId: 'm1', reason: 'malformed' });
  });

  it('keeps who asked, why, and what became of it', async () => {
    const world = await granted();
    expect(await ask(world, { command: 'freeze', bucket: BUCKET.name })).toMatchObject({
      by: `${OPERATOR}:ann`,
      request: { reason: 'because', command: 'freeze' },
      state: 'done',
      finishedAt: world.now.toISOString(),
    });
  });

  it('that is no message in flight in the queue is counted, and nothing is read, written or recorded for it', async () => {
    const world = await granted();
    const before = world.calls.length;
    const request = {
      kind: 'request',
      id: 'request-forged',
      at: world.now.toISOString(),
      reason: 'because',
      command: 'uninstall',
    } as const;
    const forged: Message = { kind: 'request', messageId: 'm1', request, by: `${OPERATOR}:alice`, receiptHandle: 'made-up' };
    expect(await world.deliver(forged)).toEqual([]);
    expect(world.calls.slice(before).map(({ name }) => name)).toEqual(['isInFlight']);
    expect(world.unusable).toEqual(['another-sender']);
    expect(world.documents.has('request request-forged')).toBe(false);
    expect(readerNamed(world)).toBe(true);
  });

  it('is refused, and nothing is done for it, where SQS does not say whether it is in flight', async () => {
    const world = await granted();
    world.interfere = ({ name }) => {
      if (name === 'isInFlight') throw new TransientFailure('throttled', 'SQS was throttled');
      return undefined;
    };
    expect(await ask(world, { command: 'uninstall' })).toMatchObject({
      state: 'refused',
      message: 'its sender could not be verified: SQS was throttled; nothing was done: make the request again',
    });
    expect(readerNamed(world)).toBe(true);
  });

  it('is carried out once, however often its message comes', async () => {
    const world = await granted();
    await ask(world, { command: 'freeze', bucket: BUCKET.name }, { id: 'request-once' });
    await ask(world, { command: 'unfreeze', bucket: BUCKET.name });
    const again = await ask(world, { command: 'freeze', bucket: BUCKET.name }, { id: 'request-once' });
    expect(again.state).toBe('done');
    expect(world.heads.get(BUCKET.name)?.frozen).toBeUndefined();
  });

  it.each([
    ['too old', 16 * MINUTE],
    ['from the future', -6 * MINUTE],
  ])('that is %s is refused', async (_, age) => {
    const world = await granted();
    const at = new Date(world.now.getTime() - age).toISOString();
    const request = { kind: 'request', id: 'request-old', at, reason: 'because', command: 'revoke', subscription: 's1' } as const;
    await world.deliver({ kind: 'request', messageId: 'm1', request, by: OPERATOR, receiptHandle: RECEIPT });
    expect(recordOf(world, 'request-old')).toMatchObject({ state: 'refused' });
    expect(readerNamed(world)).toBe(true);
  });

  it('comes again when the ledger fails, and is then carried out', async () => {
    const world = await granted();
    world.interfere = (call) => {
      if (call.name === 'ledger.mark') throw new LedgerUnavailable('no');
      return undefined;
    };
    const request = {
      kind: 'request',
      id: 'request-again',
      at: world.now.toISOString(),
      reason: 'why',
      command: 'freeze',
      bucket: BUCKET.name,
    } as const;
    const message: Message = { kind: 'request', messageId: 'm1', request, by: OPERATOR, receiptHandle: RECEIPT };
    expect(await world.deliver(message)).toEqual(['m1']);
    world.interfere = () => undefined;
    expect(await world.deliver(message)).toEqual([]);
    expect(recordOf(world, 'request-again').state).toBe('done');
    expect(world.heads.get(BUCKET.name)?.frozen).toBe(true);
  });
});

describe('revoke', () => {
  it('ends a subscription for good, though DataZone shows it approved', async () => {
    const world = await granted();
    expect(await ask(world, { command: 'revoke', subscription: 's1' })).toMatchObject({ state: 'done' });
    expect(principalEntry(world)?.state).toBe('revoked');
    expect(world.policies.has(BUCKET.name)).toBe(false);
    expect(world.records.get('s1')).toMatchObject({ ended: 'revoked', endedBy: { by: `${OPERATOR}:ann`, reason: 'because' } });
    await world.deliver(world.created('s1'));
    await world.deliver(RECONCILE);
    expect(principalEntry(world)?.state).toBe('revoked');
  });

  it('needs no answer from DataZone', async () => {
    const world = await granted();
    world.interfere = (call) => {
      if (
        !call.name.includes('.') &&
        !['registry', 'readPolicy', 'writePolicy', 'removePolicy', 'prepare', 'isInFlight'].includes(call.name)
      )
        throw new TransientFailure('membership-missing', 'denied');
      return undefined;
    };
    await ask(world, { command: 'revoke', subscription: 's1' });
    expect(world.policies.has(BUCKET.name)).toBe(false);
  });

  it('goes on by itself when the bucket cannot be written now, and says so', async () => {
    const world = await granted();
    world.interfere = (call) => {
      if (call.name === 'readPolicy') throw new TransientFailure('throttled', 'slow down');
      return undefined;
    };
    const record = await ask(world, { command: 'revoke', subscription: 's1' });
    expect(record.message).toMatch(/^the access of 1 principals is being revoked and not proven gone/);
    world.interfere = () => undefined;
    later(world, MINUTE);
    await world.deliver(SWEEP);
    expect(world.policies.has(BUCKET.name)).toBe(false);
  });

  it('refuses a subscription that the ledger does not know', async () => {
    expect(await ask(await granted(), { command: 'revoke', subscription: 's9' })).toMatchObject({
      state: 'refused',
      message: expect.stringContaining("'s9'"),
    });
  });
});

describe('revoke-principal', () => {
  it('takes one principal out of a bucket, for good, and leaves the others', async () => {
    const world = await granted(OTHER);
    expect(await ask(world, { command: 'revoke-principal', principal: READER, bucket: BUCKET.name })).toMatchObject({ state: 'done' });
    expect([readerNamed(world), readerNamed(world, OTHER)]).toEqual([false, true]);
    expect(principalEntry(world)).toMatchObject({ state: 'revoked', final: 'operator' });
    later(world, MINUTE);
    await world.deliver(SWEEP);
    await world.deliver(world.created('s1'));
    await world.deliver(RECONCILE);
    expect([readerNamed(world), readerNamed(world, OTHER)]).toEqual([false, true]);
  });

  it('takes away what an owner let a consumer keep, too', async () => {
    const world = await granted();
    world.end('s1', { retain: true });
    await world.deliver(world.ended('s1'));
    expect(principalEntry(world)?.state).toBe('retained');
    await ask(world, { command: 'revoke-principal', principal: READER, bucket: BUCKET.name });
    expect(world.policies.has(BUCKET.name)).toBe(false);
    later(world, MINUTE);
    await world.deliver(SWEEP);
    expect(principalEntry(world)?.state).toBe('revoked');
  });

  it('refuses a principal without a grant there', async () => {
    expect(await ask(await granted(), { command: 'revoke-principal', principal: OTHER, bucket: BUCKET.name })).toMatchObject({
      state: 'refused',
    });
  });
});

describe('freeze', () => {
  it.each([BUCKET.name, undefined])('of bucket %s stops additions and repairs, never removals, until it is lifted', async (bucket) => {
    const world = await granted(OTHER);
    const scope = bucket === undefined ? {} : { bucket };
    expect(await ask(world, { command: 'freeze', ...scope })).toMatchObject({ state: 'done' });
    world.approve('s2', { arn: `${RUNS}b/`, listing: 'other' });
    await world.deliver(world.created('s2'));
    expect(world.outcomeOf('s2')).toMatchObject({ kind: 'waiting', code: 'frozen' });
    world.targets.set('env1', [world.target('target1', { principals: [OTHER] })]);
    await world.deliver(world.created('s1'));
    expect([readerNamed(world), readerNamed(world, OTHER)]).toEqual([false, true]);
    later(world, 60 * MINUTE);
    world.policies.delete(BUCKET.name);
    await world.deliver(RECONCILE);
    expect(world.statements()).toEqual([]);
    expect(await ask(world, { command: 'unfreeze', ...scope })).toMatchObject({ state: 'done' });
    await world.deliver(RECONCILE);
    later(world, 60 * MINUTE);
    await world.deliver(SWEEP);
    expect(readerNamed(world, OTHER)).toBe(true);
    expect(world.outcomeOf('s2')).toMatchObject({ kind: 'granted' });
  });

  it('of a bucket that nobody knows is refused', async () => {
    expect(await ask(await granted(), { command: 'freeze', bucket: 'acme-typo' })).toMatchObject({ state: 'refused' });
  });

  it('may come before the first grant of a bucket', async () => {
    const world = new FakeWorld();
    await ask(world, { command: 'freeze', bucket: BUCKET.name });
    world.approve('s1', { arn: RUNS });
    await world.deliver(world.created('s1'));
    expect(world.outcomeOf('s1')).toMatchObject({ code: 'frozen' });
    expect(world.statements()).toEqual([]);
  });
});

describe('unfreeze', () => {
  it('lifts contention, and writes what the bucket lacks at once', async () => {
    const world = await granted();
    for (let time = 0; time < 3; time++) {
      later(world, 60 * MINUTE);
      world.policies.delete(BUCKET.name);
      await world.deliver(RECONCILE);
    }
    expect(world.heads.get(BUCKET.name)?.contended).toBe(true);
    later(world, 60 * MINUTE);
    await ask(world, { command: 'unfreeze', bucket: BUCKET.name });
    expect(readerNamed(world)).toBe(true);
    expect(world.heads.get(BUCKET.name)?.contended).toBeUndefined();
  });
});

describe('reconcile', () => {
  it('as a dry run says what would be done, and does nothing', async () => {
    const world = await granted();
    world.end('s1');
    world.approve('s2', { arn: `${RUNS}b/`, listing: 'other' });
    const before = structuredClone([world.policies, world.grants, world.records, world.heads]);
    const record = await ask(world, { command: 'reconcile', dryRun: true }, { id: 'request-plan' });
    expect(record).toMatchObject({ state: 'done' });
    expect(countsOf(record)).toMatchObject({ grant: 1, revoke: 1, repair: 0 });
    expect(record.message).toMatch(/^nothing was changed: 1 to grant, 1 to revoke/);
    const lines = [...world.plans].flatMap(([, part]) => part).map(({ action, subscription }) => [action, subscription]);
    expect(lines).toEqual([
      ['grant', 's2'],
      ['revoke', 's1'],
    ]);
    expect([world.policies, world.grants, world.records, world.heads]).toEqual(before);
    expect(world.reconciled).toEqual([]);
  });

  it('takes away as much as its operator approves', async () => {
    const world = await granted();
    world.settings = { ...SETTINGS, removalCap: 0 };
    world.end('s1');
    expect(countsOf(await ask(world, { command: 'reconcile', dryRun: false }))).toMatchObject({ 'held-back': 1, revoke: 0 });
    expect(readerNamed(world)).toBe(true);
    expect(countsOf(await ask(world, { command: 'reconcile', dryRun: false, removals: 1 }))).toMatchObject({ 'held-back': 0, revoke: 1 });
    expect(readerNamed(world)).toBe(false);
  });

  it('gives way to a newer request, and says so', async () => {
    const world = await granted();
    world.interfere = (call) => {
      if (call.name === 'approvedPage') throw new TransientFailure('throttled', 'slow down');
      return undefined;
    };
    const first = await ask(world, { command: 'reconcile', dryRun: true });
    expect(first.state).toBe('running');
    world.interfere = () => undefined;
    expect(await ask(world, { command: 'reconcile', dryRun: false })).toMatchObject({ state: 'done' });
    expect(recordOf(world, first.request.id)).toMatchObject({ state: 'refused' });
  });
});

describe('uninstall', () => {
  it('takes everything away, proves it, and lets nobody in any more', async () => {
    const world = await granted(OTHER);
    world.settings = { ...SETTINGS, removalCap: 0 };
    world.approve('s2', { arn: `${RUNS}b/`, listing: 'other' });
    await world.deliver(world.created('s2'));
    world.end('s2', { retain: true });
    await world.deliver(world.ended('s2'));
    const record = await ask(world, { command: 'uninstall' });
    expect(record.state).toBe('done');
    expect(countsOf(record)).toMatchObject({ live: 0, 'held-back': 0 });
    expect(world.policies.size).toBe(0);
    world.approve('s3', { arn: `${RUNS}c/`, listing: 'third' });
    await world.deliver(world.created('s3'));
    await world.deliver(RECONCILE);
    expect(world.outcomeOf('s3')).toMatchObject({ kind: 'refused', code: 'bucket-retiring' });
    expect(world.policies.size).toBe(0);
  });
});

describe('a delivery test', () => {
  const event = (change: object = {}) => ({
    source: 'datazone-s3-fulfillment',
    account: SETTINGS.account,
    'detail-type': 'Delivery Test',
    detail: { metadata: { domain: SETTINGS.domainId, id: 'test-1' } },
    ...change,
  });
  const read = (body: unknown) =>
    readMessages({ Records: [{ messageId: 'm1', body: JSON.stringify(body), eventSourceARN: SETTINGS.queueArn }] }, SETTINGS)[0];

  it('is taken down, and nothing else is done', async () => {
    const message = read(event());
    expect(message).toEqual({ kind: 'test', messageId: 'm1', id: 'test-1' });
    const world = new FakeWorld();
    if (message) await world.deliver(message);
    expect(world.calls.map(({ name }) => name)).toEqual(['operations.recordDeliveryTest']);
  });

  it.each([
    ['another account', event({ account: '999999999999' })],
    ['another domain', event({ detail: { metadata: { domain: 'dzd_other', id: 'test-1' } } })],
    ['an id that is none', event({ detail: { metadata: { domain: SETTINGS.domainId, id: '../x' } } })],
  ])('of %s is acknowledged unread', (_, body) => {
    expect(read(body)).toMatchObject({ kind: 'unusable' });
  });
});
