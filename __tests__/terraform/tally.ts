/** Counts what passed and what failed, and says each as it happens. */
export class Tally {
  private passed = 0;
  private failed = 0;

  /** Runs one step; a step that throws has failed. Answers whether it passed. */
  async step(name: string, run: () => Promise<void> | void): Promise<boolean> {
    const started = performance.now();
    try {
      await run();
    } catch (error) {
      this.failed++;
      console.error(`FAILED  ${name}\n${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
    this.passed++;
    console.log(`ok      ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
    return true;
  }

  /** Says what is not proved, or not as on AWS. */
  warn(sentence: string): void {
    console.log(`!!      ${sentence}`);
  }

  /** The closing line; answers the exit code. */
  close(): number {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    return this.failed > 0 || this.passed === 0 ? 1 : 0;
  }
}
