import { type Timing, timeInTurns } from '../harness';
import { grantsOf, planFromEmpty } from './product';
import { approvalsOf, SCENARIOS, sharedByAll, unrelated } from './scenarios';

/** Milliseconds of processor time for planning a policy from nothing. */
export type PlanningRow = { readonly scenario: string; readonly grants: number; readonly admitted: number; readonly time: Timing };

/**
 * Counts how often planning this number of unrelated grants reads the path of a location. The count stands for the work of the planner and
 * does not depend on the machine.
 */
export const countLocationReads = (count: number): number => {
  let reads = 0;
  const grants = grantsOf(unrelated(count)).map((grant) => {
    const { path, ...rest } = grant.location;
    const location = {
      ...rest,
      get path() {
        reads += 1;
        return path;
      },
    };
    return { ...grant, location };
  });
  planFromEmpty(grants);
  return reads;
};

/** The largest set of unrelated grants, and a smaller one to compare with. */
const LARGE = 10_000;
const SMALL = 1_000;

/** Returns the location reads per n log n for 10,000 unrelated grants, divided by those for 1,000. At most 1 if the work grows no faster. */
export const measureGrowth = (): number => {
  const readsPer = (count: number) => countLocationReads(count) / (count * Math.log2(count));
  return readsPer(LARGE) / readsPer(SMALL);
};

/** Times the planner on the scenarios with 300 grants, and on sets of unrelated grants. */
export const measurePlanning = async (rounds: number): Promise<readonly PlanningRow[]> => {
  const cases = [
    ...Object.entries(SCENARIOS).map(([scenario, cells]) => ({ scenario, approvals: approvalsOf(cells, 'folder').slice(0, 300) })),
    { scenario: 'all share everything', approvals: sharedByAll('folder') },
    ...[2_500, 5_000, LARGE].map((count) => ({ scenario: `${count} unrelated`, approvals: unrelated(count) })),
  ].map(({ scenario, approvals }) => ({ scenario, grants: grantsOf(approvals) }));
  const admitted = new Map<string, number>();
  const times = await timeInTurns(
    cases.map(({ scenario, grants }) => ({
      name: scenario,
      run: () => {
        const before = process.cpuUsage();
        admitted.set(scenario, planFromEmpty(grants));
        const { user, system } = process.cpuUsage(before);
        return (user + system) / 1000;
      },
    })),
    rounds,
  );
  return cases.flatMap(({ scenario, grants }) => {
    const time = times.get(scenario);
    return time === undefined ? [] : [{ scenario, grants: grants.length, admitted: admitted.get(scenario) ?? 0, time }];
  });
};
