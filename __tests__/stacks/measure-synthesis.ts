import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDeployment } from '../../src/deployment/load';
import { deploymentApp } from '../../src/stacks/deployment-app';

/** Synthesizes the deployment on standard input to disk; prints how long that took, and the most memory that the process ever held. */
const folder = mkdtempSync(join(tmpdir(), 'measure-'));
try {
  const handlerZip = join(folder, 'handler.zip');
  writeFileSync(handlerZip, 'a zip');
  const text = readFileSync(0, 'utf8');
  const outdir = join(folder, 'out');
  const started = performance.now();
  deploymentApp({ deployment: parseDeployment(text, 'stdin'), file: 'stdin', handlerZip, app: { outdir } }).synth();
  const seconds = (performance.now() - started) / 1000;
  const megabytes = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ seconds, megabytes, stacks: readdirSync(join(outdir, 'stacks')).length }));
} finally {
  rmSync(folder, { recursive: true });
}
