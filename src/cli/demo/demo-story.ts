import {
  AcceptSubscriptionRequestCommand,
  CreateSubscriptionRequestCommand,
  DataZoneClient,
  RevokeSubscriptionCommand,
} from '@aws-sdk/client-datazone';
import { GetBucketPolicyCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { LocalDeployment } from '../../../local-aws/running-stacks';
import type { Typist } from './typist';

const DOMAIN_ACCOUNT = '111111111111';
const BUCKET_ACCOUNT = '222222222222';
const PRODUCER_PROJECT = '5a3se66qm88947';
const CONSUMER_PROJECT = '6oy92hwk937pgn';
const BUCKET = 'acme-raw';

/** The blog's story as a person would live it: the clients are AWS's own, and every answer is the double's decision. */
export class DemoStory {
  private readonly producer: DataZoneClient;
  private readonly consumer: DataZoneClient;
  private readonly reader: S3Client;
  private readonly owner: S3Client;
  private readonly readerArn: string;
  private readonly producerArn: string;
  private readonly consumerArn: string;
  private readonly operatorArn: string;
  private listingId = '';
  private subscriptionId = '';

  constructor(
    private readonly deployment: LocalDeployment,
    private readonly typist: Typist,
  ) {
    const { aws } = deployment;
    const stewards = { policies: [allowing('datazone:*', '*')] };
    const producer = aws.seed.role({ account: DOMAIN_ACCOUNT, name: 'producer', ...stewards });
    const consumer = aws.seed.role({ account: DOMAIN_ACCOUNT, name: 'consumer', ...stewards });
    const notebook = aws.seed.role({
      account: DOMAIN_ACCOUNT,
      name: 'notebook',
      policies: [allowing('s3:GetObject', `arn:aws:s3:::${BUCKET}/*`), allowing('s3:ListBucket', `arn:aws:s3:::${BUCKET}`)],
    });
    const owner = aws.seed.role({
      account: BUCKET_ACCOUNT,
      name: 'owner',
      policies: [allowing('s3:GetBucketPolicy', `arn:aws:s3:::${BUCKET}`)],
    });
    const operator = aws.seed.role({
      account: DOMAIN_ACCOUNT,
      name: 'operator',
      policies: [allowing(['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan'], '*')],
    });
    [this.producerArn, this.consumerArn, this.operatorArn, this.readerArn] = [producer.arn, consumer.arn, operator.arn, notebook.arn];
    this.producer = new DataZoneClient(this.as(producer.arn));
    this.consumer = new DataZoneClient(this.as(consumer.arn));
    this.reader = new S3Client({ ...this.as(notebook.arn), forcePathStyle: true });
    this.owner = new S3Client({ ...this.as(owner.arn), forcePathStyle: true });
  }

  /** What is there before: two projects, the consumer's environment, and a bucket with a folder and its neighbours. */
  prepare(): void {
    const { seed } = this.deployment.aws;
    seed.project({ id: PRODUCER_PROJECT, name: 'producers' });
    seed.project({ id: CONSUMER_PROJECT, name: 'consumers' });
    seed.environment({ projectId: CONSUMER_PROJECT, account: DOMAIN_ACCOUNT, region: this.deployment.region, name: 'lab' });
    const objects = { 'public/image-1.png': 'an image', 'public-secret/plan.txt': 'a secret', 'private/notes.txt': 'notes' };
    seed.bucket({ name: BUCKET, account: BUCKET_ACCOUNT, region: this.deployment.region, objects });
  }

  /** The producer publishes `s3://acme-raw/public/`, at the command line. */
  async publish(): Promise<void> {
    const answer = await this.typist.type(this.producerArn, ['publish', `s3://${BUCKET}/public/`, '--name', 'public images']);
    this.listingId = /published as listing (\w+)/.exec(answer)?.[1] ?? '';
  }

  /** The consumer names its notebook's role in a subscription target, at the command line. */
  async createTarget(): Promise<void> {
    await this.typist.type(this.consumerArn, ['target', 'create', '--project', CONSUMER_PROJECT, '--principal', this.readerArn]);
  }

  /** An operator asks how the subscription stands. */
  async status(): Promise<void> {
    await this.typist.type(this.operatorArn, ['status', this.subscriptionId]);
  }

  /** The consumer asks, the producer accepts; events carry it to the function. */
  async subscribe(): Promise<void> {
    const domainIdentifier = this.deployment.domainId;
    const request = await this.consumer.send(
      new CreateSubscriptionRequestCommand({
        domainIdentifier,
        requestReason: 'training an image model',
        subscribedListings: [{ identifier: this.listingId }],
        subscribedPrincipals: [{ project: { identifier: CONSUMER_PROJECT } }],
      }),
    );
    const accepted = await this.producer.send(
      new AcceptSubscriptionRequestCommand({ domainIdentifier, identifier: request.id, decisionComment: 'go ahead' }),
    );
    this.subscriptionId = accepted.existingSubscriptionId ?? '';
    await this.settle();
  }

  /** The producer takes the subscription back. */
  async revoke(): Promise<void> {
    await this.producer.send(
      new RevokeSubscriptionCommand({ domainIdentifier: this.deployment.domainId, identifier: this.subscriptionId }),
    );
    await this.settle();
  }

  /** HTTP status of the reader's GetObject. */
  read(key: string): Promise<number> {
    return statusOf(this.reader.send(new GetObjectCommand({ Bucket: BUCKET, Key: key })));
  }

  /** HTTP status of the reader's ListObjectsV2. */
  list(prefix: string): Promise<number> {
    return statusOf(this.reader.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: prefix })));
  }

  /** The bucket's policy as its owner reads it; `undefined`: there is none. */
  async policy(): Promise<unknown> {
    try {
      const { Policy } = await this.owner.send(new GetBucketPolicyCommand({ Bucket: BUCKET }));
      return JSON.parse(Policy ?? '');
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchBucketPolicy') return undefined;
      throw error;
    }
  }

  close(): void {
    for (const client of [this.producer, this.consumer, this.reader, this.owner]) client.destroy();
  }

  private async settle(): Promise<void> {
    const deliveries = await this.deployment.aws.drain(this.deployment.handler);
    for (const { error } of deliveries) if (error !== undefined) throw error;
  }

  private as(arn: string) {
    const { aws, region } = this.deployment;
    return { endpoint: aws.endpoint, region, credentials: aws.credentialsFor(arn) };
  }
}

const allowing = (action: string | readonly string[], resource: string) => ({
  name: [action].flat().join(),
  document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: action, Resource: resource } },
});

const statusOf = async (call: Promise<{ $metadata: { httpStatusCode?: number | undefined } }>): Promise<number> => {
  try {
    return (await call).$metadata.httpStatusCode ?? 0;
  } catch (error) {
    const metadata: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, '$metadata') : undefined;
    const status: unknown = typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, 'httpStatusCode') : undefined;
    if (typeof status !== 'number') throw error;
    return status;
  }
};
