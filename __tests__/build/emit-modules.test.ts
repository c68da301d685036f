import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { emitModules, MODULES, staleFiles } from '../../src/build/emit-modules';
import { moduleTables, withTables } from '../../src/build/module-tables';
import { EXAMPLE, ONE_ACCOUNT, resourcesOf, stackOf, synthesized } from '../stacks/synthesized';

const ROOT = resolve(__dirname, '../../modules');

describe('Emitted modules', () => {
  it('are committed as their constructs emit them; otherwise run: npm run modules', () => {
    expect(staleFiles()).toEqual([]);
  });

  it('are stale once they were edited by hand, or lost, and fresh once emitted again', () => {
    const folder = mkdtempSync(join(tmpdir(), 'modules-'));
    try {
      cpSync(ROOT, folder, { recursive: true });
      writeFileSync(join(folder, 'bucket-account/main.tf.json'), '{}\n');
      rmSync(join(folder, 'domain-account/main.tf.json'));
      const readme = join(folder, 'bucket-account/README.md');
      writeFileSync(readme, readFileSync(readme, 'utf8').replace('`editor_role_arn`', '`editor`'));
      expect(staleFiles(folder)).toEqual(['bucket-account/main.tf.json', 'bucket-account/README.md', 'domain-account/main.tf.json']);
      emitModules(folder);
      expect(staleFiles(folder)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each(Object.entries(MODULES))('leave provider, backend and metadata to their caller: %s', (_, emit) => {
    const module = JSON.parse(emit());
    for (const part of Object.keys(module)) expect(['locals', 'output', 'resource', 'terraform', 'variable']).toContain(part);
    expect(module.terraform).toEqual({
      required_version: '>= 1.5.0',
      required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.100.0, < 7.0.0' } },
    });
    expect(emit()).not.toMatch(/TfToken|"\/\/"|\$\$\{/);
  });

  it.each(Object.entries(MODULES))('use every variable they declare, and describe it with its type: %s', (_, emit) => {
    const { variable, ...rest } = JSON.parse(emit());
    const text = JSON.stringify(rest);
    for (const [name, one] of Object.entries<{ description: string; type: string }>(variable)) {
      expect(text).toMatch(new RegExp(`var\\.${name}\\b`));
      expect(one.description).toMatch(/\S{2}.*\.$/);
      expect(one.type).not.toBe('');
    }
  });

  it.each(Object.entries(MODULES))('refuse an empty text for everything that is text, or say so: %s', (_, emit) => {
    const { variable } = JSON.parse(emit());
    const unchecked = Object.entries<{ type: string; validation?: unknown }>(variable).filter(
      ([name, { type, validation }]) => type === 'string' && validation === undefined && name !== 'handler_zip',
    );
    expect(unchecked.map(([name]) => name)).toEqual([]);
  });

  it('take the output deployment of the domain account unchanged: every member that another module asks for is in it', () => {
    const { output } = JSON.parse(MODULES['domain-account']?.() ?? '{}');
    const { variable } = JSON.parse(MODULES['bucket-account']?.() ?? '{}');
    const members = [...String(variable.deployment.type).matchAll(/(\w+) = (?:optional|string)/g)].map(([, member]) => member);
    expect(members.length).toBeGreaterThan(3);
    expect(Object.keys(output.deployment.value)).toEqual(expect.arrayContaining(members));
  });

  const stacks = synthesized(EXAMPLE);

  it.each([
    ['domain-account', 'domain-account'],
    ['bucket-account', 'bucket-account-222222222222'],
    ['consumer-account', 'consumer-account-333333333333-imaging'],
  ])('have every address of the stacks, so that a state can be moved from one to the other: %s', (module, stack) => {
    const { resource } = JSON.parse(MODULES[module]?.() ?? '{}');
    for (const [address] of resourcesOf(stackOf(stacks, stack))) {
      const [type = '', name = ''] = address.split('.');
      expect({ address, block: resource[type]?.[name] }).toEqual({ address, block: expect.anything() });
    }
  });

  it('make without any condition what the smallest deployment has', () => {
    const plain = synthesized(ONE_ACCOUNT);
    for (const [module, stack] of [
      ['domain-account', 'domain-account'],
      ['bucket-account', 'bucket-account-111111111111'],
    ] as const) {
      const { resource } = JSON.parse(MODULES[module]?.() ?? '{}');
      const always = Object.entries<Record<string, object>>(resource).flatMap(([type, byName]) =>
        Object.entries(byName).flatMap(([name, block]) => ('count' in block ? [] : [`${type}.${name}`])),
      );
      expect(always.sort()).toEqual(
        resourcesOf(stackOf(plain, stack))
          .map(([address]) => address)
          .sort(),
      );
    }
  });
});

describe('The tables of a README', () => {
  const json = JSON.stringify({
    variable: {
      late: { type: 'bool', description: 'Or | not.', default: false },
      name: { type: 'object({\na = string\n})', description: 'A name.' },
    },
    output: { arn: { description: 'Its ARN.', value: 'x' } },
  });

  it('list what has to be given first, each on one line', () => {
    const lines = moduleTables(json).split('\n');
    expect(lines.filter((line) => line.startsWith('| `'))).toEqual([
      '| `name` | `object({ a = string })` | required | A name. |',
      '| `late` | `bool` | `false` | Or \\| not. |',
      '| `arn` | Its ARN. |',
    ]);
  });

  it('take the place of those that were there, and leave the rest as it is', () => {
    const once = withTables('# Title\n\nText.\n', 'tables');
    expect(once).toMatch(/^# Title\n\nText\.\n\n<!--[\s\S]*tables[\s\S]*-->\n$/);
    expect(withTables(`${once}\nMore.\n`, 'others')).toBe(`${once.replace('tables', 'others')}\nMore.\n`);
  });
});
