import * as z from 'zod';
import { isAllowed, notAuthorized } from './authorization';
import { type Asked, type Call, type HttpRequest, notBuilt, type Reply, ServiceError } from './call';
import type { State } from './state';

const OPERATIONS = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan', 'BatchGetItem', 'BatchWriteItem', 'DescribeTable'];

const TARGET = /^DynamoDB_20120810\.(\w+)$/;
const named = z.looseObject({ TableName: z.string(), IndexName: z.optional(z.string()) });
const batch = z.looseObject({ RequestItems: z.record(z.string(), z.unknown()) });

/** JSON 1.0: the operation is in `x-amz-target`. */
export const readDynamoDb = ({ headers, body }: HttpRequest): Asked => {
  const [, operation] = TARGET.exec(String(headers['x-amz-target'])) ?? [];
  return { operation: operation ?? 'without a target', params: z.record(z.string(), z.unknown()).parse(JSON.parse(body.toString('utf8'))) };
};

export const dynamoDbError = ({ status, code, message }: ServiceError): Reply => ({
  // Of its client errors DynamoDB gives all the status 400.
  status: status < 500 ? 400 : status,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${code}`, message }),
});

const resourcesOf = (state: State, call: Call): readonly string[] => {
  const one = named.safeParse(call.params);
  const many = batch.safeParse(call.params);
  const names = one.success ? [one.data.TableName] : many.success ? Object.keys(many.data.RequestItems) : [];
  if (names.length === 0) throw new ServiceError(400, 'ValidationException', `${call.operation} names no table`);
  const index = one.success && one.data.IndexName !== undefined ? `/index/${one.data.IndexName}` : '';
  return names.map((name) => {
    const table = state.tables.get(name);
    if (table?.account === call.caller.account && table.region === call.region) return `${table.arn}${index}`;
    return `arn:aws:dynamodb:${call.region}:${call.caller.account}:table/${name}${index}`;
  });
};

/**
 * Decides whether the caller may; the front then hands the body to dynalite, unchanged.
 * @throws ServiceError if not, or if the caller's account and Region have no such table.
 */
export const authorizeDynamoDb = (state: State, call: Call): void => {
  if (!OPERATIONS.includes(call.operation)) throw notBuilt('dynamodb', call.operation);
  const tables = new Map([...state.tables.values()].map((table) => [table.arn, table]));
  for (const resource of resourcesOf(state, call)) {
    const table = tables.get(resource.replace(/\/index\/.*$/, ''));
    const question = {
      action: `dynamodb:${call.operation}`,
      resource,
      ...(table?.policy === undefined ? {} : { resourcePolicy: table.policy }),
    };
    if (!isAllowed(state, call, question)) throw new ServiceError(400, 'AccessDeniedException', notAuthorized(call, question));
    if (table === undefined) {
      throw new ServiceError(400, 'ResourceNotFoundException', `Requested resource not found: ${resource}`);
    }
  }
};
