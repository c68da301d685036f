import { createHash } from 'node:crypto';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { evaluate } from '../../src/iam/evaluate';
import type { DeployedFunction, EventSource, State } from '../state';
import type { FifoQueue, Message } from './fifo-queue';
import { attributesOf } from './sqs';

export type FunctionContext = Pick<Context, 'awsRequestId' | 'functionName' | 'getRemainingTimeInMillis'>;
export type Handler = (event: SQSEvent, context: FunctionContext) => Promise<unknown>;

/** What one delivery came to; `error` if the function threw, which returns the whole batch. */
export type Delivery = { readonly received: readonly string[]; readonly returned: readonly string[]; readonly error?: unknown };

const recordOf = ({ settings }: FifoQueue, message: Message): SQSRecord => ({
  messageId: message.id,
  receiptHandle: message.receiptHandle,
  body: message.body,
  attributes: attributesOf(message),
  messageAttributes: {},
  md5OfBody: createHash('md5').update(message.body).digest('hex'),
  eventSource: 'aws:sqs',
  eventSourceARN: settings.arn,
  awsRegion: settings.region,
});

/** The mapping polls with the function's role: without these rights nothing is ever delivered. */
const requirePolling = (state: State, { roleArn, name }: DeployedFunction, queueArn: string): void => {
  const role = state.identities.byArn.get(roleArn);
  if (role === undefined) throw new Error(`the role '${roleArn}' of function '${name}' does not exist`);
  const principal = { type: 'role-session', account: role.account, arn: role.arn, uniqueId: role.uniqueId } as const;
  for (const action of ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']) {
    const { decision } = evaluate(
      { principal, action, resource: queueArn },
      {
        identity: role.policies,
        ...(role.boundary === undefined ? {} : { boundary: role.boundary }),
      },
    );
    if (decision !== 'allowed')
      throw new Error(`the role '${roleArn}' lacks ${action} on '${queueArn}'; the event source mapping cannot poll`);
  }
};

const partial = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })) });

/** An empty or null answer is a success; one that Lambda does not understand, or that names a stranger, fails the batch. */
const failuresOf = (answer: unknown, batch: readonly Message[], { reportsFailures }: EventSource): readonly string[] => {
  const all = batch.map(({ id }) => id);
  if (!reportsFailures || answer === undefined || answer === null) return [];
  if (typeof answer === 'object' && !('batchItemFailures' in answer)) return [];
  const parsed = partial.safeParse(answer);
  if (!parsed.success) return all;
  const failed = parsed.data.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  return failed.every((id) => all.includes(id)) ? failed : all;
};

/** Source and function of a mapping, checked; undefined names the only one. */
const mappingOf = (state: State, functionName: string | undefined) => {
  const sources = state.eventSources.filter((one) => (functionName ?? one.functionName) === one.functionName);
  const [source, another] = sources;
  if (source === undefined || another !== undefined) {
    throw new Error(`there are ${sources.length} event source mappings; load one stack, or name its function`);
  }
  const deployed = state.functions.get(source.functionName);
  const queue = state.queues.get(source.queueArn);
  if (deployed === undefined || queue === undefined)
    throw new Error(`function '${source.functionName}' or queue '${source.queueArn}' does not exist`);
  requirePolling(state, deployed, source.queueArn);
  return { source, deployed, queue };
};

/** Receives one batch and invokes the function with it; what it does not report as failed is deleted. */
export const deliver = async (state: State, handler: Handler, functionName?: string): Promise<Delivery> => {
  const { source, deployed, queue } = mappingOf(state, functionName);
  const batch = queue.receive(source.batchSize);
  if (batch.length === 0) return { received: [], returned: [] };
  const received = batch.map(({ id }) => id);
  const context = {
    awsRequestId: `request-of-${batch[0]?.receiptHandle}`,
    functionName: deployed.name,
    getRemainingTimeInMillis: () => 60_000,
  };
  try {
    const answer = await handler({ Records: batch.map((message) => recordOf(queue, message)) }, context);
    const returned = failuresOf(answer, batch, source);
    for (const message of batch) if (!returned.includes(message.id)) queue.delete(message.receiptHandle);
    return { received, returned };
  } catch (error) {
    return { received, returned: received, error };
  }
};

/** Delivers until the queue is empty, or holds only what is invisible. */
export const drain = async (state: State, handler: Handler, functionName?: string): Promise<readonly Delivery[]> => {
  const deliveries: Delivery[] = [];
  while (mappingOf(state, functionName).queue.visible() > 0) deliveries.push(await deliver(state, handler, functionName));
  return deliveries;
};
