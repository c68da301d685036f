import { join } from 'node:path';
import type { Handler } from '../../local-aws/eventing/delivery';
import type { BusEvent } from '../../local-aws/eventing/event';
import type { FaultPlan } from '../../local-aws/faults/fault-plan';
import { type LocalAws, startLocalAws } from '../../local-aws/local-aws';
import { checkedPolicy } from '../../local-aws/s3/policy-validation';
import type { Unverified } from '../../src/assumptions/unverified';
import { CONSUMER_ACCOUNT, DOMAIN, NEIGHBOUR, OPERATOR, PRODUCER, stacksOf, USUAL, type Wanted } from './deployment';
import { Domain } from './domain';
import { Judge } from './judge';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const BEGINNING = Date.parse('2026-01-15T09:30:00Z');
const QUEUE = 'acme-fulfillment.fifo';
/** Sweeps after which everything that waits has been looked at: work that failed waits an hour at most. Minutes. */
const SWEEPS = [1, 1, 2, 5, 15, 40, 61, 61];

/** One deployment on the double, whose time is this world's: nothing waits in earnest. */
export class World {
  readonly domain: Domain;
  readonly judge: Judge;
  /** What was done to the system that it had not asked for. */
  faults = 0;
  private time = BEGINNING;
  private functions: Handler[] = [];
  private ends: (() => number)[] = [];
  private wanted = USUAL;

  private constructor(
    readonly aws: LocalAws,
    private readonly bundle: string,
  ) {
    this.domain = new Domain(aws);
    this.judge = new Judge(aws, this.domain, () => this.wanted.places);
  }

  /** `unverified`: what the double takes otherwise than is assumed of AWS. */
  static async open(
    bundle: string,
    { wanted = USUAL, unverified = {} }: { wanted?: Wanted; unverified?: Partial<Unverified> } = {},
  ): Promise<World> {
    let world: World | undefined;
    const pass = async (milliseconds: number) => void (world === undefined || world.skip(milliseconds));
    const clock = () => new Date(world?.time ?? BEGINNING);
    const aws = await startLocalAws({ clock, wait: pass, sleep: pass, unverified });
    world = new World(aws, bundle);
    aws.seed.domain({ ...DOMAIN, version: 'V1' });
    aws.seed.role({ account: DOMAIN.account, name: 'people' });
    aws.seed.role({ account: CONSUMER_ACCOUNT, name: 'bystander' });
    for (const id of [PRODUCER, NEIGHBOUR]) aws.seed.project({ id, name: id });
    for (const { bucket, account } of wanted.places) aws.seed.bucket({ name: bucket, account, region: DOMAIN.region });
    await world.deploy(wanted);
    await world.restart();
    return world;
  }

  get now(): number {
    return this.time;
  }

  /** Time passes, or jumps: `milliseconds` may be negative. */
  skip(milliseconds: number): void {
    this.time += milliseconds;
  }

  /** Deploys the stacks anew, as they are wanted now. */
  async deploy(change: Partial<Wanted>): Promise<void> {
    this.wanted = { ...this.wanted, ...change };
    for (const stack of stacksOf(this.wanted, this.bundle)) await this.aws.loadStack(stack);
  }

  /** So many instances of the function that know nothing. */
  async restart(count = 1): Promise<void> {
    this.functions = [];
    for (let index = 0; index < count; index++) this.functions.push(await this.aws.startFunction(join(this.bundle, 'handler/index.js')));
  }

  /** Begins a fault plan; what it did counts when it ends, with `relent` at the latest. */
  befall(plan: FaultPlan): void {
    const { run, end } = this.aws.befall(plan);
    this.ends.push(() => {
      if (run.hits.some(({ planned }) => planned.operation === 'ListSubscriptionGrants' && planned.fault === 'half-list'))
        this.judge.excusePending();
      end();
      return run.hits.length;
    });
  }

  /** All fault plans end, and whatever they held up comes. */
  async relent(): Promise<void> {
    for (const end of this.ends) this.faults += end();
    this.ends = [];
    await this.aws.settle();
  }

  /** The function works off what is in the queue. What fails a delivery comes again, as it does in Lambda. */
  async work(): Promise<void> {
    const [handler] = this.functions;
    if (handler === undefined) throw new Error('no instance of the function was started');
    await this.aws.drain(handler);
    this.aws.recorder.clear();
  }

  /** All instances are invoked at once, each with a batch of its own, past the queue: what a second event-source mapping would do. */
  async invokeAtOnce(batches: readonly (readonly BusEvent[])[]): Promise<void> {
    const eventSourceARN = this.aws.queue(QUEUE).settings.arn;
    const calls = batches.map((events, batch) => {
      const records = events.map((event, index) => ({ messageId: `${batch}-${index}`, body: JSON.stringify(event), eventSourceARN }));
      const handler = this.functions[batch % this.functions.length];
      const sqs = { Records: records } as unknown as Parameters<Handler>[0];
      return handler?.(sqs, { awsRequestId: `r${batch}`, functionName: 'f', getRemainingTimeInMillis: () => MINUTE });
    });
    await Promise.allSettled(calls);
  }

  /** The bucket's owner replaces its whole policy, or removes it. */
  ownerPuts(name: string, policy?: unknown): void {
    const bucket = this.aws.state.buckets.get(name);
    if (bucket === undefined) throw new Error(`there is no bucket '${name}'`);
    bucket.previousPolicy = bucket.policy;
    bucket.policy = policy === undefined ? undefined : checkedPolicy(JSON.stringify(policy), name, this.aws.state);
    this.faults += 1;
  }

  /** Minutes later the scheduler's word comes. */
  async sweep(minutes = 1): Promise<void> {
    this.skip(minutes * MINUTE);
    this.aws.fireSchedule('sweep');
    await this.work();
  }

  async reconcile(): Promise<void> {
    this.skip(MINUTE);
    this.aws.fireSchedule('reconcile');
    await this.work();
    await this.sweep();
  }

  /** A request of the operator's. */
  async operate(command: object): Promise<void> {
    this.skip(MINUTE);
    const at = new Date(this.time).toISOString();
    const body = JSON.stringify({ kind: 'request', id: `request-${this.time}`, at, reason: 'a drill', ...command });
    this.aws.sendAs({ arn: OPERATOR, queueArn: this.aws.queue(QUEUE).settings.arn, body, group: 'fulfillment' });
    await this.work();
  }

  /** Hours pass without trouble: sweeps, and two reconciles an hour and more apart, as a quarter of a day brings. */
  async settle(): Promise<void> {
    await this.relent();
    await this.work();
    for (const minutes of SWEEPS) await this.sweep(minutes);
    for (let round = 0; round < 2; round++) {
      await this.reconcile();
      for (const minutes of [1, 61, 61]) await this.sweep(minutes);
    }
  }

  /** Minutes pass without trouble until all is right with the subscriptions made last, an hour and more at most. */
  async settleSoon(last: number): Promise<void> {
    await this.relent();
    await this.work();
    for (const minutes of SWEEPS) {
      if (this.judge.isRight(last)) return;
      await this.sweep(minutes);
    }
  }

  close(): Promise<void> {
    return this.aws.close();
  }
}
