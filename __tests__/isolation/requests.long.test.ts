import type { SQSEvent } from 'aws-lambda';
import type { Made } from '../drills/domain';
import { readStatuses } from './crowd';
import { HANGS } from './offence';
import { IsolationWorld, OLGA, OPERATOR, SHARED } from './world';

const READERS = 3;
const FORGED = ['uninstall', 'revoke', 'revoke-principal', 'freeze'] as const;
const UNDELIVERED = 'acme-fulfillment-undelivered';

let world: IsolationWorld;
let readers: readonly Made[] = [];

beforeEach(async () => {
  // The command line compares expiry times with the machine's clock.
  world = await IsolationWorld.open({ start: Date.now() });
  const published = world.publish(SHARED[0]);
  readers = Array.from({ length: READERS }, () => world.domain.approve(world.consumer(), published));
  await world.work();
  await world.sweep();
}, HANGS);
afterEach(() => world.close());

/** The command of a request that takes access from a reader, or stops approvals. */
const commandOf = (command: (typeof FORGED)[number]): object => {
  const [reader] = readers;
  if (reader === undefined) throw new Error('there is no reader');
  switch (command) {
    case 'revoke':
      return { command, subscription: reader.id };
    case 'revoke-principal':
      return { command, principal: reader.consumer.role, bucket: reader.published.bucket };
    case 'freeze':
      return { command, bucket: reader.published.bucket };
    case 'uninstall':
      return { command };
  }
};

const requestText = (command: (typeof FORGED)[number]) => world.requestText(commandOf(command), `forged-${command}-request`);

/** Whether the readers read, and whether a subscription that is approved now is granted access. */
const seen = async () => {
  await world.sweep();
  await world.sweep();
  const added = world.domain.approve(world.consumer(), world.publish(SHARED[0]));
  await world.work();
  await world.sweep();
  await world.sweep();
  return { readers: await readStatuses(world, readers), added: await readStatuses(world, [added]) };
};

const ALL_READ = { readers: Array.from({ length: READERS }, () => 200), added: [200] };

describe('a request that an operator sends to the queue', () => {
  test.each(FORGED)(
    'is executed: %s',
    async (command) => {
      world.sendAsOperator(requestText(command));
      await world.work();
      expect(await seen()).not.toEqual(ALL_READ);
    },
    HANGS,
  );
});

describe('a request that anybody puts into a queue of failed messages', () => {
  test.each(FORGED)(
    'is not executed after redrive: %s',
    async (command) => {
      const message = { body: requestText(command), senderId: 'AROASOMEBODYELSE00000:session' };
      world.deadLetters.send({ ...message, group: 'fulfillment', deduplicationId: 'forged' });
      world.aws.queue(UNDELIVERED).send(message);
      // Redrive may refuse such a message or drop it, so its exit code is not compared.
      await world.cli(OLGA, 'redrive', '--yes');
      await world.work();
      expect(await seen()).toEqual(ALL_READ);
    },
    HANGS,
  );
});

describe('a request in a direct invocation of the function', () => {
  const forgedEvent = (body: string): SQSEvent => ({
    Records: [
      {
        messageId: '11111111-0000-4000-8000-000000000000',
        receiptHandle: 'a-made-up-receipt-handle',
        body,
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: String(world.now.getTime()),
          SenderId: `${world.aws.state.identities.byArn.get(OPERATOR)?.uniqueId}:alice`,
          ApproximateFirstReceiveTimestamp: String(world.now.getTime()),
          MessageGroupId: 'fulfillment',
        },
        messageAttributes: {},
        md5OfBody: '',
        eventSource: 'aws:sqs',
        eventSourceARN: world.queue.settings.arn,
        awsRegion: 'eu-west-1',
      },
    ],
  });

  test.each(FORGED)(
    'is not executed, whoever it says sent it: %s',
    async (command) => {
      const context = { awsRequestId: 'direct', functionName: 'acme-fulfillment', getRemainingTimeInMillis: () => 60_000 };
      // The function may refuse by an error or by reporting the message as failed.
      await world.handler(forgedEvent(requestText(command)), context).catch(() => undefined);
      expect(await seen()).toEqual(ALL_READ);
    },
    HANGS,
  );
});
