import { BUDGETS } from '../../benchmarks/budgets';
import { leastBytes } from '../../benchmarks/capacity/best-cover';
import { countFitting, LAYOUTS } from '../../benchmarks/capacity/layouts';
import { countLocationReads, measureGrowth } from '../../benchmarks/capacity/planning';
import { countPairs, countRevocableFirst, grantUntilFull, revokeInRandomOrder } from '../../benchmarks/capacity/product';
import { approvalsOf, projectApprovals, SCENARIOS } from '../../benchmarks/capacity/scenarios';

/** Pairs of role and folder that fit when equal sets are merged, without Sids and headroom. Computed independently of this code. */
const MERGED = new Map([
  ['1 prefix × N roles', 137],
  ['N prefixes × 1 role', 159],
  ['sparse, 3 per role', 80],
  ['30 % dense', 104],
  ['teams 5×4', 272],
  ['teams + 10 % strays', 149],
]);
const SEED = 11;

const rows = Object.entries(SCENARIOS).flatMap(([name, scenario]) =>
  (['folder', 'name'] as const).map((shape) => ({ name, shape, scenario })),
);

test.each(rows)(
  '$name, $shape: the policy holds nine tenths of what merging could hold, at least the naive layout, and any pair can be revoked first',
  ({ name, shape, scenario }) => {
    const approvals = approvalsOf(scenario, shape);
    const full = grantUntilFull(approvals);
    const pairs = countPairs(full);
    expect(pairs).toBeGreaterThanOrEqual(BUDGETS.capacity * countFitting(LAYOUTS.merged, approvals.flat()));
    if (shape === 'folder') expect(pairs).toBeGreaterThanOrEqual(BUDGETS.capacity * (MERGED.get(name) ?? Number.NaN));
    expect(pairs).toBeGreaterThanOrEqual(countFitting(LAYOUTS.naive, approvals.flat()));
    expect(countRevocableFirst(full)).toBe(full.grants.length);
  },
);

test.each(rows.filter(({ name }) => !name.startsWith('teams')))(
  '$name, $shape: all pairs can be revoked in random order without a suspension',
  ({ shape, scenario }) => {
    const full = grantUntilFull(approvalsOf(scenario, shape));
    expect(revokeInRandomOrder(full, SEED)).toBe(full.grants.length);
  },
);

test.each(['folder', 'name'] as const)(
  'teams as projects, %s: nine tenths fit, and all can be revoked in random order without a suspension',
  (shape) => {
    const approvals = projectApprovals(shape);
    const full = grantUntilFull(approvals);
    expect(countPairs(full)).toBeGreaterThanOrEqual(BUDGETS.capacity * countFitting(LAYOUTS.merged, approvals.flat()));
    expect(revokeInRandomOrder(full, SEED)).toBe(full.grants.length);
  },
);

test('planning 10,000 unrelated grants grows no faster than n log n', () => {
  expect(countLocationReads(1_000)).toBeGreaterThanOrEqual(1_000);
  expect(measureGrowth()).toBeLessThanOrEqual(BUDGETS.growth);
});

test.each([
  { name: 'a complete team is one block', rights: [15, 15, 15, 15, 15], blocks: [[5, 4]] },
  {
    name: 'a team without one pair is two blocks',
    rights: [7, 15, 15, 15, 15],
    blocks: [
      [4, 4],
      [1, 3],
    ],
  },
  { name: 'an empty team is no block', rights: [0, 0], blocks: [] },
])('the exhaustive search finds the shortest list of allow statements: $name', ({ rights, blocks }) => {
  const bytes = (roles: number, locations: number) => 500 + 100 * roles + 99 * locations;
  expect(leastBytes(bytes)(rights)).toBe(blocks.reduce((sum, [roles = 0, locations = 0]) => sum + bytes(roles, locations), 0));
});
