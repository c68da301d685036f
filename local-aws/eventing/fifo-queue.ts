import { createHash } from 'node:crypto';

/** A queue as Terraform describes it; times in seconds. `policy` is JSON text. */
export type QueueSettings = {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly fifo: boolean;
  readonly contentBasedDeduplication: boolean;
  readonly visibilityTimeout: number;
  /** @default 345600, four days */
  readonly retention?: number;
  readonly policy?: string;
  readonly redrive?: { readonly deadLetterArn: string; readonly maxReceiveCount: number };
};

export type Message = {
  readonly id: string;
  readonly body: string;
  readonly group: string;
  readonly deduplicationId: string;
  readonly senderId: string;
  readonly sequenceNumber: string;
  readonly sentAt: number;
  readonly receiveCount: number;
  readonly firstReceivedAt?: number;
  /** Epoch milliseconds until which nobody receives it, nor anything behind it in its group. */
  readonly invisibleUntil: number;
  readonly receiptHandle: string;
};

export type NewMessage = { readonly body: string; readonly senderId: string; readonly group?: string; readonly deduplicationId?: string };

const DEDUPLICATION_MILLISECONDS = 5 * 60_000;
const MOST_IN_A_BATCH = 10;
const RETENTION_SECONDS = 345_600;
/** Source: Amazon SQS Developer Guide, "Amazon SQS message quotas": 1 MiB since August 2025. */
const MOST_BYTES = 1_048_576;

/** One queue: FIFO order by group, deduplication, visibility, receive counts. A standard queue is kept in the same order. */
export class FifoQueue {
  private messages: readonly Message[] = [];
  /** What was sent within the last minutes, by deduplication id: a duplicate is answered with the first one's ids. */
  private readonly seen = new Map<string, Pick<Message, 'id' | 'sequenceNumber' | 'sentAt'>>();
  private sent = 0;
  private received = 0;

  constructor(
    readonly settings: QueueSettings,
    private readonly clock: () => Date,
    /** Where a message goes that was received too often. */
    private readonly setAside: (message: Message, deadLetterArn: string) => void,
  ) {}

  /** @returns the message's id; undefined for a duplicate, which is accepted and dropped. */
  send(message: NewMessage): string | undefined {
    const { id, isDuplicate } = this.accept(message);
    return isDuplicate ? undefined : id;
  }

  /** As SQS answers: a duplicate has the ids of the message it repeats, whether or not that one is still there. */
  accept({ body, senderId, group, deduplicationId }: NewMessage): Pick<Message, 'id' | 'sequenceNumber'> & { isDuplicate: boolean } {
    const { fifo, contentBasedDeduplication, name } = this.settings;
    const now = this.clock().getTime();
    if (Buffer.byteLength(body) > MOST_BYTES) throw new Error(`a message of queue '${name}' must be shorter than ${MOST_BYTES} bytes`);
    if (fifo && group === undefined) throw new Error(`queue '${name}' is FIFO: a message needs a message group`);
    const key = deduplicationId ?? (contentBasedDeduplication ? createHash('sha256').update(body).digest('hex') : undefined);
    if (fifo && key === undefined) throw new Error(`queue '${name}' wants a deduplication id, or content-based deduplication`);
    const first = key === undefined ? undefined : this.seen.get(key);
    if (fifo && first !== undefined && now - first.sentAt < DEDUPLICATION_MILLISECONDS) return { ...first, isDuplicate: true };
    this.sent += 1;
    const id = `${String(this.sent).padStart(8, '0')}-0000-4000-8000-${createHash('sha256').update(name).digest('hex').slice(0, 12)}`;
    const message: Message = {
      id,
      body,
      senderId,
      group: group ?? id,
      deduplicationId: key ?? id,
      sequenceNumber: String(this.sent).padStart(20, '1'),
      sentAt: now,
      receiveCount: 0,
      invisibleUntil: 0,
      receiptHandle: '',
    };
    this.messages = [...this.messages, message];
    if (key !== undefined) this.seen.set(key, message);
    return { id, sequenceNumber: message.sequenceNumber, isDuplicate: false };
  }

  /** The next messages; a group one of whose messages is in flight, or waits out its visibility, gives none. */
  receive(most = MOST_IN_A_BATCH, visibilityTimeout = this.settings.visibilityTimeout): readonly Message[] {
    this.forget();
    this.moveDead();
    const now = this.clock().getTime();
    const blocked = new Set(this.messages.filter(({ invisibleUntil }) => invisibleUntil > now).map(({ group }) => group));
    const batch = this.messages.filter(({ group }) => !blocked.has(group)).slice(0, Math.min(most, MOST_IN_A_BATCH));
    const taken = batch.map((message) => {
      this.received += 1;
      return {
        ...message,
        receiveCount: message.receiveCount + 1,
        firstReceivedAt: message.firstReceivedAt ?? now,
        invisibleUntil: now + visibilityTimeout * 1000,
        receiptHandle: `receipt-${this.received}`,
      };
    });
    const byId = new Map(taken.map((message) => [message.id, message]));
    this.messages = this.messages.map((message) => byId.get(message.id) ?? message);
    return taken;
  }

  /** Whatever nobody took in time is gone. */
  private forget(): void {
    const oldest = this.clock().getTime() - (this.settings.retention ?? RETENTION_SECONDS) * 1000;
    this.messages = this.messages.filter(({ sentAt }) => sentAt >= oldest);
  }

  private moveDead(): void {
    const { redrive } = this.settings;
    if (redrive === undefined) return;
    const now = this.clock().getTime();
    const isDead = ({ receiveCount, invisibleUntil }: Message) => receiveCount >= redrive.maxReceiveCount && invisibleUntil <= now;
    const dead = this.messages.filter(isDead);
    this.messages = this.messages.filter((message) => !isDead(message));
    for (const message of dead) this.setAside(message, redrive.deadLetterArn);
  }

  /**
   * A handle of an earlier receive deletes nothing; nor, in a FIFO queue, one whose visibility has run out.
   * Source: Amazon SQS API Reference, DeleteMessage.
   */
  delete(receiptHandle: string): void {
    const now = this.clock().getTime();
    const isMeant = (message: Message) => message.receiptHandle === receiptHandle && (!this.settings.fifo || message.invisibleUntil > now);
    this.messages = this.messages.filter((message) => !isMeant(message));
  }

  /**
   * Counts a message's visibility anew, in seconds from now. SQS takes the handle of the last receive, while the message is in flight.
   * Source: Amazon SQS API Reference, ChangeMessageVisibility.
   */
  changeVisibility(receiptHandle: string, seconds: number): 'changed' | 'unknown handle' | 'not in flight' {
    const number = /^receipt-(\d+)$/.exec(receiptHandle)?.[1];
    if (number === undefined || Number(number) < 1 || Number(number) > this.received) return 'unknown handle';
    const now = this.clock().getTime();
    const meant = this.messages.find((message) => message.receiptHandle === receiptHandle && message.invisibleUntil > now);
    if (meant === undefined) return 'not in flight';
    const changed = { ...meant, invisibleUntil: now + seconds * 1000 };
    this.messages = this.messages.map((message) => (message.id === meant.id ? changed : message));
    return 'changed';
  }

  /** How many wait, and how many are in flight, in the words of GetQueueAttributes. */
  counts() {
    this.forget();
    const now = this.clock().getTime();
    const inFlight = this.messages.filter(({ invisibleUntil }) => invisibleUntil > now).length;
    return {
      ApproximateNumberOfMessages: String(this.messages.length - inFlight),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
      ApproximateNumberOfMessagesDelayed: '0',
    };
  }

  /** All messages, visible or not, in order. */
  list(): readonly Message[] {
    return structuredClone(this.messages);
  }

  /** How many a receive could give now. */
  visible(): number {
    this.forget();
    this.moveDead();
    const now = this.clock().getTime();
    const blocked = new Set(this.messages.filter(({ invisibleUntil }) => invisibleUntil > now).map(({ group }) => group));
    return this.messages.filter(({ group }) => !blocked.has(group)).length;
  }
}
