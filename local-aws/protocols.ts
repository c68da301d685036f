import type { Asked, Call, Fields, HttpRequest, Reply, ServiceError, ServiceName } from './call';
import { dataZoneError, readDataZone, replyDataZone } from './datazone/datazone';
import { authorizeDynamoDb, dynamoDbError, readDynamoDb } from './dynamodb';
import type { EventBus } from './eventing/event-bus';
import { eventsError, readEvents, replyEvents } from './eventing/events';
import { readSqs, replySqs, sqsError } from './eventing/sqs';
import { lambdaError, readLambda, replyLambda } from './lambda';
import { readS3, s3Error } from './s3/protocol';
import { enterPolicyWrite, replyS3 } from './s3/s3';
import type { CredentialErrors } from './signature';
import type { State } from './state';
import { readSts, replySts, stsError } from './sts';
import type { TableStore } from './table-store';

export type Services = { readonly state: State; readonly bus: EventBus; readonly tables: TableStore };

/** One call to be answered; `stale`, `shows` and `half` are faults that only the service itself can show. */
export type Performance = {
  readonly call: Call;
  readonly request: HttpRequest;
  readonly stale: boolean;
  readonly half: boolean;
  /** The policy that GetBucketPolicy is to answer with. */
  readonly shows?: { readonly policy: Fields | undefined };
};

export type Protocol = CredentialErrors & {
  readonly read: (request: HttpRequest) => Asked;
  readonly error: (error: ServiceError) => Reply;
  /** @throws ServiceError if something under way keeps the call out. @returns what to call when it is done. */
  readonly enter?: (state: State, call: Call) => () => void;
  readonly perform: (services: Services, performance: Performance) => Reply | Promise<Reply>;
};

export const PROTOCOLS: Readonly<Record<ServiceName, Protocol>> = {
  datazone: {
    read: readDataZone,
    error: dataZoneError,
    unknownKey: [403, 'UnrecognizedClientException'],
    expired: [403, 'ExpiredTokenException'],
    perform: ({ state }, { call, stale, half }) => replyDataZone(state, call, { stale, half }),
  },
  s3: {
    read: readS3,
    error: s3Error,
    unknownKey: [403, 'InvalidAccessKeyId'],
    expired: [400, 'ExpiredToken'],
    enter: enterPolicyWrite,
    perform: ({ state }, { call, stale, shows }) => replyS3(state, call, { stale, ...(shows === undefined ? {} : { shows }) }),
  },
  sts: {
    read: readSts,
    error: stsError,
    unknownKey: [403, 'InvalidClientTokenId'],
    expired: [403, 'ExpiredToken'],
    perform: ({ state }, { call }) => replySts(state, call),
  },
  dynamodb: {
    read: readDynamoDb,
    error: dynamoDbError,
    unknownKey: [400, 'UnrecognizedClientException'],
    expired: [400, 'ExpiredTokenException'],
    perform: ({ state, tables }, { call, request }) => {
      authorizeDynamoDb(state, call);
      return tables.forward(request);
    },
  },
  sqs: {
    read: readSqs,
    error: sqsError,
    unknownKey: [403, 'InvalidClientTokenId'],
    expired: [403, 'ExpiredToken'],
    perform: ({ state }, { call }) => replySqs(state, call),
  },
  events: {
    read: readEvents,
    error: eventsError,
    unknownKey: [400, 'UnrecognizedClientException'],
    expired: [400, 'ExpiredTokenException'],
    perform: ({ state, bus }, { call }) => replyEvents({ state, bus }, call),
  },
  lambda: {
    read: readLambda,
    error: lambdaError,
    unknownKey: [403, 'UnrecognizedClientException'],
    expired: [403, 'ExpiredTokenException'],
    perform: ({ state }, { call }) => replyLambda(state, call),
  },
};
