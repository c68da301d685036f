import { spawn } from 'node:child_process';
import type { LocalAws } from '../../../local-aws/local-aws';

/** Types commands of this tool as people of the double would: each is a process of its own, and is shown with what it answers. */
export class Typist {
  constructor(
    private readonly aws: LocalAws,
    private readonly files: { readonly cli: string; readonly deploymentFile: string },
  ) {}

  /**
   * Runs a command as a role.
   * @returns what it printed
   */
  async type(arn: string, args: readonly string[]): Promise<string> {
    console.log(`\n$ datazone-s3 ${args.map((word) => (word.includes(' ') ? `"${word}"` : word)).join(' ')}`);
    const answer = await this.run(arn, args);
    console.log(answer.trimEnd());
    return answer;
  }

  private run(arn: string, args: readonly string[]): Promise<string> {
    const { accessKeyId, secretAccessKey, sessionToken = '' } = this.aws.credentialsFor(arn);
    const env = {
      ...process.env,
      DEPLOYMENT: this.files.deploymentFile,
      AWS_ENDPOINT_URL: this.aws.endpoint,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    };
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [this.files.cli, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
      let text = '';
      child.stdout.on('data', (chunk) => {
        text += chunk;
      });
      child.once('error', reject);
      child.once('close', (code) => (code === 0 ? resolve(text) : reject(new Error(`datazone-s3 ${args.join(' ')} ended with ${code}`))));
    });
  }
}
