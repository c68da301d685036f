import core from './jest.core.config.mjs';

/** Every line and every branch of the pure core is reached by its own tests; what is not is a test that is missing, or code that is too much. */
export default {
  ...core,
  collectCoverage: true,
  collectCoverageFrom: ['handler/core/**/*.ts'],
  coverageReporters: ['text'],
  coverageThreshold: { global: { lines: 100, branches: 100, statements: 100 } },
};
