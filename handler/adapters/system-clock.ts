import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../ports';

export const systemClock: Clock = {
  now: () => new Date(),
  wait: async (milliseconds) => {
    await setTimeout(milliseconds);
  },
};
