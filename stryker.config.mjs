// One module at a time, by the tests that hold it: see __tests__/mutation.
const name = process.env.MUTATED ?? '*';
const reports = `reports/mutation/${name === '*' ? 'mutation' : name}`;

/** Mutation testing of the pure core: every change of a line that no test notices is listed. What may live, and why: docs/mutation.md. */
export default {
  mutate: [`handler/core/**/${name}.ts`],
  testRunner: 'jest',
  jest: { configFile: 'jest.core.config.mjs', enableFindRelatedTests: false },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // A worker that starts on a busy machine is no mutant that hangs. Milliseconds.
  timeoutMS: 30_000,
  // Module-level constants would need a new process each.
  ignoreStatic: process.env.MUTATE_STATIC === undefined,
  incremental: true,
  incrementalFile: `${reports}.incremental.json`,
  reporters: ['clear-text', 'json'],
  jsonReporter: { fileName: `${reports}.json` },
  clearTextReporter: { allowColor: false, reportTests: false, logTests: false },
  tempDirName: '.stryker-tmp',
  ignorePatterns: ['cdktf.out', 'dist', 'reports', 'modules/**/main.tf.json'],
};
