import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDeployment } from '../../src/deployment/load';
import { deploymentApp } from '../../src/stacks/deployment-app';

/**
 * Synthesizes the deployment on standard input to disk; prints the processor's time that took, which other work on the machine does not
 * lengthen, and the most memory that the process ever held.
 */
const folder = mkdtempSync(join(tmpdir(), 'measure-'));
try {
  const handlerZip = join(folder, 'handler.zip');
  writeFileSync(handlerZip, 'a zip');
  const text = readFileSync(0, 'utf8');
  const outdir = join(folder, 'out');
  const started = process.cpuUsage();
  deploymentApp({ deployment: parseDeployment(text, 'stdin'), file: 'stdin', handlerZip, app: { outdir } }).synth();
  const { user, system } = process.cpuUsage(started);
  const seconds = (user + system) / 1_000_000;
  const megabytes = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ seconds, megabytes, stacks: readdirSync(join(outdir, 'stacks')).length }));
} finally {
  rmSync(folder, { recursive: true });
}
