import type { BurstFigures } from './burst/measure-burst';
import type { CapacityRow } from './capacity/measure-capacity';
import type { ColdStart } from './cold-start/measure-cold-start';
import type { CompileRow } from './compile/measure-compile';
import type { CostFigures } from './cost/measure-cost';
import type { EventFigures } from './event/measure-event';
import type { ReconcileRow } from './reconcile/measure-reconcile';
import type { SynthRow } from './synth/measure-synth';

type Measured = {
  readonly coldStart: ColdStart;
  readonly event: EventFigures;
  readonly bursts: readonly BurstFigures[];
  readonly capacity: readonly CapacityRow[];
  readonly compile: readonly CompileRow[];
  readonly reconcile: readonly ReconcileRow[];
  readonly synth: readonly SynthRow[];
  readonly cost: CostFigures;
};

export type Section = keyof Measured;

/** In the order in which they are measured: what takes long comes last. */
export const SECTIONS: readonly Section[] = ['capacity', 'compile', 'coldStart', 'event', 'cost', 'synth', 'reconcile', 'bursts'];

/** When and where a section was measured: ISO 8601, UTC; `load` is the machine's, from everybody on it. */
export type RunOf = { readonly at: string; readonly node: string; readonly processors: number; readonly load: number };

/** What was measured, as it is written to `report.json`. A section that was never measured is absent. */
export type Figures = Partial<Measured> & { readonly runs: Readonly<Partial<Record<Section, RunOf>>> };
