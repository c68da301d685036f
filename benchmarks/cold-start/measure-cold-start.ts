import { BASELINE_PYTHON, type Contender, type Contenders, PRODUCT, RUNTIME_SDK } from '../contenders';
import { EventFixture } from '../event/event-fixture';
import { type Timing, timeInTurns, timingOf } from '../harness';
import { Runtime } from '../runtime';
import { type BundleBytes, bundleBytes } from './bundle-bytes';

export type ColdStart = {
  readonly bundle: BundleBytes;
  readonly contenders: readonly {
    readonly name: string;
    /** From the start of the process until its handler is loaded. */
    readonly loaded: Timing;
    /** From the start of the process until its first request reached the emulator. */
    readonly firstRequest: Timing;
  }[];
  /** `firstRequest` of the product divided by that of another contender. `toPython` is absent if boto3 is not installed. */
  readonly ratios: { readonly toRuntimeSdk: number; readonly toPython?: number };
};

/** Starts a contender's process with an event waiting. @returns milliseconds since the start */
const timeStart = async (
  contender: Contender,
  fixture: EventFixture,
): Promise<{ readonly loaded: number; readonly firstRequest: number }> => {
  const arrived = new Promise<number>((resolve) => {
    const remove = fixture.domain.aws.faults.add(() => {
      resolve(performance.now());
      remove();
      return undefined;
    });
  });
  const event = fixture.nextEventFor(contender);
  const begun = performance.now();
  const runtime = Runtime.start(contender, fixture.domain);
  runtime.send(event);
  await runtime.waitFor('loaded');
  const loaded = performance.now() - begun;
  const firstRequest = (await arrived) - begun;
  await runtime.waitFor('done');
  await runtime.stop();
  return { loaded, firstRequest };
};

/** Measures the bundle, and starts every contender in a new process once per round. */
export const measureColdStart = async ({ bundle, all }: Contenders, rounds: number): Promise<ColdStart> => {
  const fixture = await EventFixture.open({ bundle, environments: 1 });
  const loaded = new Map<string, number[]>();
  try {
    const firstRequest = await timeInTurns(
      all.map((contender) => ({
        name: contender.name,
        run: async () => {
          const times = await timeStart(contender, fixture);
          loaded.set(contender.name, [...(loaded.get(contender.name) ?? []), times.loaded]);
          return times.firstRequest;
        },
      })),
      rounds,
    );
    const medianOf = (name: string): number => firstRequest.get(name)?.median ?? Number.NaN;
    const ratioTo = (name: string): number => medianOf(PRODUCT) / medianOf(name);
    return {
      bundle: bundleBytes(bundle),
      contenders: all.map(({ name }) => ({
        name,
        loaded: timingOf(loaded.get(name) ?? []),
        firstRequest: firstRequest.get(name) ?? timingOf([]),
      })),
      ratios: {
        toRuntimeSdk: ratioTo(RUNTIME_SDK),
        ...(firstRequest.has(BASELINE_PYTHON) ? { toPython: ratioTo(BASELINE_PYTHON) } : {}),
      },
    };
  } finally {
    await fixture.domain.close();
  }
};
