import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Made } from '../drills/domain';
import { type IsolationWorld, SHARED } from './world';

/** Consumers other than the offender: `leaving` have access that is to be revoked, `entering` are to be granted access. */
export type Crowd = { readonly leaving: readonly Made[]; readonly entering: readonly (() => Made)[]; entered: readonly Made[] };

/** How the others were served; in a deployment that isolates faults every number is 0. */
export type Verdict = {
  /** Revoked readers to whom S3 still answers 200. */
  readonly stillReading: number;
  /** Newly approved readers to whom S3 does not answer 200. */
  readonly notReading: number;
  /** Grants of the others that DataZone does not show as REVOKED or GRANTED. */
  readonly notReported: number;
  /** Deliveries after which a message of the others came back to the queue. */
  readonly returned: number;
  /** Deliveries after which a sweep or a reconcile came back to the queue. */
  readonly returnedSchedules: number;
  /** Messages of the others, sweeps and reconciles that are still in the queue. */
  readonly left: number;
  /** Messages of the others, sweeps and reconciles that were set aside. */
  readonly deadLetters: number;
};

/** The verdict on a deployment that served everyone. */
export const SERVED: Verdict = {
  stillReading: 0,
  notReading: 0,
  notReported: 0,
  returned: 0,
  returnedSchedules: 0,
  left: 0,
  deadLetters: 0,
};

/** Consumers that leave and consumers that enter, by default. */
const SIZE = 40;

const KEY = 'runs/a.txt';

/** Asks S3 for an object as a role. Returns the HTTP status of the answer. */
export const readStatus = async (
  { aws }: IsolationWorld,
  { role, bucket }: { readonly role: string; readonly bucket: string },
): Promise<number> => {
  const client = new S3Client({
    endpoint: aws.endpoint,
    region: 'eu-west-1',
    credentials: aws.credentialsFor(role),
    forcePathStyle: true,
    maxAttempts: 1,
  });
  try {
    const { $metadata } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: KEY }));
    return $metadata.httpStatusCode ?? 0;
  } catch (error) {
    return (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
  } finally {
    client.destroy();
  }
};

/** S3's answers to the readers of subscriptions, in their order. */
export const readStatuses = async (world: IsolationWorld, made: readonly Made[]): Promise<readonly number[]> => {
  const statuses: number[] = [];
  for (const { consumer, published } of made) statuses.push(await readStatus(world, { role: consumer.role, bucket: published.bucket }));
  return statuses;
};

/** Spreads consumers over the shared buckets; `buckets` narrows them. Those that leave are granted access first. */
export const gather = async (
  world: IsolationWorld,
  { size = SIZE, buckets = SHARED }: { readonly size?: number; readonly buckets?: readonly string[] } = {},
): Promise<Crowd> => {
  const places = buckets.map((bucket) => world.publish(bucket));
  const placeOf = (index: number) => {
    const place = places[index % places.length];
    if (place === undefined) throw new Error('no bucket was given; name one');
    return place;
  };
  const numbers = Array.from({ length: size }, (_, index) => index);
  const leaving = numbers.map((index) => world.domain.approve(world.consumer(), placeOf(index)));
  const entering = numbers.map((index) => {
    const consumer = world.consumer();
    return () => world.domain.approve(consumer, placeOf(index));
  });
  await world.work();
  const before = await readStatuses(world, leaving);
  if (before.some((status) => status !== 200))
    throw new Error(`S3 answers ${before.join()} to readers that were granted access; expected 200`);
  return { leaving, entering, entered: [] };
};

/** Revokes and approves in turn, in DataZone. Its events leave for the bus. */
export const exchange = (world: IsolationWorld, crowd: Crowd): void => {
  const entered: Made[] = [];
  for (const [index, leaving] of crowd.leaving.entries()) {
    world.domain.end(leaving);
    const approve = crowd.entering[index];
    if (approve !== undefined) entered.push(approve());
  }
  crowd.entered = entered;
};

/** Counts what went wrong with the messages of the crowd, and with schedules. */
export const judgeMessages = (
  { queue, deadLetters, delivered }: IsolationWorld,
  { leaving, entered }: Crowd,
): Pick<Verdict, 'returned' | 'returnedSchedules' | 'left' | 'deadLetters'> => {
  const consumers = [...leaving, ...entered].map(({ consumer }) => consumer.id);
  const isOfOthers = ({ body }: Body) => consumers.some((id) => body.includes(`"${id}"`));
  const isSchedule = ({ body }: Body) => /^\{"kind":"(sweep|reconcile)"/.test(body);
  const isConcerned = (message: Body) => isOfOthers(message) || isSchedule(message);
  const back = delivered.filter(({ returned }) => returned).map(({ message }) => message);
  return {
    returned: back.filter(isOfOthers).length,
    returnedSchedules: back.filter(isSchedule).length,
    left: queue.list().filter(isConcerned).length,
    deadLetters: deadLetters.list().filter(isConcerned).length,
  };
};

type Body = { readonly body: string };

/** Counts what went wrong for the crowd. */
export const judge = async (world: IsolationWorld, crowd: Crowd): Promise<Verdict> => ({
  stillReading: (await readStatuses(world, crowd.leaving)).filter((status) => status !== 403).length,
  notReading: (await readStatuses(world, crowd.entered)).filter((status) => status !== 200).length,
  notReported: notReported(world, crowd.leaving, 'REVOKED') + notReported(world, crowd.entered, 'GRANTED'),
  ...judgeMessages(world, crowd),
});

/** DataZone's grants of subscriptions that do not show a status. */
export const notReported = ({ aws }: IsolationWorld, made: readonly Made[], status: 'GRANTED' | 'REVOKED'): number => {
  const targets = new Set(made.map(({ consumer }) => consumer.target));
  const grants = [...aws.state.datazone.grants.values()].filter(({ subscriptionTargetId }) => targets.has(subscriptionTargetId));
  return grants.filter(({ assets }) => assets.some((asset) => asset.status !== status)).length;
};
