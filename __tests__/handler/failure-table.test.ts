import { refused, WAITING_CODES, waiting } from '../../handler/core/outcome';
import * as errors from '../../handler/errors';
import { type Consequence, consequenceOf } from '../../handler/failure';

const KEY = { partition: 'subscription#s1', sort: 'state' };
const full = refused('policy-full', 'no space');

/** One row for each class of error: what a failure of that class becomes. */
const ROWS: readonly (readonly [Error, Consequence])[] = [
  [new errors.LedgerUnavailable('x'), { kind: 'return' }],
  [new errors.WriteConflict('x'), { kind: 'read-again' }],
  [new errors.PolicyBlocked(full), { kind: 'hinder', hindrance: full }],
  [new errors.TransientFailure('throttled', 'slow down'), { kind: 'hinder', hindrance: waiting('throttled', 'slow down') }],
  [new errors.BucketGone('gone'), { kind: 'hinder', hindrance: waiting('bucket-missing', 'gone') }],
  [
    new errors.ItemTooLarge(500_000, "ledger item 'a' / 'b' would take 500000 bytes"),
    {
      kind: 'hinder',
      hindrance: refused(
        'limit-exceeded',
        "ledger item 'a' / 'b' would take 500000 bytes; publish smaller data products, or name fewer principals in fewer subscription targets",
      ),
    },
  ],
  [new errors.UnreadableItem(KEY, 'x'), { kind: 'record', outcome: 'unreadable' }],
  [new errors.InvalidEnvironment('x'), { kind: 'record', outcome: 'defect' }],
];

describe('a failure of one unit', () => {
  it.each(ROWS.map(([error, consequence]) => [error.name, error, consequence] as const))(
    '%s has its consequence',
    (_name, error, consequence) => {
      expect(consequenceOf(error)).toEqual(consequence);
    },
  );

  it('of every class of error is in the table', () => {
    const classes = Object.values(errors).filter((one) => typeof one === 'function');
    expect(classes.length).toBeGreaterThan(5);
    expect(new Set(ROWS.map(([error]) => error.constructor))).toEqual(new Set(classes));
  });

  it.each(WAITING_CODES)('that may pass waits with its code: %s', (code) => {
    expect(consequenceOf(new errors.TransientFailure(code, 'x'))).toEqual({ kind: 'hinder', hindrance: waiting(code, 'x') });
  });

  it.each([
    new TypeError('x is not a function'),
    new RangeError('x'),
    new Error('x'),
    'text',
    undefined,
    null,
    7,
    { name: 'LedgerUnavailable' },
  ])('that nobody expected is a defect: %p', (error) => {
    expect(consequenceOf(error)).toEqual({ kind: 'record', outcome: 'defect' });
  });

  it('returns the messages for the ledger alone', () => {
    expect(ROWS.filter(([, { kind }]) => kind === 'return').map(([error]) => error.name)).toEqual(['LedgerUnavailable']);
  });
});
