import type { Call, Fields } from '../call';

/**
 * What befalls a call:
 * - an error, in the service's form;
 * - `delay`: it reaches the service only when the promise resolves; `work`: the service is at it until then (an overlapping write of
 *   the same bucket policy is aborted);
 * - `landsAfter`: the client loses the connection, and the call takes effect so many milliseconds later by the double's clock;
 * - the connection cut before or after the call took effect, or in the middle of the answer's body; a body that ends in the middle of
 *   its text; no answer at all, until the client gives up, and no effect;
 * - a stale read, of a bucket policy or of subscriptions: what was there before the last change;
 * - `shows`: GetBucketPolicy answers with that policy, as stored;
 * - half a list: the second half of a page is missing, and the way to the next page.
 */
export type Fault =
  | { readonly status: number; readonly code: string; readonly message: string }
  | { readonly delay: Promise<unknown> }
  | { readonly work: Promise<unknown> }
  | { readonly landsAfter: number }
  | { readonly shows: Fields | undefined }
  | 'drop before'
  | 'drop after'
  | 'cut off'
  | 'garbled'
  | 'no answer'
  | 'stale read'
  | 'half a list';

/** Says what befalls a call; undefined for nothing. */
export type FaultHook = (call: Call) => Fault | undefined;

export class Faults {
  private readonly hooks = new Set<FaultHook>();

  /** Adds a hook, asked after those added before. @returns a function that takes it out. */
  add(hook: FaultHook): () => void {
    this.hooks.add(hook);
    return () => this.hooks.delete(hook);
  }

  /** The fault befalls the next `count` calls of an operation, and no others. */
  next(operation: string, fault: Fault, count = 1): void {
    let left = count;
    const remove = this.add((call) => {
      if (call.operation !== operation) return undefined;
      left -= 1;
      if (left === 0) remove();
      return fault;
    });
  }

  clear(): void {
    this.hooks.clear();
  }

  of(call: Call): Fault | undefined {
    for (const hook of this.hooks) {
      const fault = hook(call);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
}
