import type { Drift } from './drift';
import type { Head } from './head';

/** A day. Milliseconds. */
const COUNTED_FOR = 24 * 60 * 60_000;
/** So many within a day are a fight, which this product does not go on with. */
const CONTENDED_AT = 3;

/** Overwrites of the last day, with the one that was just seen, if it was one. */
export const overwritesSeen = (head: Head | undefined, { drift, now }: { drift: Drift; now: Date }): readonly string[] => {
  const recent = head?.overwrites?.filter((at) => now.getTime() - Date.parse(at) < COUNTED_FOR) ?? [];
  return drift.kind === 'wiped' || drift.kind === 'tampered' ? [...recent, now.toISOString()] : recent;
};

/** Whether somebody keeps overwriting our statements, so that repairing them again would only be a fight. */
export const isContended = (overwrites: readonly string[]): boolean => overwrites.length >= CONTENDED_AT;
