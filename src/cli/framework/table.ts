const wide = (text: string): number => [...text].length;

/**
 * A table for people: columns as wide as their widest cell, two spaces between, nothing cut off. `undefined` cells stay empty.
 */
export const table = (head: readonly string[], rows: readonly (readonly (string | undefined)[])[]): string => {
  const lines = [head, ...rows.map((row) => head.map((_, column) => row[column] ?? ''))];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => wide(line[column] ?? ''))));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - wide(cell) + 2))
        .join('')
        .trimEnd(),
    )
    .join('\n');
};

/** `1 grant`, `2 grants`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** Lines set in by two spaces. */
export const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ');
