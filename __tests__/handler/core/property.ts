import fc from 'fast-check';

/** Runs of each property: few in `npm test`, many in `npm run test:long`. Mutation testing sets even fewer, and does not shrink. */
const RUNS = Number(process.env['FC_RUNS'] ?? 50);
const SHRINKS = process.env['FC_SHRINK'] !== 'no';

/**
 * A law as a test. It draws from the seed in `FC_SEED`, or from a new one; a failure begins with the seed that repeats it.
 */
export const law = <Drawn>(name: string, arbitrary: fc.Arbitrary<Drawn>, check: (drawn: Drawn) => void): void => {
  test(name, () => {
    const seed = seedFrom(process.env['FC_SEED']);
    const details = fc.check(fc.property(arbitrary, check), { seed, numRuns: RUNS, endOnFailure: !SHRINKS });
    if (!details.failed) return;
    throw new Error(`with FC_SEED=${seed}: ${fc.defaultReportMessage(details)}`, { cause: details.errorInstance });
  });
};

/** A law of something that takes its time. */
export const asyncLaw = <Drawn>(name: string, arbitrary: fc.Arbitrary<Drawn>, check: (drawn: Drawn) => Promise<void>): void => {
  test(name, async () => {
    const seed = seedFrom(process.env['FC_SEED']);
    const details = await fc.check(fc.asyncProperty(arbitrary, check), { seed, numRuns: RUNS });
    if (!details.failed) return;
    throw new Error(`with FC_SEED=${seed}: ${fc.defaultReportMessage(details)}`, { cause: details.errorInstance });
  });
};

/** A seed is a 32-bit integer. */
export const seedFrom = (text: string | undefined): number => {
  if (text === undefined || text === '') return Math.floor(Math.random() * 0x7fffffff);
  const seed = Number(text);
  if (!Number.isInteger(seed)) throw new Error(`FC_SEED is '${text}'; set it to the integer that a failed property names`);
  return seed;
};
