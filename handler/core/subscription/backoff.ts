const FIRST = 30_000;
const LONGEST = 60 * 60_000;

/** How long to wait before the next attempt: half a minute, doubled each time, an hour at most. Milliseconds. */
export const backoff = (attempts: number): number => Math.min(FIRST * 2 ** Math.min(attempts, 20), LONGEST);
