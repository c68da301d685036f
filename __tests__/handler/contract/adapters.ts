import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientSettings } from '../../../handler/adapters/client-settings';
import { datazoneCatalogue } from '../../../handler/adapters/datazone/catalog';
import { dynamodbLedger } from '../../../handler/adapters/ledger/ledger';
import { dynamodbOperations } from '../../../handler/adapters/ledger/operations';
import { dynamodbRegistry } from '../../../handler/adapters/ledger/registry';
import { ledgerTable } from '../../../handler/adapters/ledger/table';
import { sqsMessages } from '../../../handler/adapters/queue';
import { s3BucketPolicies } from '../../../handler/adapters/s3-policies';
import { editorSessions } from '../../../handler/adapters/sessions';
import type { Clock } from '../../../handler/ports';
import { readSettings, type Settings } from '../../../handler/settings';
import type { LocalAws } from '../../../local-aws/local-aws';

const LENT = ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_MAX_ATTEMPTS'] as const;

/** The real adapters on the double, made as `awsPorts` makes them, with a clock that tests turn. */
export class Adapters {
  private readonly before: Readonly<Record<string, string | undefined>>;
  readonly settings: Settings;
  now: number;
  private ids = 0;

  /** Lends this process the function's credentials until `giveBack`. */
  constructor(private readonly aws: LocalAws) {
    this.now = aws.state.clock().getTime();
    const { environment } = aws.function();
    this.settings = readSettings(environment);
    this.before = Object.fromEntries(LENT.map((name) => [name, process.env[name]]));
    const { accessKeyId, secretAccessKey, sessionToken = '' } = aws.functionCredentials();
    this.lend({
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    });
  }

  giveBack(): void {
    this.lend(this.before);
  }

  /** How often the clients made from now on try a call. */
  attempts(count: number): void {
    this.lend({ AWS_MAX_ATTEMPTS: String(count) });
  }

  private lend(variables: Readonly<Record<string, string | undefined>>): void {
    for (const [name, value] of Object.entries(variables)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }

  private readonly clock: Clock = { now: () => new Date(this.now), wait: () => Promise.resolve() };

  private dynamodb(): DynamoDBClient {
    return new DynamoDBClient(clientSettings(this.settings.region));
  }

  ledger() {
    return dynamodbLedger(ledgerTable(this.settings.ledgerTable, this.dynamodb()));
  }

  operations() {
    return dynamodbOperations(ledgerTable(this.settings.ledgerTable, this.dynamodb()));
  }

  registry() {
    return dynamodbRegistry(this.settings.registryTable, { client: this.dynamodb(), clock: this.clock });
  }

  policies() {
    const newId = () => `${++this.ids}`;
    return s3BucketPolicies(editorSessions(this.settings, { clock: this.clock, newId }));
  }

  messages() {
    return sqsMessages(this.settings);
  }

  catalogue(change: Partial<Settings> = {}) {
    return datazoneCatalogue({ ...this.settings, ...change });
  }

  calls(operation: string) {
    return this.aws.recorder.of(operation);
  }
}
