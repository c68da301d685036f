import { setTimeout } from 'node:timers/promises';
import { type Contender, type Contenders, RUNTIME_SDK } from '../contenders';
import { type Timing, timingOf } from '../harness';
import { Runtime } from '../runtime';
import { EventStage } from './event-stage';
import { inLockStep, roundOfWrite, type SteppedCall } from './lock-step';

/** What every call to AWS takes here, beside what the double computes. Milliseconds. */
export const LATENCY = 20;
export const ENVIRONMENTS = [1, 3, 10] as const;

/** From the event until S3 acknowledged the policy, and until everything is recorded and reported. */
type Span = { readonly access: number; readonly done: number };
export type EventRow = {
  readonly contender: string;
  readonly environments: number;
  /** In a process that starts with the event, and in one that fulfilled an event before. */
  readonly cold: { readonly access: Timing; readonly done: Timing; readonly rounds: number };
  readonly warm: { readonly access: Timing; readonly done: Timing; readonly rounds: number };
};
export type EventFigures = {
  readonly rows: readonly EventRow[];
  readonly picture: { readonly cold: readonly SteppedCall[]; readonly warm: readonly SteppedCall[] };
};

/** Delays every call from now on, and tells whoever waits when the next policy write is acknowledged. */
const delayCalls = ({ stage: { aws } }: EventStage) => {
  const waiting: ((at: number) => void)[] = [];
  const stop = aws.faults.add(({ operation }) => {
    const delay = setTimeout(LATENCY);
    if (operation === 'PutBucketPolicy') void delay.then(() => waiting.shift()?.(performance.now()));
    return { delay };
  });
  return { stop, nextWrite: () => new Promise<number>((resolve) => waiting.push(resolve)) };
};
type Delayed = ReturnType<typeof delayCalls>;

const fulfil = async (runtime: Runtime, { delayed, event, begun }: { delayed: Delayed; event: unknown; begun: number }): Promise<Span> => {
  const write = delayed.nextWrite();
  runtime.send(event);
  const access = await write;
  await runtime.says('done');
  return { access: access - begun, done: performance.now() - begun };
};

/** One cold and one warm event in a new process. */
const live = async (
  contender: Contender,
  { events, delayed }: { events: EventStage; delayed: Delayed },
): Promise<{ readonly cold: Span; readonly warm: Span }> => {
  const [first, second] = [events.messageFor(contender), events.messageFor(contender)];
  const begun = performance.now();
  const runtime = Runtime.start(contender, events.stage);
  const cold = await fulfil(runtime, { delayed, event: first, begun });
  const warm = await fulfil(runtime, { delayed, event: second, begun: performance.now() });
  await runtime.stop();
  return { cold, warm };
};

/** The peer's rounds, in its own process: its calls wait for each other, however long it thinks between them. */
const stepped = async (contender: Contender, events: EventStage): Promise<EventFigures['picture']> => {
  const { aws } = events.stage;
  const runtime = Runtime.start(contender, events.stage);
  const one = async () => {
    runtime.send(events.messageFor(contender));
    await runtime.says('done');
  };
  const cold = await inLockStep(aws, one);
  const warm = await inLockStep(aws, one);
  await runtime.stop();
  return { cold, warm };
};

/** One Created event over HTTP, every call delayed, for growing numbers of environments. */
export const measureEvent = async ({ bundle, all }: Contenders, rounds: number): Promise<EventFigures> => {
  const rows: EventRow[] = [];
  let picture: EventFigures['picture'] = { cold: [], warm: [] };
  for (const environments of ENVIRONMENTS) {
    const events = await EventStage.open({ bundle, environments });
    try {
      const contenders = all.filter(({ name }) => name !== RUNTIME_SDK);
      const steps = new Map<string, EventFigures['picture']>();
      for (const contender of contenders)
        steps.set(contender.name, contender.runsAs === 'product' ? await events.rounds() : await stepped(contender, events));
      const delayed = delayCalls(events);
      const spans = new Map<string, { readonly cold: Span; readonly warm: Span }[]>();
      for (let round = 0; round < rounds; round++)
        for (const contender of contenders)
          spans.set(contender.name, [...(spans.get(contender.name) ?? []), await live(contender, { events, delayed })]);
      delayed.stop();
      for (const { name } of contenders) {
        const calls = steps.get(name);
        const of = (state: 'cold' | 'warm') => ({
          access: timingOf((spans.get(name) ?? []).map((one) => one[state].access)),
          done: timingOf((spans.get(name) ?? []).map((one) => one[state].done)),
          rounds: roundOfWrite(calls?.[state] ?? []),
        });
        rows.push({ contender: name, environments, cold: of('cold'), warm: of('warm') });
      }
      if (environments === 3) picture = steps.get(contenders[0]?.name ?? '') ?? picture;
    } finally {
      await events.stage.close();
    }
  }
  return { rows, picture };
};
