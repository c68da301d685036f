import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { operationNames } from '../../local-aws/datazone/datazone';
import { addCliFiles } from '../../src/build/build-cli';
import { bundleCli } from '../../src/build/bundle-cli';
import { QUIET, tellStory } from '../../src/cli/demo/tell-story';
import { tour } from './tour';

const CHECKER = join(__dirname, 'check_exchanges.py');

/** Exit code and output of the checker. */
const check = (file: string) => {
  const { status, stdout, stderr, error } = spawnSync('python3', [CHECKER, file], { encoding: 'utf8' });
  if (error !== undefined)
    throw new Error(`python3 cannot be run (${error.message}); install Python 3 and: python3 -m pip install botocore`);
  if (status === 3) throw new Error(stderr);
  return { status, output: `${stdout}${stderr}` };
};

/** Each spoils one exchange in a way that the model forbids. */
const SPOILT: Readonly<Record<string, (exchange: Record<string, unknown>, answer: Record<string, unknown>) => void>> = {
  'a required member is missing': (_, answer) => delete answer['status'],
  'a member that the model does not know': (_, answer) => Object.assign(answer, { colour: 'red' }),
  'a value that is none of its enum': (_, answer) => Object.assign(answer, { status: 'PERHAPS' }),
  'a date of the wrong form': (_, answer) => Object.assign(answer, { createdAt: '2026-11-23T12:00:00Z' }),
  'a status that the operation does not have': (exchange) => Object.assign(exchange, { status: 202 }),
  'a query that the operation does not take': (exchange) => Object.assign(exchange, { path: `${exchange['path']}?colour=red` }),
  'a path that leads nowhere': (exchange) => Object.assign(exchange, { path: '/v2/nowhere' }),
};

/** @returns what the checker let pass. */
const missed = (lines: readonly string[], folder: string): readonly string[] => {
  const line = lines.find((one) => /"method":"GET","path":"[^"?]*\/subscriptions\/[^"?]*".*"status":200/.test(one));
  if (line === undefined) throw new Error('the recording has no GetSubscription to spoil');
  return Object.entries(SPOILT).flatMap(([name, spoil]) => {
    const exchange = JSON.parse(line);
    const answer = JSON.parse(exchange.resBody);
    spoil(exchange, answer);
    const file = join(folder, 'spoilt.jsonl');
    writeFileSync(file, `${JSON.stringify({ ...exchange, resBody: JSON.stringify(answer) })}\n`);
    return check(file).status === 1 ? [] : [name];
  });
};

/**
 * Records what the function, the people of the demo and a tour of the double exchange with DataZone, and holds it against AWS's own model
 * of the API. That the checker can fail is tried too. @returns the problems, none if everything fits.
 */
const checkDataZone = async (): Promise<readonly string[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'datazone-model-'));
  try {
    let recorded = '';
    const cli = await bundleCli({ outDir: folder });
    addCliFiles({ outDir: folder });
    const files = { demo: join(folder, 'demo.json'), functionFile: join(folder, 'handler/index.js'), cli };
    await tellStory(files, {
      recorded: (recorder) => {
        recorded = recorder.lines('datazone');
      },
    });
    recorded += await tour();
    const file = join(folder, 'exchanges.jsonl');
    writeFileSync(file, recorded);
    const { status, output } = check(file);
    console.log(`\n${output.trimEnd()}`);
    const [summary = ''] = output.trimEnd().split('\n').slice(-1);
    return [
      ...(status === 0 ? [] : [`the checker ended with ${status}`]),
      ...operationNames.filter((name) => !summary.split(/[:,] /).includes(name)).map((name) => `the recording has no ${name}`),
      ...missed(recorded.split('\n'), folder).map((name) => `the checker did not notice: ${name}`),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
};

for (const [name, value] of Object.entries(QUIET)) process.env[name] ??= value;
checkDataZone().then(
  (problems) => {
    for (const problem of problems) console.error(problem);
    process.exitCode = problems.length === 0 ? 0 : 1;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
