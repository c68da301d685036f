import { costSection } from './cost/report-cost';
import type { Figures, RunOf, Section } from './figures';
import type { Timing } from './harness';

type Of<Name extends Section> = NonNullable<Figures[Name]>;

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const time = ({ median, spread }: Timing) => `${median.toFixed(0)} ± ${spread.toFixed(0)}`;
const ratio = (value: number | undefined) => (value === undefined ? 'not run: no boto3 here' : value.toFixed(2));

const coldStart = ({ bundle, contenders, ratios }: Of<'coldStart'>) => `## 1. Cold start

Milliseconds from the start of the process until the handler is loaded, and until its first request is at AWS's door.

${table(
  ['', 'loaded', 'first request'],
  contenders.map(({ name, loaded, firstRequest }) => [name, time(loaded), time(firstRequest)]),
)}

First request, this product by others: ${ratio(ratios.toPython)} of the Python peer (budget 0.35), ${ratio(ratios.toRuntimeSdk)} of the
same handler with the SDK left to the runtime (budget 0.70). The bundle: ${bundle.raw.toLocaleString('en')} bytes minified (budget
640,000), ${bundle.gzip.toLocaleString('en')} compressed.`;

const event = ({ rows }: Of<'event'>) => `## 2. One event, 20 ms a call

*Rounds* are calls that had to wait for each other, up to the acknowledged policy write; milliseconds are until then, and in brackets
until everything is verified, recorded and reported. The peer does none of that.

${table(
  ['', 'environments', 'cold: rounds', 'cold: ms', 'warm: rounds', 'warm: ms'],
  rows.map(({ contender, environments, cold, warm }) => [
    contender,
    environments,
    cold.rounds,
    `${time(cold.access)} (${time(cold.done)})`,
    warm.rounds,
    `${time(warm.access)} (${time(warm.done)})`,
  ]),
)}

![The rounds of a cold event](rounds.svg)

Why no round before the write can be saved:

1. *Subscription, record, registry, environments* depend on nothing but the event, and go out together.
2. *Targets* need the environments' ids; the *bucket's ledger* and the *session* need to know which bucket it is and who owns it, which
   the subscription and the registry say. An event's word for it is not taken: anybody who may send to the queue could forge it.
3. The *policy is read* with that session. Meanwhile the decision is recorded; nothing may be touched before it is.
4. The *change is announced* at the bucket's head with the policy as it was read: without it a crash would lose what the policy held
   before, and a second writer would not be noticed. So it comes after the read and before the write.
5. The *write*.

A cold function assumes the editor role beside its second round and waits no round for it. To leave out a round would give up either
truth from DataZone (1, 2), other people's statements as they stand now (3), or recovery from a crash (4). After the write two reads in a
row prove it, history, head and grants are settled in that order so that a crash is always finished by the next look, and DataZone is told
last, because it is told only what is proven. An event that comes again takes three rounds: it reads the policy beside DataZone's grants,
and saves nothing.`;

const burst = (bursts: Of<'bursts'>) => `## 3. A burst

Every grant's event comes five times. Seconds are rounds at 20 ms a call, which is what a burst waits for; the machine's own time is left
out. *Lost* are grants that are in no policy afterwards. With two statements a grant a policy is full after a few dozen, so on one bucket the
peer loses the rest even when it is run serially; and ten at a time it overwrites what it wrote itself.

${table(
  ['burst', '', 'events', 'calls', 'policy writes', 'refused', 'seconds', 'lost'],
  bursts.flatMap(({ size, product, peerSerial, peerParallel }) =>
    [
      { name: 'this product', run: product },
      { name: 'peer, one by one', run: peerSerial },
      { name: 'peer, ten at a time', run: peerParallel },
    ].map(({ name, run }) => [
      `${size.grants} grants, ${size.buckets} bucket(s), ${size.environments} environment(s) a project`,
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

Faster than the serial peer: ${bursts.map(({ size, faster }) => `${faster.toFixed(1)} × (${size.buckets} bucket(s), ${size.environments} environment(s))`).join(', ')}.`;

const capacity = (rows: Of<'capacity'>) => `## 4. Capacity

Pairs of role and place that fit into 20,480 bytes (role ARN 70 characters, prefix 40, bucket 24). The layouts are without Sids and
without head-room; the product pays both: a Sid is what makes a statement known as ours (58 bytes a pair of statements), and head-room
keeps the policy short enough for the revocation of any one grant.

${table(
  [
    'scenario',
    'shape',
    'naive',
    'pair per prefix',
    'pair per role',
    'equal sets merged',
    '… with Sids',
    'product',
    'of merged',
    'revocable throughout',
    'of any layout',
  ],
  rows.map((row) => [
    row.scenario,
    row.shape,
    ...Object.values(row.layouts),
    row.withSids,
    row.admitted,
    `${Math.round((100 * row.admitted) / (row.layouts['equal sets merged'] ?? 1))} %`,
    row.revocableThroughout,
    row.bestThroughout ?? '',
  ]),
)}

Each of the product's pairs can be the next to be revoked without suspending any other. *Revocable throughout* is how many can all be
revoked one by one in random order, and nobody is suspended on the way. Where each pair is a subscription of its own and teams share
sets, that is fewer: taking single pairs out of a block leaves it in pieces, and no list of allowed pairs is as short as the block was.
*Of any layout* is the most that could be had there: for every team and at every step the shortest of all possible lists, without Sids.
Where a project's roles get and lose a place together, as DataZone subscribes projects, everything that was let in can be taken away in
any order (*by project*).`;

const compile = (rows: Of<'compile'>) => `## 5. Compile, admit, merge

Milliseconds of processor time for planning a policy from nothing. Where not all fit, those that
still do are looked for, which takes longer than admitting them all.

${table(
  ['grants', 'admitted', 'ms'],
  rows.map(({ of, admitted, time: { median, spread } }) => [of, admitted, `${median.toFixed(1)} ± ${spread.toFixed(1)}`]),
)}`;

const reconcile = (rows: Of<'reconcile'>) => `## 6. Reconcile

Everything is granted and confirmed, and nothing changed since. Memory is the most that the function's process ever held, the run that
granted everything included; 256 MB is the budget. A run that lasts longer than 20 seconds is cut into invocations, each of which reads
again where the run stands.

${table(
  [
    'buckets',
    'subscriptions',
    'projects',
    'calls',
    'policy writes',
    'calls a subscription',
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

const synth = (rows: Of<'synth'>) => `## 7. Synthesis

${table(
  ['bucket accounts', 'seconds', 'most memory, MB'],
  rows.map(({ accounts, seconds, megabytes }) => [accounts, seconds.median.toFixed(1), megabytes.median.toFixed(0)]),
)}`;

const cost = (measured: Of<'cost'>) => costSection(measured, table);

const measuredOn = ({ at, node, processors, load }: RunOf) =>
  `*Measured at ${at} with Node ${node} on ${processors} processors under a load of ${load.toFixed(1)}.*`;

/** The figures as a page. */
export const reportOf = (figures: Figures): string => {
  const section = <Name extends Section>(name: Name, write: (measured: Of<Name>) => string): readonly string[] => {
    const measured: Figures[Name] = figures[name];
    const run = figures.runs[name];
    return measured === undefined || measured === null || run === undefined ? [] : [`${write(measured)}\n\n${measuredOn(run)}`];
  };
  const sections = [
    ...section('coldStart', coldStart),
    ...section('event', event),
    ...section('bursts', burst),
    ...section('capacity', capacity),
    ...section('compile', compile),
    ...section('reconcile', reconcile),
    ...section('synth', synth),
    ...section('cost', cost),
  ];
  return `# Measured

Written by \`npm run bench\`. Times are medians ± the median distance from them; contenders took turns, so ratios hold where milliseconds
do not. AWS is the double in \`local-aws\`. The peer in \`peer/\` is the flow of AWS's blog post on
[unmanaged S3 assets](https://aws.amazon.com/blogs/big-data/implement-a-custom-subscription-workflow-for-unmanaged-amazon-s3-assets-published-with-amazon-datazone/),
written anew. The same figures are in [report.json](report.json).

${sections.join('\n\n')}
`;
};
