import * as z from 'zod';
import { parsePolicy } from '../../src/iam/policy';
import type { State } from '../state';
import { type Block, blocksOf } from './references';
import type { Stack } from './stack';

/** Bodies of the DynamoDB calls that make a stack's tables and items. */
export type TableCalls = { readonly tables: readonly (Block & { readonly TableName: string })[]; readonly items: readonly Block[] };

const keySchema = (hash: string | undefined, range: string | undefined) => [
  { AttributeName: hash, KeyType: 'HASH' },
  ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' }]),
];

/** A table's resource policy. @throws PolicyError for one that DynamoDB would refuse */
const policyOf = (stack: Stack, tableArn: string): string | undefined => {
  const { references } = stack;
  const block = stack.all('aws_dynamodb_resource_policy').find((one) => references.text(one['resource_arn']) === tableArn);
  const policy = references.optional(block?.['policy']);
  if (policy !== undefined) parsePolicy(policy, 'resource');
  return policy;
};

/**
 * Registers the stack's tables and says how to create those that are new.
 * @throws Error if another account or Region has a table of that name: one dynalite holds them all.
 */
export const tableCalls = (state: State, stack: Stack): TableCalls => {
  const { references, place } = stack;
  const tables = stack.all('aws_dynamodb_table').flatMap((block) => {
    const { name = '', arn = '' } = references.attributesOf('aws_dynamodb_table', block);
    const known = state.tables.get(name);
    if (known !== undefined && known.arn !== arn)
      throw new Error(`table '${name}' exists as ${known.arn}; the local AWS needs another name`);
    const policy = policyOf(stack, arn);
    state.tables.set(name, { account: place.account, region: place.region, arn, ...(policy === undefined ? {} : { policy }) });
    if (known !== undefined) return [];
    const indexes = blocksOf(block['global_secondary_index']).map((index) => ({
      IndexName: references.text(index['name']),
      KeySchema: keySchema(references.text(index['hash_key']), references.optional(index['range_key'])),
      Projection: { ProjectionType: references.text(index['projection_type']) },
    }));
    return [
      {
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: blocksOf(block['attribute']).map((one) => ({
          AttributeName: references.text(one['name']),
          AttributeType: references.text(one['type']),
        })),
        KeySchema: keySchema(references.text(block['hash_key']), references.optional(block['range_key'])),
        ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes }),
      },
    ];
  });
  const items = stack.all('aws_dynamodb_table_item').map((block) => ({
    TableName: references.text(block['table_name']),
    Item: z.record(z.string(), z.unknown()).parse(JSON.parse(references.text(block['item']))),
  }));
  return { tables, items };
};
