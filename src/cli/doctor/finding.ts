import type { UnitFailure } from '../../../handler/core/ledger/unit-failure';
import { UnreadableItem } from '../../../handler/errors';
import { explain } from '../framework/explain';
import { unreadableFinding } from './unreadable-finding';

/** `problem`: access is or will be wrong. `warning`: it soon may be. `unknown`: it could not be looked at. */
export type Level = 'problem' | 'warning' | 'unknown';

/** Something that is not in order, and what to do about it. */
export interface Finding {
  readonly level: Level;
  /** What was looked at: `queue`, `bucket` … */
  readonly check: string;
  /** Which of them. */
  readonly subject: string;
  readonly finding: string;
  readonly remedy: string;
  /** Keys of the stored item that it is about. */
  readonly item?: { readonly partition: string; readonly sort: string };
  /** The recorded failure that it is about. */
  readonly failure?: UnitFailure;
}

/** One look at something. */
export interface Check {
  readonly name: string;
  readonly look: () => Promise<readonly Finding[]>;
}

/** Looks, and makes a finding of what could not be looked at: one missing right must not hide everything else. */
export const looked = async ({ name, look }: Check): Promise<readonly Finding[]> => {
  try {
    return await look();
  } catch (error) {
    if (error instanceof UnreadableItem) return [unreadableFinding(error)];
    const { exitClass, message, next } = explain(error);
    if (exitClass === 'denied') return [{ level: 'unknown', check: name, subject: name, finding: message, remedy: next }];
    if (exitClass === 'missing')
      return [{ level: 'problem', check: name, subject: name, finding: message, remedy: "apply the domain account's stack" }];
    throw error;
  }
};
