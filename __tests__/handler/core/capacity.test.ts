import fc from 'fast-check';
import type { Access } from '../../../handler/core/grant/grant';
import { admit, suspend, type Unit } from '../../../handler/core/policy/capacity';
import { compileStatements } from '../../../handler/core/policy/policy-compiler';
import { jsonBytes, NEW_POLICY, withStatements } from '../../../handler/core/policy/policy-document';
import { paths, principals } from './arbitraries';
import { at, document, fillerLeaving, foreign, NAMESPACE, role } from './builders';
import { law } from './property';

const unit = (key: string, path: string, ...names: readonly string[]): Unit => ({
  key,
  accesses: names.map((name) => ({ principal: role(name), location: at(path) })),
});

const spaceOf = (fields: { longest?: number; leaving?: number } = {}) => {
  const others = fields.leaving === undefined ? undefined : document(fillerLeaving(fields.leaving));
  return { namespace: NAMESPACE, document: others, foreign: others?.Statement ?? [], longest: fields.longest };
};

const accessesOf = (units: readonly Unit[]): readonly Access[] => units.flatMap(({ accesses }) => accesses);
const policyBytes = (units: readonly Unit[], space: ReturnType<typeof spaceOf>): number =>
  jsonBytes(withStatements(space.document, [...space.foreign, ...compileStatements(accessesOf(units), NAMESPACE)]));
const keysOf = (units: readonly Unit[]) => units.map(({ key }) => key);

/** Units of one location and some principals each. Two of them may have the same key, as a grant with live and waiting principals has. */
const units = (most: number): fc.Arbitrary<readonly Unit[]> =>
  fc.array(
    fc
      .tuple(fc.nat(12), paths, fc.uniqueArray(principals, { minLength: 1, maxLength: 4 }))
      .map(([key, path, arns]) => ({ key: `grant${key}`, accesses: arns.map((principal) => ({ principal, location: at(path) })) })),
    { maxLength: most },
  );

/** Every principal reads every location, each by a grant of its own: blocks that any revocation splits. */
const rectangles: fc.Arbitrary<readonly Unit[]> = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 }))
  .map(([rows, columns]) =>
    Array.from({ length: rows * columns }, (_, index) =>
      unit(`u${index}`, `shared-${index % columns}`, `team-${Math.floor(index / columns)}`),
    ),
  );

law(
  'admitted grants fit, and the policy compiled after the revocation of any one grant fits too',
  fc.tuple(units(6), fc.oneof(units(14), rectangles), fc.integer({ min: 300, max: 6_000 })),
  ([live, candidates, longest]) => {
    const space = spaceOf({ longest });
    const standing = admit([], live, space);
    const admitted = admit(standing, candidates, space);
    if (admitted.length === 0) return;
    const all = [...standing, ...admitted];
    expect(policyBytes(all, space)).toBeLessThanOrEqual(longest);
    for (const { key } of all) {
      const rest = all.filter((one) => one.key !== key);
      expect(rest.length === 0 ? 0 : policyBytes(rest, space)).toBeLessThanOrEqual(longest);
    }
  },
);

law(
  'suspended grants are the newest, and the others fit while one more would not',
  fc.tuple(units(14), fc.integer({ min: 300, max: 4_000 })),
  ([live, longest]) => {
    const space = spaceOf({ longest });
    const suspended = suspend(live, space);
    const kept = live.slice(0, live.length - suspended.length);
    expect(suspended).toEqual(live.slice(kept.length));
    if (kept.length > 0) expect(policyBytes(kept, space)).toBeLessThanOrEqual(longest);
    if (suspended.length > 0) expect(policyBytes([...kept, ...suspended.slice(0, 1)], space)).toBeGreaterThan(longest);
  },
);

test('grants are admitted up to the last byte, and none is admitted with one byte less', () => {
  const one = [unit('one', 'x/', 'ann', 'bob')];
  const fits = policyBytes(one, spaceOf());
  expect(admit([], one, spaceOf({ longest: fits }))).toEqual(one);
  expect(admit([], one, spaceOf({ longest: fits - 1 }))).toEqual([]);
});

test('the space of a policy is that beside the statements of others', () => {
  const others = document(foreign('Theirs'));
  const one = [unit('one', 'x/', 'ann')];
  const bytes = jsonBytes({ ...NEW_POLICY, Statement: [...others.Statement, ...compileStatements(accessesOf(one), NAMESPACE)] });
  const space = (longest: number) => ({ namespace: NAMESPACE, document: others, foreign: others.Statement, longest });
  expect([bytes, bytes - 1].map((longest) => admit([], one, space(longest)).length)).toEqual([1, 0]);
});

test('the live and the waiting principals of one grant leave together', () => {
  const live = [unit('both', 'x/', 'ann'), unit('other', 'y/', 'ann', 'bob')];
  const waiting = [unit('both', 'x/', 'bob')];
  const longest = policyBytes([...live, ...waiting], spaceOf());
  expect(admit(live, waiting, spaceOf({ longest }))).toEqual(waiting);
  expect(admit(live, [unit('another', 'x/', 'bob')], spaceOf({ longest }))).toEqual([]);
});

test('an access that two grants give needs no space for the revocation of either', () => {
  const square = ['a', 'b'].flatMap((name) => ['x/', 'y/'].map((path) => unit(`1${name}${path}`, path, name)));
  const again = square.map((one) => ({ key: `2${one.key}`, accesses: one.accesses.map((access) => ({ ...access })) }));
  const longest = policyBytes(square, spaceOf());
  expect(admit([], square, spaceOf({ longest })).length).toBeLessThan(4);
  expect(admit([], [...square, ...again], spaceOf({ longest }))).toHaveLength(8);
});

/** A unit that fits no space of these tests. */
const wide = (index: number): Unit =>
  unit(`wide${index}`, `wide${index}/`, ...Array.from({ length: 60 }, (_, name) => `w${index}-${name}`));
const small = unit('small', 's/', 'sam');

test.each([
  [7, ['small']],
  [8, []],
])('a candidate behind %i consecutive ones that do not fit: %j', (count, keys) => {
  expect(keysOf(admit([], [...Array.from({ length: count }, (_, index) => wide(index)), small], spaceOf({ longest: 2_000 })))).toEqual(
    keys,
  );
});

test.each([
  [63, 1],
  [64, 0],
])('after %i candidates in all that do not fit, %i more is tried', (count, more) => {
  const repeated = (index: number): Unit => ({ ...small, key: `again${index}` });
  const alternating = Array.from({ length: count }, (_, index) => [wide(index), repeated(index)]).flat();
  // The last pair ends the alternation without another miss.
  const candidates = [...alternating.slice(0, -1), unit('last', 's/', 'sam')];
  const admitted = keysOf(admit([], candidates, spaceOf({ longest: 2_000 })));
  expect(admitted.filter((key) => key === 'last')).toHaveLength(more);
  expect(admitted).toHaveLength(count - 1 + more);
});

describe('the effort of an admission', () => {
  /** Counts how often the paths of candidates are read. The count is the same on every machine. */
  const readsOf = (candidates: readonly Unit[], longest?: number): number => {
    let reads = 0;
    const counting = candidates.map(({ key, accesses }) => ({
      key,
      accesses: accesses.map(({ principal, location: { path, ...location } }) => ({
        principal,
        location: {
          ...location,
          get path() {
            reads += 1;
            return path;
          },
        },
      })),
    }));
    admit([], counting, spaceOf(longest === undefined ? {} : { longest }));
    return reads;
  };
  /** Allows a count to grow with n log n, and no faster. */
  const expectNLogN = (count: (size: number) => number): void => {
    const [few, many] = [1_250, 10_000];
    expect(count(many) / count(few)).toBeLessThanOrEqual((many * Math.log2(many)) / (few * Math.log2(few)));
  };
  const sizes = (count: number) => Array.from({ length: count }, (_, index) => index);

  test('is n log n for candidates that share nothing, of which few fit', () => {
    expectNLogN((count) => readsOf(sizes(count).map((index) => unit(`u${index}`, `crowd-${index}/`, `crowd-${index}`))));
  });

  test('is n log n for candidates that all fit', () => {
    expectNLogN((count) => readsOf(sizes(count).map((index) => unit(`u${index}`, `p${index % 20}/`, `r${index % 15}`))));
  });

  test('is n log n for candidates that fit behind some that do not', () => {
    expectNLogN((count) =>
      readsOf(
        sizes(count).map((index) => (index % 3 === 0 ? wide(index) : { ...small, key: `u${index}` })),
        2_000,
      ),
    );
  });
});
