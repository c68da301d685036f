import { type Grant, grantKey } from '../../handler/core/grant/grant';
import type { Head } from '../../handler/core/ledger/bucket-state';
import type { HistoryRecord } from '../../handler/core/ledger/history-record';
import type { PlanLine } from '../../handler/core/ledger/reconcile-state';
import type { SubscriptionRecord } from '../../handler/core/ledger/subscription-record';
import type { UnitFailure } from '../../handler/core/ledger/unit-failure';
import type { Outcome } from '../../handler/core/outcome';
import type { RegisteredBucket } from '../../handler/core/subscription/registry';
import type {
  Environment,
  Provenance,
  SubscribedAsset,
  Subscription,
  SubscriptionTarget,
} from '../../handler/core/subscription/subscription';
import type { UnreadableItem } from '../../handler/errors';
import type { CatalogueGrant, StatusReport, StoredGrant } from '../../handler/ports';

/** A call that a port is about to answer: `n` counts the calls of its name from 1. */
export type FakeCall = { readonly name: string; readonly n: number; readonly args: readonly unknown[] };
/** Throws to fail the call before it takes effect; `after` runs once it has. */
export type Interference = (call: FakeCall) => undefined | { readonly after: () => void } | { readonly answer: unknown };

/** What a port hands over is nobody else's. Errors, which `structuredClone` would strip of their members, are handed over as they are. */
export const copy = <Value>(value: Value): Value => copied(value) as Value;

const copied = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || value instanceof Error) return value;
  if (Array.isArray(value)) return value.map(copied);
  if (value instanceof Set) return new Set([...value].map(copied));
  if (value instanceof Map) return new Map([...value].map(([key, member]) => [key, copied(member)]));
  if (Object.getPrototypeOf(value) !== Object.prototype) return structuredClone(value);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copied(member)]));
};

/** A receipt handle under which the queue handed out a message that is in flight. */
export const RECEIPT = 'receipt-of-a-message';

export const START = new Date('2026-01-15T09:30:00Z');

/** What a world in memory holds, and how its ports answer. */
export class FakeState {
  now = START;
  readonly subscriptions = new Map<string, Subscription>();
  readonly provenances = new Map<string, Provenance>();
  readonly assets = new Map<string, SubscribedAsset>();
  readonly environments = new Map<string, Environment[]>();
  readonly targets = new Map<string, SubscriptionTarget[]>();
  readonly catalogueGrants = new Map<string, CatalogueGrant>();
  readonly buckets = new Map<string, RegisteredBucket>();
  principalAccounts: string[] = [];
  readonly policies = new Map<string, string>();
  /** Principals that S3 does not know. */
  readonly unknownPrincipals = new Set<string>();
  /** Whether S3 says which principal it does not know. */
  namesUnknownPrincipals = true;
  readonly records = new Map<string, SubscriptionRecord>();
  readonly grants = new Map<string, StoredGrant>();
  /** Settled grants that were moved to their subscriptions, by `subscription bucket/path`. */
  readonly settledGrants = new Map<string, StoredGrant>();
  /** Failed units, by `kind#name`. */
  readonly unitFailures = new Map<string, UnitFailure>();
  /** Items that cannot be read, by `partition / sort`. */
  readonly corrupted = new Map<string, UnreadableItem>();
  readonly heads = new Map<string, Head>();
  readonly history = new Map<string, HistoryRecord>();
  /** Buckets whose last change is to be confirmed, and when. */
  readonly confirmations = new Map<string, string>();
  readonly bucketNames = new Set<string>();
  /** Single items of the ledger, by a name: the deployment's state, where reconcile stands. */
  readonly documents = new Map<string, { readonly revision: number }>();
  readonly approved = new Map<number, { readonly run: string; readonly ids: readonly string[] }>();
  readonly plans = new Map<string, readonly PlanLine[]>();
  readonly latencies: { readonly kind: string; readonly seconds: number }[] = [];
  gauges: Readonly<Record<string, number | undefined>> = {};
  readonly reconciled: Readonly<Record<string, number>>[] = [];
  /** Approved subscriptions on one page. */
  pageSize = 50;
  readonly reports: StatusReport[] = [];
  readonly outcomes: { readonly id: string; readonly outcome: Outcome }[] = [];
  /** Receipt handles under which the queue handed out messages that are in flight. */
  readonly inFlight = new Set([RECEIPT]);
  readonly unusable: string[] = [];
  readonly failures: unknown[] = [];
  /** Failures of units as telemetry was told of them. */
  readonly reportedFailures: UnitFailure[] = [];
  readonly drifts: string[] = [];
  readonly residuals: { readonly bucket: string; readonly count: number }[] = [];
  readonly calls: FakeCall[] = [];
  interfere: Interference = () => undefined;
  /** When a call's turn comes: at once, or whenever a test lets it. */
  turn: (call: Pick<FakeCall, 'name' | 'args'>) => Promise<unknown> = () => Promise.resolve();
  underWay = 0;
  private ids = 0;
  private readonly counts = new Map<string, number>();

  /** Answers a port's call: counted, interfered with, and with copies, as a call over a wire is. */
  async call<Value>(name: string, args: readonly unknown[], work: () => Value): Promise<Value> {
    this.underWay++;
    try {
      await this.turn({ name, args });
      const call = { name, n: (this.counts.get(name) ?? 0) + 1, args };
      this.counts.set(name, call.n);
      this.calls.push(call);
      const interference = this.interfere(call);
      if (interference !== undefined && 'answer' in interference) return interference.answer as Value;
      const value = copy(work());
      interference?.after();
      return value;
    } finally {
      this.underWay--;
    }
  }

  /** `undefined`: there is no such environment. */
  targetsOf(environment: string): SubscriptionTarget[] | undefined {
    const exists = [...this.environments.values()].flat().some(({ id }) => id === environment);
    return this.targets.get(environment) ?? (exists ? [] : undefined);
  }

  /** Every stored grant; where a crash left a settled copy beside it, the bucket's. */
  allGrants(): readonly StoredGrant[] {
    const hot = [...this.grants.values()];
    const keys = new Set(hot.map(({ grant }) => grantKey(grant)));
    return [...hot, ...[...this.settledGrants.values()].filter(({ grant }) => !keys.has(grantKey(grant)))];
  }

  /** The first grant of a subscription. */
  grantOf(subscriptionId: string): Grant | undefined {
    return this.allGrants().find(({ grant }) => grant.subscriptionId === subscriptionId)?.grant;
  }

  newId(): string {
    return `id-${++this.ids}`;
  }
}
