import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { LedgerReader } from '../../../handler/adapters/ledger/reader';
import { DELIVERY_TEST } from '../../../handler/contract/requests';
import { UnreadableItem } from '../../../handler/errors';
import { asOperator } from '../acting';
import { command } from '../framework/command';
import { CommandFailure } from '../framework/failure';
import { TIMEOUT, whole } from '../framework/fields';
import { output } from '../framework/output';
import { openReading } from '../reading';

/** The last test that arrived. One that cannot be read is replaced by the next that arrives. */
const lastTest = (ledger: LedgerReader) =>
  ledger.deliveryTest().catch((error: unknown) => {
    if (error instanceof UnreadableItem) return undefined;
    throw error;
  });

/** Milliseconds between two looks. */
const EVERY = 500;

export const sendTest = command({
  name: 'send-test',
  group: 'First hour',
  summary: 'Proves that events reach the function: sends one through bus, rule and queue, and waits until it was seen',
  details: ['No policy is touched, and nothing is decided on it.'],
  needs: 'commanding',
  options: { timeout: { ...TIMEOUT, about: 'how long to wait (default: 120)', value: whole(1, 86_400).default(120) } },
  examples: [{ line: 'send-test', about: 'Right after the first deployment, or when approvals do not arrive.' }],
  run: async (context, { timeout }) => {
    const { terminal, deployment } = context;
    const operator = await asOperator(context);
    const { ledger } = await openReading(context, operator);
    const id = randomUUID();
    const began = Date.now();
    const { Entries: [put] = [] } = await operator.events().send(
      new PutEventsCommand({
        Entries: [
          {
            Source: DELIVERY_TEST.source,
            DetailType: DELIVERY_TEST.detailType,
            Detail: JSON.stringify({ metadata: { domain: deployment.domain.id, id } }),
          },
        ],
      }),
    );
    if (put?.EventId === undefined)
      throw new CommandFailure(
        'refused',
        `the bus did not take the event: ${put?.ErrorMessage ?? put?.ErrorCode ?? 'it gave no reason'}`,
        'see: datazone-s3 doctor',
      );
    for (;;) {
      const last = await lastTest(ledger);
      const seconds = (Date.now() - began) / 1000;
      if (last?.id === id) {
        terminal.progress(undefined);
        terminal.answer(
          { id, arrivedAt: last.at, seconds },
          () => output`The function saw the event after ${seconds.toFixed(1)} s: bus, rule, queue and function are connected.`,
        );
        return undefined;
      }
      if (seconds >= timeout)
        throw new CommandFailure(
          'late',
          `the event did not reach the function within ${timeout} s${last === undefined ? '' : `; the last one that did is of ${last.at}`}`,
          'which link is broken is told by: datazone-s3 doctor',
        );
      terminal.progress(`waiting for the function … ${Math.round(seconds)} s`);
      await setTimeout(EVERY);
    }
  },
});
