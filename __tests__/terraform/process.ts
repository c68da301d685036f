import { spawn } from 'node:child_process';

/** What a finished process left behind. */
export interface Finished {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program to its end, its two outputs as one text. Rejects when it cannot be started. */
export const run = (program: string, args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Promise<Finished> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });

/** The tools that this suite cannot do without, and how to get them. Answers what is missing. */
export const missingTools = async (): Promise<readonly string[]> => {
  const tools = [
    {
      program: 'terraform',
      args: ['version'],
      install: 'install Terraform 1.10 or later: https://developer.hashicorp.com/terraform/install',
    },
    { program: 'moto_server', args: ['--help'], install: "install moto: pip install 'moto[server]'" },
  ];
  const missing = await Promise.all(
    tools.map(async ({ program, args, install }) => {
      const found = await run(program, args).catch(() => undefined);
      return found?.code === 0 ? [] : [`${program} is missing; ${install}`];
    }),
  );
  return missing.flat();
};
