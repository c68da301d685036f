import { fulfillLeads, workOnBucket } from '../batch';
import { type Grant, isLive, revoking, withState } from '../core/grant/grant';
import { dueFor } from '../core/subscription/record-plan';
import type { SubscriptionRecord } from '../core/subscription/subscription-record';
import { LedgerFailure } from '../errors';
import { every } from '../every';
import { openContext } from '../invocation';
import { saveGrant } from '../policy-change/save-grant';
import type { Ports, StoredGrant } from '../ports';
import { save } from '../subscription/conclude';
import type { Carried, Carrying } from './execute';

/** Ends a subscription for good, by what the ledger knows of it: DataZone need not answer. */
export const revokeSubscription = async (id: string, carrying: Carrying): Promise<Carried> => {
  const { fulfillment, asked, messageId, returned } = carrying;
  const { ports } = fulfillment;
  const record = await ports.ledger.subscription(id);
  if (record === undefined)
    return { state: 'refused', message: `the ledger knows no subscription '${id}', so nothing was granted for it; check the id` };
  if (record.ended === 'revoked' && !record.pending) return { state: 'done', message: `subscription '${id}' had ended before` };
  await save({ ...dueNow(record, ports), ended: 'revoked', endedBy: asked }, ports);
  const context = openContext(fulfillment);
  try {
    const lead = { id, found: 'missing' as const, lookup: record.lookup, saidToHaveEnded: false, messageIds: [messageId] };
    await fulfillLeads([lead], { context, returned });
  } finally {
    await context.reads.done();
  }
  return whatIsLeft([id], { buckets: record.buckets, done: `subscription '${id}' is revoked`, carrying });
};

/** Takes a principal out of everything that is granted on a bucket, for good. */
export const revokePrincipal = async (
  { principal, bucket }: { readonly principal: string; readonly bucket: string },
  carrying: Carrying,
): Promise<Carried> => {
  const { fulfillment, messageId, returned } = carrying;
  const { ports } = fulfillment;
  const { grants } = await ports.ledger.bucket(bucket);
  const marked = grants.flatMap((stored) => without(principal, { stored, now: ports.clock.now() }));
  if (marked.length === 0)
    return { state: 'refused', message: `'${principal}' has no grant on bucket '${bucket}'; look for it with the grants of the bucket` };
  // Due first: whatever happens next, the sweep finishes it.
  await every(marked.map(({ grant }) => makeDue(grant, ports)));
  await every(marked.map((stored) => saveGrant(stored, ports)));
  const context = openContext(fulfillment);
  try {
    await workOnBucket(bucket, { messageId, returned, context });
  } finally {
    await context.reads.done();
  }
  const ids = marked.map(({ grant }) => grant.subscriptionId);
  return whatIsLeft(ids, { buckets: [bucket], done: `'${principal}' has no grant on bucket '${bucket}' any more`, carrying });
};

const without = (principal: string, { stored, now }: { stored: StoredGrant; now: Date }): readonly StoredGrant[] => {
  const entry = stored.grant.principals[principal];
  if (entry === undefined || (!isLive(entry) && entry.state !== 'waiting' && entry.state !== 'revoking')) return [];
  const grant = withState(stored.grant, (other, arn) => (arn === principal ? revoking(other, { now, final: 'operator' }) : other));
  return [{ grant, revision: stored.revision + 1 }];
};

const dueNow = (record: SubscriptionRecord, { clock }: Ports): SubscriptionRecord => {
  const now = clock.now();
  return { ...record, revision: record.revision + 1, pending: true, due: dueFor('revoke', { attempts: 0, now }), at: now.toISOString() };
};

const makeDue = async ({ subscriptionId }: Grant, ports: Ports): Promise<void> => {
  const record = await ports.ledger.subscription(subscriptionId);
  if (record === undefined) throw new LedgerFailure(`grants of subscription '${subscriptionId}' are in the ledger without its record`);
  await save(dueNow(record, ports), ports);
};

/** Says what was proven, and what is still to be taken away: that is due, and goes on by itself. */
const whatIsLeft = async (
  ids: readonly string[],
  { buckets, done, carrying }: { buckets: readonly string[]; done: string; carrying: Carrying },
): Promise<Carried> => {
  const { ledger } = carrying.fulfillment.ports;
  const found = await every(buckets.map((bucket) => ledger.bucket(bucket)));
  const open = found
    .flatMap(({ grants }) => grants.map(({ grant }) => grant))
    .filter((grant) => ids.includes(grant.subscriptionId))
    .flatMap((grant) => Object.values(grant.principals).filter((entry) => entry.state === 'revoking'));
  if (open.length === 0) return { state: 'done', message: done };
  return {
    state: 'done',
    message: `${open.length} accesses are being taken away and not proven gone yet; the sweep goes on with it every minute`,
  };
};
