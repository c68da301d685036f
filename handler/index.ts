import type { Context, SQSBatchResponse } from 'aws-lambda';
import { awsPorts } from './adapters/aws-ports';
import { dispatch } from './dispatch';
import { readMessages } from './messages';
import { accountBreaker } from './policy-change/account-breaker';
import { readSettings } from './settings';

/**
 * Nothing is begun in the last stretch of an invocation: what is under way needs it to end well. Three tries of a call that gets no
 * answer take 15 seconds, and what is then left to do has to be written down. Milliseconds.
 */
const LAST_STRETCH = 20_000;

const settings = readSettings(process.env);
const ports = awsPorts(settings);
const breaker = accountBreaker(ports.clock);

/**
 * The function: a batch of its queue in, the messages that must come again out.
 * @throws Error when invoked with anything but a batch
 */
export const handler = async (event: unknown, context: Context): Promise<SQSBatchResponse> => {
  ports.telemetry.begin(context.awsRequestId);
  try {
    const timeIsUp = () => context.getRemainingTimeInMillis() < LAST_STRETCH;
    const returned = await dispatch(readMessages(event, settings), { ports, settings, breaker, timeIsUp });
    return { batchItemFailures: returned.map((itemIdentifier) => ({ itemIdentifier })) };
  } finally {
    ports.telemetry.flush();
  }
};
