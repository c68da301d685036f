import type { Unverified } from '../src/assumptions/unverified';
import type { DataZone } from './datazone/model';
import type { BusEvent } from './eventing/event';
import type { EventRule } from './eventing/event-bus';
import type { FifoQueue } from './eventing/fifo-queue';
import { type Identities, noIdentities } from './identities';
import type { Bucket } from './s3/bucket';

export type DeployedFunction = {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly region: string;
  readonly environment: Readonly<Record<string, string>>;
};

/** An event source mapping; `reportsFailures` is `ReportBatchItemFailures`. */
export type EventSource = {
  readonly queueArn: string;
  readonly functionName: string;
  readonly batchSize: number;
  readonly reportsFailures: boolean;
};

export type Schedule = {
  readonly name: string;
  readonly queueArn: string;
  readonly roleArn: string;
  readonly input: string;
  readonly messageGroup: string;
};

/** Everything the double knows: plain records, changed only by calls and seeds. */
export type State = {
  readonly clock: () => Date;
  /** How the double takes what only live AWS can prove. */
  readonly unverified: Unverified;
  readonly identities: Identities;
  readonly buckets: Map<string, Bucket>;
  readonly datazone: DataZone;
  /** Tables by name: one dynalite holds them all, so a name is used once. */
  readonly tables: Map<string, { readonly account: string; readonly region: string; readonly arn: string; readonly policy?: string }>;
  readonly functions: Map<string, DeployedFunction>;
  readonly eventSources: EventSource[];
  readonly rules: Map<string, EventRule>;
  readonly queues: Map<string, FifoQueue>;
  readonly schedules: Map<string, Schedule>;
  /** Events that a call caused; the front hands them to the bus when the call is done. */
  readonly outbox: BusEvent[];
};

export const newState = (options: { readonly clock: () => Date; readonly unverified: Unverified; readonly pageSize: number }): State => ({
  clock: options.clock,
  unverified: options.unverified,
  identities: noIdentities(options.clock),
  buckets: new Map(),
  datazone: {
    domain: undefined,
    pageSize: options.pageSize,
    issued: 0,
    projects: new Map(),
    environments: new Map(),
    assets: new Map(),
    listings: new Map(),
    requests: new Map(),
    subscriptions: new Map(),
    targets: new Map(),
    grants: new Map(),
    profiles: new Map(),
    nativeAccess: [],
  },
  tables: new Map(),
  functions: new Map(),
  eventSources: [],
  rules: new Map(),
  queues: new Map(),
  schedules: new Map(),
  outbox: [],
});
