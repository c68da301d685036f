import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUDGETS } from '../../benchmarks/budgets';
import { PLAIN, stackOf, synthesized } from '../stacks/synthesized';

const text = readFileSync(join(__dirname, '../../docs/costs.md'), 'utf8');

type Row = readonly string[];
const cellsOf = (line: string): Row =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.replaceAll('*', '').trim());

/** Returns the rows of the table whose first header cell is `title`, without head and rule. */
const tableOf = (title: string): readonly Row[] => {
  const tables = text.split(/\n\n/).filter((block) => block.startsWith('|'));
  const [, , ...rows] = tables.find((table) => table.startsWith(`| ${title} |`))?.split('\n') ?? [];
  return rows.map(cellsOf);
};

const numberIn = (cell: string | undefined): number => Number(cell === undefined || cell === '' ? Number.NaN : cell.replaceAll(',', ''));
const rowNamed = (rows: readonly Row[], name: string): Row => rows.find(([first = '']) => first.startsWith(name)) ?? [];
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const ACCOUNTS = [1, 60, 200] as const;
const GB = 2 ** 30;
const LEDGER_MONTHS = 12;
const LOG_MONTHS = 13;

const perAction = tableOf('unit');
const actions = tableOf('actions per month');
const prices = tableOf('unit | list price, dollars');
const summary = tableOf('dollars per month');

type Cause = 'sweeps' | 'approvals and revocations' | 'reconciles' | 'fixed';
type ByCause = Readonly<Partial<Record<Cause, number>>>;

/** Returns the units of an action's row in a month, for one column of the deployments. */
const unitsOf = (name: string, column: number): ByCause => {
  const [sweep, approval, revocation, reconcile, perAccount] = rowNamed(perAction, name).slice(1).map(numberIn);
  const timesOf = (action: string) => numberIn(rowNamed(actions, action)[column + 1]);
  const each = (units: number | undefined, action: string) => (units ?? Number.NaN) * timesOf(action);
  return {
    sweeps: each(sweep, 'sweeps'),
    'approvals and revocations': each(approval, 'approvals') + each(revocation, 'revocations'),
    reconciles: each((reconcile ?? Number.NaN) + (perAccount ?? Number.NaN) * (ACCOUNTS[column] ?? Number.NaN), 'reconciles'),
  };
};

const times = (units: ByCause, factor: number): ByCause =>
  Object.fromEntries(Object.entries(units).map(([cause, value]) => [cause, value * factor]));
const plus = (one: ByCause, other: ByCause): ByCause => ({
  ...one,
  ...Object.fromEntries(Object.entries(other).map(([cause, value]) => [cause, value + (one[cause as Cause] ?? 0)])),
});
const storedGigabytes = (column: number): ByCause => ({
  fixed: (LEDGER_MONTHS * (unitsOf('ledger bytes stored', column)['approvals and revocations'] ?? Number.NaN)) / GB,
});

/** How the units of each row of the last table follow from the tables before it. */
const DERIVATIONS: readonly { readonly row: string; readonly derive: (column: number) => ByCause }[] = [
  ...['DataZone requests', 'Lambda requests', 'Lambda GB-seconds', 'DynamoDB write units', 'S3 GET requests', 'S3 PUT requests'].map(
    (row) => ({ row, derive: (column: number) => unitsOf(row, column) }),
  ),
  { row: 'SQS requests', derive: (column) => plus(unitsOf('SQS requests', column), { fixed: (5 * 30 * 24 * 3600) / 20 }) },
  { row: 'EventBridge Scheduler invocations', derive: (column) => unitsOf('Scheduler invocations', column) },
  {
    row: 'DynamoDB read units',
    derive: (column) => {
      const registry = numberIn(rowNamed(actions, 'read units per read of the registry')[column + 1]);
      return plus(unitsOf('DynamoDB read units', column), times(unitsOf('DynamoDB reads of the registry', column), registry));
    },
  },
  { row: 'DynamoDB GB stored', derive: storedGigabytes },
  { row: 'DynamoDB GB with point-in-time recovery', derive: storedGigabytes },
  { row: 'CloudWatch alarms', derive: () => ({ fixed: 11 }) },
  { row: 'CloudWatch custom metrics', derive: () => ({ fixed: 15 }) },
  { row: 'CloudWatch GB of logs ingested', derive: (column) => times(unitsOf('log bytes', column), 1 / GB) },
  { row: 'CloudWatch GB of logs stored', derive: (column) => times(unitsOf('log bytes', column), LOG_MONTHS / GB) },
];

/** Returns the dollars of a row of the last table, by cause. */
const dollarsOf = ({ row, derive }: (typeof DERIVATIONS)[number], column: number): ByCause => {
  const [, price, per] = rowNamed(prices, row);
  return times(derive(column), numberIn(price) / numberIn(per));
};
const totalOf = (values: ByCause): number => sum(Object.values(values));
const COLUMNS = ACCOUNTS.map((_, column) => column);

describe('The page on costs', () => {
  it('derives every row of its last table, and no other', () => {
    const names = prices.map(([name = '']) => name).filter((name) => name !== 'total');
    expect(names.map((name) => DERIVATIONS.filter(({ row }) => name.startsWith(row)).length)).toEqual(names.map(() => 1));
    expect(names).toHaveLength(DERIVATIONS.length);
  });

  it.each(DERIVATIONS)('multiplies units per action, actions and list price: $row', (derivation) => {
    const cells = rowNamed(prices, derivation.row);
    for (const column of COLUMNS) {
      const units = totalOf(derivation.derive(column));
      expect(cells[3 + column]).toBe(units.toLocaleString('en', { maximumFractionDigits: units < 1 ? 3 : 0 }));
      expect(cells[6 + column]).toBe(totalOf(dollarsOf(derivation, column)).toFixed(2));
    }
  });

  it('adds up its rows to its totals, and its causes to the same totals', () => {
    for (const column of COLUMNS) {
      const dollars = DERIVATIONS.map((derivation) => dollarsOf(derivation, column)).reduce(plus, {});
      const total = totalOf(dollars).toFixed(2);
      expect(rowNamed(prices, 'total')[6 + column]).toBe(total);
      expect(rowNamed(summary, 'total')[1 + column]).toBe(total);
      for (const [cause, value] of Object.entries(dollars)) expect(rowNamed(summary, cause)[1 + column]).toBe(value.toFixed(2));
    }
    expect(summary).toHaveLength(5);
  });

  it('has a source on an AWS pricing page for every price', () => {
    for (const row of prices.filter(([name]) => name !== 'total')) {
      const [, label = ''] = /\]\[(\w+)\]/.exec(row[9] ?? '') ?? [];
      expect(text).toMatch(new RegExp(`^\\[${label}\\]: https://aws\\.amazon\\.com/\\S+/pricing/`, 'm'));
    }
  });

  it('counts the calls per event that the event budget allows for one environment', () => {
    const rows = tableOf('service');
    const { fixed, environment } = BUDGETS.event.calls;
    const calls = rows.filter(([service]) => service !== '');
    expect(sum(calls.map(([, , count]) => numberIn(count)))).toBe(fixed + environment);
    expect(numberIn(rows.at(-1)?.[2])).toBe(fixed + environment);
    const markedRows = text.split('\n').filter((line) => /^\| \w+ \| \w+ \* \| 1 \|$/.test(line));
    expect(markedRows).toHaveLength(environment);
  });

  it('counts the DataZone requests per reconcile that the reconcile budget allows', () => {
    const [projects, subscriptions] = [12, 12 * 8];
    const pages = Math.ceil(subscriptions / BUDGETS.reconcile.page);
    expect(rowNamed(perAction, 'DataZone requests').slice(4).map(numberIn)).toEqual([
      0,
      BUDGETS.reconcile.calls.project * projects + pages,
    ]);
  });

  it('has the alarms, the schedules and the memory of a deployment with alarms', () => {
    const alarms = 'alarms:\n  topic: arn:aws:sns:eu-west-1:111111111111:data-platform\n';
    const { resource } = stackOf(synthesized(`${PLAIN}\n${alarms}`), 'domain-account');
    expect(Object.keys(resource['aws_cloudwatch_metric_alarm'] ?? {})).toHaveLength(11);
    const schedules = Object.entries(resource['aws_scheduler_schedule'] ?? {});
    expect(new Map(schedules.map(([name, { schedule_expression }]) => [name, schedule_expression]))).toEqual(
      new Map([
        ['sweep', 'rate(1 minute)'],
        ['reconcile', 'rate(6 hours)'],
      ]),
    );
    expect(Object.values(resource['aws_lambda_function'] ?? {}).map(({ memory_size }) => memory_size)).toEqual([512]);
  });
});
