import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { REGISTRY, type RegistryDocument } from '../../contract/registry';
import type { Registry } from '../../core/subscription/registry';
import { TransientFailure } from '../../errors';
import type { Clock, RegistryReader } from '../../ports';

/** Terraform writes the registry on a deployment; a minute later at the latest, what it says is followed. Milliseconds. */
const KEPT_FOR = 60_000;

const account = z.string().check(z.regex(/^\d{12}$/));

const registeredBucket = z.object({
  name: z.string().check(z.minLength(3)),
  account,
  region: z.string().check(z.regex(/^[a-z]{2}(-[a-z]+)+-\d$/)),
  state: z.enum(['active', 'retiring']),
  prefixes: z.array(z.object({ prefix: z.string(), owningProjects: z.array(z.string().check(z.minLength(1))) })),
});

const registryDocument = z.object({
  format: z.literal(1),
  principalAccounts: z.array(account),
  // A bucket that is there twice may have two accounts, or two states: neither is to be believed.
  buckets: z.array(registeredBucket).check(z.refine((buckets) => new Set(buckets.map(({ name }) => name)).size === buckets.length)),
});

/** Reads the item that Terraform fills. Without the registry nothing can be decided: subscriptions wait for it, with the reason. */
export const dynamodbRegistry = (table: string, { client, clock }: { client: DynamoDBClient; clock: Clock }): RegistryReader => {
  let kept: { readonly registry: Promise<Registry>; readonly until: number } | undefined;

  const read = async (): Promise<Registry> => {
    const { Item } = await client
      .send(new GetItemCommand({ TableName: table, Key: { [REGISTRY.keyName]: { S: REGISTRY.key } }, ConsistentRead: true }))
      .catch((error: unknown) => {
        throw new TransientFailure('unavailable', `the registry in table '${table}' could not be read; it is read again`, { cause: error });
      });
    const text = Item?.[REGISTRY.document]?.S;
    if (text === undefined)
      throw new TransientFailure('unavailable', `table '${table}' holds no registry; deploy the domain account's stack`);
    return registryOf(text, table);
  };

  return {
    read: () => {
      const now = clock.now().getTime();
      if (kept !== undefined && now < kept.until) return kept.registry;
      const registry = read();
      kept = { registry, until: now + KEPT_FOR };
      registry.catch(() => {
        kept = undefined;
      });
      return registry;
    },
  };
};

const registryOf = (text: string, table: string): Registry => {
  const parsed = registryDocument.safeParse(parseJson(text));
  if (!parsed.success)
    throw new TransientFailure(
      'unavailable',
      `the registry in table '${table}' does not have a format that this version reads; deploy the domain account's stack with this version`,
    );
  const document: RegistryDocument = parsed.data;
  return { buckets: new Map(document.buckets.map((bucket) => [bucket.name, bucket])), principalAccounts: document.principalAccounts };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
