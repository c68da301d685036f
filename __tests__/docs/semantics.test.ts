import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REFUSED_CODES, WAITING_CODES } from '../../handler/core/outcome';

const text = readFileSync(join(__dirname, '../../docs/semantics.md'), 'utf8');

/** The cells of a table's rows whose first holds one code. */
const rowsBelow = (beginning: string): readonly (readonly string[])[] => {
  const [, below = ''] = text.split(`\n${beginning}`);
  const [table = ''] = below.split(/\n\n(?!\|)/);
  return table
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
};

it.each([
  ['Refused: ', REFUSED_CODES],
  ['Waiting: ', WAITING_CODES],
])('every code of %s has what happened and what to do, and no other has', (beginning, codes) => {
  const rows = rowsBelow(beginning);
  expect(rows.map(([code]) => code).toSorted()).toEqual(codes.map((code) => `\`${code}\``).toSorted());
  for (const [, what = '', remedy = ''] of rows) expect([what.length > 10, remedy.length > 5]).toEqual([true, true]);
});

it.each([
  '## What a grant gives',
  '## What is never done',
  '## Order and crashes',
  '## Failures',
  '## Limits',
  '## How long it takes',
  '## What only live AWS can prove',
])('the promises have their section: %s', (heading) => {
  expect(text).toContain(`\n${heading}\n`);
});
