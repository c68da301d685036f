import { grantsOf } from '../capacity/product';
import { approvalsOf, SCENARIOS, sharedByAll } from '../capacity/scenarios';
import { byTurns, type Timing } from '../harness';
import { crowd, planOf } from './crowd';

export type CompileRow = {
  readonly of: string;
  readonly grants: number;
  readonly admitted: number;
  /** Time of the processor, which others on the machine do not lengthen. Milliseconds. */
  readonly time: Timing;
};

/** Grants of teams, as many as asked for; not all of 300 fit. */
const teamGrants = (count: number) => grantsOf(approvalsOf(SCENARIOS['teams 5×4'] ?? (() => []), 'folder').slice(0, count));

export const measureCompile = async (rounds: number): Promise<readonly CompileRow[]> => {
  const cases = [
    ...[50, 150, 300].map((count) => ({ name: `${count} grants of teams`, grants: teamGrants(count) })),
    { name: '300 grants that share everything', grants: grantsOf(sharedByAll('folder')) },
    ...[2_500, 5_000, 10_000].map((count) => ({ name: `${count} grants that share nothing`, grants: crowd(count) })),
  ];
  const times = await byTurns(
    cases.map(({ name, grants }) => ({
      name,
      run: () => {
        const before = process.cpuUsage();
        planOf(grants);
        const { user, system } = process.cpuUsage(before);
        return (user + system) / 1000;
      },
    })),
    rounds,
  );
  return cases.flatMap(({ name, grants }) => {
    const time = times[name];
    return time === undefined ? [] : [{ of: name, grants: grants.length, admitted: planOf(grants).admitted, time }];
  });
};
