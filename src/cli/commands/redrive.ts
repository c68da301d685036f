import { randomUUID } from 'node:crypto';
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { namesOf } from '../../../modules/naming';
import { asOperator } from '../acting';
import type { Clients } from '../clients';
import { command } from '../framework/command';
import type { Context } from '../framework/context';
import { CommandFailure } from '../framework/failure';
import { flag, YES } from '../framework/fields';
import { counted } from '../framework/table';
import { confirmed } from '../requests/commanding';
import { queueUrl, sendToFunction } from '../requests/send-request';
import { waitingIn } from '../requests/waiting-messages';

/** What was done with the messages of one queue. */
interface Redriven {
  readonly queue: string;
  readonly sent: number;
  readonly discarded: number;
}

export const redrive = command({
  name: 'redrive',
  group: 'Changes',
  summary: 'Sends what was set aside to the function again: dead letters, and events that could not be delivered',
  details: [
    'Repair the cause first (docs/runbooks.md): a message that fails again is set aside again. Each is deleted only when it was sent. `--discard` deletes without sending, after a reconcile has seen everything they could say.',
  ],
  needs: 'commanding',
  options: {
    discard: flag('--discard', 'delete the messages without sending them'),
    dryRun: flag('--dry-run', 'only tell how many there are'),
    yes: YES,
  },
  examples: [
    { line: 'redrive --dry-run', about: 'How many messages were set aside.' },
    { line: 'redrive --yes', about: 'Sends them again.' },
  ],
  run: async (context, { discard, dryRun, yes }) => {
    const operator = await asOperator(context);
    const { deadLetterQueue, undeliveredQueue } = namesOf(context.deployment.naming.prefix);
    const queues = await Promise.all([deadLetterQueue, undeliveredQueue].map((name) => waitingIn(operator, { context, name })));
    const total = queues.reduce((sum, { messages }) => sum + messages, 0);
    if (dryRun || total === 0) {
      context.terminal.answer({ queues }, () =>
        queues.map(({ queue, messages }) => `${queue}: ${counted(messages, 'message')}`).join('\n'),
      );
      return undefined;
    }
    await confirmed(context, { yes, question: `${discard ? 'Delete' : 'Send'} ${counted(total, 'message')}${discard ? '' : ' again'}?` });
    const done: Redriven[] = [];
    for (const { queue } of queues) done.push(await drain(operator, { context, queue, discard }));
    context.terminal.answer({ queues: done }, () =>
      done.map(({ queue, sent, discarded }) => `${queue}: ${sent} sent again, ${discarded} discarded`).join('\n'),
    );
    return undefined;
  },
});

/** How many messages one receive gives at most, and how often an empty answer is asked again: a standard queue may hold some back. */
const BATCH = 10;

const drain = async (
  operator: Clients,
  { context, queue, discard }: { context: Context; queue: string; discard: boolean },
): Promise<Redriven> => {
  const url = await queueUrl(operator, { context, name: queue });
  let [sent, discarded] = [0, 0];
  for (;;) {
    const { Messages: messages = [] } = await operator
      .sqs()
      .send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: BATCH, VisibilityTimeout: 60, WaitTimeSeconds: 1 }));
    if (messages.length === 0) return { queue, sent, discarded };
    for (const { Body: body, ReceiptHandle: handle } of messages) {
      if (body === undefined || handle === undefined)
        throw new CommandFailure(
          'defect',
          `queue '${queue}' gave a message without a body`,
          'run it again with --debug, and report what it prints',
        );
      if (!discard) await sendToFunction(operator, { context, body, id: randomUUID() });
      await operator.sqs().send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: handle }));
      if (discard) discarded++;
      else sent++;
    }
  }
};
