import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Handler } from '../../local-aws/eventing/delivery';
import type { BusEvent } from '../../local-aws/eventing/event';
import type { FifoQueue, Message } from '../../local-aws/eventing/fifo-queue';
import { synthesizedStacks } from '../../local-aws/local-deployment';
import { type LocalDeployment, runStacks, type SynthesizedStacks } from '../../local-aws/running-stacks';
import { envOf, type Ran, runCli } from '../cli/run-cli';
import { PRODUCER } from '../drills/deployment';
import { type Consumer, Domain, type Made, type Published } from '../drills/domain';
import { allowing } from '../local-aws/world';

/** Buckets that all consumers share, one in each bucket account. */
export const SHARED = ['acme-shared', 'acme-far'] as const;
/** Buckets that only an offender uses. */
export const OWN = ['acme-own-1', 'acme-own-2', 'acme-own-3', 'acme-own-4'] as const;
const ACCOUNTS = new Map<string, string>([...SHARED, ...OWN].map((name) => [name, name === 'acme-far' ? '333333333333' : '222222222222']));

export const CONSUMER_ACCOUNT = '444444444444';
/** May assume the operator role. */
export const OLGA = 'arn:aws:iam::111111111111:role/olga';
/** May assume the auditor roles. */
export const AUDE = 'arn:aws:iam::444444444444:role/aude';
export const OPERATOR = 'arn:aws:iam::111111111111:role/acme-operator';
const QUEUE = 'acme-fulfillment.fifo';
const DEPLOYMENT = join(__dirname, 'deployment.yaml');
const MINUTE = 60_000;
const START = Date.parse('2026-01-15T09:30:00Z');

/** The shortest limit that the function's clients set themselves, and one that no call reaches. Milliseconds. */
const SHORTEST_LIMIT = 1_000;
const UNREACHED_LIMIT = 3_600_000;

const { setTimeout: setTimer } = globalThis;
/** Keeps the limits of the function's calls from being reached, however slow the machine, in all worlds of a test file. */
jest
  .spyOn(globalThis, 'setTimeout')
  .mockImplementation(((callback: () => void, milliseconds = 0) =>
    milliseconds < SHORTEST_LIMIT ? setTimer(callback, milliseconds) : setTimer(callback, UNREACHED_LIMIT).unref()) as typeof setTimeout);

/** A message that the function was given, and whether it came back to the queue. */
export type Delivered = { readonly message: Message; readonly returned: boolean; readonly error?: unknown };

const bundleFolder = (): string => {
  const bundle = process.env['TEST_BUNDLE'];
  if (bundle === undefined) throw new Error('TEST_BUNDLE is not set; run the tests with jest, whose global setup bundles the function');
  return bundle;
};

let synthesized: SynthesizedStacks | undefined;

/** Synthesizes the deployment once for all worlds of a test file. */
const stacks = (): SynthesizedStacks => {
  if (synthesized !== undefined) return synthesized;
  const outdir = mkdtempSync(join(tmpdir(), 'isolation-'));
  try {
    synthesized = synthesizedStacks({ file: DEPLOYMENT, handlerZip: join(bundleFolder(), 'handler.zip'), outdir });
    return synthesized;
  } finally {
    rmSync(outdir, { recursive: true });
  }
};

/**
 * One deployment on the local AWS emulator with the bundled function. Time passes only where a test lets it pass, and where the function
 * waits.
 */
export class IsolationWorld {
  readonly domain: Domain;
  /** Every delivery since the world was opened, or since `forgetDeliveries`. */
  delivered: readonly Delivered[] = [];
  private count = 0;
  private losesEvents = false;

  private constructor(
    private readonly deployment: LocalDeployment,
    private readonly clock: { time: number },
  ) {
    const { bus, seed } = deployment.aws;
    // DataZone also sends an event per grant. They lead to the same subscriptions, and cost as much again.
    bus.route = (event) => (event['detail-type'].startsWith('Subscription Grant') ? [] : [event]);
    this.domain = new Domain(deployment.aws);
    seed.role({ account: '111111111111', name: 'olga', policies: [allowing('sts:AssumeRole')] });
    seed.role({ account: CONSUMER_ACCOUNT, name: 'aude', policies: [allowing('sts:AssumeRole')] });
    seed.role({ account: '111111111111', name: 'ledger-editor', policies: [allowing('dynamodb:*')] });
    seed.project({ id: PRODUCER, name: 'producers' });
    for (const [name, account] of ACCOUNTS) seed.bucket({ name, account, region: 'eu-west-1', objects: { 'runs/a.txt': 'a' } });
  }

  /** `start`: epoch milliseconds; worlds whose command line is used start now, since it compares expiry times with the machine's clock. */
  static async open({ start = START }: { readonly start?: number } = {}): Promise<IsolationWorld> {
    const clock = { time: start };
    const deployment = await runStacks(stacks(), {
      functionFile: join(bundleFolder(), 'handler/index.js'),
      clock: () => new Date(clock.time),
      sleep: async (milliseconds) => {
        clock.time += milliseconds;
      },
    });
    return new IsolationWorld(deployment, clock);
  }

  get aws() {
    return this.deployment.aws;
  }

  get now(): Date {
    return new Date(this.clock.time);
  }

  /** The function, for invocations that do not come from the queue. */
  get handler(): Handler {
    return this.deployment.handler;
  }

  get queue(): FifoQueue {
    return this.aws.queue(QUEUE);
  }

  /** The queue of messages that were received too often. */
  get deadLetters(): FifoQueue {
    return this.aws.queue(this.queue.settings.redrive?.deadLetterArn ?? 'no dead-letter queue');
  }

  /** A new consumer project whose target names a role of its own, which its account lets read everything, and `principals` beside it. */
  consumer({ principals = [], team = '' }: { readonly principals?: readonly string[]; readonly team?: string } = {}): Consumer {
    this.count += 1;
    const name = `reader-${String(this.count).padStart(3, '0')}${team}`;
    const { arn } = this.aws.seed.role({ account: CONSUMER_ACCOUNT, name, policies: [allowing('s3:*')] });
    const consumer = this.domain.consumer({ role: arn });
    if (principals.length > 0) this.domain.retarget(consumer, [arn, ...principals]);
    return consumer;
  }

  /** Publishes the registered prefix of a bucket. */
  publish(bucket: string): Published {
    return this.domain.publish({ bucket, prefix: 'runs/' });
  }

  /** Sends the last event of a subscription again, as EventBridge may: it delivers at least once. */
  repeatEvent({ id }: Made): void {
    const last = this.aws.bus.published.map(({ event }) => event).findLast((event) => isAbout(event, id));
    // Of a subscription that was approved while all events are lost, there is none to repeat.
    if (last === undefined && this.losesEvents) return;
    if (last === undefined) throw new Error(`no event of subscription '${id}' was published; approve it first`);
    this.aws.bus.emit({ ...last, id: `${last.id}-again-${this.clock.time}` });
  }

  /** Runs changes whose events are all lost. */
  async loseEvents(act: () => void | Promise<void>): Promise<void> {
    const { bus } = this.aws;
    const { route } = bus;
    this.losesEvents = true;
    bus.route = () => [];
    try {
      await act();
    } finally {
      bus.route = route;
      this.losesEvents = false;
    }
  }

  /** Lets the function work until the queue is empty, or holds only messages that are not visible. */
  async work(): Promise<void> {
    while (this.queue.visible() > 0) {
      const known = new Map(this.queue.list().map((message) => [message.id, message]));
      const { received, returned, error } = await this.aws.deliver(this.deployment.handler);
      const added = received.flatMap((id): readonly Delivered[] => {
        const message = known.get(id);
        return message === undefined ? [] : [{ message, returned: returned.includes(id), ...(error === undefined ? {} : { error }) }];
      });
      this.delivered = [...this.delivered, ...added];
      this.aws.recorder.clear();
    }
  }

  forgetDeliveries(): void {
    this.delivered = [];
  }

  /** Lets minutes pass. */
  skip(minutes: number): void {
    this.clock.time += minutes * MINUTE;
  }

  /** Lets minutes pass, sends the scheduled sweep, and lets the function work. */
  async sweep(minutes = 1): Promise<void> {
    this.skip(minutes);
    this.aws.fireSchedule('sweep');
    await this.work();
  }

  /** Sends the scheduled reconcile and lets the function work. */
  async reconcile(): Promise<void> {
    this.skip(1);
    this.aws.fireSchedule('reconcile');
    await this.work();
  }

  /** An operator's request as the text of a message. */
  requestText(command: object, id: string): string {
    return JSON.stringify({ kind: 'request', id, at: this.now.toISOString(), reason: 'a test of isolation', ...command });
  }

  /** Sends text to the function's queue as the operator role. */
  sendAsOperator(body: string): void {
    this.aws.sendAs({ arn: OPERATOR, queueArn: this.queue.settings.arn, body, group: 'fulfillment' });
  }

  /** Runs the built command line on this deployment. */
  cli(who: string, ...args: readonly string[]): Promise<Ran> {
    return runCli(args, { DEPLOYMENT, ...envOf(this.aws, who) });
  }

  close(): Promise<void> {
    return this.deployment.close();
  }
}

/** Whether an event is about a subscription. */
const isAbout = ({ detail }: BusEvent, id: string): boolean => JSON.stringify(detail).includes(`"${id}"`);
