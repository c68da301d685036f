import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizedStacks } from '../../local-aws/local-deployment';
import { ACCOUNT, DOMAIN, REGION } from '../stage';
import {
  ASSUMED,
  allOf,
  CAUSES,
  type Cause,
  domainOf,
  type Grown,
  growthOf,
  type Measured,
  monthOf,
  reconcileOf,
  type Schedules,
} from './month';
import { MonthStage } from './month-stage';
import { totalOf, type Units } from './prices';
import { type Provisioned, provisionedIn } from './provisioned';
import { callsTo, type Quantities, sumOf, times } from './quantities';

/** A month of so many bucket accounts. Dollars are without free tiers taken off, but for `lessFree`. */
export type CostRow = {
  readonly accounts: number;
  readonly buckets: number;
  readonly subscriptions: number;
  readonly changes: number;
  readonly invocations: number;
  /** Calls of the function to AWS, and of these to DataZone. */
  readonly calls: number;
  readonly datazoneCalls: number;
  readonly units: Units;
  readonly dollars: number;
  readonly lessFree: number;
  readonly byCause: Readonly<Record<Cause, number>>;
  /** What the month would come to if something were otherwise. */
  readonly otherwise: Readonly<Record<string, number>>;
};

export type CostFigures = { readonly measured: Measured; readonly provisioned: Provisioned; readonly rows: readonly CostRow[] };

const ACCOUNTS = [1, 60, 200];
const DAY = 30;

/** A deployment of so many bucket accounts, with alarms, as bootstrapping recommends; `options` are top-level keys of the file. */
const synthesized = (accounts: number, options: object = {}): Provisioned => {
  const folder = mkdtempSync(join(tmpdir(), 'cost-'));
  try {
    const [file, handlerZip] = [join(folder, 'deployment.yaml'), join(folder, 'handler.zip')];
    writeFileSync(handlerZip, 'a zip');
    const deployment = {
      name: 'acme',
      mode: 'enforce',
      existingSubscriptions: 'grant',
      domain: { id: DOMAIN, account: ACCOUNT, region: REGION, version: 'v1' },
      bucketAccounts: Array.from({ length: accounts }, (_, account) => ({
        account: String(200_000_000_000 + account),
        buckets: Array.from({ length: ASSUMED.bucketsAnAccount }, (_, bucket) => ({
          name: `acme-raw-${account}-${bucket}`,
          prefixes: [{ prefix: 'runs/', owningProjects: ['5a3se66qm88947'] }],
        })),
      })),
      deployRole: 'Deploy',
      state: { backend: 'local' },
      alarms: { topic: `arn:aws:sns:${REGION}:${ACCOUNT}:data-platform` },
      ...options,
    };
    // JSON is YAML.
    writeFileSync(file, JSON.stringify(deployment));
    const { stacks } = synthesizedStacks({ file, handlerZip, outdir: join(folder, 'out') });
    const domain = stacks.find((stack) => JSON.stringify(stack).includes('"aws_lambda_function"'));
    return provisionedIn(domain);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** What one account's domain has become, and what a run on it takes; then on domains with more of one thing. */
const measured = async (bundle: string): Promise<Measured> => {
  const size = domainOf(1);
  const run = (more: Partial<typeof size>): Promise<Grown> => {
    const grown = { ...size, ...more };
    return MonthStage.with({ bundle, size: grown }, async (month) => ({ size: grown, taken: await month.reconcile() }));
  };
  const base = await MonthStage.with({ bundle, size }, async (month) => {
    const [sweep, reconcile] = [await month.sweep(), await month.reconcile()];
    const before = month.meter.bytes();
    const { id, taken: approval } = await month.approve();
    const between = month.meter.bytes();
    const revocation = await month.revoke(id);
    const kept = { approval: between - before, revocation: month.meter.bytes() - between };
    return { sweep, reconcile, approval, revocation, kept, metrics: [...month.metrics].sort() };
  });
  const reconcile = growthOf(
    { size, taken: base.reconcile },
    {
      buckets: await run({ buckets: 2 * size.buckets }),
      projects: await run({ projects: 2 * size.projects }),
      subscriptions: await run({ subscriptions: 2 * size.subscriptions }),
    },
  );
  return { ...base, reconcile };
};

const rowOf = (accounts: number, figures: Measured): CostRow => {
  const provisioned = synthesized(accounts);
  const month = monthOf(accounts, { measured: figures, provisioned });
  const units = allOf(month);
  const { buckets, subscriptions } = domainOf(accounts);
  const { approvals, revocations } = ASSUMED;
  const { sweep, reconcile } = provisioned.schedules;
  const done: Quantities = sumOf(
    times(figures.sweep, sweep),
    times(reconcileOf(figures.reconcile, domainOf(accounts)), reconcile),
    times(figures.approval, accounts * approvals),
    times(figures.revocation, accounts * revocations),
  );
  const dollarsWith = (schedules: Partial<Schedules>, stack = provisioned) =>
    totalOf(allOf(monthOf(accounts, { measured: figures, provisioned: stack, schedules: { ...provisioned.schedules, ...schedules } })));
  return {
    accounts,
    buckets,
    subscriptions,
    changes: accounts * (approvals + revocations),
    invocations: units.lambdaRequest ?? 0,
    calls: callsTo(done),
    datazoneCalls: callsTo(done, 'datazone'),
    units,
    dollars: totalOf(units),
    lessFree: totalOf(units, 'free'),
    byCause: {
      sweeps: totalOf(month.sweeps),
      changes: totalOf(month.changes),
      reconciles: totalOf(month.reconciles),
      'standing by': totalOf(month['standing by']),
    },
    otherwise: {
      'one reconcile a day': dollarsWith({ reconcile: DAY }),
      'a sweep every five minutes': dollarsWith({ sweep: sweep / 5 }),
      'no alarms': dollarsWith({}, { ...provisioned, alarms: 0 }),
      'the dashboard': dollarsWith({}, synthesized(accounts, { dashboard: true })),
      'a customer key': dollarsWith({}, synthesized(accounts, { encryption: { key: 'create' } })),
    },
  };
};

/** Dollars a month, from calls, bytes and units measured on the double, and from the stack as it is synthesized. `bundle` is a folder with the shipped function. */
export const measureCost = async (bundle: string): Promise<CostFigures> => {
  const figures = await measured(bundle);
  return { measured: figures, provisioned: synthesized(1), rows: ACCOUNTS.map((accounts) => rowOf(accounts, figures)) };
};

/** The causes of a month's dollars, the dearest first. */
export const causesOf = ({ byCause }: CostRow): readonly Cause[] => [...CAUSES].sort((one, other) => byCause[other] - byCause[one]);
