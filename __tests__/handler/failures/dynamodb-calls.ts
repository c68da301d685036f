import * as z from 'zod';
import type { Fields } from '../../../local-aws/call';
import { answer, BOTH, connection, type Expected, type FailingCall } from './failing-call';

/** Source: the API model, dynamodb/2012-08-10; all its client errors have the status 400. */
const dynamoDb = {
  'ProvisionedThroughputExceededException 400': 'returned',
  'RequestLimitExceeded 400': 'returned',
  'ThrottlingException 400': 'returned',
  'ResourceNotFoundException 400': 'returned',
  'AccessDeniedException 400': 'returned',
  'ValidationException 400': 'returned',
  'InternalServerError 500': 'returned',
  'ServiceUnavailable 503': 'returned',
  ...connection('returned'),
  ...answer('returned'),
} as const;
const dynamoDbWrite = {
  ...dynamoDb,
  'ItemCollectionSizeLimitExceededException 400': 'returned',
  'TransactionConflictException 400': 'returned',
  'ReplicatedWriteConflictException 400': 'returned',
} as const;
/** Whatever the ledger's error is, the message goes back. */
const anyError = { 'InternalServerError 500': 'returned', ...connection('returned'), ...answer('returned') } as const;
const lostRace = (outcome: Expected) => ({ 'ConditionalCheckFailedException 400': outcome });
const keyed = z.looseObject({ sk: z.object({ S: z.string() }) });
const sortKey = ({ Item }: Fields): string => keyed.parse(Item).sk.S;
const settles = ({ UpdateExpression }: Fields) => String(UpdateExpression).includes('REMOVE');

/** The calls to registry and ledger. */
export const DYNAMODB: readonly FailingCall[] = [
  {
    name: 'GetItem of the registry',
    comes: 'before the write',
    operation: 'GetItem',
    only: ({ TableName }) => String(TableName).includes('registry'),
    journey: 'subscription',
    flows: BOTH,
    cold: true,
    errors: dynamoDb,
    revocation: anyError,
  },
  {
    name: 'GetItem of the ledger',
    comes: 'before the write',
    operation: 'GetItem',
    only: ({ TableName }) => String(TableName).includes('ledger'),
    journey: 'subscription',
    flows: BOTH,
    errors: dynamoDb,
    revocation: anyError,
  },
  {
    name: 'Query',
    comes: 'before the write',
    operation: 'Query',
    journey: 'subscription',
    flows: BOTH,
    errors: dynamoDb,
    revocation: anyError,
  },
  {
    name: 'PutItem of a subscription',
    comes: 'before the write',
    operation: 'PutItem',
    only: (params) => sortKey(params) === 'state',
    journey: 'subscription',
    flows: BOTH,
    errors: { ...dynamoDbWrite, ...lostRace('returned') },
    revocation: { ...anyError, ...lostRace('returned') },
  },
  {
    name: 'PutItem of a grant',
    comes: 'before the write',
    operation: 'PutItem',
    only: (params) => sortKey(params).startsWith('grant#'),
    journey: 'subscription',
    flows: BOTH,
    errors: { 'InternalServerError 500': 'returned', 'dropped after': 'returned', ...lostRace('returned') },
  },
  {
    name: 'PutItem of the history',
    comes: 'after the write',
    operation: 'PutItem',
    only: (params) => sortKey(params).startsWith('history#'),
    journey: 'subscription',
    flows: BOTH,
    errors: { 'InternalServerError 500': 'returned', 'dropped after': 'returned' },
  },
  {
    name: 'UpdateItem that announces',
    comes: 'before the write',
    operation: 'UpdateItem',
    only: (params) => !settles(params),
    journey: 'subscription',
    flows: BOTH,
    errors: { ...dynamoDbWrite, ...lostRace('waiting unavailable') },
    revocation: { ...anyError, ...lostRace('waiting unavailable') },
  },
  {
    name: 'UpdateItem that settles',
    comes: 'after the write',
    operation: 'UpdateItem',
    only: settles,
    journey: 'subscription',
    flows: BOTH,
    errors: { 'InternalServerError 500': 'returned', 'dropped after': 'returned', ...lostRace('waiting unavailable') },
  },
];
