import { productWithClock } from '../contenders';
import { Runtime } from '../runtime';
import { Stage } from '../stage';
import { endsRun } from './ends-run';

export type ReconcileSize = { readonly buckets: number; readonly subscriptions: number };
export type ReconcileRow = ReconcileSize & {
  /** Consumer projects, each with one environment. */
  readonly projects: number;
  /** Of a run that finds everything as it should be. */
  readonly calls: number;
  readonly byOperation: Readonly<Record<string, number>>;
  readonly policyWrites: number;
  readonly invocations: number;
  readonly seconds: number;
  /** The most memory that the function's process ever held, after the run that granted everything too. */
  readonly megabytes: number;
};

/** A consumer project has one subscription in so many buckets. */
const BUCKETS_A_PROJECT = 10;
/** More slices than this a run never takes. */
const MOST_INVOCATIONS = 2_000;
const MINUTE = 60_000;
/** Nothing is due any more once so many sweeps in a row, a minute apart, found nothing to read or write. */
const QUIET_SWEEPS = 15;

const people = async ({ buckets, subscriptions }: ReconcileSize, bundle: string) => {
  const names = Array.from({ length: buckets }, (_, index) => `acme-raw-${index}`);
  const time = { ahead: 0 };
  const stage = await Stage.open({ buckets: names, bundle, clock: () => new Date(Date.now() + time.ahead) });
  const places = names.map((bucket, index) => stage.publish({ id: `listing${index}`, bucket, folder: 'run' }));
  const projects = Math.ceil(subscriptions / BUCKETS_A_PROJECT);
  let made = 0;
  for (let project = 0; project < projects; project++) {
    const consumer = stage.consumer({ id: `consumer${project}` });
    for (let own = 0; own < BUCKETS_A_PROJECT && made < subscriptions; own++) {
      const place = places[(project * BUCKETS_A_PROJECT + own) % places.length];
      if (place !== undefined) stage.subscribe(consumer, place);
      made += 1;
    }
  }
  return { stage, time, projects };
};

type On = { readonly stage: Stage; readonly time: { ahead: number }; readonly name: string };

/** One invocation, with the message of a schedule. */
const invoke = async (runtime: Runtime, { stage, kind, at }: { readonly stage: Stage; readonly kind: string; readonly at: string }) => {
  const { environment } = stage.aws.function();
  const body = JSON.stringify({ kind, at });
  runtime.send({ Records: [{ messageId: at, body, eventSourceARN: environment['QUEUE_ARN'] }] });
  await runtime.says('done');
};

/** Lets everything be confirmed that a run wrote: what the next one costs is then its own, however long the one before it took. */
const settle = async (runtime: Runtime, { stage, time, name }: On): Promise<void> => {
  for (let sweep = 0, quiet = 0; quiet < QUIET_SWEEPS; sweep++) {
    if (sweep === MOST_INVOCATIONS) throw new Error(`something was still due after ${sweep} minutes`);
    time.ahead += MINUTE;
    await runtime.passes(MINUTE);
    stage.forget();
    await invoke(runtime, { stage, kind: 'sweep', at: `${name}-${sweep}` });
    const isIdle = stage.aws.recorder.calls.every(
      ({ service, operation }) => service === 'dynamodb' && /^(Query|GetItem)$/.test(operation),
    );
    quiet = isIdle ? quiet + 1 : 0;
  }
};

/** Runs one reconcile to its end, as the schedules do: a message that begins it, and sweeps that go on with it. */
const reconcile = async (runtime: Runtime, { stage, name }: On) => {
  const { recorder } = stage.aws;
  const operations = new Map<string, number>();
  stage.forget();
  const begun = performance.now();
  for (let invocation = 1; invocation <= MOST_INVOCATIONS; invocation++) {
    await invoke(runtime, { stage, kind: invocation === 1 ? 'reconcile' : 'sweep', at: `${name}-${invocation}` });
    for (const { operation } of recorder.calls) operations.set(operation, (operations.get(operation) ?? 0) + 1);
    const ended = recorder.calls.some(endsRun);
    stage.forget();
    if (ended) return { invocations: invocation, seconds: (performance.now() - begun) / 1000, operations };
  }
  throw new Error(`the reconcile did not end in ${MOST_INVOCATIONS} invocations`);
};

const rowOf = async (size: ReconcileSize, bundle: string): Promise<ReconcileRow> => {
  const { stage, time, projects } = await people(size, bundle);
  try {
    const runtime = Runtime.start(productWithClock(bundle), stage);
    await runtime.says('loaded');
    // The first run grants everything; the second is measured.
    await reconcile(runtime, { stage, time, name: 'first' });
    await settle(runtime, { stage, time, name: 'settle' });
    const { invocations, seconds, operations } = await reconcile(runtime, { stage, time, name: 'second' });
    await runtime.stop();
    const byOperation = Object.fromEntries([...operations].sort(([, one], [, other]) => other - one));
    return {
      ...size,
      projects,
      calls: [...operations.values()].reduce((sum, count) => sum + count, 0),
      byOperation,
      policyWrites: (operations.get('PutBucketPolicy') ?? 0) + (operations.get('DeleteBucketPolicy') ?? 0),
      invocations,
      seconds,
      megabytes: runtime.mostMegabytes,
    };
  } finally {
    await stage.close();
  }
};

/** Reconciles domains of growing size in which nothing changed. `bundle` is a folder with the shipped function. */
export const measureReconcile = async (sizes: readonly ReconcileSize[], bundle: string): Promise<readonly ReconcileRow[]> => {
  const rows: ReconcileRow[] = [];
  for (const size of sizes) rows.push(await rowOf(size, bundle));
  return rows;
};
