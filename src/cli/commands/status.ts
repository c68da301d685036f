import { setTimeout } from 'node:timers/promises';
import { type Step, type SubscriptionStatus, statusOf } from '../answers/status-steps';
import { command } from '../framework/command';
import { CommandFailure } from '../framework/failure';
import { argument, flag, subscriptionId, TIMEOUT } from '../framework/fields';
import type { Terminal } from '../framework/terminal';
import { openReading, type Reading, readBuckets } from '../reading';

/** Milliseconds between two looks. */
const EVERY = 2_000;

export const status = command({
  name: 'status',
  group: 'First hour',
  summary: 'Tells what has become of a subscription: each step with its time, and what it waits for',
  needs: 'reading',
  arguments: {
    subscription: argument('<subscription>', "the subscription's id, as DataZone and the list of grants show it", subscriptionId),
  },
  options: {
    watch: flag('--watch', 'look again until nothing more will happen by itself'),
    timeout: { ...TIMEOUT, about: 'how long to watch (default: 900)' },
  },
  examples: [
    { line: 'status 9kq2mdmzvnr5uf', about: 'Where it stands.' },
    { line: 'status 9kq2mdmzvnr5uf --watch', about: 'Follows it until it is granted, refused or gone.' },
  ],
  run: async (context, { subscription, watch, timeout }) => {
    const { terminal } = context;
    const reading = await openReading(context);
    const first = await look(reading, subscription);
    if (!watch) {
      if (first === undefined) throw unknown(subscription);
      terminal.answer(first, () => shown(first, terminal));
      return undefined;
    }
    const until = Date.now() + timeout * 1000;
    for (let seen = '', now = first; ; now = await look(reading, subscription)) {
      const text = JSON.stringify(now);
      if (now !== undefined && text !== seen) terminal.follow(now, () => shown(now, terminal));
      seen = text;
      if (now?.settled === true) return undefined;
      if (Date.now() >= until)
        throw now === undefined
          ? unknown(subscription)
          : new CommandFailure(
              'late',
              `subscription '${subscription}' is not settled after ${timeout} s`,
              'look at what it waits for above, and watch on',
            );
      await setTimeout(EVERY);
    }
  },
});

const look = async (reading: Reading, id: string): Promise<SubscriptionStatus | undefined> => {
  const record = await reading.ledger.subscription(id);
  return record === undefined ? undefined : statusOf(record, await readBuckets(reading, record.buckets));
};

const unknown = (id: string): CommandFailure =>
  new CommandFailure(
    'missing',
    `the ledger knows no subscription '${id}'`,
    'check the id and that it is approved; whether events arrive at all is told by: datazone-s3 send-test',
  );

const SIGNS = { done: ['green', '✓'], waiting: ['yellow', '…'], failed: ['red', '✗'] } as const;

const stepText = ({ state, at, text }: Step, terminal: Terminal): string => {
  const [colour, sign] = SIGNS[state];
  return `  ${terminal.paint(colour, sign)} ${(at ?? '').slice(0, 19).padEnd(19)}  ${text}`;
};

const shown = (now: SubscriptionStatus, terminal: Terminal): string =>
  [
    `subscription ${now.subscription}: ${now.outcome}${now.code === undefined ? '' : ` (${now.code})`}`,
    ...now.steps.map((step) => stepText(step, terminal)),
    ...(now.nextAttempt === undefined ? [] : [`  looked at again at ${now.nextAttempt.slice(0, 19)}`]),
  ].join('\n');
