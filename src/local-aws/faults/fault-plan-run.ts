import type { Call } from '../call';
import type { BusEvent } from '../eventing/event';
import type { EventFate } from '../eventing/event-bus';
import { errorOf, type FaultPlan, type PlannedFault } from './fault-plan';
import type { Fault } from './faults';

/** Time, as a plan needs it. `wait` is asked for milliseconds in which a service works. */
export type PlanTime = { readonly clock: () => Date; readonly wait: (milliseconds: number) => Promise<void> };

/** One planned fault as it befell something. */
export type Hit = { readonly planned: PlannedFault; readonly occurrence: number };

type PlannedCall = Exclude<PlannedFault, { readonly service: 'bus' }>;

/** A plan that is under way: counts calls and events, and says what befalls them. */
export class FaultPlanRun {
  /** Everything that befell so far, in order. */
  readonly hits: Hit[] = [];
  private readonly counts = new Map<string, number>();
  /** Until when reads stay stale, by operation and what they read. */
  private readonly staleUntil = new Map<string, number>();

  constructor(
    readonly plan: FaultPlan,
    private readonly time: PlanTime,
  ) {
    for (const { service, fault } of plan) {
      if (service !== 'bus' && ['throttled', 'denied', 'missing', 'conflict', 'failed'].includes(fault)) errorOf(service, fault);
    }
  }

  /** For `Faults.add`. */
  readonly ofCall = (call: Call): Fault | undefined => {
    const planned = this.take(call);
    if (planned !== undefined && planned.service !== 'bus') return this.faultOf(planned, call);
    const until = this.staleUntil.get(this.subjectOf(call));
    return until !== undefined && this.time.clock().getTime() < until ? 'stale read' : undefined;
  };

  /** For `EventBus.befall`. */
  readonly ofEvent = (event: BusEvent): EventFate | undefined => {
    const planned = this.take({ service: 'bus', operation: event['detail-type'] });
    if (planned?.service !== 'bus') return undefined;
    return planned.fault === 'late' ? { late: planned.delayMs ?? 0 } : planned.fault;
  };

  private take({ service, operation }: Pick<PlannedFault, 'service' | 'operation'>): PlannedFault | undefined {
    const key = `${service} ${operation}`;
    const occurrence = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, occurrence);
    const planned = this.plan.find(
      (one) =>
        one.service === service && one.operation === operation && (one.occurrences === 'every' || one.occurrences.includes(occurrence)),
    );
    if (planned !== undefined) this.hits.push({ planned, occurrence });
    return planned;
  }

  private subjectOf({ service, operation, params }: Call): string {
    return JSON.stringify([service, operation, params['Bucket'] ?? params['identifier'] ?? '']);
  }

  private faultOf({ service, fault, delayMs }: PlannedCall, call: Call): Fault {
    switch (fault) {
      case 'throttled':
      case 'denied':
      case 'missing':
      case 'conflict':
      case 'failed':
        return errorOf(service, fault);
      case 'lost':
        return 'drop before';
      case 'unheard':
        return 'drop after';
      case 'lands-late':
        return { landsAfter: delayMs ?? 0 };
      case 'no-answer':
        return 'no answer';
      case 'cut-off':
        return 'cut off';
      case 'garbled':
        return 'garbled';
      case 'stale':
        if (delayMs !== undefined) this.staleUntil.set(this.subjectOf(call), this.time.clock().getTime() + delayMs);
        return 'stale read';
      case 'half-list':
        return 'half a list';
      case 'slow':
        return { work: this.time.wait(delayMs ?? 0) };
      default:
        return fault satisfies never;
    }
  }
}

/** A failure that says which plan it happened under, and how to have the same again. */
export class FailedUnderPlan extends Error {
  override readonly name = 'FailedUnderPlan';
  constructor(run: FaultPlanRun, { seed, cause }: { readonly seed: number | undefined; readonly cause: unknown }) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const from = seed === undefined ? '' : ` (seed ${seed})`;
    const hits = run.hits.map(({ planned, occurrence }) => `  ${planned.service} ${planned.operation} #${occurrence}: ${planned.fault}`);
    super(
      [
        `${why}`,
        `under the fault plan${from} ${JSON.stringify(run.plan)}`,
        `of which befell:`,
        ...(hits.length > 0 ? hits : ['  nothing']),
      ].join('\n'),
      { cause },
    );
  }
}
