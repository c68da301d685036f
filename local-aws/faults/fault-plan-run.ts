import type { Call, Fields } from '../call';
import type { BusEvent } from '../eventing/event';
import type { EventFate } from '../eventing/event-bus';
import { errorOf, type FaultPlan, type PlannedFault } from './fault-plan';
import type { Fault } from './faults';

/** What a plan needs of the double: time, `wait` for milliseconds in which a service works, and bucket policies as they stand. */
export type PlanWorld = {
  readonly clock: () => Date;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly policyOf: (bucket: string) => Fields | undefined;
};

/** One planned fault as it befell something. */
export type Hit = { readonly planned: PlannedFault; readonly occurrence: number };

type PlannedCall = Exclude<PlannedFault, { readonly service: 'bus' }>;

const isOf = (planned: PlannedFault, { service, operation, caller, params }: Call): boolean =>
  planned.service !== 'bus' &&
  planned.service === service &&
  planned.operation === operation &&
  (planned.account ?? caller.account) === caller.account &&
  (planned.about === undefined || Object.values(params).includes(planned.about));

/** A plan that is under way: counts calls and events, and says what befalls them. */
export class FaultPlanRun {
  /** Everything that befell so far, in order. */
  readonly hits: Hit[] = [];
  private isOver = false;
  private readonly counts = new Map<PlannedFault, number>();
  /** Bucket policies as they stood when a call about them was first seen. */
  private readonly firstSeen = new Map<string, Fields | undefined>();
  /** Until when reads stay stale, by operation and what they read. */
  private readonly staleUntil = new Map<string, number>();

  constructor(
    readonly plan: FaultPlan,
    private readonly world: PlanWorld,
  ) {
    for (const { service, fault } of plan) {
      if (service !== 'bus' && ['throttled', 'denied', 'missing', 'conflict', 'failed'].includes(fault)) errorOf(service, fault);
    }
  }

  /** For `Faults.add`. */
  readonly ofCall = (call: Call): Fault | undefined => {
    const bucket = call.params['Bucket'];
    if (call.service === 's3' && typeof bucket === 'string' && !this.firstSeen.has(bucket))
      this.firstSeen.set(bucket, this.world.policyOf(bucket));
    const planned = this.take((one) => isOf(one, call));
    if (planned !== undefined && planned.service !== 'bus') return this.faultOf(planned, call);
    if (this.isOver) return undefined;
    const until = this.staleUntil.get(this.subjectOf(call));
    return until !== undefined && this.world.clock().getTime() < until ? 'stale read' : undefined;
  };

  /** For `EventBus.befall`. */
  readonly ofEvent = (event: BusEvent): EventFate | undefined => {
    const planned = this.take(({ service, operation }) => service === 'bus' && operation === event['detail-type']);
    if (planned?.service !== 'bus') return undefined;
    return planned.fault === 'late' ? { late: planned.delayMs ?? 0 } : planned.fault;
  };

  /** Nothing more befalls; what was held up still comes. */
  stop(): void {
    this.isOver = true;
  }

  private take(isMeant: (planned: PlannedFault) => boolean): PlannedFault | undefined {
    if (this.isOver) return undefined;
    const befalling = this.plan.filter(isMeant).filter((planned) => {
      const occurrence = (this.counts.get(planned) ?? 0) + 1;
      this.counts.set(planned, occurrence);
      return planned.occurrences === 'every' || planned.occurrences.includes(occurrence);
    });
    const [first] = befalling;
    if (first !== undefined) this.hits.push({ planned: first, occurrence: this.counts.get(first) ?? 0 });
    return first;
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
        if (delayMs !== undefined) this.staleUntil.set(this.subjectOf(call), this.world.clock().getTime() + delayMs);
        return 'stale read';
      case 'frozen':
        return { shows: this.firstSeen.get(String(call.params['Bucket'])) };
      case 'half-list':
        return 'half a list';
      case 'slow':
        return { work: this.world.wait(delayMs ?? 0) };
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
