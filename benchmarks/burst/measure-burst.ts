import { join } from 'node:path';
import type { Handler } from '../../local-aws/eventing/delivery';
import { runFunction } from '../../local-aws/eventing/run-function';
import { type Contenders, credentialsOf } from '../contenders';
import { type DomainFixture, REGION } from '../domain-fixture';
import { countRounds } from '../event/count-rounds';
import { type Burst, type BurstSize, openBurst } from './burst-fixture';
import { countMissingGrants } from './missing-grants';

/** The assumed duration of a round in the figures below. Seconds. */
const SECONDS_PER_ROUND = 0.02;

export type BurstRun = {
  readonly events: number;
  /** Rounds of calls, and their duration at 20 ms each. */
  readonly rounds: number;
  readonly seconds: number;
  readonly calls: number;
  /** Policy writes that S3 accepted. */
  readonly writes: number;
  /** Policy writes that S3 refused because the policy was too large. */
  readonly refused: number;
  /** Grants that no policy contains afterwards. */
  readonly lost: number;
};
export type BurstFigures = {
  readonly size: BurstSize;
  readonly product: BurstRun;
  /** The baseline with one event at a time, and with ten. */
  readonly baselineSerial: BurstRun;
  readonly baselineParallel: BurstRun;
  /** The duration of the serial baseline divided by the product's. */
  readonly faster: number;
};

/** Sums up the steps of a run; each step yields its rounds. Clears the recorder after each, because it keeps every exchange in memory. */
const sumSteps = async ({ domain, expected, events }: Burst, steps: AsyncIterable<number>): Promise<BurstRun> => {
  const { recorder } = domain.aws;
  const count = { rounds: 0, calls: 0, writes: 0, refused: 0 };
  domain.clearRecorder();
  for await (const rounds of steps) {
    const writes = recorder.of('PutBucketPolicy');
    count.rounds += rounds;
    count.calls += recorder.calls.length;
    count.refused += writes.filter(({ code }) => code !== undefined).length;
    count.writes += writes.filter(({ code }) => code === undefined).length;
    domain.clearRecorder();
  }
  const lost = await countMissingGrants(domain, expected);
  return { events: events.length, seconds: count.rounds * SECONDS_PER_ROUND, ...count, lost };
};

/** Sends a burst through the product's rule, FIFO queue and batches. Each batch is a step. */
export const runProduct = async (burst: Burst, bundle: string): Promise<BurstRun> => {
  const { aws } = burst.domain;
  const handler = await aws.startFunction(join(bundle, 'handler/index.js'));
  const queue = aws.queue(aws.function().environment['QUEUE_ARN'] ?? '');
  for (const event of burst.events) aws.bus.publish(event);
  const batches = async function* () {
    while (queue.visible() > 0) {
      const calls = await countRounds(aws, async () => {
        const { error, returned } = await aws.deliver(handler);
        if (error !== undefined) throw error;
        if (returned.length > 0) throw new Error(`the function returned ${returned.length} messages to the queue`);
      });
      yield calls.at(-1)?.round ?? 0;
    }
  };
  return sumSteps(burst, batches());
};

const startBaseline = async (domain: DomainFixture, file: string): Promise<(event: unknown) => Promise<unknown>> => {
  const handler: Handler = await runFunction({
    bundlePath: file,
    environment: {},
    credentials: credentialsOf(domain, { runsAs: 'baseline' }),
    endpoint: domain.aws.endpoint,
    region: REGION,
  });
  // EventBridge invokes the baseline with the event itself, but `Handler` is the type of a function behind a queue.
  return (event) => Reflect.apply(handler, undefined, [event, {}]);
};

/**
 * Sends a burst to the baseline, with a number of events at a time. A failed invocation is not repeated: it would fail again, or append
 * the grant twice.
 */
export const runBaseline = async (
  burst: Burst,
  { file, concurrency }: { readonly file: string; readonly concurrency: number },
): Promise<BurstRun> => {
  const invoke = await startBaseline(burst.domain, file);
  const { recorder } = burst.domain.aws;
  const steps = async function* () {
    for (let next = 0; next < burst.events.length; next += concurrency) {
      const events = burst.events.slice(next, next + concurrency);
      await Promise.allSettled(events.map(invoke));
      // An invocation makes one call after the other, and all invocations make the same number.
      yield recorder.calls.length / events.length;
    }
  };
  return sumSteps(burst, steps());
};

/** Measures a burst with the product and with the baseline. */
export const measureBurst = async (
  size: BurstSize,
  { bundle, baseline }: Pick<Contenders, 'bundle' | 'baseline'>,
): Promise<BurstFigures> => {
  const withBurst = async (run: (burst: Burst) => Promise<BurstRun>): Promise<BurstRun> => {
    const burst = await openBurst(size, bundle);
    return run(burst).finally(() => burst.domain.close());
  };
  const product = await withBurst((burst) => runProduct(burst, bundle));
  const baselineSerial = await withBurst((burst) => runBaseline(burst, { file: baseline, concurrency: 1 }));
  const baselineParallel = await withBurst((burst) => runBaseline(burst, { file: baseline, concurrency: 10 }));
  return { size, product, baselineSerial, baselineParallel, faster: baselineSerial.seconds / product.seconds };
};
