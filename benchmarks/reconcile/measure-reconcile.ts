import { LEDGER, LEDGER_KEYS } from '../../handler/contract/ledger-keys';
import type { Recorded } from '../../local-aws/recorder';
import { type ProcessClock, productWithClock } from '../contenders';
import { DomainFixture } from '../domain-fixture';
import { Runtime } from '../runtime';

export type ReconcileSize = { readonly buckets: number; readonly subscriptions: number };

/** The figures of a reconcile that finds nothing to change. */
export type ReconcileRow = ReconcileSize & {
  /** Consumer projects, each with one environment. */
  readonly projects: number;
  readonly calls: number;
  readonly byOperation: Readonly<Record<string, number>>;
  readonly policyWrites: number;
  readonly invocations: number;
  readonly seconds: number;
  /** The peak memory of the function's process, including the first run, which granted everything. MB. */
  readonly megabytes: number;
};

/** A consumer project has one subscription in each of this number of buckets. */
const BUCKETS_PER_PROJECT = 10;
/** Throws if a run or its follow-up work takes more invocations. */
const MAX_INVOCATIONS = 2_000;
const MINUTE = 60_000;
/** All scheduled work is done after this number of consecutive sweeps, a minute apart, that only read the ledger. */
const IDLE_SWEEPS = 15;

type Given = { readonly bundle: string; readonly clock: ProcessClock };

const openDomain = async ({ buckets, subscriptions }: ReconcileSize, { bundle, clock: time }: Given) => {
  const names = Array.from({ length: buckets }, (_, index) => `acme-raw-${index}`);
  const clock = { offset: 0 };
  const start = Date.now();
  const now = () => new Date((time === 'standing' ? start : Date.now()) + clock.offset);
  const domain = await DomainFixture.open({ buckets: names, bundle, clock: now });
  const assets = names.map((bucket, index) => domain.publish({ id: `listing${index}`, bucket, folder: 'run' }));
  const projects = Math.ceil(subscriptions / BUCKETS_PER_PROJECT);
  let count = 0;
  for (let project = 0; project < projects; project++) {
    const consumer = domain.addConsumer({ id: `consumer${project}` });
    for (let own = 0; own < BUCKETS_PER_PROJECT && count < subscriptions; own++) {
      const asset = assets[(project * BUCKETS_PER_PROJECT + own) % assets.length];
      if (asset !== undefined) domain.subscribe(consumer, asset);
      count += 1;
    }
  }
  return { domain, clock, projects };
};

/** A run of the function; `name` makes its message ids distinct. */
type Run = { readonly domain: DomainFixture; readonly name: string };

/** Invokes the function with a message of a schedule. */
const invoke = async (
  runtime: Runtime,
  { domain, kind, id }: { readonly domain: DomainFixture; readonly kind: 'sweep' | 'reconcile'; readonly id: string },
) => {
  const { environment } = domain.aws.function();
  const body = JSON.stringify({ kind, at: id });
  runtime.send({ Records: [{ messageId: id, body, eventSourceARN: environment['QUEUE_ARN'] }] });
  await runtime.waitFor('done');
};

const isLedgerRead = ({ service, operation }: Recorded): boolean => service === 'dynamodb' && /^(Query|GetItem)$/.test(operation);

/** Sweeps until all follow-up work of a run is done, so that the next run pays only for its own. */
const sweepUntilIdle = async (runtime: Runtime, { domain, name, clock }: Run & { readonly clock: { offset: number } }): Promise<void> => {
  for (let sweep = 0, idle = 0; idle < IDLE_SWEEPS; sweep++) {
    if (sweep === MAX_INVOCATIONS) throw new Error(`work is still scheduled after ${sweep} sweeps, a minute apart`);
    clock.offset += MINUTE;
    await runtime.advanceClock(MINUTE);
    domain.clearRecorder();
    await invoke(runtime, { domain, kind: 'sweep', id: `${name}-${sweep}` });
    idle = domain.aws.recorder.calls.every(isLedgerRead) ? idle + 1 : 0;
  }
};

/** Tells whether a call stored in the ledger that no reconcile is running. */
const endsRun = ({ operation, params }: Recorded): boolean => {
  const text = JSON.stringify(params);
  return operation === 'PutItem' && text.includes(`"${LEDGER.sortKey}":{"S":"${LEDGER_KEYS.cursor}"}`) && !text.includes('startedAt');
};

/** Runs one reconcile to its end as the schedules do: one message starts it, and sweeps continue it. */
const reconcile = async (runtime: Runtime, { domain, name }: Run) => {
  const { recorder } = domain.aws;
  const operations = new Map<string, number>();
  domain.clearRecorder();
  const begun = performance.now();
  for (let invocation = 1; invocation <= MAX_INVOCATIONS; invocation++) {
    await invoke(runtime, { domain, kind: invocation === 1 ? 'reconcile' : 'sweep', id: `${name}-${invocation}` });
    for (const { operation } of recorder.calls) operations.set(operation, (operations.get(operation) ?? 0) + 1);
    const hasEnded = recorder.calls.some(endsRun);
    domain.clearRecorder();
    if (hasEnded) return { invocations: invocation, seconds: (performance.now() - begun) / 1000, operations };
  }
  throw new Error(`the reconcile did not end within ${MAX_INVOCATIONS} invocations`);
};

const measureSize = async (size: ReconcileSize, given: Given): Promise<ReconcileRow> => {
  const { domain, clock, projects } = await openDomain(size, given);
  try {
    const runtime = Runtime.start(productWithClock(given.bundle, given.clock), domain);
    await runtime.waitFor('loaded');
    // The first run grants everything; the second is measured.
    await reconcile(runtime, { domain, name: 'first' });
    await sweepUntilIdle(runtime, { domain, name: 'between', clock });
    const { invocations, seconds, operations } = await reconcile(runtime, { domain, name: 'second' });
    await runtime.stop();
    return {
      ...size,
      projects,
      calls: [...operations.values()].reduce((sum, count) => sum + count, 0),
      byOperation: Object.fromEntries([...operations].sort(([, one], [, other]) => other - one)),
      policyWrites: (operations.get('PutBucketPolicy') ?? 0) + (operations.get('DeleteBucketPolicy') ?? 0),
      invocations,
      seconds,
      megabytes: runtime.peakMegabytes,
    };
  } finally {
    await domain.close();
  }
};

/**
 * Measures a reconcile that finds nothing to change, on domains of growing size. `bundle` is a folder with the shipped function. With a
 * standing clock the number of invocations and calls does not depend on the machine's speed.
 */
export const measureReconcile = async (
  sizes: readonly ReconcileSize[],
  { bundle, clock = 'running' }: { readonly bundle: string; readonly clock?: ProcessClock },
): Promise<readonly ReconcileRow[]> => {
  const rows: ReconcileRow[] = [];
  for (const size of sizes) rows.push(await measureSize(size, { bundle, clock }));
  return rows;
};
