import { join } from 'node:path';
import {
  AcceptSubscriptionRequestCommand,
  CreateSubscriptionRequestCommand,
  DataZoneClient,
  RevokeSubscriptionCommand,
} from '@aws-sdk/client-datazone';
import type { Handler } from '../../local-aws/eventing/delivery';
import type { BusEvent } from '../../local-aws/eventing/event';
import { inLockStep } from '../event/lock-step';
import { endsRun } from '../reconcile/ends-run';
import { ACCOUNT, type Consumer, DOMAIN, REGION, Stage } from '../stage';
import { LedgerMeter } from './ledger-meter';
import { metricsIn, printedBy } from './printed';
import { CALL, type Quantities, sumOf } from './quantities';

/** How large a domain is: subscriptions are spread evenly over projects, each with one environment, and over buckets. */
export type DomainSize = { readonly buckets: number; readonly projects: number; readonly subscriptions: number };

const MINUTE = 60_000;
/** A change is confirmed, and everything about it settled, within so many sweeps. */
const SWEEPS_TO_SETTLE = 15;
/** What Powertools would be told not to print. */
const SILENCED = ['POWERTOOLS_LOG_LEVEL', 'POWERTOOLS_METRICS_DISABLED'];

/** A domain in which everything is granted and the function is warm; measures what single things cost from there. */
export class MonthStage {
  /** Every metric that the function printed. */
  readonly metrics = new Set<string>();
  readonly meter: LedgerMeter;
  private readonly steward: DataZoneClient;
  private listings = 0;

  private constructor(
    private readonly stage: Stage,
    private readonly handler: Handler,
    private readonly consumer: Consumer,
    private readonly time: { now: Date },
    private readonly bucket: string,
  ) {
    const { aws } = stage;
    const document = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'datazone:*', Resource: '*' } };
    const { arn } = aws.seed.role({ account: ACCOUNT, name: 'steward', policies: [{ name: 'datazone', document }] });
    this.steward = new DataZoneClient({ endpoint: aws.endpoint, region: REGION, credentials: aws.credentialsFor(arn) });
    this.meter = new LedgerMeter(stage);
  }

  /** Does something on a domain of a size. */
  static async with<Result>(
    { bundle, size, ...options }: { readonly bundle: string; readonly size: DomainSize; readonly pageSize?: number },
    work: (stage: MonthStage) => Promise<Result>,
  ): Promise<Result> {
    const silenced = SILENCED.map((name) => [name, process.env[name]] as const);
    for (const name of SILENCED) delete process.env[name];
    const time = { now: new Date() };
    const names = Array.from({ length: size.buckets }, (_, index) => `acme-raw-${index}`);
    const stage = await Stage.open({ buckets: names, bundle, clock: () => time.now, ...options });
    try {
      const consumers = peopled(stage, { ...size, names });
      const handler = await stage.aws.startFunction(join(bundle, 'handler/index.js'));
      const [consumer] = consumers;
      if (consumer === undefined) throw new Error('a domain without a project has nothing to measure');
      const month = new MonthStage(stage, handler, consumer, time, names[0] ?? '');
      await month.settle();
      const result = await work(month);
      month.close();
      return result;
    } finally {
      await stage.close();
      for (const [name, value] of silenced) if (value !== undefined) process.env[name] = value;
    }
  }

  /** What a sweep costs that finds nothing due. */
  sweep(): Promise<Quantities> {
    return this.scheduled('sweep');
  }

  /** What a run costs that finds everything as it should be. */
  reconcile(): Promise<Quantities> {
    return this.scheduled('reconcile');
  }

  /** What a new subscription costs from its approval until nothing is due any more; `id` is the subscription's. */
  async approve(): Promise<{ readonly id: string; readonly taken: Quantities }> {
    this.listings += 1;
    const listing = `approved${this.listings}`;
    this.stage.publish({ id: listing, bucket: this.bucket, folder: listing });
    let id = '';
    const taken = await this.change(async () => {
      const domainIdentifier = DOMAIN;
      const asked = await this.steward.send(
        new CreateSubscriptionRequestCommand({
          domainIdentifier,
          requestReason: 'training an image model',
          subscribedListings: [{ identifier: listing }],
          subscribedPrincipals: [{ project: { identifier: this.consumer.id } }],
        }),
      );
      const accepted = await this.steward.send(
        new AcceptSubscriptionRequestCommand({ domainIdentifier, identifier: asked.id, decisionComment: 'go ahead' }),
      );
      id = accepted.existingSubscriptionId ?? '';
    });
    if (!this.isOpen(listing)) throw new Error(`the approval of '${listing}' gave no access`);
    return { id, taken };
  }

  /** What its revocation costs. */
  async revoke(id: string): Promise<Quantities> {
    const taken = await this.change(async () => {
      await this.steward.send(new RevokeSubscriptionCommand({ domainIdentifier: DOMAIN, identifier: id }));
    });
    if (this.isOpen(`approved${this.listings}`)) throw new Error(`the revocation of '${id}' took no access away`);
    return taken;
  }

  private close(): void {
    this.steward.destroy();
    this.meter.close();
  }

  private isOpen(folder: string): boolean {
    return JSON.stringify(this.stage.aws.state.buckets.get(this.bucket)?.policy ?? {}).includes(`runs/${folder}/`);
  }

  /** DataZone's events of something come one by one; then sweeps follow, of which what every sweep costs is not the change's. */
  private async change(act: () => Promise<void>): Promise<Quantities> {
    const idle = await this.sweep();
    const { bus } = this.stage.aws;
    const events: BusEvent[] = [];
    const { route } = bus;
    bus.route = (event) => {
      events.push(event);
      return [];
    };
    await act();
    bus.route = route;
    const taken: Quantities[] = [];
    for (const event of events) taken.push(await this.measured(() => bus.publish(event)));
    for (let sweep = 0; sweep < SWEEPS_TO_SETTLE; sweep++) {
      const done = await this.sweep();
      taken.push(done, Object.fromEntries(Object.entries(idle).map(([name, value]) => [name, -value])));
    }
    return sumOf(...taken);
  }

  private async scheduled(name: 'sweep' | 'reconcile'): Promise<Quantities> {
    this.time.now = new Date(this.time.now.getTime() + MINUTE);
    return this.measured(() => this.stage.aws.fireSchedule(name));
  }

  /** What comes of what is sent. */
  private async measured(send: () => unknown): Promise<Quantities> {
    const { aws } = this.stage;
    this.stage.forget();
    let messages = 0;
    let invocations = 0;
    let rounds = 0;
    const printed = await printedBy(async () => {
      const calls = await inLockStep(aws, async () => {
        send();
        for (const { received, returned, error } of await aws.drain(this.handler)) {
          if (error !== undefined) throw error;
          if (returned.length > 0) throw new Error('the function gave a message back');
          messages += received.length;
          invocations += 1;
        }
      });
      rounds = calls.at(-1)?.round ?? 0;
    });
    for (const line of printed) for (const name of metricsIn(line)) this.metrics.add(name);
    const counted: Record<string, number> = {};
    for (const { service, operation } of aws.recorder.calls) {
      const name = `${CALL}${service} ${operation}`;
      counted[name] = (counted[name] ?? 0) + 1;
    }
    const units = await this.meter.unitsOf([...aws.recorder.exchanges]);
    const bytes = printed.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
    return { messages, invocations, rounds, 'log lines': printed.length, 'log bytes': bytes, ...counted, ...units };
  }

  /** Grants everything, by a reconcile and the sweeps that go on with it, and lets everything due pass. */
  private async settle(): Promise<void> {
    const { aws } = this.stage;
    let hasEnded = false;
    await printedBy(async () => {
      for (let minute = 0; minute < SWEEPS_TO_SETTLE || !hasEnded; minute++) {
        this.stage.forget();
        this.time.now = new Date(this.time.now.getTime() + MINUTE);
        aws.fireSchedule(minute === 0 ? 'reconcile' : 'sweep');
        for (const { error } of await aws.drain(this.handler)) if (error !== undefined) throw error;
        hasEnded ||= aws.recorder.calls.some(endsRun);
      }
    });
    await this.meter.look();
  }
}

const peopled = (stage: Stage, { projects, subscriptions, names }: DomainSize & { readonly names: readonly string[] }) => {
  const each = subscriptions / projects;
  const places = Array.from({ length: each }, (_, index) =>
    stage.publish({ id: `listing${index}`, bucket: names[index % names.length] ?? '', folder: `run-${index}` }),
  );
  return Array.from({ length: projects }, (_, index) => {
    const consumer = stage.consumer({ id: `consumer${index}` });
    for (const place of places) stage.subscribe(consumer, place);
    return consumer;
  });
};
