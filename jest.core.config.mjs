import base from './jest.config.mjs';

// One seed for all runs: whether a mutant lives must not depend on what a property happens to draw. Few draws, since each mutant costs
// them anew: a property's law is to be held by examples as well.
process.env.FC_SEED ??= '20260115';
process.env.FC_RUNS ??= '20';
process.env.FC_SHRINK ??= 'no';

/** The tests of the pure core alone, without the bundle; `CORE_TESTS` narrows them to those of one module, by the beginnings of their names. */
const { globalSetup: _, globalTeardown: __, ...config } = base;
export default { ...config, testMatch: [`<rootDir>/__tests__/handler/core/${process.env.CORE_TESTS ?? ''}*.test.ts`] };
