import { join } from 'node:path';
import type { Handler } from '../../local-aws/eventing/delivery';
import type { Contender } from '../contenders';
import { ACCOUNT, type Consumer, DomainFixture, REGION } from '../domain-fixture';
import { countRounds, type RoundedCall } from './count-rounds';

const BUCKET = 'acme-raw';
/** The baseline has its own bucket, whose policy is emptied before each event: it would be full after a few dozen. */
const BASELINE_BUCKET = 'acme-raw-baseline';

/** A domain with one consumer, and one new subscription to the same bucket for every event. */
export class EventFixture {
  private count = 0;

  private constructor(
    readonly domain: DomainFixture,
    private readonly bundle: string,
    private readonly consumer: Consumer,
  ) {}

  /** Opens a domain whose consumer has this number of environments. */
  static async open({ environments, bundle }: { readonly environments: number; readonly bundle: string }): Promise<EventFixture> {
    const domain = await DomainFixture.open({ buckets: [BUCKET, BASELINE_BUCKET], bundle });
    return new EventFixture(domain, bundle, domain.addConsumer({ id: 'consumer', environments }));
  }

  /** Returns the event of a new subscription in the form that a contender receives: the product from its queue, the baseline from EventBridge. */
  nextEventFor({ runsAs }: Pick<Contender, 'runsAs'>): unknown {
    if (runsAs === 'baseline') {
      this.domain.aws.seed.bucket({ name: BASELINE_BUCKET, account: ACCOUNT, region: REGION });
      return this.domain.createdEvent(this.subscribe(BASELINE_BUCKET));
    }
    const event = this.domain.createdEvent(this.subscribe(BUCKET));
    const { environment } = this.domain.aws.function();
    return { Records: [{ messageId: event.id, body: JSON.stringify(event), eventSourceARN: environment['QUEUE_ARN'] }] };
  }

  /** Counts the rounds of one event in a cold and in a warm function. */
  async rounds(): Promise<{ readonly cold: readonly RoundedCall[]; readonly warm: readonly RoundedCall[] }> {
    // A newly loaded function has no client, session or registry yet, as in a new execution environment.
    const handler = await this.domain.aws.startFunction(join(this.bundle, 'handler/index.js'));
    const cold = await countRounds(this.domain.aws, () => this.fulfill(handler));
    const warm = await countRounds(this.domain.aws, () => this.fulfill(handler));
    return { cold, warm };
  }

  private subscribe(bucket: string): string {
    this.count += 1;
    const asset = this.domain.publish({ id: `listing${this.count}`, bucket, folder: `run-${this.count}` });
    return this.domain.subscribe(this.consumer, asset);
  }

  /** Publishes the event of a new subscription on the bus and delivers it to the function. */
  private async fulfill(handler: Handler): Promise<void> {
    const { aws } = this.domain;
    aws.bus.publish(this.domain.createdEvent(this.subscribe(BUCKET)));
    for (const { error, received, returned } of await aws.drain(handler)) {
      if (error !== undefined) throw error;
      if (received.length !== 1 || returned.length > 0)
        throw new Error(`expected one delivery of one message, but ${received.length} were delivered and ${returned.length} returned`);
    }
  }
}
