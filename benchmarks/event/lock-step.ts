import { setTimeout } from 'node:timers/promises';
import type { LocalAws } from '../../local-aws/local-aws';

/** A call and the round in which it was made, counted from 1. */
export type SteppedCall = { readonly round: number; readonly service: string; readonly operation: string };

/** Looks in a row that must find nothing new before everybody counts as waiting, and the time between them in milliseconds. */
const QUIET_LOOKS = 6;
const LOOK_EVERY = 4;

/**
 * Runs work against the double in lock-step: calls are held until all that could be made were made, then answered together. So a
 * call's round is the longest chain of answers that it had to wait for, whatever the machine is doing meanwhile.
 */
export const inLockStep = async (aws: LocalAws, work: () => Promise<unknown>): Promise<readonly SteppedCall[]> => {
  const calls: SteppedCall[] = [];
  let round = 1;
  let held: (() => void)[] = [];
  const answeredBefore = aws.recorder.calls.length;
  const remove = aws.faults.add(({ service, operation }) => {
    calls.push({ round, service, operation });
    return { delay: new Promise<void>((release) => held.push(release)) };
  });
  const state = { finished: false };
  const finished = work().finally(() => {
    state.finished = true;
  });
  finished.catch(() => undefined);
  let quiet = 0;
  let seen = -1;
  while (!state.finished) {
    await setTimeout(LOOK_EVERY);
    const everyReleasedIsAnswered = aws.recorder.calls.length - answeredBefore === calls.length - held.length;
    quiet = calls.length === seen && everyReleasedIsAnswered && held.length > 0 ? quiet + 1 : 0;
    seen = calls.length;
    if (quiet < QUIET_LOOKS) continue;
    const release = held;
    held = [];
    quiet = 0;
    round += 1;
    for (const answer of release) answer();
  }
  remove();
  await finished;
  return calls;
};

/** The round in which the policy was written; its end is when access is given. */
export const roundOfWrite = (calls: readonly SteppedCall[]): number =>
  calls.find(({ operation }) => operation === 'PutBucketPolicy')?.round ?? 0;
