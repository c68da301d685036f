import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Contender, environmentOf } from './contenders';
import type { Stage } from './stage';

/** A contender's own process, fed with events. */
export class Runtime {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;
  private complaints = '';
  /** The most memory that the process ever held, once it was stopped. Node processes only. */
  mostMegabytes = 0;

  private constructor(contender: Contender, variables: Readonly<Record<string, string>>) {
    const [program, ...words] = contender.command;
    this.child = spawn(program, words, { env: { PATH: process.env['PATH'] ?? '', ...variables, ...QUIET } });
    this.child.stderr.on('data', (text: Buffer) => {
      this.complaints += text.toString();
    });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /** Starts the process; it loads its handler by itself. */
  static start(contender: Contender, stage: Stage): Runtime {
    return new Runtime(contender, environmentOf(stage, contender));
  }

  /** Hands over an event. It waits in the pipe for as long as the handler is being loaded. */
  send(event: unknown): void {
    this.child.stdin.write(`${JSON.stringify(event)}\n`);
  }

  /** Lets time pass for the process, one that was started with a clock. */
  async passes(milliseconds: number): Promise<void> {
    this.send({ passes: milliseconds });
    await this.says('done');
  }

  /** Resolves when the handler says that it is loaded, or that an event is done. What it logs on the side is passed over. */
  async says(word: 'loaded' | 'done'): Promise<void> {
    for (;;) {
      const { value, done } = await this.lines.next();
      if (done === true) throw new Error(`the process ended before it was ${word}: ${this.complaints}`);
      if (value === word) return;
    }
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('close', resolve));
    this.child.stdin.end();
    for (let { value, done } = await this.lines.next(); done !== true; { value, done } = await this.lines.next())
      if (value.startsWith('memory ')) this.mostMegabytes = Number(value.slice('memory '.length));
    await ended;
  }
}

const QUIET = {
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};
