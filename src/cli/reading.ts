import { type LedgerReader, ledgerReader, type BucketReading as StoredBucket } from '../../handler/adapters/ledger/reader';
import { dynamodbRegistry } from '../../handler/adapters/ledger/registry';
import { systemClock } from '../../handler/adapters/system-clock';
import type { RegisteredBucket, Registry } from '../../handler/core/subscription/registry';
import type { UnreadableItem } from '../../handler/errors';
import { namesOf } from '../../modules/naming';
import { asReader } from './acting';
import type { Clients } from './clients';
import type { Context } from './framework/context';

/** Everything that answers are made of, read with an auditor's rights. */
export interface Reading {
  readonly reader: Clients;
  readonly ledger: LedgerReader;
  readonly registry: Registry;
}

/** A bucket with what the ledger has of it; `registered` is absent once it was taken out of the deployment. */
export interface BucketReading extends StoredBucket {
  readonly name: string;
  readonly registered: RegisteredBucket | undefined;
}

/** Opens the deployment's tables, with the credentials of `asReader` unless others are given. */
export const openReading = async (context: Context, clients?: Clients): Promise<Reading> => {
  const reader = clients ?? (await asReader(context));
  const { registryTable, ledgerTable } = namesOf(context.deployment.naming.prefix);
  const client = reader.dynamodb();
  const registry = await dynamodbRegistry(registryTable, { client, clock: systemClock }).read();
  return { reader, ledger: ledgerReader(ledgerTable, client), registry };
};

/** Buckets that are read at once. */
const AT_ONCE = 16;

/** Returns the names of all buckets of the deployment, registered or not any more, in alphabetical order. */
export const bucketNames = async ({ ledger, registry }: Reading): Promise<readonly string[]> =>
  [...new Set([...registry.buckets.keys(), ...(await ledger.bucketNames())])].sort();

/** Reads all buckets of the deployment by name, or those that are named. */
export const readBuckets = async (reading: Reading, names?: readonly string[]): Promise<readonly BucketReading[]> => {
  const { ledger, registry } = reading;
  const known = names ?? (await bucketNames(reading));
  const read: BucketReading[] = [];
  for (let at = 0; at < known.length; at += AT_ONCE)
    read.push(
      ...(await Promise.all(
        known
          .slice(at, at + AT_ONCE)
          .map(async (name) => ({ name, registered: registry.buckets.get(name), ...(await ledger.bucket(name)) })),
      )),
    );
  return read;
};

/** Returns the items of buckets that this version cannot read: grants, and the bucket's state. */
export const unreadableIn = (buckets: readonly StoredBucket[]): readonly UnreadableItem[] =>
  buckets.flatMap(({ unreadable, unreadableState }) => [...(unreadableState === undefined ? [] : [unreadableState]), ...unreadable]);
