import { setTimeout } from 'node:timers/promises';
import type { SubscriptionRecord } from '../../../handler/core/ledger/subscription-record';
import { UnreadableItem } from '../../../handler/errors';
import { type Step, type SubscriptionStatus, statusOf } from '../answers/status-steps';
import { noteUnreadable, type UnreadableEntry, unreadableEntries } from '../answers/unreadable';
import { command } from '../framework/command';
import { CommandFailure } from '../framework/failure';
import { argument, flag, subscriptionId, TIMEOUT } from '../framework/fields';
import { lines, type Output, output } from '../framework/output';
import type { Terminal } from '../framework/terminal';
import { openReading, type Reading, readBuckets, unreadableIn } from '../reading';

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
      noteUnreadable(terminal, first.unreadable);
      terminal.answer(first, () => shown(first, terminal));
      return undefined;
    }
    const until = Date.now() + timeout * 1000;
    for (let seen = '', now = first; ; now = await look(reading, subscription)) {
      const text = JSON.stringify(now);
      if (now !== undefined && text !== seen) {
        noteUnreadable(terminal, now.unreadable);
        terminal.follow(now, () => shown(now, terminal));
      }
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

/** A subscription's status, with the stored items that could not be read for it. */
type StatusReading = SubscriptionStatus & { readonly unreadable: readonly UnreadableEntry[] };

const look = async (reading: Reading, id: string): Promise<StatusReading | undefined> => {
  const { ledger } = reading;
  const [{ record, settledGrants, unreadable }, { failures, unreadable: lost }] = await Promise.all([
    ledger.subscription(id),
    ledger.failures(),
  ]);
  const [buckets, request] = await Promise.all([readBuckets(reading, record?.buckets ?? []), endingRequest(ledger, record)]);
  const errors = [...unreadable, ...lost, ...unreadableIn(buckets), ...request.unreadable];
  const found = statusOf({ id, record, settledGrants, buckets, failures, request: request.record });
  return found === undefined ? undefined : { ...found, unreadable: unreadableEntries(errors) };
};

/** The operator's request that ended a subscription. Only its time is taken from it, so it may be gone or unreadable. */
const endingRequest = async (ledger: Reading['ledger'], record: SubscriptionRecord | undefined) => {
  if (record?.endedBy === undefined) return { record: undefined, unreadable: [] };
  try {
    return { record: await ledger.request(record.endedBy.request), unreadable: [] };
  } catch (error) {
    if (!(error instanceof UnreadableItem)) throw error;
    return { record: undefined, unreadable: [error] };
  }
};

const unknown = (id: string): CommandFailure =>
  new CommandFailure(
    'missing',
    `the ledger knows no subscription '${id}'`,
    'check the id and that it is approved; whether events arrive at all is told by: datazone-s3 send-test',
  );

const SIGNS = { done: ['green', '✓'], waiting: ['yellow', '…'], failed: ['red', '✗'] } as const;

const stepText = ({ state, at, text }: Step, terminal: Terminal): Output => {
  const [colour, sign] = SIGNS[state];
  return output`  ${terminal.paint(colour, sign)} ${(at ?? '').slice(0, 19).padEnd(19)}  ${text}`;
};

const shown = (now: SubscriptionStatus, terminal: Terminal): Output =>
  lines([
    output`subscription ${now.subscription}: ${now.outcome}${now.code === undefined ? '' : output` (${now.code})`}`,
    ...now.steps.map((step) => stepText(step, terminal)),
    ...(now.nextAttempt === undefined ? [] : [output`  evaluated again at ${now.nextAttempt.slice(0, 19)}`]),
  ]);
