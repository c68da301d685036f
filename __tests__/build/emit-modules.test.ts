import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { emitModules, MODULES, staleModules } from '../../src/build/emit-modules';

describe('Emitted modules', () => {
  it('are committed as their constructs emit them; otherwise run: npm run modules', () => {
    expect(staleModules()).toEqual([]);
  });

  it('are stale once they were edited by hand, or lost, and fresh once emitted again', () => {
    const folder = mkdtempSync(join(tmpdir(), 'modules-'));
    try {
      cpSync(resolve(__dirname, '../../modules'), folder, { recursive: true });
      writeFileSync(join(folder, 'bucket-account/main.tf.json'), '{}\n');
      rmSync(join(folder, 'domain-account/main.tf.json'));
      expect(staleModules(folder)).toEqual(['bucket-account', 'domain-account']);
      emitModules(folder);
      expect(staleModules(folder)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each(Object.entries(MODULES))('leave provider, backend and metadata to their caller: %s', (_, emit) => {
    const module = JSON.parse(emit());
    expect(Object.keys(module).sort()).toEqual(['output', 'resource', 'terraform', 'variable']);
    expect(module.terraform).toEqual({
      required_version: '>= 1.5.0',
      required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.100.0, < 7.0.0' } },
    });
    expect(emit()).not.toMatch(/TfToken|"\/\/"|\$\$\{/);
  });

  it.each(Object.entries(MODULES))('use every variable they declare, and describe it: %s', (_, emit) => {
    const { variable, ...rest } = JSON.parse(emit());
    const text = JSON.stringify(rest);
    for (const [name, { description }] of Object.entries<{ description: string }>(variable)) {
      expect(text).toMatch(new RegExp(`var\\.${name}\\b`));
      expect(description).not.toBe('');
    }
  });
});
