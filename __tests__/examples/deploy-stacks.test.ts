import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';

const SCRIPT = resolve(__dirname, '../../examples/pipeline/deploy-stacks.sh');

/** Writes down what it is called with and where; fails in the stack `broken`, and in `unready` before anything is planned. */
const TERRAFORM = `#!/bin/sh
stack=$(basename "$PWD")
echo "$stack: $*" >> "$CALLS"
case "$stack $1" in 'broken apply' | 'unready init') echo "no credentials for $stack" >&2; exit 1 ;; esac
if [ "$1" = plan ]; then echo planned > approved.tfplan; fi
`;

let folder: string;
const stackFolder = (stack: string) => join(folder, 'stacks', stack);
const log = (stack: string) => readFileSync(join(folder, 'logs', `${stack}.log`), 'utf8');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deploy-stacks-'));
  const program = join(folder, 'terraform');
  writeFileSync(program, TERRAFORM);
  chmodSync(program, 0o755);
  for (const stack of ['one', 'two', 'broken', 'unready']) mkdirSync(stackFolder(stack), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const deploy = (...args: readonly string[]) => {
  const calls = join(folder, 'calls');
  rmSync(calls, { force: true });
  const { status, stdout, stderr } = spawnSync('bash', [SCRIPT, ...args], {
    encoding: 'utf8',
    env: {
      PATH: `${folder}:${process.env['PATH']}`,
      CALLS: calls,
      STACKS: join(folder, 'stacks'),
      LOGS: join(folder, 'logs'),
      AT_ONCE: '2',
    },
  });
  return { status, stdout, stderr, calls: existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : [] };
};

describe('The pipeline', () => {
  it('deploys all other accounts where one fails, and says which one did', () => {
    const { status, stdout, stderr, calls } = deploy('apply', 'unready', 'broken', 'one', 'two');
    expect(status).toBe(1);
    expect(stderr).toBe('2 of 4 failed: unready broken\n');
    expect(stdout.split('\n').sort().filter(Boolean)).toEqual([
      expect.stringMatching(/^FAILED {2}broken: see .*\/logs\/broken\.log$/),
      expect.stringMatching(/^FAILED {2}unready: see /),
      'ok      one',
      'ok      two',
    ]);
    expect(calls).toContain('one: apply -auto-approve -input=false -no-color');
    expect(calls).toContain('two: apply -auto-approve -input=false -no-color');
    expect(log('broken')).toContain('no credentials for broken');
    expect(calls.filter((call) => call.startsWith('unready'))).toEqual(['unready: init -input=false -no-color']);
  });

  it('applies the plan that was approved, once', () => {
    expect(deploy('plan', 'one', 'two')).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(join(stackFolder('one'), 'approved.tfplan'))).toBe(true);
    expect(deploy('apply', 'one').calls).toEqual(['one: init -input=false -no-color', 'one: apply -input=false -no-color approved.tfplan']);
    expect(existsSync(join(stackFolder('one'), 'approved.tfplan'))).toBe(false);
    expect(deploy('apply', 'one').calls.at(-1)).toBe('one: apply -auto-approve -input=false -no-color');
  });

  it('keeps the plan of an apply that failed', () => {
    writeFileSync(join(stackFolder('broken'), 'approved.tfplan'), 'planned');
    expect(deploy('apply', 'broken').status).toBe(1);
    expect(existsSync(join(stackFolder('broken'), 'approved.tfplan'))).toBe(true);
  });

  it.each([
    ['no command', [], "'' is neither plan nor apply"],
    ['another command', ['destroy', 'one'], "'destroy' is neither plan nor apply"],
    ['no stack', ['plan'], 'write the names of stacks'],
  ])('does nothing with %s', (_, args, sentence) => {
    const { status, stderr, calls } = deploy(...args);
    expect({ status, calls }).toEqual({ status: 2, calls: [] });
    expect(stderr).toContain(sentence);
  });
});

describe('The workflow', () => {
  const job = z.looseObject({
    if: z.string().optional(),
    needs: z.union([z.string(), z.array(z.string())]).optional(),
    strategy: z.looseObject({ 'fail-fast': z.boolean() }).optional(),
    steps: z.array(z.looseObject({ run: z.string().optional() })),
  });
  const file = resolve(__dirname, '../../examples/pipeline/github-actions.yml');
  const { jobs } = z.object({ jobs: z.record(z.string(), job) }).parse(parse(readFileSync(file, 'utf8')));

  it('lets the canary go before all others, of which none stops another', () => {
    expect(jobs['others']).toMatchObject({ needs: ['synthesize', 'canary'], strategy: { 'fail-fast': false } });
    expect(jobs['canary']?.if).toBe("github.event_name == 'push'");
    expect(jobs['plan']?.if).toBe("github.event_name == 'pull_request'");
  });

  it('plans and applies what was synthesized once', () => {
    const synthesizing = Object.entries(jobs).filter(([, { steps }]) => steps.some(({ run }) => run?.includes('npm run synth')));
    expect(synthesizing.map(([name]) => name)).toEqual(['synthesize']);
    for (const name of ['plan', 'canary', 'others'])
      expect(jobs[name]?.steps.some(({ run }) => run?.includes('examples/pipeline/deploy-stacks.sh'))).toBe(true);
  });
});
