import {
  entryOf,
  type Grant,
  hasAccess,
  isSettled,
  type PrincipalEntry,
  type PrincipalState,
  revoking,
} from '../../../handler/core/grant/grant';
import { planApproved, planEnded, planIgnored, planOrphaned, planRetiring, unreadTargets } from '../../../handler/core/grant/grant-plan';
import { settleGrants } from '../../../handler/core/grant/grant-settlement';
import { NO_COUNTS } from '../../../handler/core/ledger/reconcile-state';
import { isContended, overwritesSeen } from '../../../handler/core/policy/overwrites';
import { planPolicy } from '../../../handler/core/policy/policy-plan';
import { counted, isAsDecided, planLines, removalsOf } from '../../../handler/core/reconcile/reconcile-plan';
import { firstState, stanceOf, unreadableStance } from '../../../handler/core/stance';
import { type Decision, decide } from '../../../handler/core/subscription/decision';
import { concludedRecord, decidedRecord, goneTargets, stillMissing } from '../../../handler/core/subscription/record-plan';
import { outcomeOf } from '../../../handler/core/subscription/subscription-outcome';
import {
  BUCKET,
  document,
  EARLIER,
  entry,
  foreign,
  grant,
  head,
  NOW,
  OTHER_DEPLOYMENT,
  question,
  record,
  registry,
  resolved,
  role,
  rules,
  settled,
  subscription,
} from './builders';

const ANN = role('ann');
const HOUR = 60 * 60_000;
const ago = (milliseconds: number) => new Date(NOW.getTime() - milliseconds).toISOString();
const STATES: readonly PrincipalState[] = ['waiting', 'granted', 'retained', 'orphaned', 'revoking', 'revoked', 'expired', 'refused'];
const each = (state: PrincipalState) => grant(state, 'runs/', { principals: { ann: state } });
const statesOf = (grants: readonly Grant[]) => grants.map((one) => entryOf(one, ANN)?.state);

describe('what was approved', () => {
  const kindOf = (decision: Decision) => (decision.kind === 'end' ? `end: ${decision.ended}` : decision.kind);

  it.each([
    ['before the deployment is left alone', { ignoreBefore: ago(0) }, undefined, 'ignored'],
    ['after it is served', { ignoreBefore: '2026-01-01T00:00:00.000Z' }, undefined, 'grant'],
    ['before it and served once goes on being served', { ignoreBefore: ago(0) }, record({ served: true }), 'grant'],
    ['before it and only waited is left alone', { ignoreBefore: ago(0) }, record({ served: false }), 'ignored'],
    ['at the very moment that the deployment was there is served', { ignoreBefore: EARLIER }, undefined, 'grant'],
    ['at the very moment from which on grants are good has not run out', { expireBefore: EARLIER }, undefined, 'grant'],
    ['too long ago has run out', { expireBefore: ago(0) }, undefined, 'end: expired'],
    ['lately has not', { expireBefore: '2026-01-01T00:00:00.000Z' }, undefined, 'grant'],
  ])('%s', (_, limits, known, expected) => {
    expect(kindOf(decide(resolved({ record: known }), rules(limits)))).toBe(expected);
  });

  it('is not frozen anew from the revision that it was frozen from', () => {
    const frozen = record().assets;
    const decision = decide(resolved({ assets: frozen, record: record() }), rules());
    expect(decision).toMatchObject({ kind: 'grant', assets: [{ location: { path: 'runs/' } }] });
  });
});

describe('the grants of a subscription', () => {
  const existing = STATES.map(each);

  it('that DataZone does not know are kept, and told apart', () => {
    expect(statesOf(planOrphaned(existing, { now: NOW }))).toEqual(STATES.map((state) => (state === 'granted' ? 'orphaned' : state)));
  });

  it('that is not served give up what only waits, and nothing else', () => {
    const given = planIgnored(existing).map((one) => one.principals.map(({ state }) => state));
    expect(given).toEqual(STATES.map((state) => (['waiting', 'refused'].includes(state) ? [] : [state])));
  });

  it('leave with their bucket, whatever they are', () => {
    const leaving = planRetiring(existing, { isRetiring: (bucket) => bucket === BUCKET, now: NOW });
    const kept: readonly PrincipalState[] = ['revoked', 'expired', 'refused'];
    expect(statesOf(leaving)).toEqual(STATES.map((state) => (kept.includes(state) ? state : 'revoking')));
    expect(planRetiring(existing, { isRetiring: () => false, now: NOW })).toEqual(existing);
  });

  it('that ran out are marked so, and stay so', () => {
    const [planned] = planEnded([each('granted')], { ended: 'expired', now: NOW });
    expect(entryOf(planned, ANN)).toMatchObject({ state: 'revoking', final: 'expired' });
    const nothing = { dead: new Set<string>(), left: new Map(), suspended: new Set<string>() };
    const [done] = settleGrants(planned ? [planned] : [], { plan: nothing, candidates: new Set(), now: NOW });
    expect(entryOf(done, ANN)).toMatchObject({ state: 'expired', final: 'expired' });
  });

  it('name the targets that a reading did not show, of whoever has or wants access', () => {
    const at = (state: PrincipalState, name: string): Grant =>
      grant(name, 'runs/', { principals: { ann: entry(state, { targets: [name] }) } });
    const held = [at('granted', 'e/read'), at('granted', 'e/b'), at('waiting', 'e/a'), at('revoked', 'e/gone'), at('granted', 'e/b')];
    expect(unreadTargets(held, ['e/read'])).toEqual(['e/a', 'e/b']);
  });

  it('give access to whoever has it, or may have it', () => {
    expect(existing.map(hasAccess)).toEqual(STATES.map((state) => ['granted', 'retained', 'orphaned', 'revoking'].includes(state)));
    expect(hasAccess(grant('s1', 'runs/', { principals: { ann: 'waiting', ben: 'granted' } }))).toBe(true);
  });

  it('are settled once all access is proven gone', () => {
    expect(existing.map(isSettled)).toEqual(STATES.map((state) => ['revoked', 'expired'].includes(state)));
    expect(isSettled(grant('s1', 'runs/', { principals: { ann: 'revoked', ben: 'granted' } }))).toBe(false);
    expect(isSettled(grant('s1', 'runs/', { principals: {} }))).toBe(true);
  });
});

describe('a principal that was taken out for good', () => {
  const decision = { kind: 'grant', principals: [{ arn: ANN, targets: ['env1/t'] }], readTargets: ['env1/t'] } as const;
  const plan = (before: PrincipalEntry) => {
    const existing = [grant('s1', 'runs/', { principals: { ann: before } })];
    const assets = [{ assetId: 'asset1', owningProject: 'p', published: { arn: 'x' }, location: existing[0]?.location }];
    const granted = { ...decision, assets } as unknown as Extract<Decision, { kind: 'grant' }>;
    return planApproved(granted, { subscription: subscription(), existing, goneTargets: [], now: NOW })[0]?.principals[0];
  };

  it('is not let in by any reading', () => {
    const gone = entry('revoked', { arn: ANN, final: 'operator' });
    expect(plan(gone)).toEqual(gone);
    expect(plan(entry('revoked'))?.state).toBe('waiting');
    expect(plan(entry('expired'))?.state).toBe('expired');
  });

  it('keeps being so while it is taken out', () => {
    const taken = revoking(entry('granted', { final: 'operator' }), { now: NOW });
    expect(taken).toEqual({
      arn: role('reader'),
      state: 'revoking',
      since: NOW.toISOString(),
      targets: ['env1/target1'],
      final: 'operator',
    });
    expect(revoking(entry('granted'), { now: NOW })).not.toHaveProperty('final');
  });
});

describe('a target that is missing', () => {
  const missing = (targets: Readonly<Record<string, string>>) => Object.entries(targets).map(([target, since]) => ({ target, since }));

  it('is gone at the second look, an hour later', () => {
    const first = stillMissing(['e/a', 'e/b'], { before: undefined, now: NOW });
    expect(first).toEqual(missing({ 'e/a': NOW.toISOString(), 'e/b': NOW.toISOString() }));
    expect(stillMissing(['e/a'], { before: record(), now: NOW })).toEqual(missing({ 'e/a': NOW.toISOString() }));
    const before = record({ missingTargets: missing({ 'e/b': ago(HOUR) }) });
    const second = stillMissing(['e/b', 'e/c'], { before, now: NOW });
    expect(second).toEqual(missing({ 'e/b': ago(HOUR), 'e/c': NOW.toISOString() }));
    expect(goneTargets(second, NOW)).toEqual(['e/b']);
    expect(goneTargets(missing({ 'e/b': ago(HOUR - 1) }), NOW)).toEqual([]);
  });

  it('has its subscription looked at again an hour after it was first missed', () => {
    const missingTargets = missing({ 'e/b': ago(10), 'e/a': ago(20) });
    const decided = decidedRecord(record({ missingTargets: missing({ 'e/old': ago(0) }) }), {
      decision: { kind: 'orphan' },
      grants: [],
      missingTargets,
      now: NOW,
    });
    expect(decided.missingTargets).toEqual(missingTargets);
    const outcome = { kind: 'granted' } as const;
    const done = concludedRecord(decided, { outcome, reported: [], unreported: false, takesAway: false, serves: true, now: NOW });
    expect(done).toMatchObject({ served: true, due: { kind: 'look', at: new Date(NOW.getTime() + HOUR - 20).toISOString() } });
  });
});

describe('overwrites', () => {
  const wiped = { kind: 'wiped' } as const;
  const seen = (...overwrites: readonly string[]) => head([], { overwrites });

  it('are counted for a day', () => {
    expect(overwritesSeen(undefined, { drift: { kind: 'none' }, now: NOW })).toEqual([]);
    expect(overwritesSeen(head([]), { drift: wiped, now: NOW })).toEqual([NOW.toISOString()]);
    expect(overwritesSeen(seen(ago(24 * HOUR), ago(HOUR)), { drift: wiped, now: NOW })).toEqual([ago(HOUR), NOW.toISOString()]);
    expect(overwritesSeen(seen(ago(HOUR)), { drift: { kind: 'tampered' }, now: NOW })).toHaveLength(2);
    for (const kind of ['none', 'stale', 'superseded-format'] as const)
      expect(overwritesSeen(seen(ago(HOUR)), { drift: { kind }, now: NOW })).toEqual([ago(HOUR)]);
  });

  it('are a fight at the third', () => {
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(isContended)).toEqual([false, false, false, true]);
  });
});

describe('a policy with statements of another deployment', () => {
  it('is not written', () => {
    const theirs = foreign(OTHER_DEPLOYMENT.sid('R', 'abcdefg'));
    const grants = [grant('s1', 'runs/', { principals: { ann: 'waiting' } })];
    const plan = planPolicy(question(grants, { head: head([]), document: document(foreign('Owners'), theirs) }));
    expect(plan).toMatchObject({ statements: [], write: false, sharedWith: [OTHER_DEPLOYMENT.deployment] });
  });
});

describe('a bucket that is held', () => {
  const grants = [grant('s1', 'runs/', { principals: { ann: 'granted', ben: 'granted' } })];
  const { head: written, document: policy } = settled(grants);
  const withHead = (fields: object, document = policy) => planPolicy(question(grants, { head: { ...written, ...fields }, document }));

  it.each([{ frozen: true }, { contended: true }])('is not repaired when %j', (fields) => {
    expect(withHead(fields, document(foreign('Owners'))).write).toBe(false);
  });

  it('is not repaired when all are frozen', () => {
    const plan = (frozen: boolean) => planPolicy(question(grants, { head: written, document: document(foreign('Owners')), frozen }));
    expect(plan(true).write).toBe(false);
    expect(plan(false)).toMatchObject({ write: true, statements: written.written });
  });

  it('loses what an edit let somebody have beyond the grants', () => {
    const [read, ...rest] = policy?.Statement ?? [];
    const more = { ...read, Principal: { AWS: [ANN, role('ben'), role('eve')] } };
    const plan = withHead({ contended: true }, document(more, ...rest));
    expect(plan.write).toBe(true);
    expect(JSON.stringify(plan.next)).not.toContain('eve');
  });
});

describe('where the deployment stands', () => {
  it('is there since a quarter of an hour before it first ran', () => {
    expect(firstState(NOW)).toEqual({ revision: 1, since: ago(15 * 60_000) });
  });

  it('is as registered, until an operator stops or uninstalls it', () => {
    const state = { revision: 1, since: EARLIER };
    expect(stanceOf(registry(), state)).toEqual({ registry: registry(), since: EARLIER, frozen: false });
    const asked = { request: 'r1', at: EARLIER };
    expect(stanceOf(registry(), { ...state, frozen: asked }).frozen).toBe(true);
    const leaving = stanceOf(registry(), { ...state, uninstalling: asked }).registry.buckets;
    expect([...leaving.values()].map((bucket) => bucket.state)).toEqual(['retiring']);
  });

  it('is frozen while its state cannot be read, because that may hold a stop; no subscription counts as older than it', () => {
    expect(unreadableStance(registry())).toEqual({ registry: registry(), since: '1970-01-01T00:00:00.000Z', frozen: true });
  });
});

describe('the plan of a reconcile', () => {
  const before = [grant('s1', 'runs/', { principals: { ann: 'granted', ben: 'waiting', cat: 'granted', eve: 'granted' } })];
  const planned = [
    grant('s1', 'runs/', { principals: { ann: 'revoking', ben: 'revoking', cat: 'granted', dan: 'waiting', eve: 'revoking' } }),
  ];

  it('says what is to be done, and counts as removals only what somebody has', () => {
    expect(removalsOf(before, planned)).toBe(2);
    expect(removalsOf([], planned)).toBe(0);
    const lines = planLines({ before, planned }, { heldBack: false });
    expect(lines.map(({ action, principal }) => [action, principal])).toEqual([
      ['revoke', ANN],
      ['revoke', role('ben')],
      ['grant', role('dan')],
      ['revoke', role('eve')],
    ]);
    expect(lines[0]).toMatchObject({ bucket: BUCKET, location: `arn:aws:s3:::${BUCKET}/runs/`, subscription: 's1' });
    expect(counted(NO_COUNTS, lines)).toEqual({ ...NO_COUNTS, revoke: 3, grant: 1 });
    const place = `arn:aws:s3:::${BUCKET}/runs/`;
    expect(lines[0]?.why).toBe(`'${ANN}' may not read '${place}' by subscription 's1' any more`);
    expect(lines[2]?.why).toBe(`subscription 's1' is approved and '${role('dan')}' cannot read '${place}' yet`);
  });

  it('says what it holds back', () => {
    const lines = planLines({ before, planned }, { heldBack: true });
    expect(lines.map(({ action }) => action)).toEqual(['held-back', 'held-back', 'grant', 'held-back']);
    expect(lines[0]?.why).toBe(
      `'${ANN}' is to lose 'arn:aws:s3:::${BUCKET}/runs/', but this run has taken away as much as it may: look at the plan, and approve the removals`,
    );
  });

  const same = { before, planned: before };
  it.each([
    ['nothing is known and nothing is ours', same, { kind: 'ignored', reason: 'x' }, undefined, true],
    ['nothing is known', same, { kind: 'unchanged' }, undefined, false],
    ['grants are to change', { before, planned }, { kind: 'unchanged' }, record(), false],
    ['all is as it was', same, { kind: 'unchanged' }, record(), true],
    [
      'it was refused, and would not be now',
      same,
      { kind: 'unchanged' },
      record({ outcome: { kind: 'refused', code: 'policy-full', message: '' } }),
      false,
    ],
    [
      'it is refused as before',
      same,
      { kind: 'refused', code: 'policy-full', message: 'b' },
      record({ outcome: { kind: 'refused', code: 'policy-full', message: 'a' } }),
      true,
    ],
    [
      'it is refused for something else',
      same,
      { kind: 'refused', code: 'bucket-shared', message: '' },
      record({ outcome: { kind: 'refused', code: 'policy-full', message: '' } }),
      false,
    ],
    ['it ended as before', same, { kind: 'orphaned' }, record({ outcome: { kind: 'orphaned' } }), true],
    ['it ended otherwise than before', same, { kind: 'orphaned' }, record({ outcome: { kind: 'granted' } }), false],
    ['it is left alone, and was closed', same, { kind: 'ignored', reason: 'x' }, record(), true],
    [
      'it is left alone, and still due',
      same,
      { kind: 'ignored', reason: 'x' },
      record({ due: { kind: 'grant', at: EARLIER, attempts: 1 } }),
      false,
    ],
    ['it is left alone, and pending', same, { kind: 'ignored', reason: 'x' }, record({ pending: true }), false],
  ] as const)('does nothing where the record says the same: %s', (_, one, steady, stored, expected) => {
    expect(isAsDecided(one, { steady, stored })).toBe(expected);
  });
});

describe('a subscription that DataZone does not know', () => {
  it('is orphaned, unless something of it is being taken away', () => {
    const worked = (states: PrincipalState) => ({ before: [each(states)], after: [each(states)], hindrance: undefined, observing: false });
    expect(outcomeOf({ kind: 'orphan' }, worked('orphaned'))).toEqual({ kind: 'orphaned' });
    expect(outcomeOf({ kind: 'orphan' }, worked('revoking'))).toMatchObject({ kind: 'waiting' });
  });
});
