import type { QueueMessages } from '../../../handler/ports';
import { DomainStory } from '../../end-to-end/domain-story';
import { Adapters } from './adapters';

let story: DomainStory;
let adapters: Adapters;
let messages: QueueMessages;
let now = new Date();

beforeAll(async () => {
  story = await DomainStory.start({ clock: () => now });
  adapters = new Adapters(story.aws);
});

beforeEach(() => {
  story.aws.faults.clear();
  story.aws.recorder.clear();
  messages = adapters.messages();
  // What an earlier test left in flight is visible again, and kept no longer.
  now = new Date(now.getTime() + 5 * 24 * 60 * 60_000);
});

afterAll(async () => {
  adapters.giveBack();
  await story.deployment.close();
});

const queue = () => story.aws.queue('acme-fulfillment.fifo');
const later = (seconds: number) => {
  now = new Date(now.getTime() + seconds * 1000);
};
/** Sends one message and receives it; returns its receipt handle. */
const received = (): string => {
  queue().send({ body: `{"at":"${now.toISOString()}"}`, senderId: 'AROA:someone', group: 'fulfillment' });
  const [message] = queue().receive(1);
  if (message === undefined) throw new Error('the queue gave no message');
  return message.receiptHandle;
};

describe('a message of the queue', () => {
  it("is in flight under the handle of its last receive, and is then invisible for the queue's own timeout from now", async () => {
    const handle = received();
    later(300);
    expect(await messages.isInFlight(handle)).toBe(true);
    later(300);
    expect(queue().receive()).toEqual([]);
    later(60);
    expect(queue().receive()).toHaveLength(1);
  });

  it.each([
    ['that nobody issued', () => 'made-up'],
    [
      'whose time has run out',
      () => {
        const handle = received();
        later(361);
        return handle;
      },
    ],
    [
      'of a message that was deleted',
      () => {
        const handle = received();
        queue().delete(handle);
        return handle;
      },
    ],
    [
      'of an earlier receive',
      () => {
        const handle = received();
        later(361);
        queue().receive();
        return handle;
      },
    ],
  ])('is not in flight under a handle %s', async (_, handle) => {
    expect(await messages.isInFlight(handle())).toBe(false);
  });

  it('is looked for in the one queue, and its timeout is read once', async () => {
    const handle = received();
    await messages.isInFlight(handle);
    await messages.isInFlight(handle);
    expect(story.aws.recorder.calls.map(({ operation }) => operation)).toEqual([
      'GetQueueAttributes',
      'ChangeMessageVisibility',
      'ChangeMessageVisibility',
    ]);
    for (const { params } of story.aws.recorder.calls)
      expect(params['QueueUrl']).toBe('https://sqs.eu-west-1.amazonaws.com/111111111111/acme-fulfillment.fifo');
  });
});

describe('an SQS that does not say', () => {
  it.each([
    ['GetQueueAttributes', 'AccessDeniedException', 403, 'unavailable'],
    ['ChangeMessageVisibility', 'AccessDeniedException', 403, 'unavailable'],
    ['ChangeMessageVisibility', 'ThrottlingException', 400, 'throttled'],
    ['ChangeMessageVisibility', 'InternalFailure', 500, 'unavailable'],
  ])('is no proof, and no proof to the contrary: %s answers %s', async (operation, code, status, expected) => {
    adapters.attempts(1);
    const handle = received();
    story.aws.faults.add((call) => (call.operation === operation ? { code, status, message: 'no' } : undefined));
    await expect(adapters.messages().isInFlight(handle)).rejects.toMatchObject({ name: 'TransientFailure', code: expected });
  });
});
