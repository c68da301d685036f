import { randomUUID } from 'node:crypto';
import { ChangeMessageVisibilityCommand, DeleteMessageCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { Clients } from '../clients';
import type { Context } from '../framework/context';
import { explain } from '../framework/explain';
import type { ExitClass } from '../framework/failure';
import { queueUrl, sendToFunction } from './send-request';
import { type Disposal, disposalOf } from './set-aside';

/** What was done with the messages of one queue. */
export interface Drained {
  readonly queue: string;
  readonly sent: number;
  /** Deleted, and not sent. */
  readonly discarded: number;
  /** Still in the queue. */
  readonly left: number;
  /** Why messages were discarded or left, and how many. */
  readonly reasons: readonly { readonly action: 'discarded' | 'left'; readonly reason: string; readonly messages: number }[];
  /** What stopped the work on this queue. */
  readonly failure?: { readonly exitClass: ExitClass; readonly message: string };
}

/** How many messages one receive returns at most, and for how many seconds they are then invisible. */
const BATCH = 10;
const INVISIBLE = 60;

/** What the caller of `drain` asked for. */
const ASKED: Disposal = { action: 'discard', reason: 'as asked with --discard' };

/**
 * Works on every message of one queue: sends it to the function again, discards or leaves it. A failure ends the work on this queue, is
 * part of the answer, and leaves the other queues alone.
 */
export const drain = async (
  operator: Clients,
  { context, queue, discard }: { context: Context; queue: string; discard: boolean },
): Promise<Drained> => {
  const work = new QueueDrain(operator, { context, queue, discard });
  try {
    await work.run();
    return work.result();
  } catch (error) {
    const { exitClass, message } = explain(error);
    return { ...work.result(), failure: { exitClass, message } };
  }
};

/** The work on one queue, and its counts so far. */
class QueueDrain {
  private sent = 0;
  private discarded = 0;
  /** Ids of the messages that stay, and the receipt handles of those that are invisible because of this work. */
  private readonly left = new Map<string, string>();
  private readonly reasons = new Map<
    string,
    { readonly action: 'discarded' | 'left'; readonly reason: string; readonly messages: number }
  >();
  private url = '';

  constructor(
    private readonly operator: Clients,
    private readonly options: { readonly context: Context; readonly queue: string; readonly discard: boolean },
  ) {}

  async run(): Promise<void> {
    const { context, queue } = this.options;
    this.url = await queueUrl(this.operator, { context, name: queue });
    try {
      for (;;) {
        const messages = await this.receive();
        const fresh = messages.filter(({ MessageId: id = '' }) => !this.left.has(id));
        for (const { MessageId: id = '', ReceiptHandle: handle = '' } of messages) if (this.left.has(id)) this.left.set(id, handle);
        for (const message of fresh) await this.dispose(message);
        if (fresh.length === 0) return;
        // In a FIFO queue an invisible message hides every message behind it.
        if (queue.endsWith('.fifo')) await this.release();
      }
    } finally {
      await this.release();
    }
  }

  result(): Drained {
    const { sent, discarded, left, reasons, options } = this;
    return { queue: options.queue, sent, discarded, left: left.size, reasons: [...reasons.values()] };
  }

  private async receive(): Promise<readonly Message[]> {
    const { Messages: messages = [] } = await this.operator
      .sqs()
      .send(
        new ReceiveMessageCommand({ QueueUrl: this.url, MaxNumberOfMessages: BATCH, VisibilityTimeout: INVISIBLE, WaitTimeSeconds: 1 }),
      );
    return messages;
  }

  private async dispose({ MessageId: id = '', ReceiptHandle: handle = '', Body: body }: Message): Promise<void> {
    const { context, discard } = this.options;
    const disposal = discard ? ASKED : disposalOf(body, context.deployment.domain);
    // Until it is sent and deleted, it stays.
    this.left.set(id, handle);
    if (disposal.action === 'leave') return this.count('left', disposal.reason);
    if (disposal.action === 'send') await sendToFunction(this.operator, { context, body: disposal.body, id: randomUUID() });
    await this.operator.sqs().send(new DeleteMessageCommand({ QueueUrl: this.url, ReceiptHandle: handle }));
    this.left.delete(id);
    if (disposal.action === 'send') {
      this.sent += 1;
      return;
    }
    this.discarded += 1;
    this.count('discarded', disposal.reason);
  }

  private count(action: 'discarded' | 'left', reason: string): void {
    const messages = (this.reasons.get(reason)?.messages ?? 0) + 1;
    this.reasons.set(reason, { action, reason, messages });
  }

  /** Makes the messages that stay visible again, for the next person who works on them. */
  private async release(): Promise<void> {
    for (const [id, handle] of this.left) {
      if (handle === '') continue;
      this.left.set(id, '');
      // It becomes visible by itself where this fails.
      await this.operator
        .sqs()
        .send(new ChangeMessageVisibilityCommand({ QueueUrl: this.url, ReceiptHandle: handle, VisibilityTimeout: 0 }))
        .catch(() => undefined);
    }
  }
}
