import { setTimeout } from 'node:timers/promises';
import { type Contender, type Contenders, RUNTIME_SDK } from '../contenders';
import { type Timing, timingOf } from '../harness';
import { Runtime } from '../runtime';
import { type RoundedCall, roundOfWrite } from './count-rounds';
import { EventFixture } from './event-fixture';

/** The delay of every call, in addition to the emulator's own time. Milliseconds. */
const LATENCY = 20;
const ENVIRONMENTS = [1, 3, 10] as const;

type ByState<Value> = { readonly cold: Value; readonly warm: Value };
/** Milliseconds from the event until S3 acknowledged the policy (`access`), and until the function finished (`done`). */
type Span = { readonly access: number; readonly done: number };
type EventFigures = { readonly access: Timing; readonly done: Timing; readonly rounds: number };

/** `cold`: in a process that starts with the event. `warm`: in a process that already handled one. */
export type EventRow = { readonly contender: string; readonly environments: number } & ByState<EventFigures>;

/** Delays every call from now on. `nextWrite` resolves when the next policy write is acknowledged. */
const delayCalls = ({ domain: { aws } }: EventFixture) => {
  const waiting: ((at: number) => void)[] = [];
  const stop = aws.faults.add(({ operation }) => {
    const delay = setTimeout(LATENCY);
    if (operation === 'PutBucketPolicy') void delay.then(() => waiting.shift()?.(performance.now()));
    return { delay };
  });
  return { stop, nextWrite: () => new Promise<number>((resolve) => waiting.push(resolve)) };
};
type DelayedCalls = ReturnType<typeof delayCalls>;

const timeEvent = async (
  runtime: Runtime,
  { delayed, event, begun }: { readonly delayed: DelayedCalls; readonly event: unknown; readonly begun: number },
): Promise<Span> => {
  const write = delayed.nextWrite();
  runtime.send(event);
  const access = await write;
  await runtime.waitFor('done');
  return { access: access - begun, done: performance.now() - begun };
};

/** Times one cold and one warm event in a new process. */
const timeContender = async (
  contender: Contender,
  { fixture, delayed }: { readonly fixture: EventFixture; readonly delayed: DelayedCalls },
): Promise<ByState<Span>> => {
  const [first, second] = [fixture.nextEventFor(contender), fixture.nextEventFor(contender)];
  const begun = performance.now();
  const runtime = Runtime.start(contender, fixture.domain);
  const cold = await timeEvent(runtime, { delayed, event: first, begun });
  const warm = await timeEvent(runtime, { delayed, event: second, begun: performance.now() });
  await runtime.stop();
  return { cold, warm };
};

/** Returns the baseline's calls. Each waits for the answer of the one before, so each is a round of its own. */
const baselineRounds = async (contender: Contender, fixture: EventFixture): Promise<ByState<readonly RoundedCall[]>> => {
  const { recorder } = fixture.domain.aws;
  const runtime = Runtime.start(contender, fixture.domain);
  const handleEvent = async () => {
    fixture.domain.clearRecorder();
    runtime.send(fixture.nextEventFor(contender));
    await runtime.waitFor('done');
    return recorder.calls.map(({ service, operation }, index) => ({ round: index + 1, service, operation }));
  };
  const [cold, warm] = [await handleEvent(), await handleEvent()];
  await runtime.stop();
  return { cold, warm };
};

const measureWith = async (
  environments: number,
  { contenders, bundle, rounds }: { readonly contenders: readonly Contender[]; readonly bundle: string; readonly rounds: number },
): Promise<readonly EventRow[]> => {
  const fixture = await EventFixture.open({ bundle, environments });
  try {
    const calls = new Map<string, ByState<readonly RoundedCall[]>>();
    for (const contender of contenders)
      calls.set(contender.name, contender.runsAs === 'product' ? await fixture.rounds() : await baselineRounds(contender, fixture));
    const delayed = delayCalls(fixture);
    const spans = new Map<string, ByState<Span>[]>();
    for (let round = 0; round < rounds; round++)
      for (const contender of contenders)
        spans.set(contender.name, [...(spans.get(contender.name) ?? []), await timeContender(contender, { fixture, delayed })]);
    delayed.stop();
    return contenders.map(({ name }) => {
      const figuresOf = (state: 'cold' | 'warm') => ({
        access: timingOf((spans.get(name) ?? []).map((span) => span[state].access)),
        done: timingOf((spans.get(name) ?? []).map((span) => span[state].done)),
        rounds: roundOfWrite(calls.get(name)?.[state] ?? []),
      });
      return { contender: name, environments, cold: figuresOf('cold'), warm: figuresOf('warm') };
    });
  } finally {
    await fixture.domain.close();
  }
};

/** Measures one Created event over HTTP with delayed calls, for growing numbers of environments. */
export const measureEvent = async ({ bundle, all }: Contenders, rounds: number): Promise<readonly EventRow[]> => {
  const contenders = all.filter(({ name }) => name !== RUNTIME_SDK);
  const rows: EventRow[] = [];
  for (const environments of ENVIRONMENTS) rows.push(...(await measureWith(environments, { contenders, bundle, rounds })));
  return rows;
};
