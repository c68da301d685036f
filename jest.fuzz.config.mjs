import base from './jest.config.mjs';

process.env.FUZZ_INPUTS ??= '100000';

/** The nightly run: every entry point with 100,000 inputs, without the bundle, which no input reaches. */
const { globalSetup: _, globalTeardown: __, ...config } = base;
export default { ...config, testMatch: ['<rootDir>/__tests__/fuzz/**/*.test.ts'] };
