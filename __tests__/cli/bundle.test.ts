import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addCliFiles } from '../../src/build/build-cli';
import { DEPLOYMENT } from './cli-world';
import { cliFile, runCli } from './run-cli';

describe('the published command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'published-'));
  beforeAll(() => {
    cpSync(join(cliFile(), '..'), folder, { recursive: true });
    addCliFiles({ outDir: folder });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (...args: readonly string[]) => runCli(args, { DEPLOYMENT }, { cwd: folder, file: join(folder, 'datazone-s3.js') });

  it('has no dependencies, and peers for synth alone that nobody has to install', () => {
    const published: Record<string, unknown> = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    expect(published).toMatchObject({ name: 'datazone-s3-fulfillment', bin: { 'datazone-s3': 'datazone-s3.js' } });
    expect(published).not.toHaveProperty('dependencies');
    expect(Object.keys(published['peerDependencies'] ?? {})).toEqual(['cdktf', 'constructs', '@cdktf/provider-aws']);
    expect(readFileSync(join(folder, 'datazone-s3.js'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it('tells the demo without anything installed', async () => {
    const { code, stdout, stderr } = await run('demo');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('$ datazone-s3 publish s3://acme-raw/public/ --name "public images"\nMade asset');
    expect(stdout).toContain('Every answer is as it should be.');
  });

  it('says of synth what it needs', async () => {
    const { code, stderr } = await run('synth');
    expect(code).toBe(8);
    expect(stderr).toMatch(
      /^synth needs packages that are not installed: cdktf@0\.21\.0 constructs@[\d.]+ @cdktf\/provider-aws@[\d.]+\n {2}npm install cdktf@/,
    );
  });
});
