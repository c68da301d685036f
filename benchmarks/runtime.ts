import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Contender, environmentOf } from './contenders';
import type { DomainFixture } from './domain-fixture';

/** Silences the logs and metrics of the function, and the SDK's warning about the Node version. */
export const QUIET = {
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
} as const;

/** A contender in its own process, which reads events from standard input. */
export class Runtime {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;
  private errorOutput = '';
  /** The peak memory of the process in MB, known after `stop`. Node processes only. */
  peakMegabytes = 0;

  private constructor(contender: Contender, variables: Readonly<Record<string, string>>) {
    const [program, ...args] = contender.command;
    this.child = spawn(program, args, { env: { PATH: process.env['PATH'] ?? '', ...variables, ...QUIET } });
    this.child.stderr.on('data', (text: Buffer) => {
      this.errorOutput += text.toString();
    });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /** Starts the process, which loads its handler at once. */
  static start(contender: Contender, fixture: DomainFixture): Runtime {
    return new Runtime(contender, environmentOf(fixture, contender));
  }

  /** Writes an event to the pipe, where it waits until the handler is loaded. */
  send(event: unknown): void {
    this.child.stdin.write(`${JSON.stringify(event)}\n`);
  }

  /** Advances the clock of a process that was started with `clock`. */
  async advanceClock(milliseconds: number): Promise<void> {
    this.send({ advanceClock: milliseconds });
    await this.waitFor('done');
  }

  /** Resolves when the handler is loaded, or when an event is done. Ignores everything else that the handler prints. */
  async waitFor(signal: 'loaded' | 'done'): Promise<void> {
    for (;;) {
      const { value, done } = await this.lines.next();
      if (done === true) throw new Error(`the process ended before '${signal}': ${this.errorOutput}`);
      if (value === signal) return;
    }
  }

  /** Closes the input, waits for the end of the process and records its peak memory. */
  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('close', resolve));
    this.child.stdin.end();
    for (let { value, done } = await this.lines.next(); done !== true; { value, done } = await this.lines.next())
      if (value.startsWith('memory ')) this.peakMegabytes = Number(value.slice('memory '.length));
    await ended;
  }
}
