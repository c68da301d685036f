import { FifoQueue, type Message } from '../../../local-aws/eventing/fifo-queue';
import { handClock } from '../world';

const queueOf = (settings: object = {}) => {
  const clock = handClock();
  const dead: Message[] = [];
  const arn = 'arn:aws:sqs:eu-west-1:111111111111:q.fifo';
  const common = {
    name: 'q.fifo',
    arn,
    account: '111111111111',
    region: 'eu-west-1',
    fifo: true,
    contentBasedDeduplication: true,
    visibilityTimeout: 60,
  };
  const redrive = { deadLetterArn: `${arn}-dead`, maxReceiveCount: 2 };
  return { clock, dead, queue: new FifoQueue({ ...common, redrive, ...settings }, clock.now, (message) => dead.push(message)) };
};
const send = (queue: FifoQueue, body: string, group = 'g') => queue.send({ body, group, senderId: 'AIDA' });
const bodies = (messages: readonly Message[]) => messages.map(({ body }) => body);

describe('a FIFO queue', () => {
  test('drops what was sent within five minutes', () => {
    const { queue, clock } = queueOf();
    expect(send(queue, 'a')).toBeDefined();
    clock.advance(299);
    expect(send(queue, 'a')).toBeUndefined();
    clock.advance(1);
    expect(send(queue, 'a')).toBeDefined();
    expect(bodies(queue.list())).toEqual(['a', 'a']);
  });

  test('gives ten at most, in order', () => {
    const { queue } = queueOf();
    const sent = Array.from({ length: 12 }, (_, index) => `m${index}`);
    for (const body of sent) send(queue, body);
    expect(bodies(queue.receive())).toEqual(sent.slice(0, 10));
  });

  test('gives nothing of a group while one of its messages is in flight', () => {
    const { queue } = queueOf();
    for (const body of ['a', 'b']) send(queue, body);
    send(queue, 'other', 'h');
    const [first] = queue.receive(1);
    expect(bodies(queue.receive())).toEqual(['other']);
    queue.delete(first?.receiptHandle ?? '');
    expect(bodies(queue.receive())).toEqual(['b']);
  });

  test('gives a message again after its visibility, and sets it aside after the last receive', () => {
    const { queue, clock, dead } = queueOf();
    send(queue, 'a');
    expect(queue.receive()[0]?.receiveCount).toBe(1);
    expect(queue.visible()).toBe(0);
    clock.advance(60);
    expect(queue.receive()[0]?.receiveCount).toBe(2);
    clock.advance(60);
    expect(queue.receive()).toEqual([]);
    expect(bodies(dead)).toEqual(['a']);
  });

  test('wants a group, and a deduplication id where content does not make one', () => {
    expect(() => queueOf().queue.send({ body: 'a', senderId: 'AIDA' })).toThrow('message group');
    expect(() => send(queueOf({ contentBasedDeduplication: false }).queue, 'a')).toThrow('deduplication id');
  });

  test('deletes nothing for a receive whose visibility has run out', () => {
    const { queue, clock } = queueOf();
    send(queue, 'a');
    const [late] = queue.receive();
    clock.advance(60);
    queue.delete(late?.receiptHandle ?? '');
    expect(bodies(queue.list())).toEqual(['a']);
    const [again] = queue.receive();
    queue.delete(again?.receiptHandle ?? '');
    expect(queue.list()).toEqual([]);
  });

  test('counts the visibility anew for the handle of the last receive, while the message is in flight', () => {
    const { queue, clock } = queueOf({ redrive: undefined });
    send(queue, 'a');
    expect(queue.changeVisibility('receipt-1', 60)).toBe('unknown handle');
    const [first] = queue.receive(1, 60);
    clock.advance(50);
    expect(queue.changeVisibility(first?.receiptHandle ?? '', 60)).toBe('changed');
    clock.advance(50);
    expect(queue.receive()).toEqual([]);
    clock.advance(10);
    expect(queue.changeVisibility(first?.receiptHandle ?? '', 60)).toBe('not in flight');
    const [again] = queue.receive();
    expect(queue.changeVisibility(first?.receiptHandle ?? '', 0)).toBe('not in flight');
    expect(queue.changeVisibility(again?.receiptHandle ?? '', 0)).toBe('changed');
    expect(bodies(queue.receive())).toEqual(['a']);
  });

  test.each(['', 'made-up', 'receipt-0', 'receipt-2', 'receipt-1x'])("knows no handle that it did not give: '%s'", (handle) => {
    const { queue } = queueOf();
    send(queue, 'a');
    queue.receive();
    expect(queue.changeVisibility(handle, 60)).toBe('unknown handle');
  });

  test('counts what waits and what is in flight, and keeps nothing beyond its retention', () => {
    const { queue, clock } = queueOf({ retention: 3600 });
    for (const body of ['a', 'b']) send(queue, body);
    queue.receive(1, 30);
    expect(queue.counts()).toMatchObject({ ApproximateNumberOfMessages: '1', ApproximateNumberOfMessagesNotVisible: '1' });
    clock.advance(31);
    expect(bodies(queue.receive())).toEqual(['a', 'b']);
    clock.advance(3600);
    expect(queue.receive()).toEqual([]);
    expect(queue.counts()).toMatchObject({ ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' });
  });

  test('remembers a message for five minutes, also one that was worked on', () => {
    const { queue } = queueOf();
    const first = queue.accept({ body: 'a', group: 'g', senderId: 'AIDA' });
    queue.delete(queue.receive()[0]?.receiptHandle ?? '');
    expect(queue.accept({ body: 'a', group: 'g', senderId: 'AIDA' })).toMatchObject({ id: first.id, isDuplicate: true });
    expect(queue.list()).toEqual([]);
  });
});
