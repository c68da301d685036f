import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Ports } from '../ports';
import type { Settings } from '../settings';
import { clientSettings } from './client-settings';
import { datazoneCatalogue } from './datazone/catalog';
import { dynamodbLedger } from './ledger/ledger';
import { dynamodbOperations } from './ledger/operations';
import { dynamodbRegistry } from './ledger/registry';
import { ledgerTable } from './ledger/table';
import { sqsMessages } from './queue';
import { s3BucketPolicies } from './s3-policies';
import { editorSessions } from './sessions';
import { systemClock } from './system-clock';
import { type InvocationTelemetry, powertoolsTelemetry } from './telemetry';

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
    messages: sqsMessages(settings),
    telemetry: powertoolsTelemetry(settings.deployment),
  };
};
