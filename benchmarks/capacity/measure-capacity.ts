import { countFullyRevocableAtBest } from './best-cover';
import { countFitting, LAYOUTS } from './layouts';
import { measureGrowth, measurePlanning, type PlanningRow } from './planning';
import { bytesWithSids, countPairs, countRevocableFirst, grantFullyRevocable, grantUntilFull } from './product';
import { type Approval, approvalsOf, projectApprovals, SCENARIOS, type Shape, teamOf } from './scenarios';

/** Numbers of pairs of role and location in one bucket's policy. */
export type CapacityRow = {
  readonly scenario: string;
  readonly shape: Shape;
  /** Pairs that fit in each layout, without Sids and headroom. */
  readonly layouts: Readonly<Record<keyof typeof LAYOUTS, number>>;
  /** Pairs that fit in the merged layout with the product's Sids. */
  readonly withSids: number;
  /** Pairs that the product grants, and the bytes of their policy. */
  readonly granted: number;
  readonly bytes: number;
  /** Of those, the pairs that can be revoked first without suspending another. */
  readonly revocableFirst: number;
  /** The largest number of pairs that can all be revoked one by one in random order without suspension. */
  readonly fullyRevocable: number;
  /** The largest number that any layout of allow statements could reach there. Computed by exhaustive search, for teams only. */
  readonly fullyRevocableAtBest?: number;
};

export type CapacityFigures = {
  readonly rows: readonly CapacityRow[];
  readonly planning: readonly PlanningRow[];
  /** See `measureGrowth`. */
  readonly growth: number;
};

const TEAMS = 'teams 5×4';

const rowOf = (
  scenario: string,
  { shape, approvals, seeds }: { readonly shape: Shape; readonly approvals: readonly Approval[]; readonly seeds: readonly number[] },
): CapacityRow => {
  const pairs = approvals.flat();
  const full = grantUntilFull(approvals);
  const pairsPerGrant = countPairs(full) / Math.max(1, full.grants.length);
  return {
    scenario,
    shape,
    layouts: {
      naive: countFitting(LAYOUTS.naive, pairs),
      perPrefix: countFitting(LAYOUTS.perPrefix, pairs),
      perRole: countFitting(LAYOUTS.perRole, pairs),
      merged: countFitting(LAYOUTS.merged, pairs),
    },
    withSids: countFitting(bytesWithSids, pairs),
    granted: countPairs(full),
    bytes: full.head?.bytes ?? 0,
    revocableFirst: countRevocableFirst(full) * pairsPerGrant,
    fullyRevocable: countPairs(grantFullyRevocable(approvals, seeds)),
    ...(scenario === TEAMS ? { fullyRevocableAtBest: countFullyRevocableAtBest(pairs, { teamOf, seeds }) } : {}),
  };
};

/** Measures what fits into one bucket's policy, and how long planning it takes. `orders` is the number of random orders of revocation. */
export const measureCapacity = async ({
  orders,
  rounds,
}: {
  readonly orders: number;
  readonly rounds: number;
}): Promise<CapacityFigures> => {
  const seeds = Array.from({ length: orders }, (_, index) => index + 1);
  const rows = (['folder', 'name'] as const).flatMap((shape) => [
    ...Object.entries(SCENARIOS).map(([name, scenario]) => rowOf(name, { shape, approvals: approvalsOf(scenario, shape), seeds })),
    rowOf(`${TEAMS}, by project`, { shape, approvals: projectApprovals(shape), seeds }),
  ]);
  return { rows, planning: await measurePlanning(rounds), growth: measureGrowth() };
};
