import { join } from 'node:path';
import { runCli } from './run-cli';

const FILE = join(__dirname, '../../examples/one-account.yaml');

describe('the command line, called wrongly', () => {
  it.each([
    [['confg'], "unknown command 'confg'", 'Did you mean config?'],
    [['config', 'check', '--deplyment', 'x'], "unknown option '--deplyment'", 'Did you mean --deployment?'],
    [['config', 'check', 'one', 'two'], "too many arguments for 'check'", '--help'],
  ])('%j: one sentence, the next step, exit code 2', async (args, sentence, next) => {
    const { code, stdout, stderr } = await runCli(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const [said = '', then = '', ...rest] = stderr.trimEnd().split('\n');
    expect(said).toContain(sentence);
    expect(then).toContain(next);
    expect(rest).toEqual([]);
  });

  it('tells every mistake of a deployment file, and no stack trace', async () => {
    const { code, stderr } = await runCli(['config', 'check', '--deployment', join(__dirname, '../../package.json')]);
    expect(code).toBe(2);
    expect(stderr).toContain('mode is missing');
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it('shows where an error came from with --debug', async () => {
    const { code, stderr } = await runCli(['config', 'check', '--deployment', '/nonexistent.yaml', '--debug']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^ +at /m);
  });
});

describe('the command line, asked for help', () => {
  it('shows the commands and ends with 2 when nothing was typed', async () => {
    const { code, stdout } = await runCli([]);
    expect(code).toBe(2);
    expect(stdout).toContain('Commands:');
  });

  it('shows examples and the options of every command', async () => {
    const { code, stdout, stderr } = await runCli(['config', 'check', '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('$ datazone-s3 config check');
    expect(stdout).toContain('--no-assume-role');
  });
});

describe('an answer', () => {
  it('is JSON with --json, without colour where nobody looks', async () => {
    const { code, stdout } = await runCli(['config', 'check', '--deployment', FILE, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ deployment: 'acme', mode: 'observe', buckets: 1 });
    expect(stdout).not.toContain('\u001b');
  });
});
