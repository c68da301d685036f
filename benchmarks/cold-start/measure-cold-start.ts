import { type Contender, type Contenders, PEER_PYTHON, PRODUCT, RUNTIME_SDK } from '../contenders';
import { EventStage } from '../event/event-stage';
import { byTurns, type Timing, timingOf } from '../harness';
import { Runtime } from '../runtime';
import { type BundleBytes, bundleBytes } from './bundle-bytes';

export type ColdStart = {
  readonly bundle: BundleBytes;
  readonly contenders: readonly {
    readonly name: string;
    /** From the start of the process until its handler is loaded. */
    readonly loaded: Timing;
    /** From the start of the process until its first request reached AWS. */
    readonly firstRequest: Timing;
  }[];
  /** `firstRequest` of the product by that of another; absent where the other could not run. */
  readonly ratios: { readonly toRuntimeSdk: number; readonly toPython: number | undefined };
};

/** Starts a contender's process with an event waiting. Milliseconds from its start. */
const start = async (contender: Contender, events: EventStage): Promise<{ readonly loaded: number; readonly firstRequest: number }> => {
  const arrived = new Promise<number>((resolve) => {
    const remove = events.stage.aws.faults.add(() => {
      resolve(performance.now());
      remove();
      return undefined;
    });
  });
  const event = events.messageFor(contender);
  const begun = performance.now();
  const runtime = Runtime.start(contender, events.stage);
  runtime.send(event);
  await runtime.says('loaded');
  const loaded = performance.now() - begun;
  const firstRequest = (await arrived) - begun;
  await runtime.says('done');
  await runtime.stop();
  return { loaded, firstRequest };
};

/** Starts every contender by turns, in processes of their own. */
export const measureColdStart = async ({ bundle, all }: Contenders, rounds: number): Promise<ColdStart> => {
  const events = await EventStage.open({ bundle, environments: 1 });
  const loaded = new Map<string, number[]>();
  try {
    const firstRequest = await byTurns(
      all.map((contender) => ({
        name: contender.name,
        run: async () => {
          const times = await start(contender, events);
          loaded.set(contender.name, [...(loaded.get(contender.name) ?? []), times.loaded]);
          return times.firstRequest;
        },
      })),
      rounds,
    );
    const medianOf = (name: string) => firstRequest[name]?.median;
    const ratio = (name: string) => {
      const [own, other] = [medianOf(PRODUCT), medianOf(name)];
      return own === undefined || other === undefined ? undefined : own / other;
    };
    return {
      bundle: bundleBytes(bundle),
      contenders: all.map(({ name }) => ({
        name,
        loaded: timingOf(loaded.get(name) ?? []),
        firstRequest: firstRequest[name] ?? timingOf([]),
      })),
      ratios: { toRuntimeSdk: ratio(RUNTIME_SDK) ?? Number.NaN, toPython: ratio(PEER_PYTHON) },
    };
  } finally {
    await events.stage.close();
  }
};
