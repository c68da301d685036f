import { createInterface } from 'node:readline/promises';
import { json, type Output, output, type Piece, printed, styled } from './output';

/** Where a command reads and writes: the process's streams, or a test's. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

export type Colour = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

const CODES: Readonly<Record<Colour, { readonly on: number; readonly off: number }>> = {
  green: { on: 32, off: 39 },
  red: { on: 31, off: 39 },
  yellow: { on: 33, off: 39 },
  dim: { on: 2, off: 22 },
  bold: { on: 1, off: 22 },
};

/**
 * What a command says, and to whom: answers go to standard output, everything said on the side to standard error, so that an answer
 * can be piped. Colour only where somebody looks: a terminal, and no NO_COLOR (https://no-color.org). What is printed is an `Output`:
 * external values in it hold no control characters and no line breaks.
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

  paint(colour: Colour, text: Piece): Output {
    const { stdout, env } = this.surroundings;
    if (stdout.isTTY !== true || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return output`${text}`;
    return styled(text, CODES[colour]);
  }

  /** The command's answer: `text` for people, `answer` as JSON with `--json`. */
  answer(answer: unknown, text: () => Output): void {
    this.write('stdout', this.json ? json(answer, 2) : text());
  }

  /** One of several answers that follow each other: with `--json` one line each. */
  follow(answer: unknown, text: () => Output): void {
    this.write('stdout', this.json ? json(answer) : text());
  }

  /** Said on the side. */
  note(text: Piece): void {
    this.write('stderr', text);
  }

  /** Where something stands, in one line that is written over; nothing where nobody looks. `undefined` clears it. */
  progress(text: Piece | undefined): void {
    const { stderr } = this.surroundings;
    if (stderr.isTTY === true) stderr.write(`\r\u001b[2K${printed(text ?? '')}`);
  }

  /** @returns what the person types; without one it is empty. */
  async ask(question: Piece): Promise<string> {
    if (!this.interactive) return '';
    const { stdin: input, stderr: output } = this.surroundings;
    const reader = createInterface({ input, output });
    try {
      return (await reader.question(`${printed(question)} `)).trim();
    } finally {
      reader.close();
    }
  }

  private write(stream: 'stdout' | 'stderr', text: Piece): void {
    this.surroundings[stream].write(`${printed(text)}\n`);
  }
}
