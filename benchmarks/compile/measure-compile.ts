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

/** Grants of a scenario, as many as asked for; of 300, none has room for all. */
const grantsLike = (scenario: string, count: number) => grantsOf(approvalsOf(SCENARIOS[scenario] ?? (() => []), 'folder').slice(0, count));

export const measureCompile = async (rounds: number): Promise<readonly CompileRow[]> => {
  const cases = [
    ...[50, 150].map((count) => ({ name: `${count}: teams 5×4`, grants: grantsLike('teams 5×4', count) })),
    ...Object.keys(SCENARIOS).map((scenario) => ({ name: `300: ${scenario}`, grants: grantsLike(scenario, 300) })),
    { name: '300: all share everything', grants: grantsOf(sharedByAll('folder')) },
    ...[2_500, 5_000, 10_000].map((count) => ({ name: `${count}: none share anything`, grants: crowd(count) })),
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
