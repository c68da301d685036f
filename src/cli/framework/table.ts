import { lines, type Output, output, type Piece, widthOf } from './output';

/**
 * Makes a table: columns as wide as their widest cell, two spaces between, no cell cut off. `undefined` cells stay empty.
 */
export const table = (head: readonly Piece[], rows: readonly (readonly (Piece | undefined)[])[]): Output => {
  const all = [head, ...rows.map((row) => head.map((_, column) => row[column] ?? ''))];
  const widths = head.map((_, column) => Math.max(...all.map((line) => widthOf(line[column] ?? ''))));
  return lines(all.map((line) => lineOf(line, widths)));
};

const lineOf = (cells: readonly Piece[], widths: readonly number[]): Output => {
  const last = cells.findLastIndex((cell) => widthOf(cell) > 0);
  return cells
    .slice(0, last + 1)
    .reduce<Output>(
      (line, cell, column) => output`${line}${cell}${column === last ? '' : ' '.repeat((widths[column] ?? 0) - widthOf(cell) + 2)}`,
      output``,
    );
};

/** `1 grant`, `2 grants`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
