import base from '../../jest.config.mjs';

/** Tests that need no bundle, run in a copy of the tree. */
const { globalSetup: _, globalTeardown: __, ...config } = base;
export default { ...config, rootDir: '../..', testMatch: ['<rootDir>/__tests__/handler/**/*.test.ts'] };
