import fc from 'fast-check';
import { seedFrom } from '../handler/core/property';

/** Inputs per entry point: a few thousand with the other tests, 100,000 in the nightly run (`npm run fuzz`). */
const NIGHTLY = process.env['FUZZ_INPUTS'];
const INPUTS = Number(NIGHTLY ?? 2_000);

/** Milliseconds that an entry point may take, by how much it is given: what takes longer has met a pattern that does not come to its end. */
const WITHIN = 60_000 + INPUTS * 20;

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
    /** Of the inputs, with the other tests, where each costs much more than reading it. The nightly run takes them all. */
    share?: number;
  },
): void => {
  test(
    name,
    async () => {
      const seed = seedFrom(process.env['FC_SEED']);
      const numRuns = NIGHTLY === undefined ? Math.ceil(INPUTS * share) : INPUTS;
      const counted = new Map<string, number>();
      const tally: Tally = (verdict) => counted.set(verdict, (counted.get(verdict) ?? 0) + 1);
      const property = fc.asyncProperty(inputs, async (input) => {
        await check(input, tally);
        expectNothingInherited();
      });
      const details = await fc.check(property, { seed, numRuns });
      if (details.failed) throw new Error(`with FC_SEED=${seed}: ${fc.defaultReportMessage(details)}`, { cause: details.errorInstance });
      if (NIGHTLY !== undefined)
        process.stderr.write(`${name}: ${numRuns} inputs with FC_SEED=${seed}: ${JSON.stringify(Object.fromEntries(counted))}\n`);
      for (const verdict of verdicts)
        if ((counted.get(verdict) ?? 0) * 100 < numRuns)
          throw new Error(
            `with FC_SEED=${seed}: hardly any of ${numRuns} inputs came out as ${verdict}: ${JSON.stringify(Object.fromEntries(counted))}`,
          );
    },
    WITHIN,
  );
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
