import { setImmediate } from 'node:timers/promises';
import type { LocalAws } from '../../local-aws/local-aws';

/** A call and the round in which it was made, counted from 1. */
export type RoundedCall = { readonly round: number; readonly service: string; readonly operation: string };

/**
 * Turns of the event loop without a new call after which all work is taken to wait for answers. Client and emulator share this process
 * and its loopback interface, so a pending step needs turns, not time: load on the machine does not split a round.
 */
const QUIET_TURNS = 500;

/**
 * Counts the rounds of some work: holds its calls back until no further call arrives, then answers them all, and starts the next round.
 * The round of a call is therefore the length of the longest chain of answers that it depends on. The work must run in this process.
 */
export const countRounds = async (aws: LocalAws, work: () => Promise<unknown>): Promise<readonly RoundedCall[]> => {
  const calls: RoundedCall[] = [];
  let round = 1;
  let held: (() => void)[] = [];
  const answeredBefore = aws.recorder.calls.length;
  const remove = aws.faults.add(({ service, operation }) => {
    calls.push({ round, service, operation });
    return { delay: new Promise<void>((release) => held.push(release)) };
  });
  const state = { isFinished: false };
  const finished = work().finally(() => {
    state.isFinished = true;
  });
  // The rejection is handled below, after the loop.
  finished.catch(() => undefined);
  let quietTurns = 0;
  let callsBefore = 0;
  while (!state.isFinished) {
    await setImmediate();
    const areReleasedAnswered = aws.recorder.calls.length - answeredBefore === calls.length - held.length;
    quietTurns = calls.length === callsBefore && areReleasedAnswered && held.length > 0 ? quietTurns + 1 : 0;
    callsBefore = calls.length;
    if (quietTurns < QUIET_TURNS) continue;
    const releases = held;
    held = [];
    quietTurns = 0;
    round += 1;
    for (const release of releases) release();
  }
  remove();
  await finished;
  return calls;
};

/** Returns the round in which the policy was written, or 0 if it was not. Access starts with the answer of that round. */
export const roundOfWrite = (calls: readonly RoundedCall[]): number =>
  calls.find(({ operation }) => operation === 'PutBucketPolicy')?.round ?? 0;
