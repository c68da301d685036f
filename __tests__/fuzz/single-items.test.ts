import fc from 'fast-check';
import { failureFromItem, failureToItem, historyFromItem, historyToItem } from '../../handler/adapters/ledger/items';
import { deliveryTestFromItem, dynamodbOperations, planFromItem, requestFromItem } from '../../handler/adapters/ledger/operations';
import type { LedgerTable } from '../../handler/adapters/ledger/table';
import { NO_COUNTS } from '../../handler/core/ledger/reconcile-state';
import type { Operations } from '../../handler/ports';
import {
  REQUEST as ASKED,
  HISTORY as CHANGE,
  DELIVERY_TEST,
  FAILURES,
  PLAN_LINE,
  RECONCILE as RUN,
  DEPLOYMENT as STATE,
} from '../handler/core/stored-examples';
import { fuzz } from './inputs';
import { mutatedItem } from './mutations';
import { expectUnreadable } from './pipeline';
import { isWellFormed } from './request-form';

type Item = Readonly<Record<string, unknown>>;

const document = (pk: string, sk: string, state: { readonly revision: number }): Item => ({
  ...{ pk, sk, schema: 1, revision: state.revision, document: JSON.stringify(state) },
});
const { request: asked, ...result } = ASKED;
const DEPLOYMENT = document('deployment', 'state', STATE);
const RECONCILE = document('reconcile', 'cursor', RUN);
const REQUEST: Item = {
  ...{ pk: 'request#request-0001', sk: 'request', schema: 1, revision: 2, state: 'done' },
  ...{ request: JSON.stringify(asked), result: JSON.stringify(result) },
};
const APPROVED: Item = { pk: 'reconcile', sk: 'approved#000000', schema: 1, run: 'run1', ids: ['s1', 's2'] };
const HISTORY: Item = { pk: 'bucket#acme-raw', sk: 'history#000000000012', ...historyToItem(CHANGE) };
const PLAN: Item = { pk: 'request#request-0001', sk: 'plan#000000', schema: 1, lines: JSON.stringify([PLAN_LINE]) };
const TEST: Item = { pk: 'delivery-test', sk: 'last', schema: 1, ...DELIVERY_TEST };
const [failure] = FAILURES;
if (failure === undefined) throw new Error('no failure');
const FAILURE: Item = { pk: 'failures', sk: 'subscription#s1', ...failureToItem(failure) };

/** A table that answers every read with one item; nothing here writes. */
const holding = (item: Item): Operations => {
  const never = () => Promise.reject(new Error('nothing of this is asked for'));
  const table: LedgerTable = {
    ...{ get: () => Promise.resolve(item), query: () => Promise.resolve([item]) },
    ...{ getAll: never, due: never, oldestWaiting: never, put: never, putRevision: never, update: never, remove: never },
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
  /** The item is read by its key, so that it is known without the item. */
  readonly isReadByKey?: boolean;
  /** Whether what was read is whole, by our own reckoning. */
  readonly isWhole: (read: unknown, item: Item) => boolean;
};

const READERS: Readonly<Record<string, Reader>> = {
  'the deployment': {
    item: DEPLOYMENT,
    texts: ['document'],
    isReadByKey: true,
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
    isReadByKey: true,
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
      String(item['pk']) === `request#${member(member(read, 'request'), 'id')}` &&
      isText(member(read, 'by')) &&
      isMoment(member(read, 'at')) &&
      isAbsentOr(isMoment)(member(read, 'finishedAt')) &&
      isAbsentOr(
        (counts) =>
          Array.isArray(counts) && counts.every((count) => isText(member(count, 'name')) && Number.isFinite(member(count, 'count'))),
      )(member(read, 'result')),
  },
  'the approved': {
    item: APPROVED,
    read: (item) => holding(item).approved('run1'),
    // A part that cannot be read lists nobody: DataZone is asked for each of its subscriptions.
    isWhole: (read, item) =>
      read instanceof Set && [...read].every(isText) && (read.size === 0 || (item['run'] === 'run1' && item['schema'] === 1)),
  },
  'a change': {
    item: HISTORY,
    texts: ['record'],
    read: historyFromItem,
    isWhole: (read, item) =>
      `bucket#${String(member(read, 'bucket'))}` === String(item['pk']) &&
      `history#${String(member(read, 'version')).padStart(12, '0')}` === String(item['sk']) &&
      isMoment(member(read, 'at')) &&
      ['before', 'after', 'subscriptions', 'residualAccess', 'causes'].every((name) => Array.isArray(member(read, name))) &&
      (member(read, 'previousPolicy') === null || isText(member(read, 'previousPolicy'))),
  },
  'a request that is shown': {
    item: REQUEST,
    texts: ['result'],
    read: requestFromItem,
    isWhole: (read, item) =>
      ['accepted', 'running', 'done', 'refused'].includes(String(member(read, 'state'))) &&
      member(read, 'state') === item['state'] &&
      isMoment(member(read, 'at')) &&
      ['message', 'by'].every((name) => isAbsentOr(isText)(member(read, name))) &&
      isAbsentOr(isMoment)(member(read, 'finishedAt')),
  },
  'a plan': {
    item: PLAN,
    texts: ['lines'],
    read: planFromItem,
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
  'a failure': {
    item: FAILURE,
    texts: ['failure'],
    read: failureFromItem,
    isWhole: (read, item) => {
      const { kind, id, name } = Object(member(read, 'unit'));
      return (
        `${kind}#${kind === 'subscription' ? id : name}` === String(item['sk']) &&
        ['defect', 'unreadable'].includes(String(member(read, 'outcome'))) &&
        isText(member(read, 'message')) &&
        isCount(member(read, 'attempts')) &&
        ['since', 'at', 'dueAt'].every((at) => isMoment(member(read, at)))
      );
    },
  },
};

const inputs = fc.oneof(
  ...Object.values(READERS).map((reader) => mutatedItem(reader.item, reader.texts ?? []).map((item) => ({ reader, item }))),
);

test.each(Object.entries(READERS))('%s is read as it is written', async (_what, { item, read, isWhole }) => {
  expect(isWhole(await read(item), item)).toBe(true);
});

fuzz('a single item of the ledger is read whole, or it is unreadable by its keys', {
  inputs,
  verdicts: ['read', 'not read'],
  check: async ({ reader, item }, tally) => {
    try {
      const read = await reader.read(item);
      expect([read, reader.isWhole(read, item)]).toEqual([read, true]);
      if (reader.item !== APPROVED) expect(item['schema']).toBe(1);
      tally('read');
    } catch (error) {
      expectUnreadable(error, reader.isReadByKey ? reader.item : item);
      tally('not read');
    }
  },
});
