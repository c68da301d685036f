import { createInterface } from 'node:readline/promises';

/** Where a command reads and writes: the process's streams, or a test's. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

export type Colour = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

const CODES: Readonly<Record<Colour, readonly [on: number, off: number]>> = {
  green: [32, 39],
  red: [31, 39],
  yellow: [33, 39],
  dim: [2, 22],
  bold: [1, 22],
};

/**
 * What a command says, and to whom: answers go to standard output, everything said on the side to standard error, so that an answer
 * can be piped. Colour only where somebody looks: a terminal, and no NO_COLOR (https://no-color.org).
 */
export class Terminal {
  constructor(
    private readonly surroundings: Surroundings,
    readonly json: boolean,
  ) {}

  /** Whether a person is there to be asked. */
  get interactive(): boolean {
    return this.surroundings.stdin.isTTY === true && this.surroundings.stderr.isTTY === true;
  }

  get columns(): number {
    return this.surroundings.stdout.columns ?? 120;
  }

  paint(colour: Colour, text: string): string {
    const { stdout, env } = this.surroundings;
    if (stdout.isTTY !== true || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return text;
    const [on, off] = CODES[colour];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  }

  /** The command's answer: `text` for people, `answer` as JSON with `--json`. */
  answer(answer: unknown, text: () => string): void {
    this.surroundings.stdout.write(this.json ? `${JSON.stringify(answer, null, 2)}\n` : `${text()}\n`);
  }

  /** One of several answers that follow each other: with `--json` one line each. */
  follow(answer: unknown, text: () => string): void {
    this.surroundings.stdout.write(this.json ? `${JSON.stringify(answer)}\n` : `${text()}\n`);
  }

  /** Said on the side. */
  note(text: string): void {
    this.surroundings.stderr.write(`${text}\n`);
  }

  /** Where something stands, in one line that is written over; nothing where nobody looks. `undefined` clears it. */
  progress(text: string | undefined): void {
    const { stderr } = this.surroundings;
    if (stderr.isTTY === true) stderr.write(`\r\u001b[2K${text ?? ''}`);
  }

  /** @returns what the person types; without one it is empty. */
  async ask(question: string): Promise<string> {
    if (!this.interactive) return '';
    const { stdin: input, stderr: output } = this.surroundings;
    const reader = createInterface({ input, output });
    try {
      return (await reader.question(`${question} `)).trim();
    } finally {
      reader.close();
    }
  }
}
