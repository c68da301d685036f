import fc from 'fast-check';
import { dynamodbOperations } from '../../handler/adapters/ledger/operations';
import type { LedgerTable } from '../../handler/adapters/ledger/table';
import { NO_COUNTS } from '../../handler/core/reconcile/reconcile-state';
import { LedgerFailure } from '../../handler/errors';
import type { Operations } from '../../handler/ports';
import { CommandFailure } from '../../src/cli/framework/failure';
import { deliveryTestFromItem } from '../../src/cli/ledger/delivery-test-item';
import { historyFromItem } from '../../src/cli/ledger/history-entry';
import { planLinesFromItem, requestFromItem } from '../../src/cli/ledger/request-item';
import { fuzz } from './inputs';
import { mutatedItem } from './mutations';
import { expectSentence } from './pipeline';
import { isWellFormed } from './request-form';

type Item = Readonly<Record<string, unknown>>;

const AT = '2026-01-15T09:30:00.000Z';
const STATEMENTS = JSON.stringify([{ Sid: 'DZS3F1x', Effect: 'Allow' }]);
const ASKED = {
  kind: 'request',
  id: 'request-0001',
  at: AT,
  reason: 'why',
  command: 'hand-over',
  bucket: 'acme-raw',
  from: 'abc123',
  remove: true,
};
const RUN = {
  ...{
    id: 'run1',
    request: 'request-0001',
    dryRun: true,
    removals: 50,
    startedAt: AT,
    phase: 'buckets',
    token: 'next',
    bucket: 'acme-raw',
  },
  ...{ parts: { plan: 1, approved: 2 }, counts: NO_COUNTS, fullest: 81.5, failures: 1 },
};
const document = (state: Item): Item => ({ schema: 1, revision: state['revision'], document: JSON.stringify(state) });

const DEPLOYMENT = document({
  revision: 2,
  since: AT,
  frozen: { request: 'request-0001', at: AT },
  uninstalling: { request: 'r', at: AT },
});
const RECONCILE = document({ revision: 7, run: RUN, last: { finishedAt: AT, counts: NO_COUNTS, fullest: 80 } });
const REQUEST: Item = {
  ...{ pk: 'request#request-0001', sk: 'request', schema: 1, revision: 2, request: JSON.stringify(ASKED), by: 'AROAX:ann' },
  ...{ state: 'done', message: 'done', at: AT, finishedAt: AT, result: JSON.stringify({ grant: 1 }) },
};
const APPROVED: Item = { pk: 'reconcile', sk: 'approved#000000', schema: 1, run: 'run1', ids: ['s1', 's2'] };
const HISTORY: Item = {
  ...{ pk: 'bucket#acme-raw', sk: 'history#000000000012', schema: 1, bucket: 'acme-raw', version: 12, before: STATEMENTS, after: '[]' },
  ...{ previousPolicy: null, changeId: 'c', subscriptions: ['s1'], drift: 'none', residualAccess: ['x'], at: AT, by: 'ann', reason: 'r' },
};
const PLAN: Item = {
  schema: 1,
  lines: JSON.stringify([{ action: 'grant', bucket: 'acme-raw', location: 'l', principal: 'p', subscription: 's1', why: 'it is due' }]),
};
const TEST: Item = { schema: 1, id: 'test-1', at: AT };

/** A table that answers every read with one item; nothing here writes. */
const holding = (item: Item): Operations => {
  const never = () => Promise.reject(new Error('nothing of this is asked for'));
  const table: LedgerTable = {
    ...{ get: () => Promise.resolve(item), query: () => Promise.resolve([item]) },
    ...{ getAll: never, due: never, put: never, putRevision: never, update: never },
  };
  return dynamodbOperations(table);
};

const member = (value: unknown, name: string): unknown => Reflect.get(Object(value), name);
const isMoment = (value: unknown): boolean => typeof value === 'string' && value.endsWith('Z') && !Number.isNaN(Date.parse(value));
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isText = (value: unknown): boolean => typeof value === 'string';
const isAbsentOr = (is: (value: unknown) => boolean) => (value: unknown) => value === undefined || is(value);
const isMark = (value: unknown): boolean => isText(member(value, 'request')) && isMoment(member(value, 'at'));
const areCounts = (value: unknown): boolean => Object.keys(NO_COUNTS).every((name) => isCount(member(value, name)));

type Reader = {
  readonly item: Item;
  readonly texts?: readonly string[];
  readonly read: (item: Item) => unknown;
  /** Whether what was read is whole, by our own reckoning. */
  readonly isWhole: (read: unknown, item: Item) => boolean;
};

const READERS: Readonly<Record<string, Reader>> = {
  'the deployment': {
    item: DEPLOYMENT,
    texts: ['document'],
    read: (item) => holding(item).deployment(),
    isWhole: (read, item) =>
      member(read, 'revision') === item['revision'] &&
      isCount(item['revision']) &&
      isMoment(member(read, 'since')) &&
      ['frozen', 'uninstalling'].every((name) => isAbsentOr(isMark)(member(read, name))),
  },
  reconcile: {
    item: RECONCILE,
    texts: ['document'],
    read: (item) => holding(item).reconcile(),
    isWhole: (read, item) =>
      member(read, 'revision') === item['revision'] &&
      isCount(item['revision']) &&
      isAbsentOr((last) => isMoment(member(last, 'finishedAt')) && areCounts(member(last, 'counts')))(member(read, 'last')) &&
      isAbsentOr(
        (run) =>
          isMoment(member(run, 'startedAt')) &&
          areCounts(member(run, 'counts')) &&
          typeof member(run, 'dryRun') === 'boolean' &&
          ['removals', 'failures'].every((name) => isCount(member(run, name))) &&
          ['plan', 'approved'].every((name) => isCount(member(member(run, 'parts'), name))) &&
          ['subscriptions', 'buckets'].includes(String(member(run, 'phase'))) &&
          ['request', 'token', 'bucket'].every((name) => isAbsentOr(isText)(member(run, name))),
      )(member(read, 'run')),
  },
  'a request': {
    item: REQUEST,
    texts: ['request', 'result'],
    read: (item) => holding(item).request('request-0001'),
    isWhole: (read, item) =>
      isWellFormed(member(read, 'request')) &&
      item['pk'] === `request#${member(member(read, 'request'), 'id')}` &&
      isText(member(read, 'by')) &&
      isMoment(member(read, 'at')) &&
      isAbsentOr(isMoment)(member(read, 'finishedAt')) &&
      isAbsentOr((result) => Object.values(Object(result)).every((value) => Number.isFinite(value)))(member(read, 'result')),
  },
  'the approved': {
    item: APPROVED,
    read: (item) => holding(item).approved('run1'),
    isWhole: (read, item) => read instanceof Set && [...read].every(isText) && (item['run'] === 'run1' || read.size === 0),
  },
  'a change': {
    item: HISTORY,
    texts: ['before', 'after'],
    read: (item) => historyFromItem(item, 'acme-raw'),
    isWhole: (read, item) =>
      member(read, 'bucket') === 'acme-raw' &&
      `history#${String(member(read, 'version')).padStart(12, '0')}` === item['sk'] &&
      isMoment(member(read, 'at')) &&
      ['before', 'after', 'subscriptions', 'residualAccess'].every((name) => Array.isArray(member(read, name))) &&
      (member(read, 'previousPolicy') === null || isText(member(read, 'previousPolicy'))),
  },
  'a request that is shown': {
    item: REQUEST,
    texts: ['result'],
    read: (item) => requestFromItem(item, 'request-0001'),
    isWhole: (read) =>
      ['accepted', 'running', 'done', 'refused'].includes(String(member(read, 'state'))) &&
      isMoment(member(read, 'at')) &&
      ['message', 'by'].every((name) => isAbsentOr(isText)(member(read, name))) &&
      isAbsentOr(isMoment)(member(read, 'finishedAt')),
  },
  'a plan': {
    item: PLAN,
    texts: ['lines'],
    read: (item) => planLinesFromItem(item, 'request-0001'),
    isWhole: (read) =>
      Array.isArray(read) &&
      read.every(
        (line) =>
          ['grant', 'revoke', 'repair', 'held-back'].includes(line.action) &&
          ['bucket', 'why'].every((name) => isText(member(line, name))) &&
          ['location', 'principal', 'subscription'].every((name) => isAbsentOr(isText)(member(line, name))),
      ),
  },
  'a delivery test': {
    item: TEST,
    read: deliveryTestFromItem,
    isWhole: (read) => isText(member(read, 'id')) && isMoment(member(read, 'at')),
  },
};

const inputs = fc.oneof(
  ...Object.values(READERS).map((reader) => mutatedItem(reader.item, reader.texts ?? []).map((item) => ({ reader, item }))),
);

test.each(Object.entries(READERS))('%s is read as it is written', async (_what, { item, read, isWhole }) => {
  expect(isWhole(await read(item), item)).toBe(true);
});

fuzz('a single item of the ledger is read whole, or a sentence says that it is not', {
  inputs,
  verdicts: ['read', 'not read'],
  check: async ({ reader, item }, tally) => {
    try {
      const read = await reader.read(item);
      expect([read, item['schema'], reader.isWhole(read, item)]).toEqual([read, 1, true]);
      tally('read');
    } catch (error) {
      if (!(error instanceof LedgerFailure || error instanceof CommandFailure)) throw error;
      expectSentence(error.message);
      tally('not read');
    }
  },
});
