import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Patch } from './patch';
import { PATCHES } from './patches';
import { broken, textOf } from './tree';

describe('the promises that are broken on purpose', () => {
  test.each(PATCHES.map((patch) => [patch.breaks, patch] as const))('can be: %s', (_breaks, patch) => {
    const text = textOf(patch.file);
    expect(broken(text, patch)).not.toBe(text);
    for (const test of patch.tests) expect(existsSync(join(__dirname, '../..', test))).toBe(true);
  });

  test('are told apart, and are many', () => {
    expect(PATCHES.length).toBeGreaterThan(20);
    expect(new Set(PATCHES.map(({ breaks }) => breaks)).size).toBe(PATCHES.length);
  });

  test('are not broken by a patch whose text is not there, or is there twice', () => {
    const patch: Patch = { breaks: 'a promise', file: 'a.ts', find: 'x', replace: 'y', tests: [] };
    expect(() => broken('abc', patch)).toThrow("'a promise' applies no more: its text occurs nowhere in a.ts");
    expect(() => broken('axbxc', patch)).toThrow('occurs 2 times');
    expect(broken('axb', patch)).toBe('ayb');
  });
});
