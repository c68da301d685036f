/** Something to time; `run` returns the milliseconds to record. */
export type Timed = { readonly name: string; readonly run: () => Promise<number> | number };

/** Milliseconds: the median over all rounds, and the median distance from it. */
export type Timing = { readonly median: number; readonly spread: number; readonly samples: number };

/** Returns the median, or NaN of an empty list. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
};

/** Returns the median and the spread of samples in milliseconds. */
export const timingOf = (values: readonly number[]): Timing => {
  const middle = median(values);
  return { median: middle, spread: median(values.map((value) => Math.abs(value - middle))), samples: values.length };
};

/**
 * Runs every subject once per round. Load on a shared machine then affects all subjects alike, so the ratios of their medians are
 * reproducible where milliseconds are not.
 * @throws the error of a subject
 */
export const timeInTurns = async (subjects: readonly Timed[], rounds: number): Promise<ReadonlyMap<string, Timing>> => {
  const samples = new Map<string, number[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) for (const { name, run } of subjects) samples.get(name)?.push(await run());
  return new Map([...samples].map(([name, values]) => [name, timingOf(values)]));
};
