import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { LEDGER, LEDGER_KEYS, type OperatorRequest } from '../../handler/contract';
import type { PlanLine } from '../../src/cli/ledger/request-item';
import { allowing, dynamoDbAs } from '../local-aws/world';
import type { CliWorld } from './cli-world';

/** What the function answers a request with. */
export interface FunctionAnswer {
  readonly state?: 'done' | 'refused';
  readonly message?: string;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly plan?: readonly PlanLine[];
}

/** A request as it came out of the queue, and who SQS says sent it. */
export interface ReceivedRequest {
  readonly request: OperatorRequest;
  readonly senderId: string;
}

/**
 * Takes operators' requests from the queue while `work` runs and writes the answers into the ledger, in the shapes that the function
 * keeps them in. @returns what was received, and what `work` answered
 */
export const answeringRequests = async <Result>(
  world: CliWorld,
  { work, answer }: { work: () => Promise<Result>; answer: (request: OperatorRequest) => FunctionAnswer },
): Promise<{ readonly result: Result; readonly received: readonly ReceivedRequest[] }> => {
  const { aws } = world;
  const writer = aws.seed.role({ account: '111111111111', name: 'ledger-writer', policies: [allowing('dynamodb:*')] });
  const client = dynamoDbAs(aws, writer.arn);
  const put = (keys: readonly [partition: string, sort: string], item: Record<string, unknown>) =>
    client.send(
      new PutItemCommand({
        TableName: 'acme-ledger',
        Item: marshall({ [LEDGER.partitionKey]: keys[0], [LEDGER.sortKey]: keys[1], schema: 1, ...item }, { removeUndefinedValues: true }),
      }),
    );
  const received: ReceivedRequest[] = [];
  let [working, busy] = [true, Promise.resolve()];
  const turn = async (): Promise<void> => {
    for (const { body, senderId, receiptHandle } of aws.queue('acme-fulfillment.fifo').receive()) {
      aws.queue('acme-fulfillment.fifo').delete(receiptHandle);
      const request: OperatorRequest = JSON.parse(body);
      received.push({ request, senderId });
      const { state = 'done', message, result, plan = [] } = answer(request);
      const partition = LEDGER_KEYS.request(request.id);
      if (plan.length > 0) await put([partition, LEDGER_KEYS.plan(0)], { lines: JSON.stringify(plan) });
      const at = new Date().toISOString();
      await put([partition, LEDGER_KEYS.requestState], {
        ...{ request: body, by: senderId, state, message, at, finishedAt: at },
        ...(result === undefined ? {} : { result: JSON.stringify(result) }),
      });
    }
    if (working) setTimeout(() => (busy = turn()), 20);
  };
  busy = turn();
  try {
    return { result: await work(), received };
  } finally {
    working = false;
    await busy;
    client.destroy();
  }
};
