import type { Call } from './call';

/**
 * What befalls a call: an error in the service's form; a delay until the promise resolves; a connection cut before or after the
 * call took effect; or, for GetBucketPolicy, the policy before the last write.
 */
export type Fault =
  | { readonly status: number; readonly code: string; readonly message: string }
  | { readonly delay: Promise<unknown> }
  | 'drop before'
  | 'drop after'
  | 'stale read';

/** Says what befalls a call; undefined for nothing. Delays may be followed by nothing else. */
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
