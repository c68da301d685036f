type Waiting = { readonly due: number; readonly run: () => Promise<void> | void };

/** What happens by itself when the double's clock has come so far: a call that lands late, an event that was held up. */
export class Later {
  private waiting: readonly Waiting[] = [];

  constructor(private readonly clock: () => Date) {}

  /** `delay` in milliseconds of the double's clock. */
  add(delay: number, run: Waiting['run']): void {
    this.waiting = [...this.waiting, { due: this.clock().getTime() + delay, run }];
  }

  get size(): number {
    return this.waiting.length;
  }

  /** Runs what is due, the earliest first. Whatever the double is asked to do next, this has happened before. */
  runDue(): Promise<void> {
    return this.runUntil(this.clock().getTime());
  }

  /** Runs everything, as if time had passed. */
  runAll(): Promise<void> {
    return this.runUntil(Number.POSITIVE_INFINITY);
  }

  private async runUntil(end: number): Promise<void> {
    for (let next = this.take(end); next !== undefined; next = this.take(end)) await next.run();
  }

  private take(end: number): Waiting | undefined {
    const [first] = this.waiting.filter(({ due }) => due <= end).toSorted((a, b) => a.due - b.due);
    this.waiting = this.waiting.filter((one) => one !== first);
    return first;
  }
}
