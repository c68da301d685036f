import { MOST_REPORTED } from '../../../handler/core/limits';
import { refused, waiting } from '../../../handler/core/outcome';
import { backoff } from '../../../handler/core/subscription/backoff';
import type { Decision } from '../../../handler/core/subscription/decision';
import {
  concludedRecord,
  decidedRecord,
  dueFor,
  isDecidedAlready,
  newRecord,
  saysNothingNew,
} from '../../../handler/core/subscription/record-plan';
import type { Provenance } from '../../../handler/core/subscription/subscription';
import { at, BUCKET, EARLIER, grant, NOW, NOW_TEXT, PRODUCER, record, role, subscription } from './builders';

const MINUTE = 60_000;
const GRANTED = [{ grant: 'g1', asset: 'a1', status: 'GRANTED' }] as const;
const later = (milliseconds: number) => new Date(NOW.getTime() + milliseconds).toISOString();

describe('the wait before the next attempt', () => {
  test.each([
    [0, MINUTE / 2],
    [1, MINUTE],
    [2, 2 * MINUTE],
    [6, 32 * MINUTE],
    [7, 60 * MINUTE],
    [1_000, 60 * MINUTE],
  ])('after %d attempts is %d ms', (attempts, milliseconds) => {
    expect(backoff(attempts)).toBe(milliseconds);
    expect(dueFor('look', { attempts, now: NOW })).toEqual({ kind: 'look', at: later(milliseconds), attempts });
  });
});

const published = { arn: `arn:aws:s3:::${BUCKET}/runs/` };
const frozen = { assetId: 'asset1', owningProject: PRODUCER, published };
const granting: Decision = {
  kind: 'grant',
  assets: [{ ...frozen, location: at('runs/') }],
  principals: [{ arn: role('ann'), targets: [] }],
  readTargets: [],
};
const provenance: Provenance = { requestedBy: 'asker', requestReason: 'research', reviewedBy: 'approver' };
const fresh = newRecord('s1', { lookup: { subscriptionId: 's1' }, now: NOW });
const grants = [grant('s1', 'runs/', { principals: { ann: 'waiting' } })];

describe('the record of a decision', () => {
  test('begins with nothing but how the subscription is found', () => {
    expect(fresh).toEqual({
      id: 's1',
      revision: 0,
      outcome: { kind: 'unchanged' },
      pending: false,
      assets: [],
      buckets: [],
      reported: [],
      lookup: { subscriptionId: 's1' },
      at: NOW_TEXT,
    });
  });

  test('holds the approved revision of the listing where DataZone names it', () => {
    const decided = { decision: granting, grants, now: NOW };
    expect(decidedRecord(fresh, { subscription: subscription(), ...decided }).listing).toMatchObject({ id: 'listing1', revision: '1' });
    const unnamed = subscription({ listing: { id: 'listing1', name: 'Runs', owningProject: PRODUCER } });
    const withoutRevision = decidedRecord(fresh, { subscription: unnamed, ...decided });
    expect(withoutRevision.listing).not.toHaveProperty('revision');
    expect(withoutRevision).not.toHaveProperty('missingTargets');
  });

  test('holds what was decided, by whom it was asked for and approved, and stays due until it is done', () => {
    const named = subscription({ listing: { id: 'listing1', name: 'Runs', owningProject: PRODUCER, owningProjectName: 'Producers' } });
    const missingTargets: readonly [] = [];
    expect(decidedRecord(fresh, { subscription: named, decision: granting, grants, provenance, missingTargets, now: NOW })).toStrictEqual({
      ...fresh,
      revision: 1,
      status: 'APPROVED',
      pending: true,
      listing: { id: 'listing1', name: 'Runs', owningProject: PRODUCER, owningProjectName: 'Producers' },
      subscriber: named.subscriber,
      createdBy: 'approver1',
      approvedAt: EARLIER,
      provenance,
      assets: [frozen],
      buckets: [BUCKET],
      due: { kind: 'grant', at: later(MINUTE / 2), attempts: 0 },
    });
  });

  test('keeps the places, the provenance and the approval of the first decision', () => {
    const before = record({
      provenance,
      approvedAt: '2025-01-01T00:00:00Z',
      createdBy: 'first',
      buckets: ['zoo'],
      due: { kind: 'grant', at: EARLIER, attempts: 4 },
    });
    const moved: Decision = { ...granting, assets: [{ ...frozen, published: { arn: 'elsewhere' }, location: at('b/') }] };
    const other = { ...provenance, requestedBy: 'other' };
    const decided = decidedRecord(before, { subscription: subscription(), decision: moved, grants, provenance: other, now: NOW });
    expect(decided).toMatchObject({
      assets: [frozen],
      provenance,
      approvedAt: '2025-01-01T00:00:00Z',
      createdBy: 'first',
      buckets: [BUCKET, 'zoo'],
    });
    expect(decided).toMatchObject({ revision: 4, due: { attempts: 4, at: later(8 * MINUTE) } });
    expect(decided.listing).not.toHaveProperty('owningProjectName');
  });

  test('freezes the places of a refused subscription too', () => {
    const decision: Decision = { kind: 'refuse', refusal: refused('subscriber-unsupported', 'x'), assets: [frozen] };
    const decided = decidedRecord(fresh, { subscription: subscription(), decision, grants: [], now: NOW });
    expect(decided).toMatchObject({ assets: [frozen], buckets: [], due: { kind: 'grant' } });
    expect(decided).not.toHaveProperty('provenance');
  });

  test.each([
    { name: 'revoked', retained: false, before: undefined, ended: 'revoked' },
    { name: 'retained', retained: true, before: undefined, ended: 'retained' },
    { name: 'expired, and stays so', retained: false, before: 'expired' as const, ended: 'expired' },
  ])('of an end says $name, and is due before grants', ({ retained, before, ended }) => {
    const decision: Decision = { kind: 'end', ended: retained ? 'retained' : 'revoked' };
    const status = 'CANCELLED' as const;
    const decided = decidedRecord(
      { ...fresh, ...(before === undefined ? {} : { ended: before }) },
      { subscription: subscription({ status }), decision, grants: [], now: NOW },
    );
    expect(decided).toMatchObject({ ended, status, assets: [], due: { kind: 'revoke' } });
  });
});

describe('the record of what became of it', () => {
  const before = record({
    reported: [
      { grant: 'g1', asset: 'a1', status: 'GRANT_FAILED' },
      { grant: 'g2', asset: 'a1', status: 'GRANTED' },
    ],
    due: { kind: 'grant', at: EARLIER, attempts: 2 },
    pending: true,
  });
  const conclude = (outcome: Parameters<typeof concludedRecord>[1]['outcome'], fields: { unreported?: boolean; ended?: 'revoked' } = {}) =>
    concludedRecord(
      { ...before, ...(fields.ended === undefined ? {} : { ended: fields.ended }) },
      {
        outcome,
        reported: GRANTED,
        unreported: fields.unreported ?? false,
        takesAway: fields.ended !== undefined,
        serves: false,
        now: NOW,
      },
    );

  test('is settled and no longer due when it is done', () => {
    const { due: _, ...rest } = before;
    expect(conclude({ kind: 'granted' })).toEqual({
      ...rest,
      revision: 4,
      outcome: { kind: 'granted' },
      pending: false,
      reported: [{ grant: 'g2', asset: 'a1', status: 'GRANTED' }, ...GRANTED],
      at: NOW_TEXT,
    });
  });

  test.each([
    {
      name: 'waits longer each time',
      outcome: waiting('throttled', 'x'),
      fields: {},
      pending: true,
      due: { kind: 'grant', attempts: 3, at: later(4 * MINUTE) },
    },
    {
      name: 'waits as a revocation, if it takes access away',
      outcome: waiting('throttled', 'x'),
      fields: { ended: 'revoked' as const },
      pending: true,
      due: { kind: 'revoke', attempts: 3 },
    },
    {
      name: 'waits for the work first, if its status is unreported as well',
      outcome: waiting('throttled', 'x'),
      fields: { unreported: true },
      pending: true,
      due: { kind: 'grant' },
    },
    {
      name: 'is due for its status alone, if that is unreported',
      outcome: { kind: 'granted' } as const,
      fields: { unreported: true },
      pending: false,
      due: { kind: 'report', attempts: 3 },
    },
    { name: 'waits for a reconcile, if it is refused', outcome: refused('policy-full', 'x'), fields: {}, pending: false, due: undefined },
    { name: 'waits for enforcement, if it is observed', outcome: waiting('observing', 'x'), fields: {}, pending: false, due: undefined },
  ])('$name', ({ outcome, fields, pending, due }) => {
    const concluded = conclude(outcome, fields);
    expect(concluded).toMatchObject({ outcome, pending });
    if (due === undefined) expect(concluded).not.toHaveProperty('due');
    else expect(concluded.due).toMatchObject(due);
  });

  test('keeps the newest statuses, one for each grant and asset, and no more than a record holds', () => {
    const statuses = (count: number, status: string) =>
      Array.from({ length: count }, (_, index) => ({ grant: 'g', asset: `a${index}`, status }));
    const conclusion = { outcome: { kind: 'granted' } as const, unreported: false, takesAway: false, serves: false, now: NOW };
    const merge = (stored: typeof before.reported, reported: typeof before.reported) =>
      concludedRecord({ ...before, reported: stored }, { ...conclusion, reported }).reported;
    expect(merge(statuses(MOST_REPORTED, 'GRANTED'), [])).toHaveLength(MOST_REPORTED);
    const merged = merge(statuses(MOST_REPORTED, 'GRANTED'), [
      { grant: 'g', asset: 'a0', status: 'REVOKED' },
      { grant: '__proto__', asset: 'constructor', status: 'GRANTED' },
    ]);
    expect(merged).toHaveLength(MOST_REPORTED);
    expect(merged.slice(-2)).toEqual([
      { grant: 'g', asset: 'a0', status: 'REVOKED' },
      { grant: '__proto__', asset: 'constructor', status: 'GRANTED' },
    ]);
    expect(merged[0]?.asset).toBe('a2');
    expect(merge(merged, merged.toReversed())).toEqual(merged);
  });

  test('says since when it has been waiting without a break', () => {
    expect(conclude(waiting('throttled', 'x')).waitingSince).toBe(NOW_TEXT);
    const conclusion = { reported: [], unreported: false, takesAway: false, serves: false, now: NOW };
    const waits = { ...before, waitingSince: EARLIER };
    expect(concludedRecord(waits, { outcome: waiting('frozen', 'x'), ...conclusion }).waitingSince).toBe(EARLIER);
    expect(concludedRecord(waits, { outcome: { kind: 'granted' }, ...conclusion })).not.toHaveProperty('waitingSince');
  });

  test('is due soon again where nothing was due before', () => {
    const { due: _, ...rest } = before;
    expect(
      concludedRecord(rest, {
        outcome: waiting('throttled', 'x'),
        reported: [],
        unreported: false,
        takesAway: false,
        serves: false,
        now: NOW,
      }).due,
    ).toEqual({
      kind: 'grant',
      attempts: 1,
      at: later(MINUTE),
    });
  });
});

test.each(['revoked', 'retained', 'expired'] as const)(
  'what ended is %s, though the invocation that did it was cut off before it said so',
  (ended) => {
    const before = record({ ended, outcome: { kind: 'granted' } });
    const conclusion = { reported: [], unreported: false, takesAway: true, serves: false, now: NOW };
    expect(concludedRecord(before, { outcome: { kind: 'unchanged' }, ...conclusion }).outcome).toEqual({ kind: ended });
    const failing = waiting('throttled', 'x');
    expect(concludedRecord(before, { outcome: failing, ...conclusion }).outcome).toEqual(failing);
  },
);

describe('a second look', () => {
  const stored = { ...record(), outcome: { kind: 'granted' }, reported: GRANTED } as const;
  const again = {
    reported: GRANTED,
    unreported: false,
    takesAway: false,
    serves: false,
    now: new Date(NOW.getTime() + MINUTE),
  };

  test.each(['granted', 'revoked', 'retained', 'expired'] as const)('of what was %s keeps saying so, and says nothing new', (kind) => {
    const before = { ...stored, outcome: { kind } };
    const concluded = concludedRecord(before, { outcome: { kind: 'unchanged' }, ...again });
    expect(concluded).toMatchObject({ outcome: { kind }, revision: before.revision + 1, at: again.now.toISOString() });
    expect(saysNothingNew(concluded, before)).toBe(true);
  });

  test.each([waiting('throttled', 'x'), refused('policy-full', 'x'), { kind: 'orphaned' } as const])(
    'of what was $kind and is done now says so',
    (outcome) => {
      const concluded = concludedRecord({ ...stored, outcome }, { outcome: { kind: 'unchanged' }, ...again });
      expect(concluded.outcome).toEqual({ kind: 'unchanged' });
      expect(saysNothingNew(concluded, { ...stored, outcome })).toBe(false);
    },
  );

  test.each([
    { name: 'another outcome', conclusion: { outcome: { kind: 'revoked' } as const } },
    { name: 'another status', conclusion: { reported: [{ grant: 'g2', asset: 'a1', status: 'GRANTED' }] } },
    { name: 'a status that could not be told', conclusion: { unreported: true } },
    { name: 'access that is served', conclusion: { serves: true } },
  ])('that found $name says it', ({ conclusion }) => {
    const concluded = concludedRecord(stored, { outcome: { kind: 'unchanged' }, ...again, ...conclusion });
    expect(saysNothingNew(concluded, stored)).toBe(false);
  });

  const decided = decidedRecord(fresh, { subscription: subscription(), decision: granting, grants, provenance, now: NOW });
  const done = concludedRecord(decided, { outcome: { kind: 'granted' }, ...again });
  const decideAgain = (before: typeof done, decision: Decision = granting) =>
    decidedRecord(before, { subscription: subscription(), decision, grants, now: again.now });

  test('decides nothing that was decided before, in whatever order a record came back', () => {
    expect(isDecidedAlready(decideAgain(done), done)).toBe(true);
    const reversed = Object.fromEntries(Object.entries(done).reverse()) as typeof done;
    expect(isDecidedAlready(decideAgain(done), reversed)).toBe(true);
  });

  test.each<{ name: string; before: typeof done; decision?: Decision }>([
    { name: 'is pending', before: { ...done, pending: true } },
    { name: 'is due again', before: { ...done, due: dueFor('report', { attempts: 1, now: NOW }) } },
    { name: 'was said to have ended', before: { ...done, endingSaidAt: EARLIER } },
    { name: 'missed a target', before: { ...done, missingTargets: [{ target: 'e/t', since: EARLIER }] } },
    { name: 'ends now', before: done, decision: { kind: 'end', ended: 'revoked' } },
    {
      name: 'was of another revision',
      before: { ...done, listing: { id: 'listing1', name: 'x', owningProject: PRODUCER, revision: '9' } },
    },
  ])('decides anew what $name', ({ before, decision }) => {
    expect(isDecidedAlready(decideAgain(before, decision), before)).toBe(false);
  });
});
