export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/__tests__'],
  testMatch: ['**/*.test.ts'],
  transform: { '\\.ts$': '<rootDir>/__tests__/esbuild-transform.cjs' },
  testPathIgnorePatterns: ['/node_modules/', '/__tests__/terraform/', '/__tests__/browser/'],
  collectCoverageFrom: ['handler/core/**/*.ts', 'handler/fulfill.ts'],
  coverageProvider: 'v8',
};
