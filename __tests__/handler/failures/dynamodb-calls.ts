import * as z from 'zod';
import type { Fields } from '../../../local-aws/call';
import { answer, BOTH, connection, type Expected, type FailingCall } from './failing-call';

/** Source: the API model, dynamodb/2012-08-10; all its client errors have the status 400. */
const dynamoDb = <Outcome extends Expected>(outcome: Outcome) => ({
  'ProvisionedThroughputExceededException 400': outcome,
  'RequestLimitExceeded 400': outcome,
  'ThrottlingException 400': outcome,
  'ResourceNotFoundException 400': outcome,
  'AccessDeniedException 400': outcome,
  'ValidationException 400': outcome,
  'InternalServerError 500': outcome,
  'ServiceUnavailable 503': outcome,
  ...connection(outcome),
  ...answer(outcome),
});
/** Content that DynamoDB refuses is refused at each attempt, and the table answers: the failure is recorded. */
const refused = <Outcome extends Expected>(outcome: Outcome) => ({
  'ValidationException 400': outcome,
  'ItemCollectionSizeLimitExceededException 400': outcome,
});
const dynamoDbWrite = <Outcome extends Expected>(failed: Outcome) => ({
  ...dynamoDb('returned'),
  ...refused(failed),
  'TransactionConflictException 400': 'returned' as const,
  'ReplicatedWriteConflictException 400': 'returned' as const,
});
/** One of the errors that the service itself may have, and whatever becomes of the connection. */
const anyError = <Outcome extends Expected>(outcome: Outcome) => ({
  'InternalServerError 500': outcome,
  ...connection(outcome),
  ...answer(outcome),
});
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
    errors: dynamoDb('waiting unavailable'),
    revocation: anyError('waiting unavailable'),
  },
  {
    name: 'GetItem of the ledger',
    comes: 'before the write',
    operation: 'GetItem',
    only: ({ TableName }) => String(TableName).includes('ledger'),
    journey: 'subscription',
    flows: BOTH,
    errors: dynamoDb('returned'),
    revocation: anyError('returned'),
  },
  {
    name: 'Query',
    comes: 'before the write',
    operation: 'Query',
    journey: 'subscription',
    flows: BOTH,
    // A failure is recorded without a query.
    errors: { ...dynamoDb('returned'), 'ValidationException 400': 'subscription failed' },
    revocation: anyError('returned'),
  },
  {
    name: 'PutItem of a subscription',
    comes: 'before the write',
    operation: 'PutItem',
    only: (params) => sortKey(params) === 'state',
    journey: 'subscription',
    flows: BOTH,
    // Whoever loses every race reads the subscription three times.
    errors: { ...dynamoDbWrite('subscription failed'), ...lostRace('subscription failed') },
    revocation: { ...anyError('returned'), ...lostRace('subscription failed') },
  },
  {
    name: 'PutItem of a grant',
    comes: 'before the write',
    operation: 'PutItem',
    only: (params) => sortKey(params).startsWith('grant#'),
    journey: 'subscription',
    flows: BOTH,
    errors: {
      'InternalServerError 500': 'returned',
      'dropped after': 'returned',
      ...refused('subscription failed'),
      ...lostRace('subscription failed'),
    },
  },
  {
    name: 'PutItem of the history',
    comes: 'after the write',
    operation: 'PutItem',
    only: (params) => sortKey(params).startsWith('history#'),
    journey: 'subscription',
    flows: BOTH,
    errors: { 'InternalServerError 500': 'returned', 'dropped after': 'returned', ...refused('bucket failed') },
  },
  {
    name: 'UpdateItem that announces',
    comes: 'before the write',
    operation: 'UpdateItem',
    only: (params) => !settles(params),
    journey: 'subscription',
    flows: BOTH,
    errors: { ...dynamoDbWrite('bucket failed'), ...lostRace('waiting unavailable') },
    revocation: { ...anyError('returned'), ...lostRace('waiting unavailable') },
  },
  {
    name: 'UpdateItem that settles',
    comes: 'after the write',
    operation: 'UpdateItem',
    only: settles,
    journey: 'subscription',
    flows: BOTH,
    errors: {
      'InternalServerError 500': 'returned',
      'dropped after': 'returned',
      ...refused('bucket failed'),
      ...lostRace('waiting unavailable'),
    },
  },
];
