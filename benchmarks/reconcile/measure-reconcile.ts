import { LEDGER, LEDGER_KEYS } from '../../handler/contract';
import type { Recorded } from '../../src/local-aws/recorder';
import { productIn } from '../contenders';
import { Runtime } from '../runtime';
import { Stage } from '../stage';

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

/** Whether a call left the ledger saying that no run is under way. */
const endsRun = ({ operation, params }: Recorded): boolean => {
  const text = JSON.stringify(params);
  return operation === 'PutItem' && text.includes(`"${LEDGER.sortKey}":{"S":"${LEDGER_KEYS.cursor}"}`) && !text.includes('startedAt');
};

const people = async ({ buckets, subscriptions }: ReconcileSize, bundle: string) => {
  const names = Array.from({ length: buckets }, (_, index) => `acme-raw-${index}`);
  const stage = await Stage.open({ buckets: names, bundle });
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
  return { stage, projects };
};

/** Runs one reconcile to its end, as the schedules do: a message that begins it, and sweeps that go on with it. */
const reconcile = async (runtime: Runtime, { stage, name }: { readonly stage: Stage; readonly name: string }) => {
  const { recorder } = stage.aws;
  const { environment } = stage.aws.function();
  const operations = new Map<string, number>();
  stage.forget();
  const begun = performance.now();
  for (let invocation = 1; invocation <= MOST_INVOCATIONS; invocation++) {
    const at = `${name}-${invocation}`;
    const body = JSON.stringify({ kind: invocation === 1 ? 'reconcile' : 'sweep', at });
    runtime.send({ Records: [{ messageId: at, body, eventSourceARN: environment['QUEUE_ARN'] }] });
    await runtime.says('done');
    for (const { operation } of recorder.calls) operations.set(operation, (operations.get(operation) ?? 0) + 1);
    const ended = recorder.calls.some(endsRun);
    stage.forget();
    if (ended) return { invocations: invocation, seconds: (performance.now() - begun) / 1000, operations };
  }
  throw new Error(`the reconcile did not end in ${MOST_INVOCATIONS} invocations`);
};

const rowOf = async (size: ReconcileSize, bundle: string): Promise<ReconcileRow> => {
  const { stage, projects } = await people(size, bundle);
  try {
    const runtime = Runtime.start(productIn(bundle), stage);
    // The first run grants everything; the second is measured.
    await reconcile(runtime, { stage, name: 'first' });
    const { invocations, seconds, operations } = await reconcile(runtime, { stage, name: 'second' });
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
