import type { Head } from '../ledger/bucket-state';
import type { Drift } from './drift';

/** A day. Milliseconds. */
const COUNTED_FOR = 24 * 60 * 60_000;
/** After this many overwrites within a day, the function stops repairing the policy. */
const CONTENDED_AT = 3;

/** Returns the times of the overwrites of the last day, including the one that the current drift shows. */
export const overwritesSeen = (head: Head | undefined, { drift, now }: { drift: Drift; now: Date }): readonly string[] => {
  const recent = head?.overwrites?.filter((at) => now.getTime() - Date.parse(at) < COUNTED_FOR) ?? [];
  return drift.kind === 'wiped' || drift.kind === 'tampered' ? [...recent, now.toISOString()] : recent;
};

/** Returns whether another writer overwrites our statements repeatedly. Repairing them again would not help. */
export const isContended = (overwrites: readonly string[]): boolean => overwrites.length >= CONTENDED_AT;
