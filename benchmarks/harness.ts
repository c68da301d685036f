import { Bench } from 'tinybench';

/** Something to be timed; `run` returns the milliseconds that count of it. */
export type Timed = { readonly name: string; readonly run: () => Promise<number> | number };

/** Milliseconds: the median over all rounds, and the median of the distances from it. */
export type Timing = { readonly median: number; readonly spread: number; readonly samples: number };

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
};

export const timingOf = (values: readonly number[]): Timing => {
  const middle = median(values);
  return { median: middle, spread: median(values.map((value) => Math.abs(value - middle))), samples: values.length };
};

/**
 * Times contenders by turns: every round runs each of them once, so that a slow minute of a shared machine falls on all, and ratios of
 * their medians hold where seconds do not.
 * @throws whatever a contender throws
 */
export const byTurns = async (contenders: readonly Timed[], rounds: number): Promise<Readonly<Record<string, Timing>>> => {
  const samples = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const bench = new Bench({ iterations: 1, time: 0, warmup: false, retainSamples: true, throws: true });
    for (const { name, run } of contenders) bench.add(name, async () => ({ overriddenDuration: await run() }));
    for (const { name, result } of await bench.run()) {
      if (!('latency' in result)) throw new Error(`'${name}' was not timed: it is ${result.state}`);
      samples.get(name)?.push(...(result.latency.samples ?? []));
    }
  }
  return Object.fromEntries([...samples].map(([name, values]) => [name, timingOf(values)]));
};
