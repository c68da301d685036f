import { entryOf, type Grant, isLive, revoking, withEntries } from '../core/grant/grant';
import type { SubscriptionRecord } from '../core/ledger/subscription-record';
import { dueFor } from '../core/subscription/record-plan';
import { WriteConflict } from '../errors';
import { every } from '../every';
import { applyBucketAlone, fulfillSubscriptions, mustBeRecorded } from '../fulfill';
import { withBatch } from '../invocation';
import type { Ports, StoredGrant } from '../ports';
import { saveRecord } from '../subscription/record';
import type { RequestContext, RequestResult } from './request';

/** Ends a subscription for good, by what the ledger knows of it: DataZone need not answer. */
export const revokeSubscription = async (id: string, context: RequestContext): Promise<RequestResult> => {
  const { invocation, operator, messageId, cause } = context;
  const { ports } = invocation;
  const { record } = await ports.ledger.subscription(id);
  if (record === undefined)
    return { state: 'refused', message: `subscription '${id}' is not in the ledger, so nothing was granted for it; check the id` };
  if (record.ended === 'revoked' && !record.pending) return { state: 'done', message: `subscription '${id}' had ended before` };
  await saveRecord({ ...scheduledNow(record, ports), ended: 'revoked', endedBy: operator }, ports);
  const reference = { id, found: 'missing' as const, lookup: record.lookup, saidToHaveEnded: false, messageIds: [messageId], cause };
  await withBatch(invocation, { cause }, async (batch) => mustBeRecorded(await fulfillSubscriptions([reference], { invocation, batch })));
  return whatIsLeft([id], { buckets: record.buckets, done: `subscription '${id}' is revoked`, ports });
};

/** Revokes all access of a principal on a bucket, for good. */
export const revokePrincipal = async (
  { principal, bucket }: { readonly principal: string; readonly bucket: string },
  { invocation, cause }: RequestContext,
): Promise<RequestResult> => {
  const { ports } = invocation;
  const { grants } = await ports.ledger.bucket(bucket);
  const marked = grants.flatMap((stored) => without(principal, { stored, now: ports.clock.now() }));
  if (marked.length === 0)
    return {
      state: 'refused',
      message: `'${principal}' has no grant on bucket '${bucket}'; list the bucket's grants: datazone-s3 grants --bucket ${bucket}`,
    };
  // Scheduled first: whatever happens next, the sweep finishes it.
  await every(marked.map(({ grant }) => schedule(grant, ports)));
  await every(marked.map((stored) => save(stored, ports)));
  await withBatch(invocation, { cause }, (batch) => applyBucketAlone(bucket, batch));
  const ids = marked.map(({ grant }) => grant.subscriptionId);
  return whatIsLeft(ids, { buckets: [bucket], done: `'${principal}' has no grant on bucket '${bucket}' any more`, ports });
};

const without = (principal: string, { stored, now }: { stored: StoredGrant; now: Date }): readonly StoredGrant[] => {
  const entry = entryOf(stored.grant, principal);
  if (entry === undefined || (!isLive(entry) && entry.state !== 'waiting' && entry.state !== 'revoking')) return [];
  const grant = withEntries(stored.grant, (other) => (other === entry ? revoking(other, { now, final: 'operator' }) : other));
  return [{ grant, revision: stored.revision + 1 }];
};

const save = async (stored: StoredGrant, { ledger }: Ports): Promise<void> => {
  if (await ledger.saveGrant(stored)) return;
  throw new WriteConflict(`a grant of subscription '${stored.grant.subscriptionId}' was changed by another writer since it was read`);
};

const scheduledNow = (record: SubscriptionRecord, { clock }: Ports): SubscriptionRecord => {
  const now = clock.now();
  return { ...record, revision: record.revision + 1, pending: true, due: dueFor('revoke', { attempts: 0, now }), at: now.toISOString() };
};

const schedule = async ({ subscriptionId }: Grant, ports: Ports): Promise<void> => {
  const { record } = await ports.ledger.subscription(subscriptionId);
  if (record === undefined) throw new Error(`grants of subscription '${subscriptionId}' are in the ledger without its record`);
  await saveRecord(scheduledNow(record, ports), ports);
};

/** Reports what was proven, and what is still to be revoked: that is scheduled, and continues by itself. */
const whatIsLeft = async (
  ids: readonly string[],
  { buckets, done, ports }: { buckets: readonly string[]; done: string; ports: Ports },
): Promise<RequestResult> => {
  const found = await every(buckets.map((bucket) => ports.ledger.bucket(bucket)));
  const open = found
    .flatMap(({ grants }) => grants.map(({ grant }) => grant))
    .filter((grant) => ids.includes(grant.subscriptionId))
    .flatMap(({ principals }) => principals.filter((entry) => entry.state === 'revoking'));
  if (open.length === 0) return { state: 'done', message: done };
  return {
    state: 'done',
    message: `the access of ${open.length} principals is being revoked and not proven gone yet; the sweep continues it every minute`,
  };
};
