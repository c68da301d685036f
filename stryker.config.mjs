/** Mutation testing of the pure core: every change of a line that no test notices is listed. What may live, and why: docs/mutation.md. */
export default {
  mutate: ['handler/core/**/*.ts'],
  testRunner: 'jest',
  jest: { configFile: 'jest.core.config.mjs', enableFindRelatedTests: true },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // A worker that starts on a busy machine is no mutant that hangs. Milliseconds.
  timeoutMS: 30_000,
  ignoreStatic: process.env.MUTATE_STATIC === undefined,
  incremental: true,
  incrementalFile: 'reports/mutation/incremental.json',
  reporters: ['clear-text', 'json'],
  jsonReporter: { fileName: 'reports/mutation/mutation.json' },
  clearTextReporter: { allowColor: false, reportTests: false, logTests: false },
  thresholds: { high: 95, low: 90, break: 90 },
  tempDirName: '.stryker-tmp',
  ignorePatterns: ['cdktf.out', 'dist', 'modules/**/main.tf.json'],
  // Its own types are checked elsewhere; a mutant is not TypeScript's business.
  disableTypeChecks: false,
};
