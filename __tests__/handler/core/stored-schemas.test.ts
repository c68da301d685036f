import type * as z from 'zod/mini';
import { locationArn } from '../../../handler/core/grant/location';
import { bucketState, intendedChange } from '../../../handler/core/ledger/bucket-state';
import { deploymentState } from '../../../handler/core/ledger/deployment-state';
import { cause, historyRecord } from '../../../handler/core/ledger/history-record';
import { COUNTS, NO_COUNTS, planLine, reconcileRun, reconcileState } from '../../../handler/core/ledger/reconcile-state';
import { deliveryTest, requestResult } from '../../../handler/core/ledger/request-record';
import { SCHEMA, schema, whole } from '../../../handler/core/ledger/stored';
import { grantDocument, principalEntry } from '../../../handler/core/ledger/stored-grant';
import { subscriptionRecord } from '../../../handler/core/ledger/subscription-record';
import { unitFailure } from '../../../handler/core/ledger/unit-failure';
import { DELIVERY_TEST, DEPLOYMENT, FAILURES, GRANT, HISTORY, PLAN_LINE, RECONCILE, RECORD, REQUEST, STATE } from './stored-examples';

const { request: _, ...RESULT } = REQUEST;
const [failure] = FAILURES;
const [entry] = GRANT.principals;
const [firstCause] = HISTORY.causes;

/** Each schema, a value with every member, and the members without which it is not whole. */
const SCHEMAS: readonly (readonly [name: string, schema: () => z.ZodMiniType, value: unknown, required: readonly string[]])[] = [
  ['a subscription', subscriptionRecord, RECORD, ['id', 'revision', 'outcome', 'pending', 'assets', 'buckets', 'reported', 'lookup', 'at']],
  [
    'a grant',
    grantDocument,
    { ...GRANT, location: locationArn(GRANT.location) },
    ['subscriptionId', 'location', 'listingId', 'assetId', 'owningProject', 'principals'],
  ],
  ['a principal of a grant', principalEntry, entry, ['arn', 'state', 'since', 'targets']],
  ["a bucket's state", bucketState, STATE, ['version', 'attempt', 'written', 'bytes']],
  ['an announced change', intendedChange, STATE.intended, ['statements', 'previousPolicy', 'subscriptions', 'at']],
  [
    'a change of the history',
    historyRecord,
    HISTORY,
    [...['bucket', 'version', 'before', 'after', 'previousPolicy', 'session', 'subscriptions', 'causes', 'drift', 'residualAccess'], 'at'],
  ],
  ['a cause', cause, firstCause, ['trigger']],
  ['a failure', unitFailure, failure, ['outcome', 'unit', 'message', 'since', 'at', 'attempts', 'dueAt']],
  ["the deployment's state", deploymentState, DEPLOYMENT, ['revision', 'since']],
  ["reconcile's state", reconcileState, RECONCILE, ['revision']],
  [
    'a run of reconcile',
    reconcileRun,
    RECONCILE.run,
    ['id', 'dryRun', 'removals', 'startedAt', 'phase', 'parts', 'counts', 'fullest', 'failures'],
  ],
  ['a line of a plan', planLine, PLAN_LINE, ['action', 'bucket', 'why']],
  ['the result of a request', requestResult, RESULT, ['revision', 'by', 'state', 'at']],
  ['a delivery test', deliveryTest, DELIVERY_TEST, ['id', 'at']],
];

const accepts = (shape: () => z.ZodMiniType, value: unknown): boolean => shape().safeParse(value).success;

describe.each(SCHEMAS)('the schema of %s', (_name, shape, value, required) => {
  const members = new Map<string, unknown>(Object.entries(Object(value)));
  const without = (name: string) => Object.fromEntries([...members].filter(([member]) => member !== name));

  test('accepts it with every member', () => {
    expect(accepts(shape, value)).toBe(true);
  });

  test('accepts it without the members that it can lack, and with one that a later version adds', () => {
    const least = Object.fromEntries([...members].filter(([name]) => required.includes(name)));
    expect(accepts(shape, least)).toBe(true);
    expect(accepts(shape, { ...least, added: { later: [1] } })).toBe(true);
  });

  test('refuses it without one that it must have', () => {
    expect(required.filter((name) => accepts(shape, without(name)))).toEqual([]);
  });

  test('refuses another value in place of any member', () => {
    const odd = [[[]], [null], Symbol.iterator, Number.NaN];
    const accepted = [...members.keys()].filter((name) => odd.some((wrong) => accepts(shape, { ...Object(value), [name]: wrong })));
    expect(accepted).toEqual([]);
  });

  test('refuses what is no object', () => {
    for (const odd of [undefined, null, 'text', 7, []]) expect(accepts(shape, odd)).toBe(false);
  });
});

test('the version of the items and their counts are whole numbers', () => {
  expect([SCHEMA, SCHEMA + 1, '1'].map((value) => schema.safeParse(value).success)).toEqual([true, false, false]);
  expect([0, 7, -1, 1.5, 2 ** 53, '1'].map((value) => whole.safeParse(value).success)).toEqual([true, true, false, false, false, false]);
});

test('the counts of a run are those that have a name', () => {
  expect(Object.keys(NO_COUNTS)).toEqual([...COUNTS]);
  const { grant: _missing, ...counts } = NO_COUNTS;
  expect(accepts(reconcileState, { revision: 1, last: { ...RECONCILE.last, counts } })).toBe(false);
});

test('times are times', () => {
  for (const at of ['2026-99-99T00:00:00Z', '2026-01-15', '', '2026-01-15T09:30:00+01:00'])
    expect([accepts(deliveryTest, { id: 't', at }), accepts(principalEntry, { ...entry, since: at })]).toEqual([false, false]);
});

test('failed units are of three kinds', () => {
  expect(FAILURES.map((one) => accepts(unitFailure, one))).toEqual([true, true, true]);
  expect(accepts(unitFailure, { ...failure, unit: { kind: 'table', name: 'x' } })).toBe(false);
  expect(accepts(unitFailure, { ...failure, outcome: 'odd' })).toBe(false);
});
