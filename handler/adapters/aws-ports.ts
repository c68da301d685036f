import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Settings } from '../env';
import type { Ports } from '../ports';
import { clientSettings } from './client-settings';
import { datazoneCatalogue } from './datazone-catalogue';
import { dynamodbLedger } from './dynamodb-ledger';
import { dynamodbOperations } from './dynamodb-operations';
import { dynamodbRegistry } from './dynamodb-registry';
import { editorSessions } from './editor-sessions';
import { ledgerTable } from './ledger-table';
import { type InvocationTelemetry, powertoolsTelemetry } from './powertools-telemetry';
import { s3BucketPolicies } from './s3-bucket-policies';
import { systemClock } from './system-clock';

/** The world as AWS: clients are made once and serve every invocation of the environment. */
export const awsPorts = (settings: Settings): Ports & { readonly telemetry: InvocationTelemetry } => {
  const clock = systemClock;
  const newId = randomUUID;
  const client = new DynamoDBClient(clientSettings(settings.region));
  const table = ledgerTable(settings.ledgerTable, client);
  return {
    clock,
    newId,
    catalogue: datazoneCatalogue(settings),
    policies: s3BucketPolicies(editorSessions(settings, { clock, newId })),
    registry: dynamodbRegistry(settings.registryTable, { client, clock }),
    ledger: dynamodbLedger(table),
    operations: dynamodbOperations(table),
    telemetry: powertoolsTelemetry(settings.deployment),
  };
};
