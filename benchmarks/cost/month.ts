import type { Units } from './prices';
import type { Provisioned } from './provisioned';
import { callsTo, minus, type Quantities, sumOf, times } from './quantities';

/**
 * What nobody measured. Everything else comes from a run on the double, or from the synthesized stack. Each is named in the report.
 */
export const ASSUMED = {
  /** Of one bucket account, in a month. */
  approvals: 10,
  revocations: 2,
  /** The ledger, the domain and the log are as they are after so many months like this one. */
  months: 12,
  bucketsAnAccount: 4,
  subscriptionsAProject: 8,
  environmentsAProject: 1,
  /** Seconds that a call to AWS takes; calls that need not wait for each other go out together. */
  secondsARound: 0.02,
  /** Lambda asks the queue with so many connections, each for so many seconds at a time. */
  pollers: 5,
  secondsAPoll: 20,
  /** What CloudWatch adds to each line it takes in, and what Lambda prints beside the function for each invocation: lines, bytes. */
  bytesALogLine: 26,
  platform: { lines: 3, bytes: 250 },
  /** A service asks KMS for the customer's key at most so often for each thing encrypted with it; seconds. */
  secondsAKeyRequest: 300,
  encrypted: 7,
} as const;

/** Seconds. */
const MONTH = 30 * 24 * 3600;
/** Bytes that one read unit reads. */
const READ_UNIT = 4096;

/** What single things took. */
export type Measured = {
  readonly sweep: Quantities;
  readonly approval: Quantities;
  readonly revocation: Quantities;
  /** The bytes that the ledger keeps of each change. */
  readonly kept: { readonly approval: number; readonly revocation: number };
  readonly reconcile: Reconcile;
  /** What the function said of itself. */
  readonly metrics: readonly string[];
};

/** A run that finds everything as it should be: whatever the domain, and more for each bucket, project and subscription in it. */
export type Reconcile = {
  readonly fixed: Quantities;
  readonly bucket: Quantities;
  readonly project: Quantities;
  readonly subscription: Quantities;
};

export type Domain = { readonly buckets: number; readonly projects: number; readonly subscriptions: number };

/** The domain that so many bucket accounts have become. */
export const domainOf = (accounts: number): Domain => {
  const { approvals, revocations, months, bucketsAnAccount, subscriptionsAProject } = ASSUMED;
  const subscriptions = accounts * months * (approvals - revocations);
  return { buckets: accounts * bucketsAnAccount, projects: subscriptions / subscriptionsAProject, subscriptions };
};

export const reconcileOf = ({ fixed, bucket, project, subscription }: Reconcile, domain: Domain): Quantities =>
  sumOf(fixed, times(bucket, domain.buckets), times(project, domain.projects), times(subscription, domain.subscriptions));

/** From a base and three domains, each of which has more of one thing. */
export const growthOf = (
  base: Grown,
  more: { readonly buckets: Grown; readonly projects: Grown; readonly subscriptions: Grown },
): Reconcile => {
  const each = (name: keyof Domain) => times(minus(more[name].taken, base.taken), 1 / (more[name].size[name] - base.size[name]));
  const grown = { bucket: each('buckets'), project: each('projects'), subscription: each('subscriptions') };
  return { fixed: minus(base.taken, reconcileOf({ fixed: {}, ...grown }, base.size)), ...grown };
};
export type Grown = { readonly size: Domain; readonly taken: Quantities };

/** What a month's dollars are spent on. */
export const CAUSES = ['sweeps', 'changes', 'reconciles', 'standing by'] as const;
export type Cause = (typeof CAUSES)[number];

/** How often they fire in a month. */
export type Schedules = Provisioned['schedules'];

/** The units that a month of so many bucket accounts takes, by what they are spent on. */
export const monthOf = (
  accounts: number,
  { measured, provisioned, schedules = provisioned.schedules }: { measured: Measured; provisioned: Provisioned; schedules?: Schedules },
): Readonly<Record<Cause, Units>> => {
  const changes = [times(measured.approval, accounts * ASSUMED.approvals), times(measured.revocation, accounts * ASSUMED.revocations)];
  const run = reconcileOf(measured.reconcile, domainOf(accounts));
  return {
    sweeps: { ...worked(times(measured.sweep, schedules.sweep), provisioned), schedule: schedules.sweep },
    changes: worked(sumOf(...changes), provisioned, { events: true }),
    reconciles: { ...worked(times(run, schedules.reconcile), provisioned), schedule: schedules.reconcile },
    'standing by': standing(accounts, { measured, provisioned }),
  };
};

const isRead = (operation: string): boolean => operation === 'GetBucketPolicy';

/** Units of what the function did; from Scheduler or from DataZone, each message is sent, received and deleted. */
const worked = (quantities: Quantities, provisioned: Provisioned, { events = false } = {}): Units => {
  const of = (name: string) => quantities[name] ?? 0;
  const { platform, bytesALogLine, secondsARound } = ASSUMED;
  const lines = of('log lines') + of('invocations') * platform.lines;
  const logged = of('log bytes') + of('invocations') * platform.bytes + lines * bytesALogLine;
  const registryUnits = Math.ceil(provisioned.registryBytes / READ_UNIT);
  return {
    datazoneRequest: callsTo(quantities, 'datazone'),
    lambdaRequest: of('invocations'),
    lambdaGigabyteSecond: provisioned.gigabytes * of('rounds') * secondsARound,
    sqsRequest: 3 * of('messages'),
    serviceEvent: events ? of('messages') : 0,
    dynamoRead: of('read units') + of('registry reads') * registryUnits,
    dynamoWrite: of('write units'),
    s3Read: callsTo(quantities, 's3', isRead),
    s3Write: callsTo(quantities, 's3', (operation) => !isRead(operation)),
    logByte: logged,
    keptLogByte: logged * provisioned.logMonths,
  };
};

const standing = (accounts: number, { measured, provisioned }: { measured: Measured; provisioned: Provisioned }): Units => {
  const { months, approvals, revocations, pollers, secondsAPoll, secondsAKeyRequest, encrypted } = ASSUMED;
  const { kept, metrics } = measured;
  const bytes = accounts * months * (approvals * kept.approval + revocations * kept.revocation);
  return {
    alarm: provisioned.alarms,
    dashboard: provisioned.dashboards,
    metric: new Set([...metrics, ...provisioned.watched]).size,
    sqsRequest: (pollers * MONTH) / secondsAPoll,
    dynamoByte: bytes + provisioned.registryBytes,
    recoveryByte: provisioned.recoverable.includes('ledger') ? bytes : 0,
    key: provisioned.keys,
    keyRequest: provisioned.keys === 0 ? 0 : (encrypted * MONTH) / secondsAKeyRequest,
  };
};

export const allOf = (month: Readonly<Record<Cause, Units>>): Units => sumOf(...CAUSES.map((cause) => month[cause] as Quantities));
