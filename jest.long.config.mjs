import base from './jest.config.mjs';

// The properties draw ten times as many examples as in `npm test`, and the entry points get ten times as many inputs.
process.env.FC_RUNS ??= '500';
process.env.FUZZ_INPUTS ??= '2000';

/** `npm run test:long`: the long tests, and the properties and the fuzzing again with more examples. */
export default {
  ...base,
  testMatch: ['**/*.long.test.ts', '**/*.property.test.ts', '<rootDir>/__tests__/fuzz/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};
