import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assumptions } from '../../src/assumptions/assumptions';
import { asAssumed } from '../../src/assumptions/unverified';
import { isPageStale, unverifiedPage } from '../../src/build/emit-unverified';

describe('The page about what only live AWS can prove', () => {
  it('is committed as it is made; otherwise run: npm run unverified', () => {
    expect(isPageStale()).toBe(false);
  });

  it('is stale once an assumption was changed, or the page lost', () => {
    const folder = mkdtempSync(join(tmpdir(), 'unverified-'));
    try {
      const file = join(folder, 'unverified.md');
      expect(isPageStale(file)).toBe(true);
      writeFileSync(file, unverifiedPage());
      expect(isPageStale(file)).toBe(false);
      writeFileSync(file, unverifiedPage().replace('Where it matters', 'Why'));
      expect(isPageStale(file)).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has every assumption once, by its id, whole', () => {
    expect(new Set(assumptions.map(({ id }) => id)).size).toBe(assumptions.length);
    for (const { id, assumed, matters, observe } of assumptions) {
      expect(id).toMatch(/^[a-z][a-z-]+$/);
      for (const text of [`## ${id}\n`, assumed, matters, observe]) expect(unverifiedPage()).toContain(text);
    }
  });

  it('names each setting of the double once, with two values', () => {
    const settings = assumptions.flatMap((one) => ('setting' in one ? [one.setting] : []));
    expect(Object.keys(asAssumed())).toHaveLength(settings.length);
    for (const { name, assumed, otherwise } of settings) {
      expect(asAssumed()[name]).toBe(assumed);
      expect(assumed).not.toBe(otherwise);
    }
  });
});
