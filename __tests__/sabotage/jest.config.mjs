import base from '../../jest.config.mjs';

process.env.FC_RUNS ??= '200';

/** For a copy of the tree, with the function bundled before. */
const { globalSetup: _, globalTeardown: __, ...config } = base;
export default { ...config, rootDir: '../..', testMatch: ['<rootDir>/__tests__/handler/**/*.test.ts'] };
