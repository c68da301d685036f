import { entryOf, type Grant, hasState, isLive, type PrincipalEntry, type PrincipalState } from '../../../handler/core/grant/grant';
import { planApproved } from '../../../handler/core/grant/grant-plan';
import { LONGEST_REASON, MOST_PRINCIPALS, MOST_REFUSED, MOST_SETTLED } from '../../../handler/core/limits';
import { refused } from '../../../handler/core/outcome';
import type { DecidedPrincipal } from '../../../handler/core/subscription/decision';
import { at, EARLIER, entry, grant, NOW, NOW_TEXT, PRODUCER, role, subscription } from './builders';

const T1 = 'env1/target1';
const UNREAD = 'env1/unread';
const asset = { assetId: 'asset1', owningProject: PRODUCER, published: { arn: 'runs/' }, location: at('runs/') };
const far = (message = 'far') => refused('principal-account-not-allowed', message);

const names = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => role(`${prefix}${String(index).padStart(3, '0')}`));
const named = (arns: readonly string[], refusal?: DecidedPrincipal['refusal']): readonly DecidedPrincipal[] =>
  arns.map((arn) => ({ arn, targets: [T1], ...(refusal === undefined ? {} : { refusal }) }));
const entries = (
  arns: readonly string[],
  fields: Partial<PrincipalEntry> & { readonly state: PrincipalState },
): readonly PrincipalEntry[] => arns.map((arn) => ({ ...entry(fields.state), arn, ...fields }));

const plan = (principals: readonly DecidedPrincipal[], before: readonly PrincipalEntry[] = []): Grant => {
  const existing: readonly Grant[] = [{ ...grant('s1', 'runs/', { principals: {} }), principals: before }];
  const [planned] = planApproved(
    { kind: 'grant', assets: [asset], principals, readTargets: [T1] },
    { subscription: subscription(), existing, goneTargets: [], now: NOW },
  );
  if (planned === undefined) throw new Error('no grant was planned');
  return planned;
};

const inState = ({ principals }: Grant, ...states: readonly PrincipalState[]) => principals.filter(({ state }) => states.includes(state));
const arnsOf = (list: readonly PrincipalEntry[]) => list.map(({ arn }) => arn);

describe('of more principals than one subscription may grant access', () => {
  const first = names('a', MOST_PRINCIPALS);

  test('the first ones are granted, and the next one is refused with the limit', () => {
    const planned = plan(named([...first, role('next')]));
    expect(arnsOf(inState(planned, 'waiting'))).toEqual(first);
    expect(entryOf(planned, role('next'))).toEqual({
      arn: role('next'),
      state: 'refused',
      since: NOW_TEXT,
      reason: {
        code: 'limit-exceeded',
        message: `'${role('next')}' is more than the ${MOST_PRINCIPALS} principals that one subscription may grant access; remove principals from the subscription target, or have them share a role`,
      },
      targets: [T1],
    });
  });

  test('exactly as many as the limit are all granted', () => {
    expect(hasState(plan(named(first)), 'refused')).toBe(false);
  });

  test('those with access keep it, wherever a newcomer stands in the target', () => {
    const live = entries(first, { state: 'granted' });
    const planned = plan(named([role('newcomer'), ...first]), live);
    expect(inState(planned, 'granted')).toEqual(live);
    expect(entryOf(planned, role('newcomer'))?.reason?.code).toBe('limit-exceeded');
  });

  test('those with access keep it, even if they are more than the limit', () => {
    const live = entries(names('a', MOST_PRINCIPALS + 5), { state: 'granted' });
    const planned = plan(named([role('newcomer'), ...arnsOf(live)]), live);
    expect(inState(planned, 'granted')).toEqual(live);
    expect(hasState(planned, 'waiting')).toBe(false);
  });

  test('access by a target that was not read counts as well', () => {
    const unread = entries(names('u', 150), { state: 'granted', targets: [UNREAD] });
    const planned = plan(named(names('b', 100)), unread);
    expect(planned.principals.filter(isLive)).toHaveLength(150);
    expect(inState(planned, 'waiting')).toHaveLength(MOST_PRINCIPALS - 150);
  });

  test('the refused ones do not enter at the next evaluation, and nothing changes any more', () => {
    const decided = named([...first, ...names('b', 30)]);
    const once = plan(decided);
    const twice = plan(decided, once.principals);
    expect(twice).toEqual(once);
    expect(inState(twice, 'waiting')).toHaveLength(MOST_PRINCIPALS);
  });

  test('one whose access ended has no place, and one that is being revoked stays so', () => {
    const live = entries(first, { state: 'granted' });
    const ended = [...entries([role('gone')], { state: 'revoked' }), ...entries([role('going')], { state: 'revoking' })];
    const planned = plan(named([role('gone'), role('going'), ...first]), [...live, ...ended]);
    expect([entryOf(planned, role('gone'))?.state, entryOf(planned, role('going'))?.state]).toEqual(['refused', 'revoking']);
  });

  test('a place that becomes free is taken by the next one', () => {
    const live = entries(first, { state: 'granted' });
    const [leaving, ...staying] = first;
    const planned = plan(named([...staying, role('next')]), live);
    expect([entryOf(planned, String(leaving))?.state, entryOf(planned, role('next'))?.state]).toEqual(['revoking', 'waiting']);
  });

  test('an entry that an operator revoked takes no place', () => {
    const final = entries([role('final')], { state: 'revoked', final: 'operator' });
    const planned = plan(named([role('final'), ...first]), final);
    expect(inState(planned, 'waiting')).toHaveLength(MOST_PRINCIPALS);
    expect(entryOf(planned, role('final'))).toEqual(final[0]);
  });

  test('the policy grants nobody beyond the limit, however often it is evaluated', () => {
    let before: readonly PrincipalEntry[] = [];
    for (let round = 0; round < 4; round++) {
      const planned = plan(named([...names(`round${3 - round}-`, 60), ...names('a', 180)]), before);
      before = planned.principals.map((one) => (one.state === 'waiting' ? { ...one, state: 'granted' as const } : one));
      expect(before.filter(isLive).length).toBeLessThanOrEqual(MOST_PRINCIPALS);
    }
  });
});

describe('of more refused principals than a grant names', () => {
  test('the first ones are kept, and the last of them counts the others', () => {
    const arns = names('r', MOST_REFUSED + 7);
    const planned = plan(named(arns, far()));
    expect(arnsOf(planned.principals)).toEqual(arns.slice(0, MOST_REFUSED));
    expect(planned.principals.map(({ reason }) => reason?.message)).toEqual([
      ...Array.from({ length: MOST_REFUSED - 1 }, () => 'far'),
      'far (and 7 more refused principals)',
    ]);
  });

  test('nothing is counted where all are named', () => {
    const planned = plan(named(names('r', MOST_REFUSED), far()));
    expect(planned.principals.map(({ reason }) => reason?.message)).toEqual(Array.from({ length: MOST_REFUSED }, () => 'far'));
  });

  test('the count is of the last evaluation, also for those of a target that was not read', () => {
    const stored = entries(names('r', MOST_REFUSED), { state: 'refused', targets: [UNREAD] }).map((one, index) =>
      index === MOST_REFUSED - 1
        ? { ...one, reason: { code: 'policy-full' as const, message: 'full (and 99 more refused principals)' } }
        : one,
    );
    const more = plan(named(names('s', 2), far()), stored);
    expect(more.principals.at(-1)?.reason).toEqual({ code: 'policy-full', message: 'full (and 2 more refused principals)' });
    expect(plan([], more.principals).principals.at(-1)?.reason).toEqual({ code: 'policy-full', message: 'full' });
  });

  test('the count has a code where the last one named has none', () => {
    const stored = entries(names('r', MOST_REFUSED), { state: 'refused', targets: [UNREAD] });
    expect(plan(named(names('s', 1), far()), stored).principals.at(-1)?.reason).toEqual({
      code: 'principal-not-grantable',
      message: ' (and 1 more refused principals)',
    });
  });

  test('a long reason is cut, and the count still fits', () => {
    const decided = named(names('r', 40), far('x'.repeat(2_000)));
    const planned = plan(decided);
    const lengths = planned.principals.map(({ reason }) => reason?.message.length ?? 0);
    // An ellipsis marks the cut.
    expect(Math.max(...lengths)).toBe(LONGEST_REASON + 1);
    expect(planned.principals.at(-1)?.reason?.message).toMatch(/x… \(and 30 more refused principals\)$/);
    expect(plan(decided, planned.principals)).toEqual(planned);
  });

  test('access is never dropped for them', () => {
    const live = entries(names('a', 20), { state: 'granted' });
    const planned = plan([...named(names('r', 40), far()), ...named(arnsOf(live))], live);
    expect(inState(planned, 'granted')).toEqual(live);
    expect(inState(planned, 'refused')).toHaveLength(MOST_REFUSED);
  });
});

describe('of principals whose access ended', () => {
  const day = (index: number) => `2026-01-01T00:00:00.${String(index).padStart(3, '0')}Z`;
  const ended = (count: number, fields: Partial<PrincipalEntry> = {}) =>
    names('e', count).map((arn, index) => ({ ...entry('revoked'), arn, since: day(index), ...fields }));

  test('the newest ones are kept, in their order', () => {
    const before = ended(MOST_SETTLED + 3);
    expect(plan([], before).principals).toEqual(before.slice(3));
    expect(plan([], before.toReversed()).principals).toEqual(before.slice(3).toReversed());
    expect(plan([], ended(MOST_SETTLED)).principals).toHaveLength(MOST_SETTLED);
  });

  test.each(['operator', 'expired'] as const)('none that is final (%s) is dropped: it would be granted access again', (final) => {
    const before = ended(MOST_SETTLED + 30, { final });
    expect(plan([], before).principals).toEqual(before);
    expect(plan(named(arnsOf(before)), before).principals).toEqual(before);
  });

  test('none that is being revoked, waits or has access is dropped', () => {
    const states = ['revoking', 'waiting', 'granted', 'retained', 'orphaned'] as const;
    const open = states.map((state) => ({ ...entry(state, { targets: [UNREAD], since: EARLIER }), arn: role(state) }));
    expect(plan([], [...open, ...ended(MOST_SETTLED + 3)]).principals.slice(0, open.length)).toEqual(open);
  });

  test('those that ended at the same time are kept up to the limit', () => {
    expect(plan([], ended(MOST_SETTLED + 3, { since: EARLIER })).principals).toHaveLength(MOST_SETTLED);
  });
});

test('principals that are named like members of an object are entries like any other', () => {
  const odd = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype'];
  const planned = plan(named(odd, refused('principal-not-grantable', 'no role')));
  expect(planned.principals.map(({ arn, state }) => [arn, state])).toEqual(odd.map((arn) => [arn, 'refused']));
  expect(odd.map((arn) => entryOf(planned, arn)?.reason?.code)).toEqual(odd.map(() => 'principal-not-grantable'));
  expect(entryOf(planned, 'valueOf')).toBeUndefined();
  expect(plan([], planned.principals).principals).toEqual([]);
});
