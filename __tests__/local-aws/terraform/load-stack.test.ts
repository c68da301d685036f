import {
  BatchGetItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type LocalAws, startLocalAws } from '../../../local-aws/local-aws';
import { allowing, DOMAIN_ACCOUNT, dynamoDbAs } from '../world';
import { acmeStack } from './acme-stack';

let aws: LocalAws;
beforeEach(async () => {
  aws = await startLocalAws();
});
afterEach(() => aws.close());

const functionRole = `arn:aws:iam::${DOMAIN_ACCOUNT}:role/acme-function`;
const key = { pk: { S: 'a' }, sk: { S: 'b' } };

describe('a loaded stack', () => {
  beforeEach(() => aws.loadStack(acmeStack()));

  test('has the function with its environment, references resolved', () => {
    expect(aws.function('acme')).toMatchObject({
      roleArn: functionRole,
      region: 'eu-west-1',
      environment: { LEDGER_TABLE: 'acme-ledger', QUEUE_ARN: `arn:aws:sqs:eu-west-1:${DOMAIN_ACCOUNT}:acme.fifo`, LITERAL: '${x}' },
    });
  });

  test("knows a role by its unique id, with which the sender of the role's messages begins", () => {
    expect(aws.function('acme').environment['SCHEDULER']).toBe(
      aws.state.identities.byArn.get(`arn:aws:iam::${DOMAIN_ACCOUNT}:role/acme-scheduler`)?.uniqueId,
    );
    expect(aws.function('acme').environment['SCHEDULER']).toMatch(/^AROA/);
  });

  test('lets its role do in DynamoDB what its policy says, on table and index, and no more', async () => {
    const client = dynamoDbAs(aws, functionRole);
    const TableName = 'acme-ledger';
    expect((await client.send(new GetItemCommand({ TableName, Key: key, ConsistentRead: true }))).Item).toMatchObject(key);
    const query = { TableName, KeyConditionExpression: 'dueKind = :k', ExpressionAttributeValues: { ':k': { S: 'k' } } };
    expect((await client.send(new QueryCommand({ ...query, IndexName: 'due' }))).Count).toBe(1);
    const denied = { name: 'AccessDeniedException' };
    await expect(client.send(new QueryCommand(query))).rejects.toMatchObject(denied);
    await expect(client.send(new ScanCommand({ TableName }))).rejects.toMatchObject(denied);
    await expect(client.send(new UpdateItemCommand({ TableName, Key: key }))).rejects.toMatchObject(denied);
    const conditional = new PutItemCommand({ TableName, Item: key, ConditionExpression: 'attribute_not_exists(pk)' });
    await expect(client.send(conditional)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  });

  test('reads several items at once where its role may, from every table that it names', async () => {
    const RequestItems = { 'acme-ledger': { Keys: [key, { ...key, sk: { S: 'none' } }] } };
    await expect(dynamoDbAs(aws, functionRole).send(new BatchGetItemCommand({ RequestItems }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('dynamodb:BatchGetItem'),
    });
    const ledger = `arn:aws:dynamodb:eu-west-1:${DOMAIN_ACCOUNT}:table/acme-ledger`;
    const { arn } = aws.seed.role({ account: DOMAIN_ACCOUNT, name: 'auditor', policies: [allowing('dynamodb:BatchGetItem', ledger)] });
    const { Responses } = await dynamoDbAs(aws, arn).send(new BatchGetItemCommand({ RequestItems }));
    expect(Responses).toEqual({ 'acme-ledger': [expect.objectContaining(key)] });
    const beyond = { ...RequestItems, 'other-ledger': { Keys: [key] } };
    await expect(dynamoDbAs(aws, arn).send(new BatchGetItemCommand({ RequestItems: beyond }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  test('binds its role by a permissions boundary, once it is known what that allows', async () => {
    const bounded = acmeStack();
    const boundary = `arn:aws:iam::${DOMAIN_ACCOUNT}:policy/platform`;
    Object.assign(bounded.resource.aws_iam_role.function, { permissions_boundary: boundary });
    await expect(aws.loadStack(bounded)).rejects.toThrow(`permissions boundary '${boundary}'`);
    aws.seed.boundary(boundary, allowing('dynamodb:Query').document);
    await aws.loadStack(bounded);
    const client = dynamoDbAs(aws, functionRole);
    await expect(client.send(new GetItemCommand({ TableName: 'acme-ledger', Key: key }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    await expect(aws.deliver(async () => undefined)).rejects.toThrow('lacks sqs:ReceiveMessage');
  });

  test('has its tables in its own account only', async () => {
    const stranger = aws.seed.role({ account: '999999999999', name: 'reader', policies: [allowing('dynamodb:*')] }).arn;
    const get = dynamoDbAs(aws, stranger).send(new GetItemCommand({ TableName: 'acme-ledger', Key: key }));
    await expect(get).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('is updated by loading it again: policies are replaced, roles and tables stay', async () => {
    const before = aws.state.identities.byArn.get(functionRole)?.uniqueId;
    const changed = acmeStack();
    changed.resource.aws_iam_role_policy.function.policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    await aws.loadStack(changed);
    expect(aws.state.identities.byArn.get(functionRole)?.uniqueId).toBe(before);
    await expect(dynamoDbAs(aws, functionRole).send(new GetItemCommand({ TableName: 'acme-ledger', Key: key }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});

describe('a stack is refused, by name, for', () => {
  test.each<[string, (stack: ReturnType<typeof acmeStack>) => object, string]>([
    ['a reference to nothing', (stack) => ({ ...stack.resource, aws_dynamodb_table: {} }), '${aws_dynamodb_table.ledger.name}'],
    [
      'a function in a text',
      (stack) => ({ ...stack.resource, aws_iam_role: { function: { name: '${upper("x")}', assume_role_policy: '{}' } } }),
      '${upper("x")}',
    ],
    ['IAM it does not know', (stack) => ({ ...stack.resource, aws_iam_group: {} }), 'aws_iam_group'],
    [
      'repeated resources',
      (stack) => ({ ...stack.resource, aws_sqs_queue: { queue: { ...stack.resource.aws_sqs_queue.queue, count: 2 } } }),
      'aws_sqs_queue.queue',
    ],
  ])('%s', async (_, change, named) => {
    const stack = acmeStack();
    await expect(aws.loadStack({ ...stack, resource: change(stack) })).rejects.toThrow(named);
  });

  test('no account', async () => {
    await expect(aws.loadStack({ ...acmeStack(), provider: { aws: [{ region: 'eu-west-1' }] } })).rejects.toThrow('names no account');
  });
});
