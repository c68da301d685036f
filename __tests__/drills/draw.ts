/** Chance that a seed decides: the same seed draws the same. */
export type Draw = {
  /** A whole number from 0 to `below`, without it. */
  readonly whole: (below: number) => number;
  readonly shuffled: <Value>(values: readonly Value[]) => readonly Value[];
};

/** Mulberry32, a generator of 32 bits of state. */
export const drawOf = (seed: number): Draw => {
  let state = seed >>> 0;
  const whole = (below: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
  const shuffled = <Value>(values: readonly Value[]): readonly Value[] =>
    values
      .map((value) => ({ value, order: whole(0x7fffffff) }))
      .toSorted((one, other) => one.order - other.order)
      .map(({ value }) => value);
  return { whole, shuffled };
};
