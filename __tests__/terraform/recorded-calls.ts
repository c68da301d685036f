import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';

/** A way to moto that remembers what was called on it, as IAM names actions: `sqs:CreateQueue`. */
export interface Recorder {
  readonly endpoint: string;
  /** What was called, without STS, which is called with the rights of whoever runs Terraform. */
  calls(): readonly string[];
  stop(): Promise<void>;
}

/** Opens such a way on a free port of the loopback interface. */
export const recordCalls = async (moto: string): Promise<Recorder> => {
  const called = new Set<string>();
  const server = createServer((incoming, reply) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      called.add(actionOf(incoming, body.toString()));
      const { method, url, headers } = incoming;
      // The host stays as it was asked for: moto makes the URLs of queues of it, which thereby lead here again.
      const onward = request(new URL(url ?? '/', moto), { method, headers }, (answer) => {
        reply.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(reply);
      });
      onward.on('error', (error) => reply.writeHead(502).end(String(error)));
      onward.end(body);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no free port on the loopback interface');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    calls: () => [...called].filter((call) => !call.startsWith('sts:')).sort(),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

/** IAM's prefix of a service, where it is not the name that requests are signed for. */
const PREFIXES: Readonly<Record<string, string>> = { monitoring: 'cloudwatch' };

/** The protocols name an operation in a header, in the path, in the form, or, as REST does, by method and path. */
const actionOf = (message: IncomingMessage, body: string): string => {
  const scope = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(message.headers.authorization ?? '')?.[1] ?? 'unsigned';
  const path = (message.url ?? '').replace(/\?.*/s, '');
  const target = message.headers['x-amz-target'];
  const named =
    typeof target === 'string'
      ? target.replace(/.*\./, '')
      : (/\/operation\/(\w+)$/.exec(path)?.[1] ?? /(?:^|&)Action=(\w+)/.exec(body)?.[1]);
  return `${PREFIXES[scope] ?? scope}:${named ?? operationOf(`${message.method} ${path}`)}`;
};

/** REST operations of Lambda and Scheduler, the only services here that are called so. */
const OPERATIONS: readonly (readonly [RegExp, string])[] = [
  [/^POST \/2015-03-31\/functions$/, 'CreateFunction'],
  [/^GET \/2015-03-31\/functions\/[^/]+$/, 'GetFunction'],
  [/^DELETE \/2015-03-31\/functions\/[^/]+$/, 'DeleteFunction'],
  [/^GET \/2015-03-31\/functions\/[^/]+\/configuration$/, 'GetFunctionConfiguration'],
  [/^PUT \/2015-03-31\/functions\/[^/]+\/configuration$/, 'UpdateFunctionConfiguration'],
  [/^PUT \/2015-03-31\/functions\/[^/]+\/code$/, 'UpdateFunctionCode'],
  [/^GET \/2015-03-31\/functions\/[^/]+\/versions$/, 'ListVersionsByFunction'],
  [/^GET \/2020-06-30\/functions\/[^/]+\/code-signing-config$/, 'GetFunctionCodeSigningConfig'],
  [/^POST \/2015-03-31\/event-source-mappings$/, 'CreateEventSourceMapping'],
  [/^GET \/2015-03-31\/event-source-mappings\/[^/]+$/, 'GetEventSourceMapping'],
  [/^PUT \/2015-03-31\/event-source-mappings\/[^/]+$/, 'UpdateEventSourceMapping'],
  [/^DELETE \/2015-03-31\/event-source-mappings\/[^/]+$/, 'DeleteEventSourceMapping'],
  [/^GET \/2017-03-31\/tags\/.+$/, 'ListTags'],
  [/^POST \/2017-03-31\/tags\/.+$/, 'TagResource'],
  [/^DELETE \/2017-03-31\/tags\/.+$/, 'UntagResource'],
  [/^POST \/schedule-groups\/[^/]+$/, 'CreateScheduleGroup'],
  [/^GET \/schedule-groups\/[^/]+$/, 'GetScheduleGroup'],
  [/^DELETE \/schedule-groups\/[^/]+$/, 'DeleteScheduleGroup'],
  [/^POST \/schedules\/[^/]+$/, 'CreateSchedule'],
  [/^GET \/schedules\/[^/]+$/, 'GetSchedule'],
  [/^PUT \/schedules\/[^/]+$/, 'UpdateSchedule'],
  [/^DELETE \/schedules\/[^/]+$/, 'DeleteSchedule'],
  [/^GET \/tags\/.+$/, 'ListTagsForResource'],
  [/^POST \/tags\/.+$/, 'TagResource'],
  [/^DELETE \/tags\/.+$/, 'UntagResource'],
];

const operationOf = (call: string): string => OPERATIONS.find(([pattern]) => pattern.test(call))?.[1] ?? call;
