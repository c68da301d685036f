import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkBudgets } from './budgets';
import { measureBurst } from './burst/measure-burst';
import { measureCapacity } from './capacity/measure-capacity';
import { measureColdStart } from './cold-start/measure-cold-start';
import { buildContenders, type Contenders } from './contenders';
import { measureEvent } from './event/measure-event';
import { type Conditions, type Figures, MEASUREMENTS, type Measured, type Measurement } from './figures';
import { measureReconcile } from './reconcile/measure-reconcile';
import { updateReport } from './report';
import { QUIET } from './runtime';

/** The size of each measurement. A quick run checks that everything works and that the budgets hold; its report is printed only. */
const SIZES = {
  full: {
    capacity: { orders: 5, rounds: 7 },
    coldStarts: 15,
    events: 5,
    domains: [
      { buckets: 100, subscriptions: 1_000 },
      { buckets: 1_000, subscriptions: 10_000 },
    ],
    burst: { grants: 200, buckets: 50 },
  },
  quick: {
    capacity: { orders: 1, rounds: 3 },
    coldStarts: 3,
    events: 1,
    domains: [{ buckets: 5, subscriptions: 20 }],
    burst: { grants: 10, buckets: 5 },
  },
} as const;

type Size = (typeof SIZES)[keyof typeof SIZES];

const EVENTS_PER_GRANT = 5;
const REPORT = join(__dirname, 'report.md');
/** The figures of the last run, for other programs. Not committed. */
const FIGURES = join(__dirname, 'report.json');

const measureBursts = async ({ burst: { grants, buckets } }: Size, contenders: Contenders): Promise<Measured['burst']> => {
  const shapes = [
    { buckets: 1, environments: 3 },
    { buckets: 1, environments: 1 },
    { buckets, environments: 3 },
  ];
  const measured = [];
  for (const shape of shapes) measured.push(await measureBurst({ grants, eventsPerGrant: EVENTS_PER_GRANT, ...shape }, contenders));
  return measured;
};

const MEASURE: { readonly [Name in Measurement]: (size: Size, contenders: Contenders) => Promise<Measured[Name]> } = {
  capacity: ({ capacity }) => measureCapacity(capacity),
  'cold-start': ({ coldStarts }, contenders) => measureColdStart(contenders, coldStarts),
  event: ({ events }, contenders) => measureEvent(contenders, events),
  reconcile: ({ domains }, { bundle }) => measureReconcile(domains, { bundle }),
  burst: measureBursts,
};

/**
 * Measures, and writes the report after each measurement. A quick run prints its report instead. Sets a non-zero exit code if a budget is
 * exceeded.
 */
const run = async (mode: 'full' | 'quick', names: readonly Measurement[]): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  let figures: Figures = {};
  const conditions = new Map<Measurement, Conditions>();
  try {
    const contenders = buildContenders(folder);
    for (const name of names) {
      console.error(`measuring ${name}`);
      figures = { ...figures, [name]: await MEASURE[name](SIZES[mode], contenders) };
      const at = new Date().toISOString();
      conditions.set(name, { at, node: process.version, processors: availableParallelism(), load: loadavg()[0] ?? 0 });
      if (mode === 'quick') continue;
      writeFileSync(FIGURES, `${JSON.stringify({ figures, conditions: Object.fromEntries(conditions) }, null, 2)}\n`);
      writeFileSync(REPORT, updateReport(existsSync(REPORT) ? readFileSync(REPORT, 'utf8') : '', { figures, conditions }));
    }
    if (mode === 'quick') console.log(updateReport('', { figures, conditions }));
    const { checked, exceeded } = checkBudgets(figures);
    console.error(`${checked - exceeded.length} of ${checked} budgets are kept`);
    for (const sentence of exceeded) console.error(`exceeded: ${sentence}`);
    if (exceeded.length > 0) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

for (const [name, value] of Object.entries(QUIET)) process.env[name] ??= value;

const { values, positionals } = parseArgs({ options: { quick: { type: 'boolean', default: false } }, allowPositionals: true });
const isMeasurement = (name: string): name is Measurement => (MEASUREMENTS as readonly string[]).includes(name);
const unknown = positionals.filter((name) => !isMeasurement(name));
if (unknown.length > 0) {
  console.error(`unknown measurement '${unknown.join("', '")}'; expected one of ${MEASUREMENTS.join(', ')}`);
  process.exitCode = 2;
} else {
  const names = MEASUREMENTS.filter((name) => positionals.length === 0 || positionals.includes(name));
  run(values.quick ? 'quick' : 'full', names).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
