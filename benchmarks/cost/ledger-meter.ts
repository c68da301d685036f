import { type AttributeValue, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { LEDGER } from '../../handler/contract/ledger-keys';
import type { Exchange } from '../../local-aws/recorder';
import { ACCOUNT, REGION, type Stage } from '../stage';
import { bytesOfItem, type StoredItem } from './item-bytes';
import type { Quantities } from './quantities';

const item = z.record(
  z.string(),
  z.custom<AttributeValue>((value) => typeof value === 'object' && value !== null),
);
const request = z.looseObject({
  TableName: z.optional(z.string()),
  ConsistentRead: z._default(z.boolean(), false),
  Key: z.optional(item),
  Item: z.optional(item),
});
const reply = z.looseObject({
  Item: z.optional(item),
  Items: z._default(z.array(item), []),
  Responses: z._default(z.record(z.string(), z.array(item)), {}),
});

/** One read unit reads so many bytes consistently, one write unit writes so many. */
const UNIT = { read: 4096, write: 1024 };
/** What DynamoDB adds to each item it stores. Source: Developer Guide, "Capacity unit consumption", of storage. */
const OVERHEAD = 100;

const unitsOf = (bytes: number, per: number): number => Math.max(1, Math.ceil(bytes / per));
const textOf = (value: AttributeValue | undefined): string => value?.S ?? '';
const dueOf = (stored: StoredItem | undefined): string | undefined =>
  stored?.[LEDGER.dueKind] === undefined ? undefined : `${textOf(stored[LEDGER.dueKind])} ${textOf(stored[LEDGER.dueAt])}`;
const keyOf = (stored: StoredItem): string => `${textOf(stored[LEDGER.partitionKey])} ${textOf(stored[LEDGER.sortKey])}`;

/** Counts the units that calls to the ledger consume, by the bytes that they move, and the bytes that it comes to hold. */
export class LedgerMeter {
  private readonly client: DynamoDBClient;
  private readonly table: string;
  private items: ReadonlyMap<string, StoredItem> = new Map();

  constructor(stage: Stage) {
    const { aws } = stage;
    const document = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'dynamodb:Scan', Resource: '*' } };
    const { arn } = aws.seed.role({ account: ACCOUNT, name: 'ledger-meter', policies: [{ name: 'scan', document }] });
    this.client = new DynamoDBClient({ endpoint: aws.endpoint, region: REGION, credentials: aws.credentialsFor(arn) });
    this.table = aws.function().environment['LEDGER_TABLE'] ?? '';
  }

  /** Reads the ledger as it stands. */
  async look(): Promise<void> {
    const items = new Map<string, StoredItem>();
    for await (const { Items = [] } of paginateScan({ client: this.client }, { TableName: this.table, ConsistentRead: true }))
      for (const one of Items) items.set(keyOf(one), one);
    this.items = items;
  }

  /** What is billed as stored: each item, and once more where it is in the index. */
  bytes(): number {
    return [...this.items.values()].reduce((sum, one) => sum + (bytesOfItem(one) + OVERHEAD) * (dueOf(one) === undefined ? 1 : 2), 0);
  }

  /** What exchanges since the last look consumed; looks again. */
  async unitsOf(exchanges: readonly Exchange[]): Promise<Quantities> {
    const before = this.items;
    await this.look();
    const known = new Map(before);
    let units = { 'read units': 0, 'write units': 0, 'registry reads': 0 };
    for (const { service, headers, body, resBody, status } of exchanges) {
      if (service !== 'dynamodb') continue;
      const asked = request.parse(JSON.parse(body ?? '{}'));
      const [, operation = ''] = headers['x-amz-target']?.split('.') ?? [];
      if (operation === 'PutItem' || operation === 'UpdateItem')
        units = { ...units, 'write units': units['write units'] + this.written(asked, { known, status }) };
      else if (asked.TableName !== undefined && asked.TableName !== this.table)
        units = { ...units, 'registry reads': units['registry reads'] + 1 };
      else
        units = {
          ...units,
          'read units': units['read units'] + readUnits(asked.ConsistentRead, reply.parse(JSON.parse(resBody)), operation),
        };
    }
    return units;
  }

  close(): void {
    this.client.destroy();
  }

  /** A write that its condition keeps out consumes what the item would have. */
  private written(
    { Item, Key }: z.infer<typeof request>,
    { known, status }: { readonly known: Map<string, StoredItem>; readonly status: number },
  ): number {
    const key = keyOf(Item ?? Key ?? {});
    const old = known.get(key);
    // An update says what changes, not what is there then: that was looked up afterwards.
    const now = Item ?? this.items.get(key) ?? {};
    const table = unitsOf(Math.max(bytesOfItem(now), bytesOfItem(old ?? {})), UNIT.write);
    if (status !== 200) return table;
    known.set(key, now);
    const [was, is] = [dueOf(old), dueOf(now)];
    const taken = was === undefined || was === is ? 0 : unitsOf(bytesOfItem(old ?? {}), UNIT.write);
    const given = is === undefined ? 0 : unitsOf(bytesOfItem(now), UNIT.write);
    return table + taken + given;
  }
}

/** A query's items are counted together, a batch's each by itself. */
const readUnits = (isConsistent: boolean, { Item, Items, Responses }: z.infer<typeof reply>, operation: string): number => {
  if (operation === 'BatchGetItem')
    return Object.values(Responses)
      .flat()
      .reduce((sum, one) => sum + unitsOf(bytesOfItem(one), UNIT.read), 0);
  const bytes = [...Items, ...(Item === undefined ? [] : [Item])].reduce((sum, one) => sum + bytesOfItem(one), 0);
  return unitsOf(bytes, UNIT.read) * (isConsistent ? 1 : 0.5);
};
