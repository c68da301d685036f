import { every } from './every';
import { type Context, type Fulfillment, openContext, orReturn } from './invocation';
import type { Message } from './messages';
import type { BucketResult } from './policy-change/bucket-work';
import { type BucketJob, bucketJobs, workBucket } from './policy-change/work-buckets';
import type { Ports } from './ports';
import { concludeCase, readGrantsAhead, retire, save, wakeOthers } from './subscription/conclude';
import { type Case, type Lead, look } from './subscription/decide';
import { followMessages } from './subscription/find';

/** Fulfils the events of a batch. Answers the ids of the messages that must come again: those whose work the ledger could not take down. */
export const fulfillBatch = async (messages: readonly Message[], fulfillment: Fulfillment): Promise<readonly string[]> => {
  const context = openContext(fulfillment);
  const { ports, reads } = context;
  const returned = new Set<string>();
  try {
    const { leads, standIns } = await followMessages(messages, context);
    await fulfillLeads(leads, { context, returned });
    const obsolete = [...new Map(standIns.map((standIn) => [standIn.id, standIn])).values()];
    await every(obsolete.map(({ id, messageIds }) => orReturn(messageIds, { work: retire(id, context), returned, ports })));
    return [...returned];
  } finally {
    await reads.done();
  }
};

/** Looks at subscriptions, decides, records, brings their buckets' policies up to date, and reports; adds the messages that must come again. */
export const fulfillLeads = async (
  leads: readonly Lead[],
  { context, returned }: { context: Context; returned: Set<string> },
): Promise<void> => {
  const { ports } = context;
  const looked = await every(leads.map((lead) => orReturn(lead.messageIds, { work: look(lead, context), returned, ports })));
  const cases = looked.flatMap((one) => one ?? []);
  for (const one of cases) if (one.stands) readGrantsAhead(one, conclusionOf(context));
  const saving = new Map(cases.map((one) => [one.lead.id, begin(one, ports)]));
  const results = new Map(await every(bucketJobs(cases).map((job) => work(job, { saving, returned, context }))));
  await every(cases.map((one) => orReturn(one.lead.messageIds, { work: conclude(one, { saving, results, context }), returned, ports })));
};

/**
 * Brings a bucket's policy to what its grants say, with no subscription looked at. `undefined`: the ledger failed, and the message is
 * among those that come again.
 */
export const workOnBucket = async (
  name: string,
  { messageId, returned, context }: { messageId: string; returned: Set<string>; context: Context },
): Promise<BucketResult | undefined> => {
  const done = settleBucket({ name, cases: [] }, { recorded: Promise.resolve(), context });
  return orReturn([messageId], { work: done, returned, ports: context.ports });
};

/** Records what was decided. Whoever depends on it awaits the promise; until then its failure is not unhandled. */
const begin = ({ record, stands }: Case, ports: Ports): Promise<void> => {
  const saved = record === undefined || stands ? Promise.resolve() : save(record, ports);
  saved.catch(() => undefined);
  return saved;
};

const work = async (
  job: BucketJob,
  { saving, returned, context }: { saving: ReadonlyMap<string, Promise<void>>; returned: Set<string>; context: Context },
): Promise<readonly [string, BucketResult | undefined]> => {
  const recorded = every(job.cases.flatMap(({ lead }) => saving.get(lead.id) ?? []));
  recorded.catch(() => undefined);
  const messageIds = job.cases.flatMap(({ lead }) => lead.messageIds);
  return [job.name, await orReturn(messageIds, { work: settleBucket(job, { recorded, context }), returned, ports: context.ports })];
};

const settleBucket = async (
  job: BucketJob,
  { recorded, context }: { recorded: Promise<unknown>; context: Context },
): Promise<BucketResult> => {
  const { ports, reads, rules } = context;
  const own = new Set(job.cases.map(({ lead }) => lead.id));
  const before = (await reads.bucket(job.name)).grants.map(({ grant }) => grant);
  const { frozen } = await reads.stance();
  const proven = () => {
    for (const one of job.cases) if (isOnlyIn(job.name, one)) readGrantsAhead(one, conclusionOf(context));
  };
  const result = await workBucket(job, { recorded, proven, reads, ports, rules: { ...rules, frozen } });
  await wakeOthers(result, { before, own, ports });
  return result;
};

/** Whether the proof of this bucket's policy is all that a case waits for. */
const isOnlyIn = (bucket: string, { planned }: Case): boolean => planned.every(({ location }) => location.bucket === bucket);

const conclusionOf = ({ ports, reads, rules, settings }: Context) => ({
  ports,
  reads,
  observing: rules.observe,
  createsGrants: settings.missingGrants === 'create',
});

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
  await concludeCase(one, { results: own, context: conclusionOf(context) });
};
