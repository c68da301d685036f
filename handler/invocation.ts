import { sidNamespace } from './core/policy/sid-namespace';
import type { SubscriptionRecord } from './core/subscription/subscription-record';
import { LedgerFailure } from './errors';
import type { AccountBreaker } from './policy-change/account-breaker';
import type { BucketRules } from './policy-change/bucket-work';
import type { Ports } from './ports';
import type { Settings } from './settings';
import { catalogueInTime } from './subscription/catalogue-in-time';
import { invocationReads, type Reads } from './subscription/reads';
import { isS3AssetType } from './subscription/resolve';

/** What an invocation of the function works with. */
export type Fulfillment = {
  readonly ports: Ports;
  readonly settings: Settings;
  readonly breaker: AccountBreaker;
  /** Whether so little of the invocation's time is left that nothing more may be begun. */
  readonly timeIsUp: () => boolean;
};

/** What one batch works with: things are read once in it. */
export type Context = {
  readonly ports: Ports;
  readonly settings: Settings;
  readonly reads: Reads;
  readonly rules: Omit<BucketRules, 'frozen'>;
};

/** Opens a batch; whoever does awaits `reads.done()` before the function returns. */
export const openContext = (
  { ports: all, settings, breaker, timeIsUp }: Fulfillment,
  {
    prepares = true,
    restore = false,
    known,
  }: { prepares?: boolean; restore?: boolean; known?: ReadonlyMap<string, SubscriptionRecord | undefined> } = {},
): Context => {
  const ports = { ...all, catalogue: catalogueInTime(all.catalogue, timeIsUp) };
  const targets = { provider: settings.targetProvider, isAssetType: isS3AssetType };
  const namespace = sidNamespace({
    name: settings.deployment,
    partition: settings.partition,
    account: settings.account,
    region: settings.region,
  });
  return {
    ports,
    settings,
    reads: invocationReads(ports, { rules: targets, prepares, ...(known === undefined ? {} : { known }) }),
    rules: { namespace, observe: settings.mode === 'observe', restore, breaker, timeIsUp },
  };
};

/** What the ledger cannot take down goes back to the queue. Anything else that is thrown here is a defect, and fails the batch. */
export const orReturn = async <Value>(
  messageIds: readonly string[],
  { work, returned, ports }: { work: Promise<Value>; returned: Set<string>; ports: Ports },
): Promise<Value | undefined> => {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof LedgerFailure)) throw error;
    ports.telemetry.failure('messages go back to the queue', error);
    for (const id of messageIds) returned.add(id);
    return undefined;
  }
};
