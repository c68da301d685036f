import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { LocalAws } from '../../local-aws/local-aws';

/** What a run of the command line left behind. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built command line, as it would be published. */
export const cliFile = (): string => {
  const folder = process.env['TEST_BUNDLE'];
  if (folder === undefined) throw new Error('TEST_BUNDLE is not set; run the tests with jest, whose global setup bundles the command line');
  return join(folder, 'cli/datazone-s3.js');
};

/** Nothing of the machine's own: no credentials, no profile, no Region, no instance to ask for any, and no time limits. */
const BARE = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_MAX_ATTEMPTS: '1',
  NODE_OPTIONS: `--require ${join(__dirname, '../setup/request-limits.cjs')}`,
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

/** Runs the built command line as a process of its own; its input is no terminal. */
export const runCli = (
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  place: { readonly cwd?: string; readonly file?: string } = {},
): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [place.file ?? cliFile(), ...args], {
      env: { ...BARE, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: place.cwd,
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });

/** The environment of somebody who works on the double. */
export const envOf = (aws: LocalAws, arn: string): Readonly<Record<string, string>> => {
  const { accessKeyId, secretAccessKey, sessionToken } = aws.credentialsFor(arn);
  return {
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
  };
};
