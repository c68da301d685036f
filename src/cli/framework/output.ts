import { printable, printableJson } from '../../../handler/core/printable';

/** Longest value that is shown whole: DataZone's longest reason. JSON documents are never cut. */
const LONGEST = 4_096;

/**
 * Text that is safe to print. Only this module can make it: the line breaks and the colour codes in it are our own, and every value
 * in it went through `printable`.
 */
export class Output {
  constructor(
    private readonly safe: string,
    // A type that no other module can name keeps every other module from calling the constructor.
    _made: typeof MADE,
  ) {}

  /** Returns the text for a stream. */
  get printed(): string {
    return this.safe;
  }

  /** @throws Error, because a template literal without the tag `output` would lose the text */
  toString(): never {
    throw new Error('compose an Output with the tag output`…`');
  }
}

/** What output is composed of. A string is a value from anywhere: it is shown as one line. */
export type Piece = string | number | Output;

const ESCAPE = '\u001b';

const MADE = Symbol('made here');
const made = (safe: string): Output => new Output(safe, MADE);

/** Returns what a piece prints: one line, unless it is an `Output`. */
export const printed = (piece: Piece): string => (piece instanceof Output ? piece.printed : printable(String(piece), LONGEST));

/** Composes output: the template is ours and stays as written, line breaks included; every value is made safe. */
export const output = (template: TemplateStringsArray, ...values: readonly Piece[]): Output =>
  made(template.map((own, index) => own + (index < values.length ? printed(values[index] ?? '') : '')).join(''));

/** Puts each piece on a line of its own. */
export const lines = (pieces: readonly Piece[]): Output => made(pieces.map(printed).join('\n'));

/** Puts the pieces one after another, with `between` between them. */
export const joined = (pieces: readonly Piece[], between: Piece): Output => made(pieces.map(printed).join(printed(between)));

const jsonText = (value: unknown, indent: number): string => printableJson(JSON.stringify(value, null, indent) ?? 'null');

/** Shows a value as JSON text, whole; its layout is ours. */
export const json = (value: unknown, indent = 0): Output => made(jsonText(value, indent));

/**
 * Shows a value as JSON text for a Terraform heredoc, where `${` and `%{` begin a template.
 * Source: https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences-1
 */
export const jsonInHeredoc = (value: unknown, indent = 0): Output =>
  made(jsonText(value, indent).replace(/[$%](?=\{)/g, (sign) => (sign === '$' ? '\\u0024' : '\\u0025')));

/** Wraps output in an SGR sequence of a terminal: https://www.ecma-international.org/publications-and-standards/standards/ecma-48/ */
export const styled = (piece: Piece, { on, off }: { readonly on: number; readonly off: number }): Output =>
  made(`${ESCAPE}[${on}m${printed(piece)}${ESCAPE}[${off}m`);

/** Puts `start` at the start of each line that is not empty. */
export const indented = (piece: Piece, start: Piece = '  '): Output => {
  const own = printed(start);
  return made(printed(piece).replace(/^(?=.)/gm, () => own));
};

const SGR = new RegExp(`${ESCAPE}\\[\\d+m`, 'g');

/** Returns the number of characters that a piece takes on a line. */
export const widthOf = (piece: Piece): number => [...printed(piece).replace(SGR, '')].length;
