import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

const ROOT = join(__dirname, '../..');

const REFUSED = [
  ['handler/core/grant/', 'node:crypto', 'core/ is pure'],
  ['handler/core/', 'node:crypto', 'core/ is pure'],
  ['handler/core/grant/', '@aws-sdk/client-s3', 'core/ is pure'],
  ['handler/core/grant/', '../../ports', 'core/ is pure'],
  ['handler/contract/', '../settings', 'imports nothing'],
  ['handler/fulfill.ts', '@aws-sdk/client-datazone', 'stands on ports'],
  ['handler/policy-change/', '../adapters/system-clock', 'stands on ports'],
  ['handler/ports.ts', '@aws-sdk/client-s3', 'stands on ports'],
  ['handler/index.ts', '@aws-sdk/client-s3', 'The SDK stops at handler/adapters'],
  ['handler/', '../src/build/bundle-handler', 'never imports what deploys it'],
  ['handler/', 'cdktf', 'never imports what deploys it'],
  ['handler/adapters/', '../fulfill', 'knows nothing of the use case'],
  ['handler/adapters/', '../../modules/naming', 'knows nothing of the use case'],
  ['modules/', '../handler/settings', 'handler/contract and nothing else'],
  ['modules/', '../src/deployment/load', 'knows no deployment'],
  ['modules/', '@cdktf/provider-aws', 'The barrel costs'],
  ['src/stacks/', '@cdktf/provider-aws', 'The barrel costs'],
  ['src/stacks/', '../../handler/core/grant/location', 'handler/contract and nothing else'],
  ['src/iam/', '../../handler/core/grant/location', 'so that it can disagree'],
  ['src/iam/', 'zod', 'so that it can disagree'],
  ['src/cli/', '../../handler/fulfill', 'never its use case'],
  ['local-aws/', '../handler/subscription/resolve', 'never its use case'],
  ['local-aws/', '../handler/index', 'never its use case'],
  ['local-aws/', '@cdktf/provider-aws', 'The barrel costs'],
  ['modules/', '@aws-sdk/client-s3', 'no SDK'],
  ['handler/core/grant/', '../../adapters/aws-ports', 'core/ is pure'],
  ['main.ts', '@cdktf/provider-aws', 'The barrel costs'],
  ['main.ts', './handler/core/grant/location', 'from src and modules'],
] as const;

const ALLOWED = [
  ['handler/core/hash.ts', 'node:crypto'],
  ['handler/core/grant/', './location'],
  ['handler/adapters/', '@aws-sdk/client-s3'],
  ['handler/adapters/', '../ports'],
  ['handler/', './core/grant/location'],
  ['modules/', '../handler/contract/datazone'],
  ['modules/', '@cdktf/provider-aws/lib/iam-role'],
  ['src/stacks/', '../../handler/contract/datazone'],
  ['local-aws/', '../handler/core/grant/location'],
  ['src/cli/', '../../handler/adapters/system-clock'],
  ['src/cli/', '../../handler/ports'],
] as const;

/** A file of its own for each row, so that one run of the linter answers all. */
const fileOf = (place: string, index: number): string => (place.endsWith('/') ? `${place}row-${index}.ts` : place);

let folder: string;
let findings: ReadonlyMap<string, readonly string[]>;

/** Lints files that import the given modules, under a copy of our rules. */
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'layers-')));
  copyFileSync(join(ROOT, 'biome.json'), join(folder, 'biome.json'));
  const rows = [...REFUSED, ...ALLOWED];
  for (const [index, [place, module]] of rows.entries()) {
    const file = join(folder, fileOf(place, index));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `import * as it from '${module}';\nexport const used = it;\n`, { flag: 'a' });
  }
  const options = ['lint', '--vcs-enabled=false', '--colors=off', '--reporter=github', '--max-diagnostics=none', '.'];
  const run = spawnSync(process.execPath, [require.resolve('@biomejs/biome/bin/biome'), ...options], { cwd: folder, encoding: 'utf8' });
  const found = new Map<string, string[]>();
  for (const line of run.stdout.split('\n')) {
    const path = /file=([^,]+)/.exec(line)?.[1];
    const file = path && relative(folder, path);
    if (file !== undefined && line.includes('noRestrictedImports')) found.set(file, [...(found.get(file) ?? []), line]);
  }
  findings = found;
});

afterAll(() => rmSync(folder, { recursive: true }));

const of = (place: string, index: number): string => (findings.get(fileOf(place, index)) ?? []).join('\n');

it.each(REFUSED.map((row, index) => [...row, index] as const))('in %s the linter refuses an import of %s', (place, _module, why, index) => {
  expect(of(place, index)).toContain(why);
});

it.each(ALLOWED.map((row, index) => [...row, REFUSED.length + index] as const))(
  'in %s the linter lets an import of %s pass',
  (place, _module, index) => {
    expect(of(place, index)).toBe('');
  },
);
