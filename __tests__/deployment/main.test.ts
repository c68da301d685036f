import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const TSX = join(ROOT, 'node_modules/tsx/dist/cli.mjs');

describe('main.ts', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'synth here-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const synth = (...args: string[]) =>
    spawnSync(process.execPath, [TSX, join(ROOT, 'main.ts'), ...args], { cwd: folder, encoding: 'utf8' });

  it('says everything that is wrong with a file, ends with 1 and writes nothing', () => {
    writeFileSync(join(folder, 'bad.yaml'), 'name: A\nmode: on\nexistingSubscriptions: yes\ndomain: 5\nbucketAccounts: []\n');
    const { status, stderr, stdout } = synth('bad.yaml');
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr.split('\n').map((line) => line.trim().split(' ')[0])).toEqual(
      expect.arrayContaining(['bad.yaml:', 'name', 'mode', 'existingSubscriptions', 'domain', 'bucketAccounts']),
    );
    expect(stderr).toMatch(/^bad\.yaml: 5 problems; nothing was written\n/);
    expect(readdirSync(folder)).toEqual(['bad.yaml']);
  });

  it('says which file it looked for when none is there', () => {
    const { status, stderr } = synth();
    expect(status).toBe(1);
    expect(stderr).toMatch(/^deployment\.yaml: 1 problem; nothing was written\n {2}cannot be read/);
    expect(existsSync(join(folder, 'cdktf.out'))).toBe(false);
  });

  it('synthesizes every stack of a good file, and warns of local state', () => {
    const { status, stderr } = synth(join(ROOT, 'examples/one-account.yaml'));
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringMatching(/one-account\.yaml: no 'state' is given/) });
    expect(readdirSync(join(folder, 'cdktf.out/stacks')).sort()).toEqual(['bucket-account-111111111111', 'domain-account']);
  });
});
