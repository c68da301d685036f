import type { SteppedCall } from '../event/lock-step';
import { PRICES, type PriceName } from './prices';

/** What a month brings, for so many bucket accounts. */
export type Month = { readonly accounts: number; readonly approvals: number; readonly revocations: number };
export type CostRow = {
  readonly accounts: number;
  readonly changes: number;
  /** Calls of the function to AWS, and its invocations. */
  readonly calls: number;
  /** Of these, to DataZone: their price is not in the table. */
  readonly datazoneCalls: number;
  readonly invocations: number;
  readonly dollars: number;
  readonly parts: Readonly<Partial<Record<PriceName, number>>>;
};

/** A bucket account's month: ten approvals and two revocations. */
const CHANGES = { approvals: 10, revocations: 2 };
/** DataZone sends about so many events of one change that pass the rule. */
const EVENTS_PER_CHANGE = 2;
/** One a minute. Each asks the due index four times. */
const SWEEPS = 30 * 24 * 60;
const SWEEP_QUERIES = 4;
/** Lambda's pollers look for messages all the time: five of them, 20 seconds a look. */
const POLLS = (5 * 30 * 24 * 3600) / 20;
const GIGABYTES = 0.5;
/** Billed durations of a change and of an idle sweep, in seconds: rounds at 20 ms, and starting now and then. */
const SECONDS = { perRound: 0.02, sweep: 0.05 };
/** Metric names that a deployment comes to send. */
const METRICS = 12;
/** An item of the ledger is up to 4 KB of reading and, with a bucket's statements in it, 8 KB of writing. */
const UNITS = { read: 1, write: 8 };

const READS = new Set(['GetItem', 'Query']);

/** The calls of one month, priced: every change makes those calls that one event was measured to make. */
const rowOf = (accounts: number, calls: readonly SteppedCall[]): CostRow => {
  const changes = accounts * (CHANGES.approvals + CHANGES.revocations);
  const of = (service: string, matches: (operation: string) => boolean) =>
    calls.filter((call) => call.service === service && matches(call.operation)).length;
  const rounds = calls.at(-1)?.round ?? 0;
  const invocations = changes * EVENTS_PER_CHANGE + SWEEPS;
  const units: Readonly<Partial<Record<PriceName, number>>> = {
    lambdaRequest: invocations,
    lambdaGigabyteSecond: GIGABYTES * (changes * EVENTS_PER_CHANGE * rounds * SECONDS.perRound + SWEEPS * SECONDS.sweep),
    sqsRequest: POLLS + 3 * invocations,
    schedule: SWEEPS,
    dynamoRead: UNITS.read * (changes * EVENTS_PER_CHANGE * of('dynamodb', (name) => READS.has(name)) + SWEEPS * SWEEP_QUERIES),
    dynamoWrite: UNITS.write * changes * EVENTS_PER_CHANGE * of('dynamodb', (name) => !READS.has(name)),
    s3Read: changes * EVENTS_PER_CHANGE * of('s3', (name) => name === 'GetBucketPolicy'),
    s3Write: changes * of('s3', (name) => name === 'PutBucketPolicy'),
    metric: METRICS,
  };
  const parts: Partial<Record<PriceName, number>> = {};
  let dollars = 0;
  for (const name of Object.keys(PRICES) as PriceName[]) {
    const { dollars: price, per } = PRICES[name];
    const part = ((units[name] ?? 0) / per) * price;
    parts[name] = part;
    dollars += part;
  }
  const datazoneCalls = changes * EVENTS_PER_CHANGE * of('datazone', () => true);
  return {
    accounts,
    changes,
    calls: changes * EVENTS_PER_CHANGE * calls.length + SWEEPS * SWEEP_QUERIES,
    datazoneCalls,
    invocations,
    dollars,
    parts,
  };
};

/** Dollars a month, from the calls of one measured event. STS and the events of AWS services are free of charge; DataZone's requests are counted and not priced. */
export const measureCost = (calls: readonly SteppedCall[]): readonly CostRow[] => [1, 60, 200].map((accounts) => rowOf(accounts, calls));
