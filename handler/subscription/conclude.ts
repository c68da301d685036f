import { type Grant, grantKey, isLive } from '../core/grant/grant';
import { type Outcome, type Waiting, waiting } from '../core/outcome';
import { concludedRecord, dueFor, saysNothingNew } from '../core/subscription/record-plan';
import { targetKey } from '../core/subscription/subscription';
import { outcomeOf } from '../core/subscription/subscription-outcome';
import type { SubscriptionRecord } from '../core/subscription/subscription-record';
import { LedgerFailure } from '../errors';
import { every } from '../every';
import type { BucketResult } from '../policy-change/bucket-work';
import type { Ports } from '../ports';
import type { Case } from './decide';
import type { Reads } from './reads';
import { environmentsOf, type Reported, reportStatus } from './report';
import { s3AssetIds } from './resolve';

type Context = { readonly ports: Ports; readonly reads: Reads; readonly observing: boolean; readonly createsGrants: boolean };

/**
 * Says what became of a subscription: to DataZone, to the ledger, and to whoever watches. `results` are those of its buckets.
 * @throws LedgerFailure
 */
export const concludeCase = async (
  one: Case,
  { results, context }: { results: readonly BucketResult[]; context: Context },
): Promise<void> => {
  const { ports, observing } = context;
  const { lead, decision, record, stands } = one;
  const after = results.flatMap(({ grants }) => grants).filter((grant) => grant.subscriptionId === lead.id);
  const hindrance = results.map((result) => result.hindrance).find((found) => found !== undefined);
  const outcome = outcomeOf(decision, { before: one.before, after, hindrance, observing });
  if (record !== undefined) {
    const reported = await report(one, { outcome, after, results, context });
    const concluded = concludedRecord(record, {
      outcome,
      reported: reported.statuses,
      unreported: !reported.complete,
      takesAway:
        lead.saidToHaveEnded ||
        record.ended !== undefined ||
        after.some((grant) => Object.values(grant.principals).some((entry) => entry.state === 'revoking')),
      serves: after.some((grant) => Object.values(grant.principals).some(isLive)),
      now: ports.clock.now(),
    });
    // Whoever told DataZone something saves: had another writer been there meanwhile, what was told is looked at again.
    if (!stands || reported.told || !saysNothingNew(concluded, record)) await save(concluded, ports);
  }
  ports.telemetry.outcome(lead.id, outcome);
  sayHowLong(one, { outcome, ports });
};

const report = async (
  one: Case,
  { outcome, after, results, context }: { outcome: Outcome; after: readonly Grant[]; results: readonly BucketResult[]; context: Context },
): Promise<Reported> => {
  const { lead, record } = one;
  const listing = listingReportedOn(one, context);
  if (record === undefined || listing === undefined) return { statuses: {}, complete: true, told: false };
  const residualAccess = results
    .flatMap((result) => result.residualAccess)
    .filter(({ grant }) => after.some((own) => grantKey(own) === grant))
    .map(({ sentence }) => sentence);
  return reportStatus(
    {
      subscriptionId: lead.id,
      listingId: listing.id,
      ...(context.createsGrants && listing.revision !== undefined ? { grantedRevision: listing.revision } : {}),
      consumer: record.subscriber?.kind === 'project' ? record.subscriber.id : undefined,
      targets: () => targetsOf(one, { grants: after, reads: context.reads }),
      assets: assetsOf(one),
      grants: results.flatMap(({ grants }) => grants),
      // What ended before and was not told yet is told now.
      outcome: isTakenAway(outcome, record) ? { kind: 'revoked' } : outcome,
      residualAccess,
    },
    context,
  );
};

/** The listing on whose grants DataZone is told something; none where nothing was done, or nothing of it is known. */
const listingReportedOn = ({ decision, record }: Case, { observing }: Pick<Context, 'observing'>): SubscriptionRecord['listing'] =>
  observing || ['hold', 'ignored', 'orphan'].includes(decision.kind) ? undefined : record?.listing;

/** Reads ahead what DataZone keeps of the grants that will be reported on. */
export const readGrantsAhead = (one: Case, { reads, observing }: Pick<Context, 'reads' | 'observing'>): void => {
  const listing = listingReportedOn(one, { observing });
  if (listing === undefined || one.decision.kind !== 'grant') return;
  for (const environmentId of environmentsOf(one.decision.readTargets)) reads.ahead(reads.grants({ listingId: listing.id, environmentId }));
};

/** The assets that are reported on. What ended before it was ever decided has none in its record, and DataZone still waits for a word on them. */
const assetsOf = ({ lead, record }: Case): readonly string[] => {
  const recorded = record?.assets.map(({ assetId }) => assetId) ?? [];
  if (recorded.length > 0 || typeof lead.found === 'string' || 'code' in lead.found) return recorded;
  return s3AssetIds(lead.found);
};

/** To DataZone, what has run out is revoked. */
const isTakenAway = (outcome: Outcome, { ended }: SubscriptionRecord): boolean =>
  outcome.kind === 'expired' || (outcome.kind === 'unchanged' && (ended === 'revoked' || ended === 'expired'));

/** How long it took from DataZone's word to what was proven. */
const sayHowLong = ({ lead, record }: Case, { outcome, ports }: { outcome: Outcome; ports: Ports }): void => {
  if (typeof lead.found === 'string' || 'code' in lead.found) return;
  const { createdAt, updatedAt } = lead.found;
  const seconds = (since: string) => Math.max(0, (ports.clock.now().getTime() - Date.parse(since)) / 1000);
  if (outcome.kind === 'granted' && record?.served !== true) ports.telemetry.latency('grant', seconds(createdAt));
  if (outcome.kind === 'revoked') ports.telemetry.latency('revoke', seconds(updatedAt));
};

/** Our targets that were read, and those through which the grants came about; where there never was a grant, those that are there now. */
const targetsOf = async (
  { decision, record }: Case,
  { grants, reads }: { grants: readonly Grant[]; reads: Reads },
): Promise<readonly string[]> => {
  const granted = grants.flatMap((grant) => Object.values(grant.principals).flatMap((entry) => entry.targets));
  const subscriber = record?.subscriber;
  if (decision.kind === 'end' && granted.length === 0)
    return subscriber?.kind === 'project' ? (await reads.targets(subscriber.id)).map(targetKey) : [];
  return [...new Set([...(decision.kind === 'grant' ? decision.readTargets : []), ...granted])];
};

export const save = async (record: SubscriptionRecord, { ledger }: Ports): Promise<void> => {
  if (await ledger.saveSubscription(record)) return;
  throw new LedgerFailure(`subscription '${record.id}' was changed by another writer since it was read; the message is tried again`);
};

/** A record that stood for a message's subscription until it was found is due no more: the subscription's own says how it stands. */
export const retire = async (id: string, { ports, reads }: { ports: Ports; reads: Reads }): Promise<void> => {
  const record = await reads.record(id);
  if (record?.due === undefined) return;
  const { due: _, ...rest } = record;
  const at = ports.clock.now().toISOString();
  await save({ ...rest, revision: record.revision + 1, outcome: { kind: 'unchanged' }, pending: false, at }, ports);
};

/**
 * Tells the subscriptions of other batches that lost live access to this one: their principals were deleted, or gave way to a
 * revocation. They are due again.
 */
export const wakeOthers = async (
  result: BucketResult,
  { before, own, ports }: { before: readonly Grant[]; own: ReadonlySet<string>; ports: Ports },
): Promise<void> => {
  const lost = result.grants.filter((grant) => {
    const earlier = before.find(
      (other) => other.subscriptionId === grant.subscriptionId && JSON.stringify(other.location) === JSON.stringify(grant.location),
    );
    return (
      !own.has(grant.subscriptionId) &&
      Object.entries(grant.principals).some(
        ([arn, entry]) => entry.state === 'waiting' && earlier?.principals[arn] !== undefined && isLive(earlier.principals[arn]),
      )
    );
  });
  await every([...new Set(lost.map((grant) => grant.subscriptionId))].map((id) => wake(id, { why: whyLost(lost, id), ports })));
};

const whyLost = (lost: readonly Grant[], id: string): Waiting => {
  const codes = lost
    .filter((grant) => grant.subscriptionId === id)
    .flatMap((grant) => Object.values(grant.principals).map((entry) => entry.code));
  return codes.includes('suspended-for-room')
    ? waiting(
        'suspended-for-room',
        'a revocation left no room for this grant; access comes back when there is room: publish wider prefixes, or share roles',
      )
    : waiting('principal-unknown', 'S3 knows no such principal any more; create the role again, or take it out of the subscription target');
};

const wake = async (id: string, { why, ports }: { why: Waiting; ports: Ports }): Promise<void> => {
  const record = await ports.ledger.subscription(id);
  if (record === undefined) return;
  const now = ports.clock.now();
  await save(
    {
      ...record,
      revision: record.revision + 1,
      outcome: why,
      pending: true,
      due: dueFor('grant', { attempts: 0, now }),
      at: now.toISOString(),
    },
    ports,
  );
  ports.telemetry.outcome(id, why);
};
