import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { DETAIL_TYPES } from '../../handler/contract/datazone';
import { readMessages } from '../../handler/messages';
import { CONSUMER, FakeWorld, READER, SETTINGS } from '../handler/fake-world';
import { fuzz } from './inputs';
import { mutated, mutatedJson } from './mutations';

const shipped = (name: string): object => {
  const event: object = JSON.parse(readFileSync(join(__dirname, `../fixtures/events/${name}.json`), 'utf8'));
  return { ...event, account: SETTINGS.account };
};
const NAMES = ['subscription-created', 'subscription-revoked', 'subscription-grant-requested', 'subscription-request-created'];

const REQUESTS = [
  { kind: 'request', id: '4b1c2d3e-0001', at: '2026-01-15T09:30:00.000Z', reason: 'gone', command: 'revoke', subscription: 's1' },
  { kind: 'request', id: '4b1c2d3e-0002', at: '2026-01-15T09:30:00.000Z', reason: 'all', command: 'uninstall' },
];
const bodies = fc.oneof(
  ...NAMES.map((name) => mutatedJson(shipped(name), 2)),
  mutatedJson({ kind: 'sweep', at: '2026-01-15T09:30:00Z' }, 2),
  ...REQUESTS.map((request) => mutatedJson(request, 1)),
);
const record = fc.oneof(
  {
    weight: 8,
    arbitrary: bodies.map((body) => ({
      messageId: 'm',
      body,
      eventSourceARN: SETTINGS.queueArn,
      attributes: { SenderId: 'AIDAX:someone' },
    })),
  },
  { weight: 1, arbitrary: bodies.map((body) => ({ messageId: 'm', body, eventSourceARN: `${SETTINGS.queueArn}x` })) },
);

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
const member = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key) ? Reflect.get(inner, key) : undefined),
    value,
  );

const ID = /^[a-zA-Z0-9_-]{1,36}$/;

/** Whether a body is an event of the rule, as the contract with DataZone has it. */
const isOurs = (body: unknown): boolean =>
  member(body, 'source') === 'aws.datazone' &&
  member(body, 'account') === SETTINGS.account &&
  member(body, 'detail', 'metadata', 'domain') === SETTINGS.domainId &&
  ID.test(String(member(body, 'detail', 'metadata', 'id'))) &&
  typeof member(body, 'detail', 'metadata', 'id') === 'string' &&
  DETAIL_TYPES.some((type) => type === member(body, 'detail-type'));

/** A world with the subscription that the shipped events speak of, approved, and one that nobody speaks of. */
const aWorld = (): FakeWorld => {
  const world = new FakeWorld();
  world.approve('9kq2mdmzvnr5uf', { arn: 'arn:aws:s3:::acme-raw/runs/', listing: 'ayzstznnx4dxyf' });
  world.approve('unspoken', { arn: 'arn:aws:s3:::acme-raw/runs/unspoken/', consumer: 'another', listing: 'unspoken' });
  return world;
};

fuzz('a record leads to what its ids name, or to no call at all', {
  inputs: fc.array(record, { minLength: 1, maxLength: 3 }),
  verdicts: ['unusable', 'followed', 'swept', 'granted'],
  check: async (records, tally) => {
    const messages = readMessages({ Records: records.map((one, index) => ({ ...one, messageId: `m${index}` })) }, SETTINGS);
    expect(messages.map(({ messageId }) => messageId)).toEqual(records.map((_, index) => `m${index}`));
    for (const [index, message] of messages.entries()) {
      const body = parse(records[index]?.body ?? '');
      const isFromQueue = records[index]?.eventSourceARN === SETTINGS.queueArn;
      if (message.kind === 'subscription' || message.kind === 'grant') {
        expect([isFromQueue, isOurs(body)]).toEqual([true, true]);
        const { grantId } = { grantId: undefined, ...message };
        for (const id of [grantId, ...Object.values(message.lookup)])
          if (id !== undefined) expect([ID.test(id), JSON.stringify(body).includes(JSON.stringify(id))]).toEqual([true, true]);
        tally('followed');
      } else if (message.kind === 'sweep') {
        expect([isFromQueue, member(body, 'kind')]).toEqual([true, 'sweep']);
        tally('swept');
      } else {
        expect([message.kind, isFromQueue && isOurs(body)]).toEqual(['unusable', false]);
        tally('unusable');
      }
    }
    const world = aWorld();
    expect(await world.deliver(...messages)).toEqual([]);
    if (messages.every(({ kind }) => kind === 'unusable')) expect(world.calls).toEqual([]);
    const statements = world.statements();
    expect(world.calls.filter(({ args }) => JSON.stringify(args).includes('unspoken'))).toEqual([]);
    if (statements.length === 0) return;
    expect(statements.map(({ Principal }) => Principal)).toEqual([{ AWS: READER }, { AWS: READER }]);
    expect(statements[0]?.['Resource']).toBe('arn:aws:s3:::acme-raw/runs/*');
    expect(world.subscriptions.get('9kq2mdmzvnr5uf')?.subscriber).toMatchObject({ id: CONSUMER });
    tally('granted');
  },
});

fuzz('an invocation is a batch of the queue, or an error that says so', {
  inputs: mutated({
    Records: [{ messageId: 'm', body: JSON.stringify(shipped('subscription-created')), eventSourceARN: SETTINGS.queueArn }],
  }),
  verdicts: ['batch', 'error'],
  check: (event, tally) => {
    try {
      const records = member(event, 'Records');
      const messages = readMessages(event, SETTINGS);
      expect(messages).toHaveLength(Array.isArray(records) ? records.length : -1);
      tally('batch');
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes('no batch of its queue')) throw error;
      tally('error');
    }
  },
});
