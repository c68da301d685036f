import * as z from 'zod';
import type { State } from '../state';
import { blockOf } from './references';
import type { Stack } from './stack';

/** Lambda's limit on all variables together. Source: AWS Lambda Developer Guide, "Lambda quotas". */
const MOST_ENVIRONMENT_BYTES = 4096;
const nameOf = (function_: string): string => function_.split(':').at(-1) ?? function_;

/** Functions with their variables, and what feeds them. */
export const loadFunctions = (state: State, stack: Stack): void => {
  const { references, place } = stack;
  for (const block of stack.all('aws_lambda_function')) {
    const { arn = '' } = references.attributesOf('aws_lambda_function', block);
    const name = nameOf(arn);
    const variables = z._default(z.record(z.string(), z.unknown()), {}).parse(blockOf(block['environment'])?.['variables']);
    const environment = Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, references.text(value)]));
    const bytes = Buffer.byteLength(JSON.stringify(environment));
    if (bytes > MOST_ENVIRONMENT_BYTES)
      throw new Error(`the environment of '${name}' takes ${bytes} bytes, over ${MOST_ENVIRONMENT_BYTES}`);
    state.functions.set(name, { name, arn, roleArn: references.text(block['role']), region: place.region, environment });
  }
  for (const block of stack.all('aws_lambda_event_source_mapping')) {
    const functionName = nameOf(references.text(block['function_name']));
    const queueArn = references.text(block['event_source_arn']);
    const responses = z._default(z.array(z.string()), []).parse(block['function_response_types']);
    const known = state.eventSources.findIndex((one) => one.functionName === functionName && one.queueArn === queueArn);
    state.eventSources.splice(known < 0 ? state.eventSources.length : known, known < 0 ? 0 : 1, {
      functionName,
      queueArn,
      batchSize: z._default(z.number().int(), 10).parse(block['batch_size']),
      reportsFailures: responses.includes('ReportBatchItemFailures'),
    });
  }
};
