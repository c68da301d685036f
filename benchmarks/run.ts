import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureBurst } from './burst/measure-burst';
import { measureCapacity } from './capacity/measure-capacity';
import { measureColdStart } from './cold-start/measure-cold-start';
import { measureCompile } from './compile/measure-compile';
import { buildContenders } from './contenders';
import { measureCost } from './cost/measure-cost';
import { measureEvent } from './event/measure-event';
import { pictureOf } from './event/picture';
import type { Figures } from './figures';
import { reportOf } from './report';
import { measureSynth } from './synth/measure-synth';

/** How much is measured. A quick run proves that everything runs, in a minute or two; its report is not kept. */
const SIZES = {
  full: { coldStarts: 15, events: 5, grants: 200, compiles: 7, accounts: [10, 100, 1_000], synths: 1 },
  quick: { coldStarts: 3, events: 1, grants: 20, compiles: 3, accounts: [10], synths: 1 },
} as const;

const EVENTS_PER_GRANT = 5;

/** Measures everything and writes the report; a quick run prints it. */
const run = async (mode: 'full' | 'quick'): Promise<void> => {
  const size = SIZES[mode];
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const said = <Value>(what: string, value: Value): Value => {
    console.error(`measuring ${what}`);
    return value;
  };
  try {
    const contenders = said('with everybody built', buildContenders(folder));
    const coldStart = await said('cold starts', measureColdStart(contenders, size.coldStarts));
    const event = await said('one event', measureEvent(contenders, size.events));
    const bursts = [];
    const burst = { grants: size.grants, eventsPerGrant: EVENTS_PER_GRANT };
    for (const shape of [
      { buckets: 1, environments: 3 },
      { buckets: 1, environments: 1 },
      { buckets: mode === 'full' ? 50 : 5, environments: 3 },
    ])
      bursts.push(await said(`a burst on ${shape.buckets} buckets`, measureBurst({ ...burst, ...shape }, contenders)));
    const figures: Figures = {
      at: new Date().toISOString(),
      mode,
      machine: { node: process.version, processors: availableParallelism(), load: loadavg()[0] ?? 0 },
      coldStart,
      event,
      bursts,
      capacity: said('capacity', measureCapacity()),
      compile: await said('compilation', measureCompile(size.compiles)),
      synth: said('synthesis', measureSynth(size.accounts, size.synths)),
      cost: measureCost(event.picture.cold),
    };
    if (mode === 'quick') {
      console.log(reportOf(figures));
      return;
    }
    writeFileSync(join(__dirname, 'report.json'), `${JSON.stringify(figures, null, 2)}\n`);
    writeFileSync(join(__dirname, 'report.md'), reportOf(figures));
    writeFileSync(
      join(__dirname, 'rounds.svg'),
      pictureOf(figures.event.picture.cold, 'One event, cold, three environments: calls by round'),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** What the function and the SDK would say on the side. */
const QUIET = {
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};
for (const [name, value] of Object.entries(QUIET)) process.env[name] ??= value;

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
run(values.quick ? 'quick' : 'full').catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
