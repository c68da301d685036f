import type { Unverified } from '../../src/assumptions/unverified';
import type { Wanted } from './deployment';
import { type Draw, drawOf } from './draw';
import type { Verdict } from './judge';
import { World } from './world';

/** One way in which things go wrong, and how often it is tried. */
export type Drill = {
  readonly name: string;
  /** How many seeds are tried; each is a run in a world of its own. @default 1 */
  readonly seeds?: number;
  readonly deployment?: Partial<Wanted>;
  /** What AWS does otherwise than is assumed. */
  readonly unverified?: Partial<Unverified>;
  /** What was there before. */
  readonly arrange?: (world: World, draw: Draw) => Promise<void>;
  /** What goes wrong. It ends in trouble; the runner lets it settle and has it judged. @returns how many runs it was, where not one */
  readonly act: (world: World, draw: Draw) => Promise<unknown>;
};

export type Row = {
  readonly name: string;
  readonly runs: number;
  readonly faults: number;
  readonly lost: number;
  readonly leaked: number;
  readonly untrue: number;
  readonly seconds: number;
  /** What happened, with the seed to have it again. */
  readonly failures: readonly string[];
};

export type Trial = { readonly bundle: string; readonly seed?: number; readonly wanted: Wanted };

/** Nothing is lost, leaked or untrue now; of the subscriptions made last, where there are many. @throws Midway */
export const expectRight = (world: World, when: string, last?: number): void => {
  const { lost, leaked, untrue } = world.judge.verdict(last);
  if (lost.length + leaked.length + untrue.length === 0) return;
  throw new Midway(when, { lost, leaked, untrue });
};

/** Nobody reads what he may not, whatever else is under way. @throws Midway */
export const expectNoLeak = (world: World, when: string, last?: number): void => {
  const { leaked } = world.judge.verdict(last);
  if (leaked.length > 0) throw new Midway(when, { lost: [], leaked, untrue: [] });
};

/** Nobody who may read has lost it. @throws Midway */
export const expectNoLoss = (world: World, when: string): void => {
  const { lost } = world.judge.verdict();
  if (lost.length > 0) throw new Midway(when, { lost, leaked: [], untrue: [] });
};

/** What a drill found before its end. */
export class Midway extends Error {
  override readonly name = 'Midway';
  constructor(
    when: string,
    readonly verdict: Verdict,
  ) {
    super(when);
  }
}

const NOTHING: Verdict = { lost: [], leaked: [], untrue: [] };

const tellRun = async (drill: Drill, { bundle, seed = 1, wanted }: Trial) => {
  const world = await World.open(bundle, {
    wanted: { ...wanted, ...drill.deployment },
    ...(drill.unverified === undefined ? {} : { unverified: drill.unverified }),
  });
  const draw = drawOf(seed);
  let runs = 1;
  let midway: { readonly when: string; readonly verdict: Verdict } = { when: '', verdict: NOTHING };
  try {
    await drill.arrange?.(world, draw);
    try {
      const counted = await drill.act(world, draw);
      if (typeof counted === 'number') runs = counted;
    } catch (error) {
      if (!(error instanceof Midway)) throw error;
      midway = { when: error.message, verdict: error.verdict };
    }
    await world.settle();
    return { runs, faults: world.faults, midway, end: world.judge.verdict() };
  } catch (error) {
    throw new Error(`the drill '${drill.name}' broke off (seed ${seed})`, { cause: error });
  } finally {
    await world.close();
  }
};

/** Runs a drill with each of its seeds, or with the one that is given. */
export const runDrill = async (drill: Drill, trial: Trial): Promise<Row> => {
  const begun = Date.now();
  const seeds = trial.seed === undefined ? Array.from({ length: drill.seeds ?? 1 }, (_, index) => index + 1) : [trial.seed];
  let row = { runs: 0, faults: 0, lost: 0, leaked: 0, untrue: 0 };
  const failures: string[] = [];
  for (const seed of seeds) {
    const { runs, faults, midway, end } = await tellRun(drill, { ...trial, seed });
    for (const [when, { lost, leaked, untrue }] of [
      [midway.when, midway.verdict],
      ['in the end', end],
    ] as const) {
      row = { ...row, lost: row.lost + lost.length, leaked: row.leaked + leaked.length, untrue: row.untrue + untrue.length };
      const found = [
        ...lost.map((one) => `lost: ${one}`),
        ...leaked.map((one) => `leaked: ${one}`),
        ...untrue.map((one) => `false: ${one}`),
      ];
      failures.push(...found.map((one) => `seed ${seed}, ${when}: ${one}`));
    }
    row = { ...row, runs: row.runs + runs, faults: row.faults + faults };
  }
  return { name: drill.name, ...row, seconds: (Date.now() - begun) / 1000, failures };
};
