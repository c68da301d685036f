import timers from 'node:timers/promises';

/** The limit for an answer that the adapters set their clients. Milliseconds. */
const ANSWER_WITHIN = 5_000;

/** Takes time into a test's hands: no test waits for it. */
export type Impatience = {
  /** Resolves when the function has given up on so many calls, which are the only ones in flight. */
  readonly giveUp: (calls: () => number) => Promise<void>;
  readonly undo: () => void;
};

/** Lets no time pass where the function waits by itself, and keeps hold of its clients' limits. */
export const impatience = (): Impatience => {
  const inFlight = new Map<unknown, () => void>();
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  const limits = jest.spyOn(globalThis, 'setTimeout').mockImplementation(((callback: () => void, milliseconds?: number) => {
    const timer = set(callback, milliseconds);
    if (milliseconds === ANSWER_WITHIN) inFlight.set(timer, callback);
    return timer;
  }) as typeof setTimeout);
  const answers = jest.spyOn(globalThis, 'clearTimeout').mockImplementation((timer) => {
    inFlight.delete(timer);
    clear(timer);
  });
  const waits = jest.spyOn(timers, 'setTimeout').mockResolvedValue(undefined);
  return {
    giveUp: async (calls) => {
      while (calls() === 0 || inFlight.size > calls()) await new Promise((resolve) => setImmediate(resolve));
      for (const [timer, callback] of [...inFlight]) {
        clear(timer as NodeJS.Timeout);
        inFlight.delete(timer);
        callback();
      }
    },
    undo: () => {
      for (const spy of [limits, answers, waits]) spy.mockRestore();
    },
  };
};
