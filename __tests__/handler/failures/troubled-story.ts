import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { GrantedAsset } from '../../../local-aws/datazone/model';
import type { Handler } from '../../../local-aws/eventing/delivery';
import type { BusEvent } from '../../../local-aws/eventing/event';
import type { LocalAwsOptions } from '../../../local-aws/local-aws';
import type { Recorded } from '../../../local-aws/recorder';
import type { Bucket } from '../../../local-aws/s3/bucket';
import { BUCKET, DomainStory, fixture, IDS, READER } from '../../end-to-end/domain-story';
import { bundlePath, grantOf, type Journey, setOut } from './journey';
import { isAuditors, type LedgerItem, type LedgerTable, openLedgerTable } from './ledger-table';
import { type LedgerView, ledgerView } from './ledger-view';

/** What the bucket's owner wrote; no change of ours may touch it. */
export const OWNERS_POLICY = {
  Version: '2008-10-17',
  Id: 'owners',
  Statement: [{ Sid: 'Owners', Effect: 'Deny', Principal: '*', Action: 's3:DeleteObject', Resource: `arn:aws:s3:::${BUCKET}/*` }],
} as const;

const WRITES = ['PutBucketPolicy', 'DeleteBucketPolicy'];

export type Memory = {
  readonly items: readonly LedgerItem[];
  readonly policy: Bucket['policy'];
  readonly shown: readonly GrantedAsset['status'][];
};

/**
 * One subscription on the double, told again and again: `begin` puts everything but the function back as it was before its first
 * event. Events go straight into the function, so that what it returns is seen.
 */
export class TroubledStory {
  private current: Handler | undefined;
  private readonly table: LedgerTable;

  private constructor(readonly story: DomainStory) {
    this.table = openLedgerTable(story.aws);
  }

  static async start(options: LocalAwsOptions = {}): Promise<TroubledStory> {
    return new TroubledStory(await DomainStory.start(options));
  }

  get aws() {
    return this.story.aws;
  }

  async close(): Promise<void> {
    this.table.close();
    await this.story.deployment.close();
  }

  async begin({ journey = 'subscription', owners = OWNERS_POLICY }: { journey?: Journey; owners?: object | null } = {}): Promise<void> {
    await this.table.replace([]);
    setOut(this.story, journey);
    this.aws.seed.bucket({ name: BUCKET, account: '222222222222', region: 'eu-west-1', ...(owners === null ? {} : { policy: owners }) });
    this.aws.recorder.clear();
    if (this.current === undefined) await this.restart();
  }

  /** What there is to be remembered of how things stand; DataZone's side of it is as `begin` leaves it. */
  async remember(): Promise<Memory> {
    return { items: await this.table.items(), policy: this.bucket.policy, shown: grantOf(this.story).assets.map(({ status }) => status) };
  }

  /** Brings back how things stood, after `begin`. */
  async recall({ items, policy, shown }: Memory): Promise<void> {
    await this.table.replace(items);
    this.bucket.policy = policy;
    for (const [index, asset] of grantOf(this.story).assets.entries()) asset.status = shown[index] ?? asset.status;
  }

  private get bucket() {
    const bucket = this.aws.state.buckets.get(BUCKET);
    if (bucket === undefined) throw new Error('the story has no bucket; begin first');
    return bucket;
  }

  /** A function instance that knows nothing. */
  async restart(): Promise<void> {
    this.current = await this.aws.startFunction(bundlePath);
  }

  /** One batch of shipped events; @returns the names of those that go back to the queue. */
  invoke(...names: readonly string[]): Promise<readonly string[]> {
    return this.invokeWith(new Map(names.map((name) => [name, fixture(name)])));
  }

  /** One batch of events by the ids of their messages. */
  async invokeWith(events: ReadonlyMap<string, BusEvent>): Promise<readonly string[]> {
    if (this.current === undefined) throw new Error('no function was started; begin first');
    const eventSourceARN = this.aws.queue('acme-fulfillment.fifo').settings.arn;
    const records = [...events].map(([messageId, event]) => ({ messageId, body: JSON.stringify(event), eventSourceARN }));
    const event = { Records: records } as unknown as Parameters<Handler>[0];
    const answer = await this.current(event, { awsRequestId: 'r', functionName: 'f', getRemainingTimeInMillis: () => 60_000 });
    return (answer as { batchItemFailures: { itemIdentifier: string }[] }).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  }

  /** The subscription ends in DataZone, which asks for its grant to be revoked. */
  end(status: 'REVOKED' | 'CANCELLED' = 'REVOKED'): void {
    this.story.setStatus(status);
    for (const asset of grantOf(this.story).assets) asset.status = 'REVOKE_PENDING';
  }

  /** Calls of the function and of its editor sessions, in order. */
  calls(operation?: string): readonly Recorded[] {
    return this.aws.recorder.calls.filter((call) => !isAuditors(call.caller) && (operation ?? call.operation) === call.operation);
  }

  get policyWrites(): readonly Recorded[] {
    return this.calls().filter(({ operation }) => WRITES.includes(operation));
  }

  /** Whether the bucket's policy, as it really is, lets the reader read what the subscription is of. */
  get hasAccess(): boolean {
    const id = this.aws.state.identities.byArn.get(READER)?.uniqueId;
    const texts = this.ownStatements.map((statement) => JSON.stringify(statement));
    return texts.some((text) => text.includes(`"${id}"`) && text.includes(`"arn:aws:s3:::${BUCKET}/public/*"`));
  }

  get ownStatements(): readonly unknown[] {
    return (this.story.policy()?.Statement ?? []).filter(({ Sid }) => Sid.startsWith('DZS3F'));
  }

  get policySids(): readonly string[] {
    return (this.story.policy()?.Statement ?? []).map(({ Sid }) => Sid);
  }

  /** The policy without what is ours. */
  get othersPolicy(): unknown {
    const policy = this.story.policy();
    const others = policy?.Statement.filter(({ Sid }) => !Sid.startsWith('DZS3F')) ?? [];
    return others.length === 0 ? undefined : { ...policy, Statement: others };
  }

  /** What DataZone shows of the asset at our target. */
  get shownStatus(): string | undefined {
    return grantOf(this.story).assets.find(({ assetId }) => assetId === IDS.asset)?.status;
  }

  async ledger(): Promise<LedgerView> {
    return ledgerView((await this.table.items()).map((item) => unmarshall(item)));
  }
}
