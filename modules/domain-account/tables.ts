import { DynamodbResourcePolicy } from '@cdktf/provider-aws/lib/dynamodb-resource-policy';
import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { DynamodbTableItem } from '@cdktf/provider-aws/lib/dynamodb-table-item';
import type { Construct } from 'constructs';
import { LEDGER } from '../../handler/contract/ledger-keys';
import { REGISTRY, type RegisteredBucketEntry } from '../../handler/contract/registry';
import { blockWhere } from '../choice';
import { type Expression, eachItem, encoded, expressionOf, type Items, jsonText, objectOf } from '../policy-document';
import type { Blueprint } from './props';
import { ledgerPolicy, registryPolicy } from './table-policies';

/** The table that Terraform writes and the function reads, and the one that the function keeps. */
export interface Tables {
  readonly registry: DynamodbTable;
  readonly registryItem: DynamodbTableItem;
  readonly registryPolicy: DynamodbResourcePolicy;
  readonly ledger: DynamodbTable;
  readonly ledgerPolicy: DynamodbResourcePolicy;
}

/** Creates both tables, what is in the registry, and who may write them. */
export const createTables = (scope: Construct, blueprint: Blueprint): Tables => ({
  ...createRegistry(scope, blueprint),
  ...createLedger(scope, blueprint),
});

/** A table of its own, so that the function can be kept from writing what Terraform writes. */
const createRegistry = (scope: Construct, blueprint: Blueprint) => {
  const { props, names } = blueprint;
  const registry = new DynamodbTable(scope, 'registry', {
    name: names.registryTable,
    billingMode: 'PAY_PER_REQUEST',
    hashKey: REGISTRY.keyName,
    attribute: [{ name: REGISTRY.keyName, type: 'S' }],
    tags: props.tags,
  });
  encrypt(registry, blueprint);
  const policy = new DynamodbResourcePolicy(scope, 'registry_policy', { resourceArn: registry.arn, policy: registryPolicy(blueprint) });
  const registryItem = new DynamodbTableItem(scope, 'registry_item', {
    tableName: registry.name,
    hashKey: REGISTRY.keyName,
    item: registryItemText(props.buckets, props.principalAccounts),
    // A change of who may write takes effect before the write, and with a new deploy role it is what makes that possible.
    dependsOn: [policy],
  });
  return { registry, registryItem, registryPolicy: policy };
};

/** The keys of the ledger and of its indexes. */
const KEY_ATTRIBUTES = [
  LEDGER.partitionKey,
  LEDGER.sortKey,
  LEDGER.dueKind,
  LEDGER.dueAt,
  LEDGER.waitingKind,
  LEDGER.waitingSince,
] as const;

const createLedger = (scope: Construct, blueprint: Blueprint) => {
  const { props, names } = blueprint;
  const ledger = new DynamodbTable(scope, 'ledger', {
    name: names.ledgerTable,
    billingMode: 'PAY_PER_REQUEST',
    hashKey: LEDGER.partitionKey,
    rangeKey: LEDGER.sortKey,
    attribute: KEY_ATTRIBUTES.map((name) => ({ name, type: 'S' })),
    globalSecondaryIndex: [
      { name: LEDGER.dueIndex, hashKey: LEDGER.dueKind, rangeKey: LEDGER.dueAt, projectionType: 'ALL' },
      { name: LEDGER.waitingIndex, hashKey: LEDGER.waitingKind, rangeKey: LEDGER.waitingSince, projectionType: 'KEYS_ONLY' },
    ],
    pointInTimeRecovery: { enabled: true },
    deletionProtectionEnabled: props.deletionProtection,
    tags: props.tags,
  });
  encrypt(ledger, blueprint);
  const policy = new DynamodbResourcePolicy(scope, 'ledger_policy', { resourceArn: ledger.arn, policy: ledgerPolicy(blueprint) });
  return { ledger, ledgerPolicy: policy };
};

/** With the customer's key; otherwise with one that DynamoDB owns. */
const encrypt = (table: DynamodbTable, { props, keyArn }: Blueprint) =>
  blockWhere(table, {
    name: 'server_side_encryption',
    choice: props.encryption.wanted,
    content: { enabled: true, kms_key_arn: keyArn },
  });

/** All registered buckets, as the function reads them: a RegistryDocument. */
export const registryDocument = (buckets: Items<RegisteredBucketEntry>, principalAccounts: readonly string[]): Expression =>
  objectOf({
    format: expressionOf(1),
    buckets: eachItem(buckets, ({ name, account, region, state, prefixes }) => ({ name, account, region, state, prefixes })),
    principalAccounts: expressionOf(principalAccounts),
  });

/** The registry's only item: the document as JSON text in one attribute, in DynamoDB's own JSON. */
const registryItemText = (buckets: Items<RegisteredBucketEntry>, principalAccounts: readonly string[]): string =>
  jsonText(
    objectOf({
      [REGISTRY.keyName]: expressionOf({ S: REGISTRY.key }),
      [REGISTRY.document]: objectOf({ S: encoded(registryDocument(buckets, principalAccounts)) }),
    }),
  );
