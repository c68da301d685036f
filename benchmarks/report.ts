import { BUDGETS } from './budgets';
import type { Conditions, Figures, Measured, Measurement } from './figures';
import type { Timing } from './harness';

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const milliseconds = ({ median, spread }: Timing, digits = 0) => `${median.toFixed(digits)} ± ${spread.toFixed(digits)}`;
const ratio = (value: number | undefined) => (value === undefined ? 'not measured (boto3 is not installed)' : value.toFixed(2));
const grouped = (value: number) => value.toLocaleString('en');

const coldStart = ({
  bundle,
  contenders,
  ratios,
}: Measured['cold-start']) => `Milliseconds from the start of the process until the handler is loaded, and until its first request reaches the emulator.

${table(
  ['', 'loaded', 'first request'],
  contenders.map(({ name, loaded, firstRequest }) => [name, milliseconds(loaded), milliseconds(firstRequest)]),
)}

First request of this product divided by that of another contender: Python baseline ${ratio(ratios.toPython)} (target 0.35), the same
handler with the SDK of the runtime ${ratio(ratios.toRuntimeSdk)} (target 0.70). The minified bundle has ${grouped(bundle.raw)} bytes (budget
${grouped(BUDGETS.bundle)}), compressed ${grouped(bundle.gzip)}.`;

const event = (
  rows: Measured['event'],
) => `Every call takes 20 ms more than the emulator needs. A *round* is a set of calls that wait for the answers of the round before. The
table counts rounds and milliseconds until S3 acknowledges the policy write. In brackets: milliseconds until the change is verified,
recorded and reported, which the baseline does not do.

${table(
  ['', 'environments', 'cold: rounds', 'cold: ms', 'warm: rounds', 'warm: ms'],
  rows.map(({ contender, environments, cold, warm }) => [
    contender,
    environments,
    cold.rounds,
    `${milliseconds(cold.access)} (${milliseconds(cold.done)})`,
    warm.rounds,
    `${milliseconds(warm.access)} (${milliseconds(warm.done)})`,
  ]),
)}

Each round before the write needs an answer of the round before it:

1. Reads the subscription, its record, the registry and the environments. They depend on the event only.
2. Reads the subscription targets, which need the ids of the environments. Reads the bucket's ledger items and assumes the editor role,
   which need the bucket and its account. The function reads these from DataZone and the registry. It does not trust the event, which
   any principal that may send to the queue could forge.
3. Reads the policy with the editor role's session, and records the decision. No policy is written before its decision is recorded.
4. Announces the change in the ledger, with the policy as read. Without the announcement, a crash would lose the previous policy, and a
   concurrent writer would not be detected.
5. Writes the policy.

After the write, two equal reads verify it. Then history, bucket state and grants are recorded in this order, so that the next sweep can
finish after a crash. The function reports to DataZone last, because it reports only what it has verified.`;

const burst = (
  bursts: Measured['burst'],
) => `Every grant has five events. *Seconds* are rounds at 20 ms each, without computing time. *Lost* are grants that no policy contains
afterwards. *Refused* are policy writes that S3 refused because of their size. The baseline appends two statements per grant, so its
policy on one bucket is full after a few dozen grants. With ten events at a time it also overwrites its own changes.

${table(
  ['burst', '', 'events', 'calls', 'policy writes', 'refused', 'seconds', 'lost'],
  bursts.flatMap(({ size, product, baselineSerial, baselineParallel }) =>
    [
      { name: 'this product', run: product },
      { name: 'baseline, one event at a time', run: baselineSerial },
      { name: 'baseline, ten events at a time', run: baselineParallel },
    ].map(({ name, run }) => [
      `${size.grants} grants, ${size.buckets} bucket(s), ${size.environments} environment(s) per project`,
      name,
      run.events,
      run.calls,
      run.writes,
      run.refused,
      run.seconds.toFixed(1),
      run.lost,
    ]),
  ),
)}

${bursts.map(({ size, faster }) => `${size.buckets} bucket(s), ${size.environments} environment(s): ${faster.toFixed(1)} times faster than the serial baseline.`).join('\n')}`;

const capacity = ({
  rows,
  planning,
  growth,
}: Measured['capacity']) => `Pairs of role and location that fit into a policy of 20,480 bytes, with role ARNs of 70 characters, prefixes of 40 and a bucket name of
24. The first four layouts have no Sids and no headroom. The product has both. A Sid marks a statement as the product's (58 bytes per pair
of statements). The headroom keeps the policy short enough for the revocation of any single grant.

${table(
  [
    'scenario',
    'shape',
    'two statements per grant',
    'a pair of statements per prefix',
    'a pair of statements per role',
    'equal sets merged',
    'merged, with Sids',
    'product',
    'product / merged',
    'fully revocable',
    'at best',
  ],
  rows.map(({ scenario, shape, layouts, withSids, granted, fullyRevocable, fullyRevocableAtBest = '' }) => [
    scenario,
    shape,
    layouts.naive,
    layouts.perPrefix,
    layouts.perRole,
    layouts.merged,
    withSids,
    granted,
    `${Math.round((100 * granted) / layouts.merged)} %`,
    fullyRevocable,
    fullyRevocableAtBest,
  ]),
)}

Any of the product's pairs can be revoked first without suspending another. *Fully revocable* is the number of pairs that can all be revoked
one by one in random order without a suspension. It is smaller where every pair is a subscription of its own and teams share sets: a
revocation splits a block of statements, and no list of allow statements is then as short as the block. *At best* is the number that the
shortest possible list of allow statements reaches, found by exhaustive search. DataZone subscribes projects, whose roles are granted and
revoked together; then all granted pairs are fully revocable (*by project*).

Planning a policy from nothing, in milliseconds of processor time (target: 25 ms for 300 grants). Where not all grants fit, the planner
searches for those that do.

${table(
  ['scenario', 'grants', 'admitted', 'ms'],
  planning.map(({ scenario, grants, admitted, time }) => [scenario, grants, admitted, milliseconds(time, 1)]),
)}

From 1,000 to 10,000 unrelated grants, the planner's work grows ${growth.toFixed(2)} times as fast as n log n (budget ${BUDGETS.growth}).`;

const reconcile = (
  rows: Measured['reconcile'],
) => `A reconcile that finds every grant recorded, verified and unchanged. *MB* is the peak memory of the function's process, including the run
that granted everything (budget ${BUDGETS.reconcile.megabytes}). A run of more than 20 seconds continues in further invocations.

${table(
  [
    'buckets',
    'subscriptions',
    'projects',
    'calls',
    'policy writes',
    'calls per subscription',
    'invocations',
    'seconds',
    'MB',
    'by operation',
  ],
  rows.map((row) => [
    row.buckets,
    row.subscriptions,
    row.projects,
    row.calls,
    row.policyWrites,
    (row.calls / row.subscriptions).toFixed(2),
    row.invocations,
    row.seconds.toFixed(1),
    row.megabytes,
    Object.entries(row.byOperation)
      .map(([name, count]) => `${name} ${count}`)
      .join(', '),
  ]),
)}`;

/** The sections in the order of the report. */
const SECTIONS: readonly {
  readonly name: Measurement;
  readonly title: string;
  readonly write: (figures: Figures) => string | undefined;
}[] = [
  { name: 'cold-start', title: 'Cold start', write: ({ 'cold-start': figures }) => figures && coldStart(figures) },
  { name: 'event', title: 'Event', write: (figures) => figures.event && event(figures.event) },
  { name: 'burst', title: 'Burst', write: (figures) => figures.burst && burst(figures.burst) },
  { name: 'capacity', title: 'Capacity', write: (figures) => figures.capacity && capacity(figures.capacity) },
  { name: 'reconcile', title: 'Reconcile', write: (figures) => figures.reconcile && reconcile(figures.reconcile) },
];

const INTRODUCTION = `# Benchmarks

Written by \`npm run bench\`, which replaces the sections that it measures. Times are medians ± the median distance from them. The contenders
run in turns, so their ratios are reproducible on a busy machine and their milliseconds are not. All calls go to the local AWS emulator in
\`local-aws/\`. The *baseline* in \`baseline/\` follows AWS's blog post on
[unmanaged S3 assets](https://aws.amazon.com/blogs/big-data/implement-a-custom-subscription-workflow-for-unmanaged-amazon-s3-assets-published-with-amazon-datazone/).
It makes one call after the other, and stores nothing. The budgets are in \`budgets.ts\`; tests assert those that do not depend on the
machine. A *target* depends on the machine and is not asserted.`;

const conditionsText = ({ at, node, processors, load }: Conditions): string =>
  `*Measured at ${at} with Node ${node} on ${processors} processors with a load average of ${load.toFixed(1)}.*`;

const titledSections = (report: string): ReadonlyMap<string, string> =>
  new Map(
    report
      .split(/^## /m)
      .slice(1)
      .map((section) => [section.slice(0, section.indexOf('\n')), section.slice(section.indexOf('\n')).trim()]),
  );

/** Writes the sections of these figures into a report. Keeps the sections of other measurements. */
export const updateReport = (
  report: string,
  { figures, conditions }: { readonly figures: Figures; readonly conditions: ReadonlyMap<Measurement, Conditions> },
): string => {
  const before = titledSections(report);
  const sections = SECTIONS.flatMap(({ name, title, write }) => {
    const [text, measuredUnder] = [write(figures), conditions.get(name)];
    const section = text === undefined || measuredUnder === undefined ? before.get(title) : `${text}\n\n${conditionsText(measuredUnder)}`;
    return section === undefined ? [] : [`## ${title}\n\n${section}`];
  });
  return `${[INTRODUCTION, ...sections].join('\n\n')}\n`;
};
