import { sidNamespace } from './core/sid-namespace';
import type { Settings } from './env';
import { LedgerFailure } from './errors';
import type { BucketResult, BucketRules } from './fulfillment/bucket-work';
import { concludeCase, retire, save, wakeOthers } from './fulfillment/conclude-case';
import { dueSlices } from './fulfillment/due-messages';
import { every } from './fulfillment/every';
import { followMessages } from './fulfillment/follow-messages';
import { type Case, look } from './fulfillment/look';
import { invocationReads, type Reads } from './fulfillment/reads';
import { isS3AssetType } from './fulfillment/resolve';
import { type BucketJob, bucketJobs, workBucket } from './fulfillment/work-buckets';
import type { Message } from './messages';
import type { Ports } from './ports';

export type Fulfillment = {
  readonly ports: Ports;
  readonly settings: Settings;
  /** Whether so little of the invocation's time is left that nothing more may be begun. */
  readonly timeIsUp: () => boolean;
};

type Context = { readonly ports: Ports; readonly settings: Settings; readonly reads: Reads; readonly rules: BucketRules };

/**
 * Fulfils a batch: resolves every subscription that its messages lead to, decides, records, brings the buckets' policies up to date,
 * verifies, and reports. Returns the ids of the messages that must come again: those whose work the ledger could not take down.
 * Whatever else fails is in the ledger as due work by then. Nothing is in flight when it returns.
 */
export const fulfill = async (messages: readonly Message[], fulfillment: Fulfillment): Promise<readonly string[]> => {
  const { ports } = fulfillment;
  const events = messages.filter((message) => message.kind !== 'sweep');
  const returned = new Set(await fulfillBatch(events, fulfillment));
  // One sweep does the work of any number.
  const sweep = messages.find((message) => message.kind === 'sweep');
  if (sweep !== undefined) await orReturn([sweep.messageId], { work: sweepUp(sweep, { fulfillment, returned }), returned, ports });
  return [...returned];
};

/** Looks again at what is due, slice by slice, as if its events had come again. */
const sweepUp = async (
  sweep: { readonly messageId: string },
  { fulfillment, returned }: { fulfillment: Fulfillment; returned: Set<string> },
): Promise<void> => {
  for await (const slice of dueSlices(sweep, fulfillment)) {
    for (const id of await fulfillBatch(slice, fulfillment)) returned.add(id);
    if (fulfillment.timeIsUp()) return;
  }
};

const fulfillBatch = async (messages: readonly Message[], { ports, settings, timeIsUp }: Fulfillment): Promise<readonly string[]> => {
  const reads = invocationReads(ports, { provider: settings.targetProvider, isAssetType: isS3AssetType });
  const namespace = sidNamespace({
    name: settings.deployment,
    partition: settings.partition,
    account: settings.account,
    region: settings.region,
  });
  const context: Context = { ports, settings, reads, rules: { namespace, observe: settings.mode === 'observe', timeIsUp } };
  const returned = new Set<string>();
  try {
    const { leads, standIns } = await followMessages(messages, context);
    const looked = await every(leads.map((lead) => orReturn(lead.messageIds, { work: look(lead, context), returned, ports })));
    const cases = looked.flatMap((one) => one ?? []);
    const saving = new Map(cases.map((one) => [one.lead.id, begin(one, ports)]));
    const worked = await every(bucketJobs(cases).map((job) => work(job, { saving, returned, context })));
    const results = new Map(worked);
    await every(cases.map((one) => orReturn(one.lead.messageIds, { work: conclude(one, { saving, results, context }), returned, ports })));
    const obsolete = [...new Map(standIns.map((standIn) => [standIn.id, standIn])).values()];
    await every(obsolete.map(({ id, messageIds }) => orReturn(messageIds, { work: retire(id, context), returned, ports })));
    return [...returned];
  } finally {
    await reads.done();
  }
};

/** What the ledger cannot take down goes back to the queue. Anything else that is thrown here is a defect, and fails the batch. */
const orReturn = async <Value>(
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

/** Records what was decided. Whoever depends on it awaits the promise; until then its failure is not unhandled. */
const begin = ({ record }: Case, ports: Ports): Promise<void> => {
  const saved = record === undefined ? Promise.resolve() : save(record, ports);
  saved.catch(() => undefined);
  return saved;
};

const work = async (
  job: BucketJob,
  { saving, returned, context }: { saving: ReadonlyMap<string, Promise<void>>; returned: Set<string>; context: Context },
): Promise<readonly [string, BucketResult | undefined]> => {
  const { ports, reads, rules } = context;
  const recorded = every(job.cases.flatMap(({ lead }) => saving.get(lead.id) ?? []));
  recorded.catch(() => undefined);
  const own = new Set(job.cases.map(({ lead }) => lead.id));
  const done = async () => {
    const before = (await reads.bucket(job.name)).grants.map(({ grant }) => grant);
    const result = await workBucket(job, { recorded, reads, ports, rules });
    await wakeOthers(result, { before, own, ports });
    return result;
  };
  const messageIds = job.cases.flatMap(({ lead }) => lead.messageIds);
  return [job.name, await orReturn(messageIds, { work: done(), returned, ports })];
};

const conclude = async (
  one: Case,
  {
    saving,
    results,
    context,
  }: { saving: ReadonlyMap<string, Promise<void>>; results: ReadonlyMap<string, BucketResult | undefined>; context: Context },
): Promise<void> => {
  await saving.get(one.lead.id);
  const buckets = [...new Set(one.planned.map((grant) => grant.location.bucket))];
  const own = buckets.flatMap((name) => results.get(name) ?? []);
  // A bucket whose ledger failed has sent the messages back; what is not known is not reported.
  if (own.length < buckets.length) return;
  const { ports, reads, rules, settings } = context;
  const conclusion = { ports, reads, observing: rules.observe, createsGrants: settings.missingGrants === 'create' };
  await concludeCase(one, { results: own, context: conclusion });
};
