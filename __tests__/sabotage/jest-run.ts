import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const report = z.looseObject({
  numPassedTests: z.number(),
  testResults: z.array(
    z.looseObject({
      message: z.string(),
      assertionResults: z.array(z.looseObject({ status: z.string(), fullName: z.string() })),
    }),
  ),
});

/** What the tests said: names of those that failed, how many passed, and what kept a file from running at all. */
export type Said = { readonly failed: readonly string[]; readonly passed: number; readonly unrunnable: readonly string[] };

/** Runs test files in a copy of the tree. `bundle` is a function that is sound. */
export const runTests = (folder: string, tests: readonly string[], bundle: string): Said => {
  const output = join(folder, 'report.json');
  const options = ['--config', '__tests__/sabotage/jest.config.mjs', '--runInBand', '--silent', '--json', '--outputFile', output];
  // What an earlier run said must not be taken for this one's.
  rmSync(output, { force: true });
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(folder, 'node_modules/jest/bin/jest.js'), ...options, '--runTestsByPath', ...tests],
    { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, env: { ...process.env, TEST_BUNDLE: bundle } },
  );
  if (status !== 0 && status !== 1) throw new Error(`jest ended with ${status}: ${stderr}`);
  const { numPassedTests: passed, testResults } = report.parse(JSON.parse(readFileSync(output, 'utf8')));
  const failed = testResults.flatMap(({ assertionResults }) =>
    assertionResults.flatMap(({ status: said, fullName }) => (said === 'failed' ? [fullName] : [])),
  );
  const unrunnable = testResults.flatMap(({ assertionResults, message }) => (assertionResults.length === 0 ? [message] : []));
  return { failed, passed, unrunnable };
};
