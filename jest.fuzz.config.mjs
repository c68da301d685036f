import base from './jest.config.mjs';

process.env.FUZZ_INPUTS ??= '100000';

/** `npm run fuzz`: every entry point with 100,000 inputs, without the bundle, which no input reaches. */
const { globalSetup: _, globalTeardown: __, ...config } = base;
export default {
  ...config,
  testTimeout: 180 * 60_000,
  testMatch: ['<rootDir>/__tests__/fuzz/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};
