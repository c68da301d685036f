import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { brokenIn } from './budgets';
import { measureBurst } from './burst/measure-burst';
import { measureCapacity } from './capacity/measure-capacity';
import { measureColdStart } from './cold-start/measure-cold-start';
import { measureCompile } from './compile/measure-compile';
import { buildContenders, type Contenders } from './contenders';
import { measureCost } from './cost/measure-cost';
import { measureEvent } from './event/measure-event';
import { pictureOf } from './event/picture';
import { type Figures, SECTIONS, type Section } from './figures';
import { measureReconcile } from './reconcile/measure-reconcile';
import { reportOf } from './report';
import { measureSynth } from './synth/measure-synth';

/** How much is measured. A quick run proves that everything runs and that what holds on any machine does; its report is not kept. */
const SIZES = {
  full: {
    orders: 5,
    coldStarts: 15,
    events: 5,
    grants: 200,
    compiles: 7,
    accounts: [10, 100, 1_000],
    synths: 1,
    manyBuckets: 50,
    domains: [
      { buckets: 100, subscriptions: 1_000 },
      { buckets: 1_000, subscriptions: 10_000 },
    ],
  },
  quick: {
    orders: 1,
    coldStarts: 3,
    events: 1,
    grants: 10,
    compiles: 3,
    accounts: [10],
    synths: 1,
    manyBuckets: 5,
    domains: [{ buckets: 5, subscriptions: 20 }],
  },
} as const;

const EVENTS_PER_GRANT = 5;
const REPORT = join(__dirname, 'report.json');

type Size = (typeof SIZES)[keyof typeof SIZES];

const bursts = async ({ grants, manyBuckets }: Size, contenders: Contenders) => {
  const measured = [];
  const shapes = [
    { buckets: 1, environments: 3 },
    { buckets: 1, environments: 1 },
    { buckets: manyBuckets, environments: 3 },
  ];
  for (const shape of shapes) measured.push(await measureBurst({ grants, eventsPerGrant: EVENTS_PER_GRANT, ...shape }, contenders));
  return measured;
};

/** The measurements by name. */
const MEASUREMENTS: { readonly [Name in Section]: (size: Size, on: { readonly contenders: Contenders }) => Promise<Figures[Name]> } = {
  capacity: async ({ orders }) => measureCapacity(orders),
  compile: ({ compiles }) => measureCompile(compiles),
  coldStart: ({ coldStarts }, { contenders }) => measureColdStart(contenders, coldStarts),
  event: ({ events }, { contenders }) => measureEvent(contenders, events),
  cost: (_, { contenders }) => measureCost(contenders.bundle),
  synth: async ({ accounts, synths }) => measureSynth(accounts, synths),
  reconcile: ({ domains }, { contenders }) => measureReconcile(domains, contenders.bundle),
  bursts: (size, { contenders }) => bursts(size, contenders),
};

const stored = (): Figures => {
  if (!existsSync(REPORT)) return { runs: {} };
  return JSON.parse(readFileSync(REPORT, 'utf8'));
};

const keep = (figures: Figures): void => {
  writeFileSync(REPORT, `${JSON.stringify(figures, null, 2)}\n`);
  writeFileSync(join(__dirname, 'report.md'), reportOf(figures));
  if (figures.event !== undefined)
    writeFileSync(
      join(__dirname, 'rounds.svg'),
      pictureOf(figures.event.picture.cold, 'One event, cold, three environments: calls by round'),
    );
};

/**
 * Measures and writes the report, section by section; a quick run prints it. Sections that are not asked for stay as they were measured
 * last. Fails if a budget is broken that holds on any machine.
 */
const run = async (mode: 'full' | 'quick', sections: readonly Section[]): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  let figures: Figures = mode === 'full' ? stored() : { runs: {} };
  let taken: Figures = { runs: {} };
  try {
    const contenders = buildContenders(folder);
    for (const section of sections) {
      console.error(`measuring ${section}`);
      const measured = await MEASUREMENTS[section](SIZES[mode], { contenders });
      const machine = { node: process.version, processors: availableParallelism(), load: loadavg()[0] ?? 0 };
      taken = { ...taken, [section]: measured };
      figures = { ...figures, [section]: measured, runs: { ...figures.runs, [section]: { at: new Date().toISOString(), ...machine } } };
      if (mode === 'full') keep(figures);
    }
    if (mode === 'quick') console.log(reportOf(figures));
    const { checked, broken } = brokenIn(taken);
    console.error(`${checked - broken.length} of ${checked} budgets that hold on any machine are kept`);
    for (const sentence of broken) console.error(`broken: ${sentence}`);
    if (broken.length > 0) process.exitCode = 1;
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

const { values, positionals } = parseArgs({ options: { quick: { type: 'boolean', default: false } }, allowPositionals: true });
const isSection = (name: string): name is Section => (SECTIONS as readonly string[]).includes(name);
const strange = positionals.filter((name) => !isSection(name));
const sections = SECTIONS.filter((section) => positionals.length === 0 || positionals.includes(section));
if (strange.length > 0) {
  console.error(`there is no measurement '${strange.join("', '")}'; there are ${SECTIONS.join(', ')}`);
  process.exitCode = 2;
} else
  run(values.quick ? 'quick' : 'full', sections).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
