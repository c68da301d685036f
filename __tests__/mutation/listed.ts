import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Survivor } from './report';

/** A change that may live, as docs/mutation.md lists it: `code` is part of one line of the module, `change` what takes its place there. */
export type Listed = { readonly module: string; readonly code: string; readonly change: string; readonly reason: string };

const DOCUMENT = join(__dirname, '../../docs/mutation.md');
const CELL = /(?<!\\)\|/;

const plain = (cell = ''): string => cell.trim().replace(/^`|`$/g, '').replaceAll('\\|', '|');

/** The rows of the document's table. A `|` within a cell is written `\|`. */
export const listedSurvivors = (): readonly Listed[] =>
  readFileSync(DOCUMENT, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => {
      const [module, code, change, reason] = line.split(CELL).slice(1).map(plain);
      return { module: module ?? '', code: code ?? '', change: change ?? '', reason: reason ?? '' };
    });

/** Whether a survivor is what a row lists. */
export const isListedAs = ({ module, code, change }: Listed, survivor: Survivor): boolean =>
  survivor.module === module && survivor.line.includes(code) && survivor.change === change;
