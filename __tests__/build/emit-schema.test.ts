import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import * as z from 'zod';
import { deploymentJsonSchema, isSchemaStale, SCHEMA_FILE } from '../../src/build/emit-schema';

const EXAMPLE_FILE = resolve(__dirname, '../../deployment.example.yaml');
const example = readFileSync(EXAMPLE_FILE, 'utf8');
const schema = JSON.parse(deploymentJsonSchema());

/** Every schema within a schema. */
const within = (value: unknown): readonly Readonly<Record<string, unknown>>[] => {
  if (typeof value !== 'object' || value === null) return [];
  const object = z.record(z.string(), z.unknown()).safeParse(value);
  return [...(object.success ? [object.data] : []), ...Object.values(value).flatMap(within)];
};

describe('The JSON Schema of a deployment file', () => {
  it('is committed as it is emitted; otherwise run: npx tsx src/build/emit-schema.ts', () => {
    expect(isSchemaStale()).toBe(false);
  });

  it('is stale once it was edited by hand, or lost', () => {
    const folder = mkdtempSync(join(tmpdir(), 'schema-'));
    try {
      const file = join(folder, 'schema.json');
      expect(isSchemaStale(file)).toBe(true);
      writeFileSync(file, deploymentJsonSchema());
      expect(isSchemaStale(file)).toBe(false);
      writeFileSync(file, deploymentJsonSchema().replace('name', 'nom'));
      expect(isSchemaStale(file)).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is found by editors from the first line of the example', () => {
    const [, path = ''] = /^# yaml-language-server: \$schema=(\S+)$/m.exec(example.split('\n')[0] ?? '') ?? [];
    expect(resolve(dirname(EXAMPLE_FILE), path)).toBe(SCHEMA_FILE);
  });

  it('requires what has no default, and refuses keys that it does not know', () => {
    expect(schema.required).toEqual(['name', 'mode', 'existingSubscriptions', 'domain', 'bucketAccounts']);
    expect(schema.additionalProperties).toBe(false);
    expect(schema.properties.domain.required).toEqual(['id', 'account', 'region', 'version']);
  });

  it('says what each value is for', () => {
    for (const [name, property] of Object.entries<Record<string, unknown>>(schema.properties)) {
      const descriptions = within(property).map(({ description }) => description);
      expect({ name, described: descriptions.some((text) => typeof text === 'string') }).toEqual({ name, described: true });
    }
  });

  it('holds patterns that every validator can read', () => {
    const patterns = within(schema).flatMap(({ pattern }) => (typeof pattern === 'string' ? [pattern] : []));
    expect(patterns.length).toBeGreaterThan(20);
    for (const pattern of patterns) expect(() => new RegExp(pattern, 'u')).not.toThrow();
  });

  it('knows every key that the example shows, and the example shows every key', () => {
    for (const key of Object.keys(schema.properties)) expect(example).toMatch(new RegExp(`^${key}:`, 'm'));
    for (const key of Object.keys(schema.properties.function.properties)) expect(example).toMatch(new RegExp(`^ {2}(# )?${key}:`, 'm'));
  });
});
