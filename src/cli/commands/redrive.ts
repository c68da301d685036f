import { namesOf } from '../../../modules/naming';
import { asOperator } from '../acting';
import { command } from '../framework/command';
import { flag, YES } from '../framework/fields';
import { lines } from '../framework/output';
import { counted } from '../framework/table';
import { confirmed } from '../requests/commanding';
import { type Drained, drain } from '../requests/drain-queue';
import { waitingIn } from '../requests/waiting-messages';

export const redrive = command({
  name: 'redrive',
  group: 'Changes',
  summary: 'Sends what was set aside to the function again: dead letters, and events that could not be delivered',
  details: [
    'Repair the cause first (docs/runbooks.md): a message that fails again is set aside again. Each is deleted only when it was sent.',
    'Only events of the rule, delivery tests and scheduled messages are sent again. An operator request is discarded: SQS would report you as its sender, whoever wrote it; ask again with its own command. Any other message is left in its queue, with the reason, and the exit code is 1.',
    '`--discard` deletes every message without sending it, also those that would be left. Use it after a reconcile has compared everything. Ten messages that are left at the front of the dead-letter queue hide those behind them, because the queue is FIFO.',
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
      context.terminal.answer({ queues }, () => lines(queues.map(({ queue, messages }) => `${queue}: ${counted(messages, 'message')}`)));
      return undefined;
    }
    await confirmed(context, { yes, question: `${discard ? 'Delete' : 'Send'} ${counted(total, 'message')}${discard ? '' : ' again'}?` });
    const drained: Drained[] = [];
    for (const { queue } of queues) drained.push(await drain(operator, { context, queue, discard }));
    context.terminal.answer({ queues: drained }, () => lines(drained.map(drainedText)));
    const failure = drained.find((one) => one.failure !== undefined)?.failure;
    return failure?.exitClass ?? (drained.some(({ left }) => left > 0) ? 'findings' : undefined);
  },
});

const drainedText = ({ queue, sent, discarded, left, reasons, failure }: Drained): string =>
  [
    `${queue}: ${sent} sent again, ${discarded} discarded, ${left} left`,
    ...reasons.map(({ action, reason, messages }) => `  ${counted(messages, 'message')} ${action}: ${reason}`),
    ...(failure === undefined ? [] : [`  stopped: ${failure.message}`]),
  ].join('\n');
