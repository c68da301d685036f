import type { BurstFigures } from './burst/measure-burst';
import type { CapacityFigures } from './capacity/measure-capacity';
import type { ColdStart } from './cold-start/measure-cold-start';
import type { EventRow } from './event/measure-event';
import type { ReconcileRow } from './reconcile/measure-reconcile';

/** The result of each measurement. */
export type Measured = {
  readonly capacity: CapacityFigures;
  readonly 'cold-start': ColdStart;
  readonly event: readonly EventRow[];
  readonly reconcile: readonly ReconcileRow[];
  readonly burst: readonly BurstFigures[];
};

export type Measurement = keyof Measured;

/** All measurements in the order in which they run: the slowest last. */
export const MEASUREMENTS: readonly Measurement[] = ['capacity', 'cold-start', 'event', 'reconcile', 'burst'];

/** The results of one run. A measurement that the run left out is absent. */
export type Figures = Partial<Measured>;

/** When and where a measurement ran. `at` is ISO 8601 in UTC; `load` is the load average of the whole machine. */
export type Conditions = { readonly at: string; readonly node: string; readonly processors: number; readonly load: number };
