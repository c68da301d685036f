import { bestRevocableThroughout } from './best-cover';
import { fitting, LAYOUTS } from './layouts';
import { admitted, pairsIn, revocableFirst, revocableThroughout, sizeWithSids } from './product';
import { type Approval, approvalsOf, projectApprovals, SCENARIOS, type Shape, teamOf } from './scenarios';

export type CapacityRow = {
  readonly scenario: string;
  readonly shape: Shape;
  /** Pairs of role and place that fit by each layout, without Sids and without head-room. */
  readonly layouts: Readonly<Record<string, number>>;
  /** Of the merged layout, with the product's Sids. */
  readonly withSids: number;
  /** Pairs that the product admits, and the bytes of their policy. */
  readonly admitted: number;
  readonly bytes: number;
  /** Of those, the pairs whose revocation, as the first one, suspends nobody. */
  readonly revocableFirst: number;
  /** Pairs up to which everything can be revoked one by one in random order, and nobody is ever suspended. */
  readonly revocableThroughout: number;
  /** What no layout of allowed roles and places could surpass there; found for teams only, by trying every choice. */
  readonly bestThroughout?: number;
};

const TEAMS = 'teams 5×4';

type Filled = { readonly shape: Shape; readonly approvals: readonly Approval[]; readonly seeds: readonly number[] };

const rowOf = (scenario: string, { shape, approvals, seeds }: Filled): CapacityRow => {
  const pairs = approvals.flat();
  const standing = admitted(approvals);
  const perGrant = pairsIn(standing) / Math.max(1, standing.grants.length);
  return {
    scenario,
    shape,
    layouts: Object.fromEntries(Object.entries(LAYOUTS).map(([name, size]) => [name, fitting(size, pairs)])),
    withSids: fitting(sizeWithSids, pairs),
    admitted: pairsIn(standing),
    bytes: standing.head?.bytes ?? 0,
    revocableFirst: revocableFirst(standing) * perGrant,
    revocableThroughout: pairsIn(revocableThroughout(approvals, seeds)),
    ...(scenario === TEAMS ? { bestThroughout: bestRevocableThroughout(pairs, { teamOf, seeds }) } : {}),
  };
};

/**
 * What fits into one bucket's policy, for folders and for names. Nothing of it depends on the machine. `orders`: random orders of
 * revocation that are tried.
 */
export const measureCapacity = (orders: number): readonly CapacityRow[] => {
  const seeds = Array.from({ length: orders }, (_, index) => index + 1);
  return (['folder', 'name'] as const).flatMap((shape) => [
    ...Object.entries(SCENARIOS).map(([name, scenario]) => rowOf(name, { shape, approvals: approvalsOf(scenario, shape), seeds })),
    rowOf(`${TEAMS}, by project`, { shape, approvals: projectApprovals(shape), seeds }),
  ]);
};
