import { dynamodbRegistry } from '../../handler/adapters/ledger/registry';
import { systemClock } from '../../handler/adapters/system-clock';
import type { RegisteredBucket, Registry } from '../../handler/core/subscription/registry';
import type { BucketLedger } from '../../handler/ports';
import { namesOf } from '../../modules/naming';
import { asReader } from './acting';
import type { Clients } from './clients';
import type { Context } from './framework/context';
import { type LedgerReading, ledgerReading } from './ledger/ledger-reading';

/** Everything that answers are made of, read with an auditor's rights. */
export interface Reading {
  readonly reader: Clients;
  readonly ledger: LedgerReading;
  readonly registry: Registry;
}

/** A bucket with what the ledger has of it; `registered` is absent once it was taken out of the deployment. */
export interface BucketReading extends BucketLedger {
  readonly name: string;
  readonly registered: RegisteredBucket | undefined;
}

/** Opens the deployment's tables, with the credentials of `asReader` unless others are given. */
export const openReading = async (context: Context, clients?: Clients): Promise<Reading> => {
  const reader = clients ?? (await asReader(context));
  const { registryTable, ledgerTable } = namesOf(context.deployment.naming.prefix);
  const client = reader.dynamodb();
  const registry = await dynamodbRegistry(registryTable, { client, clock: systemClock }).read();
  return { reader, ledger: ledgerReading(ledgerTable, client), registry };
};

/** So many buckets are read at once. */
const AT_ONCE = 16;

/** All buckets of the deployment, registered or not any more, by name; or those that are named. */
export const readBuckets = async ({ ledger, registry }: Reading, names?: readonly string[]): Promise<readonly BucketReading[]> => {
  const known = names ?? [...new Set([...registry.buckets.keys(), ...(await ledger.bucketNames())])].sort();
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
