import { join } from 'node:path';
import type { Handler } from '../../local-aws/eventing/delivery';
import type { Contender } from '../contenders';
import { ACCOUNT, REGION, Stage } from '../stage';
import { inLockStep, type SteppedCall } from './lock-step';

const BUCKET = 'acme-raw';
/** The peer has a bucket of its own, emptied before each of its events: its policy would be full after a few. */
const PEER_BUCKET = 'acme-raw-peer';

/** A stage on which one Created event after the other is fulfilled, each of a new subscription to the same bucket. */
export class EventStage {
  private count = 0;

  private constructor(
    readonly stage: Stage,
    private readonly bundle: string,
    private readonly consumer: ReturnType<Stage['consumer']>,
  ) {}

  static async open({ environments, bundle }: { readonly environments: number; readonly bundle: string }): Promise<EventStage> {
    const stage = await Stage.open({ buckets: [BUCKET, PEER_BUCKET], bundle });
    return new EventStage(stage, bundle, stage.consumer({ id: 'consumer', environments }));
  }

  /** A subscription that nobody has fulfilled yet. */
  next(bucket = BUCKET): string {
    this.count += 1;
    return this.stage.subscribe(this.consumer, this.stage.publish({ id: `listing${this.count}`, bucket, folder: `run-${this.count}` }));
  }

  /** The event of a new subscription as a contender's runtime gets it: the product from its queue, the peer from EventBridge. */
  messageFor({ runsAs }: Pick<Contender, 'runsAs'>): unknown {
    if (runsAs === 'peer') {
      this.stage.aws.seed.bucket({ name: PEER_BUCKET, account: ACCOUNT, region: REGION });
      return this.stage.created(this.next(PEER_BUCKET));
    }
    const event = this.stage.created(this.next());
    const { environment } = this.stage.aws.function();
    return { Records: [{ messageId: event.id, body: JSON.stringify(event), eventSourceARN: environment['QUEUE_ARN'] }] };
  }

  /** The function as a new execution environment has it: no client, session or registry yet. */
  coldStart(): Promise<Handler> {
    return this.stage.aws.startFunction(join(this.bundle, 'handler/index.js'));
  }

  /** Puts the event of a new subscription on the bus and lets the function work it off. */
  async fulfil(handler: Handler): Promise<void> {
    const { aws } = this.stage;
    aws.bus.publish(this.stage.created(this.next()));
    for (const { error, received, returned } of await aws.drain(handler)) {
      if (error !== undefined) throw error;
      if (received.length !== 1 || returned.length > 0) throw new Error('the event was not fulfilled in one delivery');
    }
  }

  /** The calls of one event in a cold and in a warm function, round by round. */
  async rounds(): Promise<{ readonly cold: readonly SteppedCall[]; readonly warm: readonly SteppedCall[] }> {
    const handler = await this.coldStart();
    const cold = await inLockStep(this.stage.aws, () => this.fulfil(handler));
    const warm = await inLockStep(this.stage.aws, () => this.fulfil(handler));
    return { cold, warm };
  }
}
