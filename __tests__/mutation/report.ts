import { readFileSync } from 'node:fs';
import * as z from 'zod';

const mutant = z.looseObject({
  status: z.string(),
  mutatorName: z.string(),
  replacement: z.string().optional(),
  location: z.looseObject({ start: z.looseObject({ line: z.number(), column: z.number() }) }),
});
const report = z.looseObject({ files: z.record(z.string(), z.looseObject({ source: z.string(), mutants: z.array(mutant) })) });

/** A change that no test noticed: the line as it is, and what took the place of part of it. */
export type Survivor = {
  readonly module: string;
  /** File, line and column. */
  readonly place: string;
  readonly mutator: string;
  readonly line: string;
  readonly change: string;
};

/** What became of a module's mutants; those that could not be run count neither way. */
export type Verdict = { readonly module: string; readonly killed: number; readonly survivors: readonly Survivor[] };

const LIVES: readonly string[] = ['Survived', 'NoCoverage'];
const DIES: readonly string[] = ['Killed', 'Timeout'];

/** Reads what Stryker reports of one module. */
export const verdictOf = (module: string, path: string): Verdict => {
  const { files } = report.parse(JSON.parse(readFileSync(path, 'utf8')));
  const found = Object.entries(files).filter(([file]) => file.endsWith(`/${module}.ts`));
  const mutants = found.flatMap(([file, { source, mutants: of }]) =>
    of.map((one) => ({ file, line: source.split('\n')[one.location.start.line - 1], ...one })),
  );
  return {
    module,
    killed: mutants.filter(({ status }) => DIES.includes(status)).length,
    survivors: mutants
      .filter(({ status }) => LIVES.includes(status))
      .map(({ file, line = '', location: { start }, mutatorName, replacement = '' }) => ({
        module,
        place: `${file}:${start.line}:${start.column}`,
        mutator: mutatorName,
        line: line.trim(),
        change: replacement.replace(/\s+/g, ' '),
      })),
  };
};

/** Percent of the mutants that some test noticed. */
export const scoreOf = (verdicts: readonly Verdict[]): number => {
  const killed = verdicts.reduce((sum, one) => sum + one.killed, 0);
  const all = killed + verdicts.reduce((sum, one) => sum + one.survivors.length, 0);
  return all === 0 ? 100 : (100 * killed) / all;
};
