import { REQUEST_LIMITS } from '../../handler/adapters/client-settings';

/** What a function gets in place of Node's timers. */
export type FunctionTimers = {
  readonly setTimeout: (callback: (...given: unknown[]) => void, milliseconds?: number, ...given: unknown[]) => unknown;
  readonly clearTimeout: typeof clearTimeout;
};

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Holds the time limits of the AWS requests that functions send. A limit never elapses by itself: a request runs out of time only if a
 * fault or a test says so, however slow the machine is. All other timers run as usual.
 */
export class RequestLimits {
  /** What to call when the limit of a request elapses that has no response yet, by its timer. */
  private readonly waiting = new Map<unknown, () => void>();
  private unanswered = 0;

  /** For `FunctionRun.timers`. */
  readonly timers: FunctionTimers = {
    setTimeout: (callback, milliseconds, ...given) => {
      if (milliseconds !== REQUEST_LIMITS.connect && milliseconds !== REQUEST_LIMITS.response)
        return setTimeout(callback, milliseconds, ...given);
      const timer = {};
      if (milliseconds === REQUEST_LIMITS.response) this.waiting.set(timer, () => callback(...given));
      return timer;
    },
    clearTimeout: (timer) => {
      if (!this.waiting.delete(timer)) clearTimeout(timer);
    },
  };

  /**
   * Lets the limit of every waiting request elapse as soon as at most `count()` requests wait. The others get their responses first, as
   * they would within the seconds of a real limit.
   */
  async elapse(count: () => number): Promise<void> {
    while (count() === 0 || this.waiting.size > count()) await nextTurn();
    for (const [timer, giveUp] of [...this.waiting]) {
      this.waiting.delete(timer);
      giveUp();
    }
  }

  /** Leaves a request without a response until its limit elapses. `gone` resolves when the client has closed the connection. */
  async leaveUnanswered(gone: Promise<void>): Promise<void> {
    this.unanswered += 1;
    void this.elapse(() => this.unanswered);
    await gone;
    this.unanswered -= 1;
  }
}
