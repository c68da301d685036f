import { readFileSync } from 'node:fs';
import { Option } from 'commander';
import { CLI_REFERENCE, cliReference } from '../../src/build/emit-cli-reference';
import { COMMANDS } from '../../src/cli/commands';

describe('the command definitions', () => {
  it('are what docs/cli.md was generated from; run: npm run cli:docs', () => {
    expect(readFileSync(CLI_REFERENCE, 'utf8')).toBe(cliReference());
  });

  it('have names of their own', () => {
    const names = COMMANDS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(COMMANDS.map((command) => [command.name, command] as const))('%s has examples of itself', (name, { examples }) => {
    expect(examples.length).toBeGreaterThan(0);
    for (const { line } of examples) expect(line).toMatch(new RegExp(`^${name}\\b`));
  });

  it.each(COMMANDS.map((command) => [command.name, command] as const))('%s finds its options by their names', (_name, { options }) => {
    for (const [key, { flags }] of Object.entries(options)) expect(new Option(flags).attributeName()).toBe(key);
  });
});
