import { type CostFigures, type CostRow, causesOf } from './measure-cost';
import { ASSUMED, CAUSES, type Reconcile } from './month';
import { dollarsOf, PAGES_OF_AWS, PRICE_NAMES, PRICES, PRICES_IN, PRICES_OF, type Units } from './prices';
import { CALL, type Quantities } from './quantities';

export type Table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]) => string;

const count = (value: number): string => Math.round(value).toLocaleString('en');
const dollars = (value: number): string => value.toFixed(2);

/** What single things take: calls by operation, and what of them is billed otherwise. */
const single = (table: Table, { measured: { sweep, approval, revocation, reconcile } }: CostFigures): string => {
  const columns: readonly (readonly [string, Quantities])[] = [
    ['idle sweep', sweep],
    ['approval', approval],
    ['revocation', revocation],
    ['reconcile', reconcile.fixed],
    ['… and for each bucket', reconcile.bucket],
    ['… each project', reconcile.project],
    ['… each subscription', reconcile.subscription],
  ];
  const names = [...new Set(columns.flatMap(([, quantities]) => Object.keys(quantities)))].sort();
  const shown = (value = 0) => (value === 0 ? '' : String(Number(value.toFixed(2))));
  return table(
    ['', ...columns.map(([name]) => name)],
    names
      .map((name) => [name.startsWith(CALL) ? name.slice(CALL.length) : `*${name}*`, ...columns.map(([, of]) => shown(of[name]))])
      .filter(([, ...values]) => values.some((value) => value !== '')),
  );
};

const byService = (table: Table, rows: readonly CostRow[]): string => {
  const services = [...new Set(PRICE_NAMES.map((name) => PRICES[name].service))];
  const of = (units: Units, service: string) =>
    PRICE_NAMES.filter((name) => PRICES[name].service === service).reduce(
      (sum, name) => sum + dollarsOf(name, units[name] ?? 0, 'nothing'),
      0,
    );
  return table(
    ['dollars a month', ...rows.map(({ accounts }) => `${accounts} account(s)`)],
    [
      ...services.map((service) => [service, ...rows.map(({ units }) => dollars(of(units, service)))]),
      ['**all of it**', ...rows.map((row) => `**${dollars(row.dollars)}**`)],
      ['… less what AWS gives away each month', ...rows.map(({ lessFree }) => dollars(lessFree))],
      ...CAUSES.map((cause) => [`of all of it, for ${cause}`, ...rows.map(({ byCause }) => dollars(byCause[cause]))]),
      ...Object.keys(rows[0]?.otherwise ?? {}).map((what) => [
        `all of it with ${what}`,
        ...rows.map(({ otherwise }) => dollars(otherwise[what] ?? Number.NaN)),
      ]),
    ],
  );
};

const units = (table: Table, rows: readonly CostRow[]): string =>
  table(
    ['price', 'dollars', 'per', ...rows.map(({ accounts }) => `units, ${accounts} account(s)`), 'free each month', 'read on'],
    PRICE_NAMES.map((name) => {
      const { service, what, dollars: price, per, free, read } = PRICES[name];
      return [`${service}: ${what}`, price, count(per), ...rows.map((row) => count(row.units[name] ?? 0)), count(free), read];
    }),
  );

/** What the figures say, in words: they are read off, so that they stay true when the figures change. */
const said = ({ rows }: CostFigures): string =>
  rows
    .map((row) => {
      const [first = 'sweeps', second = 'changes'] = causesOf(row);
      const share = (cause: typeof first) => Math.round((100 * row.byCause[cause]) / row.dollars);
      const requests = dollarsOf('datazoneRequest', row.units.datazoneRequest ?? 0, 'nothing');
      const saved = Object.entries(row.otherwise)
        .map(([what, all]) => ({ what, saves: row.dollars - all }))
        .filter(({ saves }) => saves > 0)
        .sort((one, other) => other.saves - one.saves)
        .map(({ what, saves }) => `${what} ${dollars(saves)}`);
      return `- ${row.accounts} account(s): ${share(first)} % go to ${first}, ${share(second)} % to ${second}, ${share('sweeps')} % to the sweep a minute; DataZone's requests are ${dollars(requests)} of ${dollars(row.dollars)} dollars. It would save: ${saved.join(', ')}.`;
    })
    .join('\n');

const growth = ({ bucket, project, subscription }: Reconcile): string => {
  const calls = (quantities: Quantities) =>
    Object.entries(quantities).reduce((sum, [name, value]) => (name.startsWith(CALL) ? sum + value : sum), 0);
  return `${calls(bucket).toFixed(2)} for each bucket, ${calls(project).toFixed(2)} for each project and ${calls(subscription).toFixed(2)} for each subscription`;
};

const assumptions = (): string => {
  const { approvals, revocations, months, bucketsAnAccount, subscriptionsAProject, environmentsAProject } = ASSUMED;
  const { secondsARound, pollers, secondsAPoll, bytesALogLine, platform, secondsAKeyRequest, encrypted } = ASSUMED;
  return [
    `A bucket account has ${bucketsAnAccount} buckets and a month of ${approvals} approvals and ${revocations} revocations; the domain, the ledger and the log are as they are after ${months} such months.`,
    `A project has ${subscriptionsAProject} subscriptions and ${environmentsAProject} environment, with one target and one role in it.`,
    'DataZone emits the events that the double emits (what that takes for granted: [docs/unverified.md](../docs/unverified.md)), and each comes alone.',
    `A round of calls takes ${1000 * secondsARound} ms, and the function computes nothing in between; it stays warm, as a sweep a minute keeps it.`,
    `Lambda polls the queue with ${pollers} connections, ${secondsAPoll} seconds a look, whether or not there is anything; each message is sent, received and deleted.`,
    `CloudWatch adds ${bytesALogLine} bytes to each line of the log, Lambda ${platform.lines} lines of ${platform.bytes} bytes in all to each invocation, and what is kept is not compressed.`,
    `With a customer key, each of ${encrypted} things encrypted with it asks for it every ${secondsAKeyRequest / 60} minutes.`,
    'Every DataZone request is charged, though AWS says that core API calls are free without a stored page saying which. A refused or failed grant has metrics of its own, at the price of one more each, and none occurs here.',
    "Not in it: DataZone's storage and compute units (0.40 dollars a GB, 1.776 a unit: the domain's, whether or not this product is there), the requests of people and command lines, the topic's messages, transfer, tracing and a VPC.",
  ]
    .map((line) => `- ${line}`)
    .join('\n');
};

/** The section on cost. */
export const costSection = (figures: CostFigures, table: Table): string => {
  const { rows, provisioned, measured } = figures;
  const { sweep, reconcile } = provisioned.schedules;
  return `## 8. Cost

Dollars a month in ${PRICES_IN}, for a deployment with alarms. The calls, bytes and units of single things are measured on the double; how
often the schedules fire (${count(sweep)} sweeps, ${count(reconcile)} reconciles), alarms, watched metrics, memory, retention and recovery are read from the
synthesized stack. Of the ${measured.metrics.length} metrics that the function printed, each is charged for the whole month.

${table(
  ['bucket accounts', 'buckets', 'subscriptions', 'changes', 'invocations', 'calls', 'of them to DataZone', 'dollars a month'],
  rows.map((row) => [
    row.accounts,
    count(row.buckets),
    count(row.subscriptions),
    count(row.changes),
    count(row.invocations),
    count(row.calls),
    count(row.datazoneCalls),
    dollars(row.dollars),
  ]),
)}

${byService(table, rows)}

${said(figures)}

### What single things take

An approval and a revocation include the sweeps that confirm them. A reconcile finds everything as it should be: its calls grow by
${growth(measured.reconcile)}. The ledger keeps ${count(measured.kept.approval)} bytes of an approval and ${count(measured.kept.revocation)} of a
revocation, with the history.

${single(table, figures)}

### Prices

As read on ${PRICES_OF}. AWS's own pages (${Object.values(PAGES_OF_AWS).join(', ')}) fill their figures in by script, so their stored copies do not
show them, but for events of AWS's services; the figures are from the pages named last, all but that one by others. What is free
each month was read on AWS's page for CloudWatch, beside the price for DataZone, by others for Lambda, Scheduler, DynamoDB and KMS, and is
taken as commonly known for SQS.

${units(table, rows)}

### Assumed

${assumptions()}`;
};
