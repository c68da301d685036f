import { DataZoneClient } from '@aws-sdk/client-datazone';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import type { MiddlewareStack } from '@smithy/types';
import { rememberCalls } from './aws-call';

/** Time limits of an AWS request, in milliseconds: to connect, and to receive the response. A person waits for the command. */
export const REQUEST_LIMITS = { connect: 3_000, response: 20_000 } as const;

/** Temporary credentials of a role. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Whose credentials a client uses, and where; without credentials the SDK finds them as it always does. */
export interface ClientSettings {
  readonly region: string | undefined;
  readonly profile: string | undefined;
  readonly credentials?: RoleCredentials;
}

const once = <Value>(make: () => Value): (() => Value) => {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

const remembered = <Input extends object, Output extends object, C extends { readonly middlewareStack: MiddlewareStack<Input, Output> }>(
  service: string,
  client: C & { readonly middlewareStack: MiddlewareStack<Input, Output> },
): C => {
  rememberCalls(service, client.middlewareStack);
  return client;
};

/** The SDK's clients of one set of credentials in one Region, each made when first asked for. */
export class Clients {
  constructor(readonly settings: ClientSettings) {}

  readonly datazone = once(() => remembered('DataZone', new DataZoneClient(this.config())));
  readonly dynamodb = once(() => remembered('DynamoDB', new DynamoDBClient(this.config())));
  readonly events = once(() => remembered('EventBridge', new EventBridgeClient(this.config())));
  readonly lambda = once(() => remembered('Lambda', new LambdaClient(this.config())));
  readonly s3 = once(() => remembered('S3', new S3Client({ ...this.config(), followRegionRedirects: true })));
  // A queue's URL names AWS's endpoint, whatever AWS_ENDPOINT_URL says.
  readonly sqs = once(() => remembered('SQS', new SQSClient({ ...this.config(), useQueueUrlAsEndpoint: false })));
  readonly sts = once(() => remembered('STS', new STSClient(this.config())));

  /** The same in another Region, or with a role's credentials. */
  with(change: Partial<ClientSettings>): Clients {
    return new Clients({ ...this.settings, ...change });
  }

  private config() {
    const { region, profile, credentials } = this.settings;
    return {
      ...(region === undefined ? {} : { region }),
      ...(profile === undefined ? {} : { profile }),
      ...(credentials === undefined ? {} : { credentials }),
      requestHandler: { connectionTimeout: REQUEST_LIMITS.connect, requestTimeout: REQUEST_LIMITS.response, throwOnRequestTimeout: true },
    };
  }
}
