import type { Cause } from './core/ledger/history-record';
import type { SubscriptionRecord } from './core/ledger/subscription-record';
import { sidNamespace } from './core/policy/sid-namespace';
import type { AccountBreaker } from './policy-change/account-breaker';
import type { BucketRules } from './policy-change/bucket-change';
import type { Ports } from './ports';
import type { Settings } from './settings';
import { catalogueInTime } from './subscription/catalogue-in-time';
import { invocationReads, type Reads } from './subscription/reads';

/** What an invocation of the function works with. */
export type Invocation = {
  readonly ports: Ports;
  readonly settings: Settings;
  readonly breaker: AccountBreaker;
  /** Whether so little of the invocation's time is left that nothing more may be started. */
  readonly timeIsUp: () => boolean;
};

/** What one batch of subscriptions or buckets works with: in it, everything is read once. */
export type Batch = {
  readonly ports: Ports;
  readonly settings: Settings;
  readonly reads: Reads;
  readonly rules: Omit<BucketRules, 'frozen'>;
  /** Why its work is done, where a subscription has no cause of its own. */
  readonly cause: Cause;
};

export type BatchOptions = {
  readonly cause: Cause;
  /** Whether editor sessions are prepared ahead of their use. @default true */
  readonly prepares?: boolean;
  /** Records that were read already. */
  readonly known?: ReadonlyMap<string, SubscriptionRecord | undefined>;
};

/** Creates a batch; its creator awaits `reads.done()` before the function returns. */
export const openBatch = (
  { ports: all, settings, breaker, timeIsUp }: Invocation,
  { cause, prepares = true, known }: BatchOptions,
): Batch => {
  const ports = { ...all, catalogue: catalogueInTime(all.catalogue, timeIsUp) };
  const namespace = sidNamespace({
    name: settings.deployment,
    partition: settings.partition,
    account: settings.account,
    region: settings.region,
  });
  return {
    ports,
    settings,
    reads: invocationReads(ports, { provider: settings.targetProvider, prepares, ...(known === undefined ? {} : { known }) }),
    rules: { namespace, observe: settings.mode === 'observe', breaker, timeIsUp },
    cause,
  };
};

/** Does work within a batch. Nothing that it started is in flight when this resolves. */
export const withBatch = async <Result>(
  invocation: Invocation,
  options: BatchOptions,
  work: (batch: Batch) => Promise<Result>,
): Promise<Result> => {
  const batch = openBatch(invocation, options);
  try {
    return await work(batch);
  } finally {
    await batch.reads.done();
  }
};
