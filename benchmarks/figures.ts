import type { BurstFigures } from './burst/measure-burst';
import type { CapacityRow } from './capacity/measure-capacity';
import type { ColdStart } from './cold-start/measure-cold-start';
import type { CompileRow } from './compile/measure-compile';
import type { CostRow } from './cost/measure-cost';
import type { EventFigures } from './event/measure-event';
import type { SynthRow } from './synth/measure-synth';

/** All that a run measured, as it is written to `report.json`. */
export type Figures = {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly mode: 'full' | 'quick';
  readonly machine: { readonly node: string; readonly processors: number; readonly load: number };
  readonly coldStart: ColdStart;
  readonly event: EventFigures;
  readonly bursts: readonly BurstFigures[];
  readonly capacity: readonly CapacityRow[];
  readonly compile: readonly CompileRow[];
  readonly synth: readonly SynthRow[];
  readonly cost: readonly CostRow[];
};
