/** `npm test`: every test but the long ones, which are named `*.long.test.ts` and run with `npm run test:long`. */
export default {
  maxWorkers: '100%',
  testEnvironment: 'node',
  // Jest would warn of each late access to an object that it has cleaned up; a file's objects are freed with its context.
  testEnvironmentOptions: { globalsCleanup: 'off' },
  // Ends a test that hangs. No test depends on this limit or on any other time: a machine may be ten times slower than ours.
  testTimeout: 30 * 60_000,
  roots: ['<rootDir>/__tests__'],
  testMatch: ['**/*.test.ts'],
  transform: { '\\.ts$': '<rootDir>/__tests__/setup/esbuild-transform.cjs' },
  globalSetup: '<rootDir>/__tests__/setup/bundle-once.ts',
  globalTeardown: '<rootDir>/__tests__/setup/remove-bundle.ts',
  setupFiles: ['<rootDir>/__tests__/setup/quiet.cjs', '<rootDir>/__tests__/setup/request-limits.cjs'],
  testPathIgnorePatterns: ['/node_modules/', '\\.long\\.test\\.ts$'],
  collectCoverageFrom: ['handler/core/**/*.ts', 'handler/*.ts', 'handler/{subscription,policy-change,reconcile,requests}/**/*.ts'],
  coverageProvider: 'v8',
};
