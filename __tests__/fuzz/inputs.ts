import fc from 'fast-check';
import { seedFrom } from '../handler/core/property';

/** Inputs per entry point: 200 in `npm test`, 2,000 in `npm run test:long`, 100,000 in `npm run fuzz`. */
const INPUTS = Number(process.env['FUZZ_INPUTS'] ?? 200);

/** From this number of inputs on, each verdict must come up: with fewer a rare one may be missing by chance. */
const TELLING = 500;
/** From this number of inputs on, the verdicts are printed and `share` does not apply. */
const NIGHTLY = 100_000;

/** How often each verdict was given, so that a test can tell that its inputs get through as well as not. */
export type Tally = (verdict: string) => void;

/**
 * Feeds an entry point with inputs as its seed draws them. A failure begins with the seed that repeats it. `verdicts` names those of
 * which each must come up in at least one input of a hundred, or nothing was tried.
 */
export const fuzz = <Input>(
  name: string,
  {
    inputs,
    verdicts,
    check,
    share = 1,
  }: {
    inputs: fc.Arbitrary<Input>;
    verdicts: readonly string[];
    check: (input: Input, tally: Tally) => void | Promise<void>;
    /** Share of the inputs where each costs much more than reading it. `npm run fuzz` takes them all. */
    share?: number;
  },
): void => {
  test(name, async () => {
    const seed = seedFrom(process.env['FC_SEED']);
    const numRuns = INPUTS < NIGHTLY ? Math.ceil(INPUTS * share) : INPUTS;
    const counted = new Map<string, number>();
    const tally: Tally = (verdict) => counted.set(verdict, (counted.get(verdict) ?? 0) + 1);
    const property = fc.asyncProperty(inputs, async (input) => {
      await check(input, tally);
      expectNothingInherited();
    });
    const details = await fc.check(property, { seed, numRuns });
    if (details.failed) throw new Error(`with FC_SEED=${seed}: ${fc.defaultReportMessage(details)}`, { cause: details.errorInstance });
    if (INPUTS >= NIGHTLY)
      process.stderr.write(`${name}: ${numRuns} inputs with FC_SEED=${seed}: ${JSON.stringify(Object.fromEntries(counted))}\n`);
    for (const verdict of verdicts)
      if (numRuns >= TELLING && (counted.get(verdict) ?? 0) * 100 < numRuns)
        throw new Error(
          `with FC_SEED=${seed}: hardly any of ${numRuns} inputs came out as ${verdict}: ${JSON.stringify(Object.fromEntries(counted))}`,
        );
  });
};

const INHERITED = [Object.prototype, Array.prototype, Function.prototype, String.prototype].map((shared) => [
  shared,
  Reflect.ownKeys(shared).length,
]) as readonly (readonly [object, number])[];

/** Nothing that was read may have left anything on what all objects share. */
const expectNothingInherited = (): void => {
  for (const [shared, keys] of INHERITED)
    if (Reflect.ownKeys(shared).length !== keys) throw new Error('an input reached a shared prototype');
};
