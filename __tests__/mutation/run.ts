import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isListedAs, listedSurvivors } from './listed';
import { type Mutated, mutatedModules } from './modules';
import { scoreOf, type Verdict, verdictOf } from './report';

const ROOT = join(__dirname, '../..');
/** Percent of all mutants that tests must notice. */
const ENOUGH = 90;
/** Minutes after which no further module is begun. */
const BUDGET = Number(process.env['MUTATION_MINUTES'] ?? 60);

/** Changes a module in every way that Stryker knows, each time running the tests that hold it. */
const mutate = ({ module, tests }: Mutated): Verdict => {
  const env = { ...process.env, MUTATED: module, CORE_TESTS: tests };
  const run = spawnSync('npx', ['stryker', 'run'], { cwd: ROOT, env, encoding: 'utf8' });
  const path = join(ROOT, `reports/mutation/${module}.json`);
  // A module that no test holds fails here too: it would count as perfect.
  if (run.status !== 0 || !existsSync(path)) throw new Error(`Stryker failed on ${module}:\n${run.stdout}\n${run.stderr}`);
  return verdictOf(module, path);
};

const wanted = process.argv.slice(2);
const modules = mutatedModules(join(ROOT, 'handler/core')).filter(({ module }) => wanted.length === 0 || wanted.includes(module));
const begun = Date.now();
const listed = listedSurvivors();
const verdicts: Verdict[] = [];
const late: string[] = [];
for (const one of modules) {
  if (Date.now() - begun > BUDGET * 60_000) {
    late.push(one.module);
    continue;
  }
  const verdict = mutate(one);
  verdicts.push(verdict);
  console.log(
    `${verdict.module.padEnd(24)} ${scoreOf([verdict]).toFixed(1).padStart(6)} %  killed ${verdict.killed}, survived ${verdict.survivors.length}`,
  );
  for (const survivor of verdict.survivors)
    if (!listed.some((row) => isListedAs(row, survivor)))
      console.log(`    ${survivor.place} ${survivor.mutator}\n      ${survivor.line}\n      -> ${survivor.change}`);
  for (const row of listed)
    if (row.module === verdict.module && !verdict.survivors.some((survivor) => isListedAs(row, survivor)))
      console.log(`    listed as one that may live, and noticed: ${row.code} -> ${row.change}`);
}
const score = scoreOf(verdicts);
console.log(
  `\nin all ${score.toFixed(1)} % of the mutants were noticed; ${ENOUGH} % must be. Those named above are not listed in docs/mutation.md`,
);
if (late.length > 0) console.log(`not begun within ${BUDGET} minutes (set MUTATION_MINUTES): ${late.join(', ')}`);
process.exitCode = score < ENOUGH || late.length > 0 ? 1 : 0;
