import type { RegisteredBucket } from '../../handler/core/subscription/registry';
import { TransientFailure } from '../../handler/errors';
import type { Message } from '../../handler/messages';
import { BUCKET, CONSUMER, FakeWorld, READER } from './fake-world';

export const SWEEP: Message = { kind: 'sweep', messageId: 'sweep' };
export const MINUTE = 60_000;

/** The subscription, or the bucket, that is in trouble. */
export const ODD = 'odd';
export const ODD_BUCKET: RegisteredBucket = { ...BUCKET, name: 'odd-bucket' };
/** The nine others of a batch. */
export const OTHERS: readonly string[] = Array.from({ length: 9 }, (_, index) => `s${index + 1}`);

const ODD_READER = 'arn:aws:iam::333333333333:role/odd-reader';

/** What the batch's messages report of a subscription. */
export type Event = 'approved' | 'ended';

/** Subscriptions with odd numbers end; the others are approved. */
const eventOf = (id: string): Event => (Number(id.slice(1)) % 2 === 1 ? 'ended' : 'approved');

/** A batch of ten messages: nine of a crowd, and one of the subscription in trouble, which has a consumer and targets of its own. */
export class Crowd {
  readonly world = new FakeWorld();
  private readonly events: ReadonlyMap<string, Event>;

  private constructor(
    readonly odd: Event,
    private readonly bucket: string,
  ) {
    this.events = new Map([...OTHERS.map((id) => [id, eventOf(id)] as const), [ODD, odd]]);
    const { world } = this;
    world.buckets.set(ODD_BUCKET.name, ODD_BUCKET);
    world.environments.set('consumer-odd', [{ id: 'env-odd', account: '333333333333' }]);
    world.targets.set('env-odd', [world.target('target-odd', { environmentId: 'env-odd', principals: [ODD_READER] })]);
  }

  /** Brings a crowd to where the batch's messages are still to come. */
  static async gather({ odd, bucket = BUCKET.name }: { readonly odd: Event; readonly bucket?: string }): Promise<Crowd> {
    const crowd = new Crowd(odd, bucket);
    const { world } = crowd;
    const ending = crowd.ids.filter((id) => crowd.events.get(id) === 'ended');
    for (const id of ending) crowd.approve(id);
    await world.deliver(...ending.map((id) => crowd.messageOf(id)));
    for (const id of ending) {
      world.end(id);
      crowd.show(id, 'REVOKE_PENDING');
    }
    for (const id of crowd.ids) if (!ending.includes(id)) crowd.approve(id);
    world.calls.length = 0;
    world.reports.length = 0;
    return crowd;
  }

  get ids(): readonly string[] {
    return [...this.events.keys()];
  }

  get messages(): readonly Message[] {
    return this.ids.map((id) => this.messageOf(id));
  }

  private messageOf(id: string): Message {
    const projectId = id === ODD ? 'consumer-odd' : CONSUMER;
    const saidToHaveEnded = this.world.subscriptions.get(id)?.status !== 'APPROVED';
    return { kind: 'subscription', messageId: `m-${id}`, lookup: { subscriptionId: id, projectId }, saidToHaveEnded };
  }

  private approve(id: string): void {
    const bucket = id === ODD ? this.bucket : BUCKET.name;
    this.world.approve(id, { arn: `arn:aws:s3:::${bucket}/runs/${id}/`, ...(id === ODD ? { consumer: 'consumer-odd' } : {}) });
    this.show(id, 'GRANT_PENDING');
  }

  /** DataZone's own grant shows this status. */
  private show(id: string, status: string): void {
    const [environmentId, targetId] = id === ODD ? ['env-odd', 'target-odd'] : ['env1', 'target1'];
    const assets = [{ assetId: `asset-listing-${id}`, status }];
    this.world.catalogueGrants.set(`g-${id}`, { id: `g-${id}`, environmentId, targetId, listingId: `listing-${id}`, assets });
  }

  /** Whether the bucket policy lets the subscription's reader read its location. */
  reads(id: string): boolean {
    const bucket = id === ODD ? this.bucket : BUCKET.name;
    return this.world
      .statements(bucket)
      .filter(({ Action }) => Action === 's3:GetObject')
      .some(
        ({ Principal, Resource }) =>
          [Resource].flat().includes(`arn:aws:s3:::${bucket}/runs/${id}/*`) &&
          JSON.stringify(Principal).includes(id === ODD ? ODD_READER : READER),
      );
  }

  /** Whether what the message reports is done: in the policy, in the record, and as DataZone shows it. */
  isServed(id: string): boolean {
    const isGrant = this.events.get(id) === 'approved';
    const { outcome, pending, due } = this.world.records.get(id) ?? {};
    // Where only the report was left to do, nothing changed.
    const done = [isGrant ? 'granted' : 'revoked', 'unchanged'];
    const shown = this.world.catalogueGrants.get(`g-${id}`)?.assets.map(({ status }) => status);
    return (
      this.reads(id) === isGrant &&
      done.includes(outcome?.kind ?? '') &&
      pending === false &&
      due === undefined &&
      shown?.join() === (isGrant ? 'GRANTED' : 'REVOKED')
    );
  }

  /** Subscriptions of which something is still to be done. */
  get unserved(): readonly string[] {
    return this.ids.filter((id) => !this.isServed(id));
  }

  /** The failed units, as `subscription#odd defect`. */
  get failures(): readonly string[] {
    return [...this.world.unitFailures].map(([unit, { outcome }]) => `${unit} ${outcome}`);
  }

  /** Fails these calls where they concern the trouble. */
  trouble(names: readonly string[], fail: () => never): void {
    this.world.interfere = ({ name, args }) => (names.includes(name) && JSON.stringify(args).includes(ODD) ? fail() : undefined);
  }

  /** Has AWS not answer these calls, whatever they concern. */
  fail(names: readonly string[]): void {
    this.world.interfere = ({ name }) => {
      if (names.includes(name)) throw new TransientFailure('throttled', `${name} was throttled`);
      return undefined;
    };
  }

  mend(): void {
    this.world.interfere = () => undefined;
    this.world.corrupted.clear();
  }

  /** A minute later the sweep comes. @returns the messages that return to the queue */
  sweep(minutes = 1): Promise<readonly string[]> {
    this.world.now = new Date(this.world.now.getTime() + minutes * MINUTE);
    return this.world.deliver(SWEEP);
  }
}

/** An exception that nothing expects. */
export const defect = (): never => {
  throw new TypeError("Cannot read properties of undefined (reading 'arn')");
};
