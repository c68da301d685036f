import { type AttributeValue, BatchWriteItemCommand, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import type { LocalAws } from '../../../local-aws/local-aws';

const AUDITOR = 'arn:aws:iam::111111111111:role/auditor';

export type LedgerItem = Record<string, AttributeValue>;

/** The ledger as an auditor who may do anything with it; no call of its own is one of the function's. */
export type LedgerTable = {
  readonly items: () => Promise<readonly LedgerItem[]>;
  /** Puts these in place of whatever is there. */
  readonly replace: (items: readonly LedgerItem[]) => Promise<void>;
  readonly close: () => void;
};

/** Whether a call, or a caller, is the auditor's. */
export const isAuditors = (caller: string): boolean => caller.includes('/auditor/');

/** Removes a table's resource policy, which lets only the deployment's own writers write: an administrator can do that, and then write anything. */
export const removeTablePolicy = ({ state }: LocalAws, name: string): void => {
  const table = state.tables.get(name);
  if (table === undefined) throw new Error(`there is no table '${name}'`);
  const { policy: _, ...rest } = table;
  state.tables.set(name, rest);
};

/** DynamoDB takes at most 25 writes in a batch. */
const BATCH = 25;

export const openLedgerTable = (aws: LocalAws): LedgerTable => {
  const document = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' } };
  aws.seed.role({ account: '111111111111', name: 'auditor', policies: [{ name: 'all', document }] });
  const client = new DynamoDBClient({
    endpoint: aws.endpoint,
    region: 'eu-west-1',
    credentials: aws.credentialsFor(AUDITOR),
    maxAttempts: 1,
  });
  const table = aws.function().environment['LEDGER_TABLE'] ?? '';
  const keyOf = ({ pk, sk }: LedgerItem) => `${pk?.S} ${sk?.S}`;
  const items: LedgerTable['items'] = async () => {
    const found: LedgerItem[] = [];
    for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true })) found.push(...Items);
    return found;
  };
  return {
    items,
    replace: async (wanted) => {
      removeTablePolicy(aws, table);
      const kept = new Set(wanted.map(keyOf));
      const gone = (await items()).filter((item) => !kept.has(keyOf(item)));
      const requests = [
        ...gone.map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk: pk ?? { S: '' }, sk: sk ?? { S: '' } } } })),
        ...wanted.map((Item) => ({ PutRequest: { Item } })),
      ];
      for (let from = 0; from < requests.length; from += BATCH)
        await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests.slice(from, from + BATCH) } }));
    },
    close: () => client.destroy(),
  };
};
