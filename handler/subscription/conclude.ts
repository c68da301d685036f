import { entryOf, type Grant, grantKey, hasState, isLive, isSettled } from '../core/grant/grant';
import type { SubscriptionRecord } from '../core/ledger/subscription-record';
import type { Outcome, Refusal, Waiting } from '../core/outcome';
import { summarizeResidualAccess } from '../core/policy/residual-access';
import { s3AssetIds } from '../core/subscription/asset-type';
import { concludedRecord, dueFor, saysNothingNew } from '../core/subscription/record-plan';
import { targetKey } from '../core/subscription/subscription';
import { outcomeOf } from '../core/subscription/subscription-outcome';
import { every } from '../every';
import { attempt } from '../failure';
import type { Batch } from '../invocation';
import type { BucketResult } from '../policy-change/bucket-change';
import type { BucketLedger, Ports } from '../ports';
import type { Evaluation } from './decide';
import { saveRecord } from './record';
import { environmentsOf, type Reported, reportStatus } from './report';

/**
 * Reports the outcome of a subscription to DataZone, to the ledger and to telemetry. `results` are those of its buckets.
 * @throws LedgerUnavailable
 * @throws WriteConflict
 */
export const conclude = async (
  evaluation: Evaluation,
  { results, batch }: { readonly results: readonly BucketResult[]; readonly batch: Batch },
): Promise<void> => {
  const { ports, rules } = batch;
  const { reference, decision, record, isUpToDate } = evaluation;
  const grants = results.flatMap((result) => result.grants).filter((grant) => grant.subscriptionId === reference.id);
  const after = withUntouched(grants, evaluation.planned);
  const hindrance = results.map((result) => result.hindrance).find((found) => found !== undefined);
  const outcome = outcomeOf(decision, { before: evaluation.before, after, hindrance, observing: rules.observe });
  if (record !== undefined) {
    const reported = await report(evaluation, { outcome, after, results, batch });
    const concluded = concludedRecord(record, {
      outcome,
      reported: reported.statuses,
      unreported: !reported.isComplete,
      takesAway: reference.saidToHaveEnded || record.ended !== undefined || after.some((grant) => hasState(grant, 'revoking')),
      serves: after.some(({ principals }) => principals.some(isLive)),
      now: ports.clock.now(),
    });
    const marked = after.some(isSettled) ? { ...concluded, hasSettledGrants: true } : concluded;
    // A status that was reported is saved: if another writer was there meanwhile, the report is checked again.
    if (!isUpToDate || reported.hasReported || !saysNothingNew(marked, record)) await saveRecord(marked, ports);
  }
  ports.telemetry.outcome(reference.id, outcome);
  measureLatency(evaluation, { outcome, ports });
};

/** The subscription's grants with those that were settled before, which lie with the subscription and not in a bucket's partition. */
const withUntouched = (grants: readonly Grant[], planned: readonly Grant[]): readonly Grant[] => {
  const keys = new Set(grants.map(grantKey));
  return [...grants, ...planned.filter((grant) => isSettled(grant) && !keys.has(grantKey(grant)))];
};

const report = async (
  evaluation: Evaluation,
  { outcome, after, results, batch }: { outcome: Outcome; after: readonly Grant[]; results: readonly BucketResult[]; batch: Batch },
): Promise<Reported> => {
  const { reference, record } = evaluation;
  const listing = listingReportedOn(evaluation, batch);
  if (record === undefined || listing === undefined) return { statuses: [], isComplete: true, hasReported: false };
  const keys = new Set(after.map(grantKey));
  const residualAccess = results
    .flatMap((result) => result.residualAccess)
    .filter(({ grant }) => keys.has(grant))
    .map((residue) => residue.residualAccess);
  const createsGrants = batch.settings.missingGrants === 'create' && listing.revision !== undefined;
  return reportStatus(
    {
      subscriptionId: reference.id,
      listingId: listing.id,
      ...(createsGrants && listing.revision !== undefined ? { grantedRevision: listing.revision } : {}),
      consumer: record.subscriber?.kind === 'project' ? record.subscriber.id : undefined,
      targets: () => targetsOf(evaluation, { grants: after, batch }),
      assets: assetsOf(evaluation),
      grants: [...results.flatMap(({ grants }) => grants), ...after.filter((grant) => isSettled(grant))],
      // What ended before and was not reported yet is reported now.
      outcome: isRevoked(outcome, record) ? { kind: 'revoked' } : outcome,
      residualAccess: summarizeResidualAccess(residualAccess),
    },
    batch,
  );
};

/** The listing on whose grants statuses are reported; none where nothing was done, or nothing of it is known. */
const listingReportedOn = ({ decision, record }: Evaluation, { rules }: Pick<Batch, 'rules'>): SubscriptionRecord['listing'] =>
  rules.observe || ['hold', 'ignored', 'orphan'].includes(decision.kind) ? undefined : record?.listing;

/** Starts to read DataZone's grants that will be reported on. */
export const readGrantsAhead = (evaluation: Evaluation, batch: Batch): void => {
  const listing = listingReportedOn(evaluation, batch);
  if (listing === undefined || evaluation.decision.kind !== 'grant') return;
  for (const environmentId of environmentsOf(evaluation.decision.readTargets))
    batch.reads.ahead(batch.reads.grants({ listingId: listing.id, environmentId }));
};

/** The assets that are reported on. What ended before it was ever decided has none in its record, and DataZone still waits for a status of them. */
const assetsOf = ({ reference, record }: Evaluation): readonly string[] => {
  const recorded = record?.assets.map(({ assetId }) => assetId) ?? [];
  if (recorded.length > 0 || typeof reference.found === 'string' || 'code' in reference.found) return recorded;
  return s3AssetIds(reference.found);
};

/** DataZone has no status for what expired: it is reported as revoked. */
const isRevoked = (outcome: Outcome, { ended }: SubscriptionRecord): boolean =>
  outcome.kind === 'expired' || (outcome.kind === 'unchanged' && (ended === 'revoked' || ended === 'expired'));

/** Measures the time from DataZone's approval or revocation to the verified policy. */
const measureLatency = ({ reference, record }: Evaluation, { outcome, ports }: { outcome: Outcome; ports: Ports }): void => {
  if (typeof reference.found === 'string' || 'code' in reference.found) return;
  const { createdAt, updatedAt } = reference.found;
  const seconds = (since: string) => Math.max(0, (ports.clock.now().getTime() - Date.parse(since)) / 1000);
  if (outcome.kind === 'granted' && record?.served !== true) ports.telemetry.latency('grant', seconds(createdAt));
  if (outcome.kind === 'revoked') ports.telemetry.latency('revoke', seconds(updatedAt));
};

/** The deployment's targets that were read, and those of the grants; where there never was a grant, those that exist now. */
const targetsOf = async (
  { decision, record }: Evaluation,
  { grants, batch }: { grants: readonly Grant[]; batch: Batch },
): Promise<readonly string[]> => {
  const granted = grants.flatMap(({ principals }) => principals.flatMap((entry) => entry.targets));
  const subscriber = record?.subscriber;
  if (decision.kind === 'end' && granted.length === 0)
    return subscriber?.kind === 'project' ? (await batch.reads.targets(subscriber.id)).map(targetKey) : [];
  return [...new Set([...(decision.kind === 'grant' ? decision.readTargets : []), ...granted])];
};

/**
 * Records that a subscription waits, or is refused, because of a failure elsewhere; nothing is reported to DataZone.
 * @throws LedgerUnavailable
 */
export const postpone = async (
  evaluation: Evaluation,
  { why, ports }: { readonly why: Refusal | Waiting; readonly ports: Ports },
): Promise<void> => {
  const { reference } = evaluation;
  const { record: stored } = await ports.ledger.subscription(reference.id);
  const record = stored ?? evaluation.record;
  if (record === undefined) return;
  const concluded = concludedRecord(record, {
    outcome: why,
    reported: [],
    unreported: false,
    takesAway: reference.saidToHaveEnded || record.ended !== undefined || evaluation.planned.some((grant) => hasState(grant, 'revoking')),
    serves: record.served === true,
    now: ports.clock.now(),
  });
  await saveRecord(concluded, ports);
  ports.telemetry.outcome(reference.id, why);
};

/** Stops the schedule of a record that a message was stored under until its subscription was found. */
export const retire = async (id: string, { ports, reads }: Pick<Batch, 'ports' | 'reads'>): Promise<void> => {
  const record = await reads.record(id);
  if (record?.due === undefined) return;
  const { due: _, waitingSince: __, ...rest } = record;
  const at = ports.clock.now().toISOString();
  await saveRecord({ ...rest, revision: record.revision + 1, outcome: { kind: 'unchanged' }, pending: false, at }, ports);
};

/**
 * Schedules the subscriptions of other batches that lost live access in this bucket: their principals were deleted, or were suspended
 * for a revocation. What cannot be scheduled is found by the next reconcile.
 */
export const requeueAffected = async (
  result: BucketResult,
  { before, own, ports }: { readonly before: BucketLedger; readonly own: ReadonlySet<string>; readonly ports: Ports },
): Promise<void> => {
  const earlier = new Map(before.grants.map(({ grant }) => [grantKey(grant), grant]));
  const reasons = new Map<string, Waiting>();
  for (const grant of result.grants)
    for (const { arn, state, reason } of grant.principals) {
      const was = entryOf(earlier.get(grantKey(grant)), arn);
      if (own.has(grant.subscriptionId) || state !== 'waiting' || was === undefined || !isLive(was)) continue;
      const code = reason?.code === 'suspended-for-room' ? reason.code : 'principal-unknown';
      reasons.set(grant.subscriptionId, {
        kind: 'waiting',
        code,
        message: `'${arn}' lost access: ${reason?.message ?? 'S3 does not know it'}`,
      });
    }
  await every(
    [...reasons].map(([id, why]) =>
      attempt({ kind: 'subscription', id, lookup: { subscriptionId: id } }, () => requeue(id, { why, ports }), ports),
    ),
  );
};

const requeue = async (id: string, { why, ports }: { why: Waiting; ports: Ports }): Promise<void> => {
  const { record } = await ports.ledger.subscription(id);
  if (record === undefined) return;
  const now = ports.clock.now();
  await saveRecord(
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
