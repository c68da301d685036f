import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Patch } from './patch';

const ROOT = join(__dirname, '../..');
/** What the tests of the handler read. */
const COPIED = [
  '__tests__',
  'docs',
  'examples',
  'handler',
  'local-aws',
  'modules',
  'src',
  'jest.config.mjs',
  'package.json',
  'tsconfig.json',
];

/** The text with the promise broken. @throws Error unless what is to be replaced occurs exactly once */
export const broken = (text: string, { breaks, file, find, replace }: Patch): string => {
  const [before, after, ...more] = text.split(find);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(
      `'${breaks}' applies no more: its text occurs ${after === undefined ? 'nowhere' : `${more.length + 1} times`} in ${file}; write the patch anew`,
    );
  return `${before}${replace}${after}`;
};

/** The text of a file as it is in the working tree. */
export const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** A copy of the working tree that may be broken; the tree itself is never touched. */
export class Copy {
  readonly folder = mkdtempSync(join(tmpdir(), 'sabotage-'));

  constructor() {
    for (const name of COPIED) cpSync(join(ROOT, name), join(this.folder, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(this.folder, 'node_modules'));
  }

  break(patch: Patch): void {
    writeFileSync(join(this.folder, patch.file), broken(textOf(patch.file), patch));
  }

  mend({ file }: Patch): void {
    writeFileSync(join(this.folder, file), textOf(file));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
