import { setTimeout } from 'node:timers/promises';
import type { CliWorld } from './cli-world';

/** Milliseconds between two looks into the queue. */
const EVERY = 20;

/** Has the function work off its queue while something else is done, as it would on AWS. */
export const whileFunctionWorks = async <Result>(world: CliWorld, work: () => Promise<Result>): Promise<Result> => {
  let working = true;
  const worked = (async () => {
    while (working) {
      await world.settle();
      await setTimeout(EVERY);
    }
  })();
  try {
    return await work();
  } finally {
    working = false;
    await worked;
  }
};
