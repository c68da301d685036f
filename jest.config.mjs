export default {
  // Most of a run is computing: a core that only watches is one too few on a machine of two.
  maxWorkers: '100%',
  testEnvironment: 'node',
  // Of a test that hangs; machines are noisy, and no test waits for a time.
  testTimeout: 60_000,
  roots: ['<rootDir>/__tests__'],
  testMatch: ['**/*.test.ts'],
  transform: { '\\.ts$': '<rootDir>/__tests__/setup/esbuild-transform.cjs' },
  globalSetup: '<rootDir>/__tests__/setup/bundle-once.ts',
  globalTeardown: '<rootDir>/__tests__/setup/remove-bundle.ts',
  setupFiles: ['<rootDir>/__tests__/setup/quiet.cjs'],
  testPathIgnorePatterns: ['/node_modules/', '/__tests__/terraform/', '/__tests__/browser/'],
  collectCoverageFrom: ['handler/core/**/*.ts', 'handler/*.ts', 'handler/{subscription,policy-change,reconcile,requests}/**/*.ts'],
  coverageProvider: 'v8',
};
