import { setTimeout } from 'node:timers/promises';
import type { LedgerReader } from '../../../handler/adapters/ledger/reader';
import type { RequestRecord } from '../../../handler/core/ledger/request-record';
import { CommandFailure } from '../framework/failure';

/** Milliseconds between two looks: short at first, since most requests are done at once. */
const FIRST = 250;
const LONGEST = 5_000;

/** What an operator is told while waiting. */
export type Watcher = (item: RequestRecord | undefined, seconds: number) => Promise<void> | void;

/**
 * Waits for a request's result in the ledger.
 * @throws CommandFailure when it is refused, or not there in time
 */
export const awaitRequest = async (
  ledger: LedgerReader,
  { id, timeout, watch = () => undefined }: { id: string; timeout: number; watch?: Watcher },
): Promise<RequestRecord> => {
  const began = Date.now();
  for (let pause = FIRST; ; pause = Math.min(pause * 1.5, LONGEST)) {
    const item = await ledger.request(id);
    if (item?.state === 'done') return item;
    if (item?.state === 'refused')
      throw new CommandFailure(
        'refused',
        `the request was refused: ${item.message ?? 'without a reason'}`,
        'correct what it names and ask again',
      );
    const seconds = (Date.now() - began) / 1000;
    if (seconds >= timeout)
      throw new CommandFailure(
        'late',
        `request ${id} ${item === undefined ? 'was not taken up' : `is ${item.state}`} after ${timeout} s`,
        'it goes on by itself; whether the function works is told by: datazone-s3 doctor',
      );
    await watch(item, seconds);
    await setTimeout(Math.min(pause, Math.max(1, (timeout - seconds) * 1000)));
  }
};
