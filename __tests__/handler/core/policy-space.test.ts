import { accessesOf, type Grant, grantKey } from '../../../handler/core/grant/grant';
import { compileStatements } from '../../../handler/core/policy/policy-compiler';
import { planPolicy } from '../../../handler/core/policy/policy-plan';
import { at, DEAD_ID, document, entry, fillerLeaving, foreign, grant, head, letIn, NAMESPACE, question, role, sizeOf } from './builders';

const entering = grant('s2', 'b/', { principals: { bob: 'waiting' } });

describe('deleted principals', () => {
  const two = grant('s1', 'a/', { principals: { ann: 'granted', eve: 'granted' } });
  const written = compileStatements(
    [
      { principal: role('ann'), location: at('a/') },
      { principal: role('eve'), location: at('a/') },
    ],
    NAMESPACE,
  );
  const showing = (...principals: readonly string[]) =>
    document(...written.map((statement) => ({ ...statement, Principal: { AWS: principals } })));

  test('of ours are removed before the write, and the others stay', () => {
    const plan = planPolicy(question([two], { head: head(written), document: showing(role('ann'), DEAD_ID) }));
    expect(plan).toMatchObject({
      write: true,
      dead: new Set([role('eve')]),
      drift: { kind: 'dead-principals', principals: [role('eve')] },
    });
    expect(letIn(plan.statements)).toEqual(['ann a/']);
  });

  test('are not guessed if another writer also removed an existing one', () => {
    const plan = planPolicy(question([two], { head: head(written), document: showing(DEAD_ID) }));
    expect(plan).toMatchObject({ write: true, dead: new Set(), drift: { kind: 'tampered' } });
    expect(letIn(plan.statements)).toEqual(['ann a/', 'eve a/']);
  });

  test('in statements of others stay', () => {
    const theirs = foreign('Theirs', { Principal: { AWS: DEAD_ID } });
    const plan = planPolicy(question([entering], { document: document(theirs) }));
    expect(plan.next?.Statement[0]).toEqual(theirs);
    expect(plan.dead.size).toBe(0);
  });
});

describe('the space of a policy', () => {
  const many = Array.from({ length: 6 }, (_, index) =>
    grant(`s${index}`, `p${index}/`, { principals: { [`r${index}`]: entry('granted', { since: `2026-01-0${index + 1}T00:00:00Z` }) } }),
  );

  test('is lost by the newest grants if the policy has become too long, and then no candidate is admitted', () => {
    const plan = planPolicy(question([...many, entering].reverse(), { document: document(fillerLeaving(1_700)) }));
    expect([...plan.suspended].sort()).toEqual(many.slice(-plan.suspended.size).map(grantKey).sort());
    expect(plan.suspended.size).toBeGreaterThan(0);
    expect(plan.suspended.size).toBeLessThan(6);
    expect(plan.bytes).toBeLessThanOrEqual(20_480);
    expect(plan.left.get(grantKey(entering))).toMatchObject({ code: 'policy-full', message: expect.stringContaining('of 20480 bytes') });
  });

  test('is not more than S3 reported, if that is less than its limit', () => {
    const whole = planPolicy(question(many));
    expect(whole.suspended.size).toBe(0);
    const plan = planPolicy(question(many, { longest: whole.bytes - 1 }));
    expect([...plan.suspended]).toEqual(many.slice(-1).map(grantKey));
    expect(plan.bytes).toBeLessThan(whole.bytes);
    expect(planPolicy(question(many, { longest: whole.bytes })).suspended.size).toBe(0);
  });

  test('is lost by the last key among grants of the same time, in any order of reading', () => {
    const twins = ['a', 'b', 'c'].map((id) => grant(id, `${id}/`, { principals: { [id]: 'granted' } }));
    const whole = planPolicy(question(twins));
    for (const order of [twins, [...twins].reverse(), [...twins.slice(1), ...twins.slice(0, 1)]])
      expect([...planPolicy(question(order, { longest: whole.bytes - 1 })).suspended]).toEqual(twins.slice(2).map(grantKey));
  });

  test.each([
    ['first', ['2026-01-01', '2026-02-01']],
    ['last', ['2026-02-01', '2026-01-01']],
  ])('depends on the oldest principal of a grant, if its name comes %s', (_place, [x, y]) => {
    const since = (day = '') => entry('granted', { since: `${day}T00:00:00.000Z` });
    const old = grant('z', 'z/', { principals: { x: since(x), y: since(y) } });
    const younger = grant('a', 'a/', { principals: { ann: since('2026-01-15') } });
    const whole = planPolicy(question([old, younger]));
    expect([...planPolicy(question([younger, old], { longest: whole.bytes - 1 })).suspended]).toEqual([grantKey(younger)]);
  });

  test('is lost last by retained access, in any order of reading', () => {
    const since = '2026-02-20T00:00:00.000Z';
    const kept = grant('z', 'z/', { principals: { zoe: entry('retained', { since }), yan: entry('granted', { since }) } });
    const older = grant('a', 'a/', { principals: { ann: 'granted' } });
    const whole = planPolicy(question([kept, older]));
    for (const order of [
      [kept, older],
      [older, kept],
    ])
      expect([...planPolicy(question(order, { longest: whole.bytes - 1 })).suspended]).toEqual([grantKey(older)]);
  });

  test('is not given to a candidate while a grant is suspended, even if it needs none', () => {
    const sharing = grant('s9', 'p0/', { principals: { r0: 'waiting' } });
    const plan = planPolicy(question([...many, sharing], { document: document(fillerLeaving(1_700)) }));
    expect(plan.suspended.size).toBeGreaterThan(0);
    expect([...plan.left.keys()]).toEqual([grantKey(sharing)]);
  });

  test.each([
    { name: 'beside statements of others', rest: (bytes: number) => document(fillerLeaving(bytes)) },
    {
      name: 'in a document without statements',
      rest: (bytes: number) => ({ Id: 'i'.repeat(20_481 - '{"Id":"","Statement":[]}'.length - bytes), Statement: [] }),
    },
  ])('is used to the last byte $name', ({ rest }) => {
    const { bytes } = sizeOf([{ principal: role('bob'), location: at('b/') }]);
    expect(planPolicy(question([entering], { document: rest(bytes) }))).toMatchObject({ bytes: 20_480, left: new Map() });
    expect(planPolicy(question([entering], { document: rest(bytes - 1) })).left.size).toBe(1);
  });

  test('is reserved for any one revocation: 13 teams of 5 roles and 4 folders fit, but not without one of their grants', () => {
    const team = (index: number) =>
      Array.from({ length: 20 }, (_, pair) =>
        grant(`team${index}-${pair}`, `${'t'.repeat(36)}${index + 10}${pair % 4}/`, {
          principals: {
            [`${'r'.repeat(37)}${index + 10}${Math.floor(pair / 4)}`]: entry('waiting', { since: `2026-01-${index + 10}T00:00:00Z` }),
          },
        }),
      );
    const teams = Array.from({ length: 13 }, (_, index) => team(index)).flat();
    const accesses = (grants: readonly Grant[]) => grants.flatMap((one) => accessesOf(one, () => true));
    const size = sizeOf(accesses(teams));
    const room = size.bytes + 100;
    expect(size.bytesWithout(accesses(teams.slice(0, 1)))).toBeGreaterThan(room);
    const plan = planPolicy(question(teams, { document: document(fillerLeaving(room)) }));
    expect(plan.left.size).toBeGreaterThan(0);
    expect(plan.left.size).toBeLessThan(20);
    expect([...plan.left.keys()].every((key) => key.startsWith('team12-'))).toBe(true);
  });

  test('is not reserved for a revocation that changes nothing because another subscription gives the same access', () => {
    const twice = ['one', 'two'].flatMap((id) =>
      ['a', 'b'].flatMap((name) => ['x/', 'y/'].map((path) => grant(`${id}-${name}`, path, { principals: { [name]: 'waiting' } }))),
    );
    const size = sizeOf(twice.flatMap((one) => accessesOf(one, () => true)));
    expect(planPolicy(question(twice, { document: document(fillerLeaving(size.bytes)) })).left.size).toBe(0);
    expect(planPolicy(question(twice.slice(0, 4), { document: document(fillerLeaving(size.bytes)) })).left.size).toBeGreaterThan(0);
  });

  test('is reserved for the revocation of each grant, not only of the newest', () => {
    const square = ['a', 'b'].flatMap((name) => ['x/', 'y/'].map((path) => grant(name, path, { principals: { [name]: 'waiting' } })));
    const all = [...square, entering];
    const size = sizeOf(all.flatMap((one) => accessesOf(one, () => true)));
    expect(size.bytesWithout(accessesOf(entering, () => true))).toBeLessThan(size.bytes);
    expect(planPolicy(question(all, { document: document(fillerLeaving(size.bytes)) })).left.size).toBeGreaterThan(0);
  });

  test('is lost by all grants if none fits', () => {
    expect(planPolicy(question(many, { document: document(fillerLeaving(10)) })).suspended.size).toBe(6);
  });

  test('that is too small for one candidate is given to those behind it', () => {
    const wide = grant('wide', 'w/', {
      principals: Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`wide${index}`, 'waiting' as const])),
    });
    const plan = planPolicy(question([wide, entering], { document: document(fillerLeaving(1_500)) }));
    expect(letIn(plan.statements)).toEqual(['bob b/']);
    expect([...plan.left.keys()]).toEqual([grantKey(wide)]);
  });

  const crowd = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      grant(`crowd${index}`, `${'deep/'.repeat(60)}${index}/`, {
        principals: { [`crowd${index}`]: entry('waiting', { since: `2026-01-01T00:00:${index + 10}Z` }) },
      }),
    );

  test.each([
    { name: 'is given to a candidate behind seven that do not fit', misses: 7, lets: ['bob b/'] },
    { name: 'is not given to a candidate behind eight that do not fit', misses: 8, lets: [] },
  ])('$name', ({ misses, lets }) => {
    const last = grant('s2', 'b/', { principals: { bob: entry('waiting', { since: '2026-01-02T00:00:00Z' }) } });
    const plan = planPolicy(question([...crowd(misses), last], { document: document(fillerLeaving(800)) }));
    expect(letIn(plan.statements)).toEqual(lets);
    expect(plan.left.size).toBe(misses + 1 - lets.length);
  });

  test('of an empty policy is too small for a grant with too many principals', () => {
    const huge = grant('huge', 'h/', {
      principals: Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`reader${index}`, 'waiting' as const])),
    });
    const plan = planPolicy(question([huge]));
    expect(plan).toMatchObject({ write: false, next: undefined });
    expect(plan.left.get(grantKey(huge))).toHaveProperty('message', expect.stringContaining('(0 of 20480 bytes)'));
  });
});
