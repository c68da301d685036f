import { join } from 'node:path';
import type { Handler } from '../../local-aws/eventing/delivery';
import { runFunction } from '../../local-aws/eventing/run-function';
import { type Contenders, environmentOf } from '../contenders';
import { inLockStep } from '../event/lock-step';
import { REGION, type Stage } from '../stage';
import { type Burst, type BurstSize, openBurst } from './burst-stage';
import { lost } from './granted';

/** What a round of calls takes in the figures below. Seconds. */
const ROUND = 0.02;

export type BurstRun = {
  readonly events: number;
  /** Calls that waited for each other, and what they take at 20 ms each. */
  readonly rounds: number;
  readonly seconds: number;
  readonly calls: number;
  /** Policy writes that S3 accepted, and those it refused because the policy was full. */
  readonly writes: number;
  readonly refused: number;
  readonly lost: number;
};
export type BurstFigures = {
  readonly size: BurstSize;
  readonly product: BurstRun;
  /** The peer with one event after the other, and with ten at a time. */
  readonly peerSerial: BurstRun;
  readonly peerParallel: BurstRun;
  /** How many times the product's seconds the serial peer takes. */
  readonly faster: number;
};

/** Counts what work does in steps. The recorder is emptied after each step: it would keep every exchange. */
const counted = async ({ stage, expected, events }: Burst, steps: AsyncIterable<number>): Promise<BurstRun> => {
  const { recorder } = stage.aws;
  const count = { rounds: 0, calls: 0, writes: 0, refused: 0 };
  stage.forget();
  for await (const rounds of steps) {
    const writes = recorder.of('PutBucketPolicy');
    count.rounds += rounds;
    count.calls += recorder.calls.length;
    count.refused += writes.filter(({ code }) => code !== undefined).length;
    count.writes += writes.filter(({ code }) => code === undefined).length;
    stage.forget();
  }
  return { events: events.length, seconds: count.rounds * ROUND, ...count, lost: await lost(stage, expected) };
};

/** The product: bus, rule, FIFO queue, batches of ten. One step is one batch. */
export const runProduct = async (burst: Burst, bundle: string): Promise<BurstRun> => {
  const { aws } = burst.stage;
  const handler = await aws.startFunction(join(bundle, 'handler/index.js'));
  const queue = aws.queue(aws.function().environment['QUEUE_ARN'] ?? '');
  for (const event of burst.events) aws.bus.publish(event);
  const batches = async function* () {
    while (queue.visible() > 0) {
      const calls = await inLockStep(aws, async () => {
        const { error, returned } = await aws.deliver(handler);
        if (error !== undefined) throw error;
        if (returned.length > 0) throw new Error('messages went back to the queue');
      });
      yield calls.at(-1)?.round ?? 0;
    }
  };
  return counted(burst, batches());
};

type Invoke = (event: unknown) => Promise<unknown>;

const peerOn = async (stage: Stage, file: string): Promise<Invoke> => {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId = '',
    AWS_SECRET_ACCESS_KEY: secretAccessKey = '',
    ...rest
  } = environmentOf(stage, { runsAs: 'peer' });
  const credentials = { accessKeyId, secretAccessKey, sessionToken: rest['AWS_SESSION_TOKEN'] ?? '' };
  const handler: Handler = await runFunction({
    bundlePath: file,
    environment: {},
    credentials,
    endpoint: stage.aws.endpoint,
    region: REGION,
  });
  // EventBridge invokes the peer with the event itself; only the type of a function behind a queue says otherwise.
  return (event) => Reflect.apply(handler, undefined, [event, {}]);
};

/** The peer, so many events at a time. A failed invocation is an event lost: retries would fail again, or append the grant twice. */
export const runPeer = async (burst: Burst, { file, atATime }: { readonly file: string; readonly atATime: number }): Promise<BurstRun> => {
  const invoke = await peerOn(burst.stage, file);
  const { recorder } = burst.stage.aws;
  const steps = async function* () {
    for (let next = 0; next < burst.events.length; next += atATime) {
      const events = burst.events.slice(next, next + atATime);
      await Promise.allSettled(events.map(invoke));
      // Each invocation's calls wait for each other, and all invocations make as many.
      yield recorder.calls.length / events.length;
    }
  };
  return counted(burst, steps());
};

/** A burst of events on one bucket, or over many. */
export const measureBurst = async (size: BurstSize, { bundle, peer }: Pick<Contenders, 'bundle' | 'peer'>): Promise<BurstFigures> => {
  const on = async (run: (burst: Burst) => Promise<BurstRun>): Promise<BurstRun> => {
    const burst = await openBurst(size, bundle);
    return run(burst).finally(() => burst.stage.close());
  };
  const product = await on((burst) => runProduct(burst, bundle));
  const peerSerial = await on((burst) => runPeer(burst, { file: peer, atATime: 1 }));
  const peerParallel = await on((burst) => runPeer(burst, { file: peer, atATime: 10 }));
  return { size, product, peerSerial, peerParallel, faster: peerSerial.seconds / product.seconds };
};
