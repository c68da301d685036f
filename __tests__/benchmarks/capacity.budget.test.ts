import { leastBytes } from '../../benchmarks/capacity/best-cover';
import { fitting, LAYOUTS } from '../../benchmarks/capacity/layouts';
import { admitted, pairsIn, revocableFirst, revokedInTurn } from '../../benchmarks/capacity/product';
import { approvalsOf, projectApprovals, SCENARIOS } from '../../benchmarks/capacity/scenarios';

/** Pairs of role and folder that fit when equal sets are merged, without Sids and head-room, as computed independently of this code. */
const MERGED: Readonly<Record<string, number>> = {
  '1 prefix × N roles': 137,
  'N prefixes × 1 role': 159,
  'sparse, 3 per role': 80,
  '30 % dense': 104,
  'teams 5×4': 272,
  'teams + 10 % strays': 149,
};
const LEAST_SHARE = 0.9;

const rows = Object.entries(SCENARIOS).flatMap(([name, scenario]) =>
  (['folder', 'name'] as const).map((shape) => ({ name, shape, scenario })),
);

test.each(rows)(
  '$name, $shape: nine tenths of what merging could hold, never less than the naive layout, each to be revoked alone',
  ({ name, shape, scenario }) => {
    const approvals = approvalsOf(scenario, shape);
    const standing = admitted(approvals);
    const fits = (layout: string) => fitting(LAYOUTS[layout] ?? (() => Number.NaN), approvals.flat());
    const count = pairsIn(standing);
    expect(count).toBeGreaterThanOrEqual(LEAST_SHARE * fits('equal sets merged'));
    if (shape === 'folder') expect(count).toBeGreaterThanOrEqual(LEAST_SHARE * (MERGED[name] ?? Number.NaN));
    expect(count).toBeGreaterThanOrEqual(fits('two statements a grant'));
    expect(revocableFirst(standing)).toBe(standing.grants.length);
  },
);

test.each(rows.filter(({ name }) => !name.startsWith('teams')))(
  '$name, $shape: all of it can be revoked one by one in random order, and nobody is suspended',
  ({ shape, scenario }) => {
    const standing = admitted(approvalsOf(scenario, shape));
    expect(revokedInTurn(standing, 11)).toBe(standing.grants.length);
  },
);

test.each(['folder', 'name'] as const)('teams as projects subscribe them, %s: so can all of it', (shape) => {
  const approvals = projectApprovals(shape);
  const standing = admitted(approvals);
  expect(pairsIn(standing)).toBeGreaterThanOrEqual(
    LEAST_SHARE * fitting(LAYOUTS['equal sets merged'] ?? (() => Number.NaN), approvals.flat()),
  );
  expect(revokedInTurn(standing, 11)).toBe(standing.grants.length);
});

test.each([
  { name: 'a whole team is one block', rights: [15, 15, 15, 15, 15], least: [[5, 4]] },
  {
    name: 'with one pair gone it is two blocks',
    rights: [7, 15, 15, 15, 15],
    least: [
      [4, 4],
      [1, 3],
    ],
  },
  { name: 'with nothing left it is none', rights: [0, 0], least: [] },
])('the shortest possible list of allowed pairs is found: $name', ({ rights, least }) => {
  const bytes = (roles: number, places: number) => 500 + 100 * roles + 99 * places;
  expect(leastBytes(bytes)(rights)).toBe(least.reduce((sum, [roles = 0, places = 0]) => sum + bytes(roles, places), 0));
});
