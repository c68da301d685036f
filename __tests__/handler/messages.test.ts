import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { DETAIL_TYPES } from '../../handler/contract/datazone';
import { readMessages } from '../../handler/messages';
import { FakeWorld, SETTINGS } from './fake-world';

const shipped = (name: string): string => readFileSync(join(__dirname, `../fixtures/events/${name}.json`), 'utf8');
const record = (body: string, eventSourceARN = SETTINGS.queueArn) => ({ messageId: 'm1', receiptHandle: 'handle', body, eventSourceARN });
const read = (...records: readonly object[]) => readMessages({ Records: records }, SETTINGS);
const only = (body: string) => read(record(body))[0];

const created = JSON.parse(shipped('subscription-created'));
const withDetail = (change: object) => JSON.stringify({ ...created, detail: { ...created.detail, ...change } });
const withData = (change: object) => withDetail({ data: { ...created.detail.data, ...change } });
const withMetadata = (change: object) => withDetail({ metadata: { ...created.detail.metadata, ...change } });

const LOOKUP = { subscriptionId: '9kq2mdmzvnr5uf', requestId: '5jbc0lie0sr99j', listingId: 'ayzstznnx4dxyf', projectId: '6oy92hwk937pgn' };
const GRANT_LOOKUP = { listingId: 'ayzstznnx4dxyf', projectId: '6oy92hwk937pgn' };

describe('an event of the rule', () => {
  it.each([
    ['subscription-created', { kind: 'subscription', lookup: LOOKUP, saidToHaveEnded: false }],
    ['subscription-cancelled', { kind: 'subscription', lookup: LOOKUP, saidToHaveEnded: true }],
    ['subscription-revoked', { kind: 'subscription', lookup: LOOKUP, saidToHaveEnded: true }],
    ['subscription-grant-requested', { kind: 'grant', grantId: 'c0v5yt0v1jgjmf', lookup: GRANT_LOOKUP }],
    ['subscription-grant-revoke-requested', { kind: 'grant', grantId: 'c0v5yt0v1jgjmf', lookup: GRANT_LOOKUP }],
  ])('is read for its ids: %s', (name, message) => {
    expect(only(shipped(name))).toEqual({
      messageId: 'm1',
      cause: { trigger: 'event', what: expect.stringMatching(/^Subscription /) },
      ...message,
    });
  });

  it('is of every detail type that the rule lets through', () => {
    const kinds = DETAIL_TYPES.map((type) => only(JSON.stringify({ ...created, 'detail-type': type }))?.kind);
    expect(kinds).toEqual(['subscription', 'subscription', 'subscription', 'grant', 'grant']);
  });

  it('leads on without its request id', () => {
    expect(only(shipped('subscription-created-without-request-id'))).toMatchObject({ lookup: { ...LOOKUP, requestId: undefined } });
  });
});

describe('what is odd in an event', () => {
  it.each([
    ['no data', withDetail({ data: undefined }), { subscriptionId: LOOKUP.subscriptionId }],
    ['data that is a list', withDetail({ data: [] }), { subscriptionId: LOOKUP.subscriptionId }],
    ['a listing that is a text', withData({ subscribedListing: 'listing' }), { ...LOOKUP, listingId: undefined }],
    ['an id with a slash', withData({ subscriptionRequestId: '../x' }), { ...LOOKUP, requestId: undefined }],
    ['an id that is too long', withData({ subscribedPrincipal: { id: 'x'.repeat(37) } }), { ...LOOKUP, projectId: undefined }],
    ['an id that is a number', withData({ subscribedPrincipal: { id: 7 } }), { ...LOOKUP, projectId: undefined }],
    ['members nobody knows', withData({ another: { deep: [1] } }), LOOKUP],
  ])('is tolerated, and the ids that are left are used: %s', (_what, body, lookup) => {
    expect(only(body)).toMatchObject({ kind: 'subscription', lookup });
  });
});

const UNUSABLE: readonly (readonly [string, string, string])[] = [
  ['text that is no JSON', 'no json', 'malformed'],
  ['nothing', '', 'malformed'],
  ['JSON that is no object', '[1, 2]', 'malformed'],
  ["the scheduler's word with an operator's command in it", JSON.stringify({ kind: 'reconcile', at: 'now', dryRun: true }), 'malformed'],
  ['an event without detail', JSON.stringify({ ...created, detail: undefined }), 'malformed'],
  ['an event without metadata', withDetail({ metadata: undefined }), 'malformed'],
  ['an id that could go into a path', withMetadata({ id: '../../domains' }), 'malformed'],
  ['an id that is an object', withMetadata({ id: { $ne: '' } }), 'malformed'],
  ['another source', JSON.stringify({ ...created, source: 'aws.glue' }), 'another-source'],
  ['a source that only begins like ours', JSON.stringify({ ...created, source: 'aws.datazone.custom' }), 'another-source'],
  ['another account', JSON.stringify({ ...created, account: '999999999999' }), 'another-source'],
  ['another domain', withMetadata({ domain: 'dzd_anotherdomain1' }), 'another-domain'],
  ['another detail type', shipped('subscription-request-created').replace('us-east-1', 'eu-west-1'), 'another-type'],
  ['a detail type in other letters', JSON.stringify({ ...created, 'detail-type': 'subscription created' }), 'another-type'],
];

describe('a message that cannot be one of ours', () => {
  it.each(UNUSABLE)('is unusable: %s', (_what, body, reason) => {
    expect(only(body)).toEqual({ kind: 'unusable', messageId: 'm1', reason });
  });

  it.each(['arn:aws:sqs:eu-west-1:111111111111:another.fifo', 'arn:aws:sqs:eu-west-1:999999999999:acme-events.fifo', ''])(
    "is unusable when it came from the queue '%s'",
    (queue) => {
      expect(read(record(shipped('subscription-created'), queue))).toEqual([
        { kind: 'unusable', messageId: 'm1', reason: 'another-queue' },
      ]);
    },
  );

  it('is acknowledged and counted, changes nothing, and holds up no other', async () => {
    const world = new FakeWorld();
    world.approve(LOOKUP.subscriptionId, { arn: 'arn:aws:s3:::acme-raw/runs/' });
    const bodies = [...UNUSABLE.map(([, body]) => body), shipped('subscription-created-without-request-id')];
    const messages = read(...bodies.map((body) => record(body)));
    const forged = messages.slice(0, -1);
    expect(await world.deliver(...forged)).toEqual([]);
    expect([world.calls, world.unusable]).toEqual([[], UNUSABLE.map(([, , reason]) => reason)]);
    expect(await world.deliver(...messages)).toEqual([]);
    expect(world.outcomeOf(LOOKUP.subscriptionId)).toEqual({ kind: 'granted' });
  });

  it('is whatever anyone sends: reading it never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.jsonValue().map((value) => withDetail({ data: value, metadata: value })),
        ),
        (body) => {
          expect(only(body)?.kind).toBe('unusable');
        },
      ),
    );
  });
});

describe('a request', () => {
  const request = {
    kind: 'request',
    id: 'request-1',
    at: '2026-01-15T09:30:00.000Z',
    reason: 'a wipe',
    command: 'freeze',
    bucket: 'acme-raw',
  };
  const sentBy = (SenderId?: string, settings = SETTINGS) =>
    readMessages(
      { Records: [{ ...record(JSON.stringify(request)), attributes: SenderId === undefined ? {} : { SenderId } }] },
      settings,
    )[0];
  const operator = `${SETTINGS.operatorRoleId}:someone`;

  it("is the operator's, who is named with it", () => {
    expect(sentBy(operator)).toEqual({ kind: 'request', messageId: 'm1', request, by: operator, receiptHandle: 'handle' });
  });

  it.each([undefined, '', 'AROAOPERATOROFACME002:someone', `${SETTINGS.operatorRoleId}X:someone`, `AROA:${SETTINGS.operatorRoleId}`])(
    'counts for nothing when its sender is %s',
    (sender) => {
      expect(sentBy(sender)).toEqual({ kind: 'unusable', messageId: 'm1', reason: 'another-sender' });
    },
  );

  it('is nobody who names himself in it, or where there is no operator role', () => {
    const forged = { ...record(JSON.stringify({ ...request, by: operator, SenderId: operator })), SenderId: operator };
    expect(read(forged)[0]).toMatchObject({ reason: 'another-sender' });
    expect(sentBy('undefined:someone', { ...SETTINGS, operatorRoleId: undefined })).toMatchObject({ reason: 'another-sender' });
  });
});

describe('something that is no batch of the queue', () => {
  it.each([[undefined], [null], ['text'], [{}], [{ Records: 'none' }], [{ Records: [{ body: '{}' }] }], [created]])(
    'fails the invocation: %j',
    (event) => {
      expect(() => readMessages(event, SETTINGS)).toThrow(/no batch of its queue/);
    },
  );
});
