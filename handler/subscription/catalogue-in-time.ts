import { TransientFailure } from '../errors';
import type { Catalogue } from '../ports';

/**
 * The catalogue for as long as there is time to wait for it. After that its calls fail before they are made, and the little time that
 * is left goes to the ledger: what could not be read is due again, where an invocation that is cut off would give its messages back.
 */
export const catalogueInTime = (catalogue: Catalogue, timeIsUp: () => boolean): Catalogue => {
  const inTime =
    (call: (...given: never[]) => Promise<unknown>) =>
    async (...given: never[]): Promise<unknown> => {
      if (!timeIsUp()) return call(...given);
      throw new TransientFailure('unavailable', 'the time of this invocation ended before DataZone was called; it is called again');
    };
  return Object.fromEntries(Object.entries(catalogue).map(([name, call]) => [name, inTime(call)])) as unknown as Catalogue;
};
