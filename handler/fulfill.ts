import { hasState } from './core/grant/grant';
import type { Cause } from './core/ledger/history-record';
import { waiting } from './core/outcome';
import { LedgerUnavailable } from './errors';
import { every } from './every';
import { type Attempt, attempt, consequenceOf, recordFailure } from './failure';
import { type Batch, type Invocation, withBatch } from './invocation';
import { applyToBucket } from './policy-change/bucket';
import type { BucketResult, PlannedGrants } from './policy-change/bucket-change';
import { conclude, postpone, readGrantsAhead, requeueAffected } from './subscription/conclude';
import { candidatesOf, type Evaluation, evaluate } from './subscription/decide';
import type { Reference } from './subscription/find';
import { saveRecord } from './subscription/record';

export type { Invocation } from './invocation';

/** Subscriptions that are worked on at once: as many as a batch of the queue has messages. */
const AT_ONCE = 10;
/** How often a subscription is read again after another writer changed it. */
const ROUNDS = 3;

/** What the work on subscriptions came to: the messages that must return to the queue, because nothing could be recorded of them. */
export type Fulfilled = { readonly returned: readonly string[] };

/**
 * Fulfils subscriptions: resolves and decides each, records the decisions, applies them bucket by bucket, and reports. Events, scheduled
 * work and reconciles all come here. What fails of one subscription or bucket is recorded there, and the others go on. Revocations are
 * applied before anything is granted in the same bucket.
 */
export const fulfillSubscriptions = async (
  references: readonly Reference[],
  { invocation, batch }: { readonly invocation: Invocation; readonly batch: Batch },
): Promise<Fulfilled> => {
  const returned: string[] = [];
  let open = await fulfillRound(references, batch);
  for (let round = 1; round < ROUNDS && open.again.length > 0; round++) {
    returned.push(...open.returned);
    const again = open.again;
    open = await withBatch(invocation, { cause: batch.cause }, (fresh) => fulfillRound(again, fresh));
  }
  return { returned: [...returned, ...open.returned, ...(await giveUp(open.again, batch))] };
};

/** What a round left open: subscriptions to read again, and messages to return. */
type Round = { readonly again: readonly Reference[]; readonly returned: readonly string[] };

const fulfillRound = async (references: readonly Reference[], batch: Batch): Promise<Round> => {
  const rounds: Round[] = [];
  for (let from = 0; from < references.length; from += AT_ONCE)
    rounds.push(await fulfillSome(references.slice(from, from + AT_ONCE), batch));
  return { again: rounds.flatMap(({ again }) => again), returned: rounds.flatMap((round) => round.returned) };
};

type Result = { readonly reference: Reference; readonly result: Attempt<unknown> };

const fulfillSome = async (references: readonly Reference[], batch: Batch): Promise<Round> => {
  const { ports } = batch;
  const resolved = await every(
    references.map(async (reference) => ({ reference, result: await attempt(unitOf(reference), () => evaluate(reference, batch), ports) })),
  );
  const evaluations = resolved.flatMap(({ result }) => (result.done ? [result.value] : []));
  for (const evaluation of evaluations) if (evaluation.isUpToDate) readGrantsAhead(evaluation, batch);
  const recorded = new Map(evaluations.map((evaluation) => [evaluation, record(evaluation, batch)]));
  const applied = applyToBuckets(evaluations, { recorded, batch });
  const reported = await every(
    evaluations.map(async (evaluation) => ({
      reference: evaluation.reference,
      result: await report(evaluation, { recorded, applied, batch }),
    })),
  );
  await every([...applied.values()]);
  return roundOf([...resolved.filter(({ result }) => !result.done), ...reported], batch);
};

/** Sorts subscriptions by how far their work came. The failure of one that is done now is cleared. */
const roundOf = async (results: readonly Result[], { ports }: Batch): Promise<Round> => {
  const again: Reference[] = [];
  const returned: string[] = [];
  for (const { reference, result } of results) {
    if (result.done) {
      if (reference.failure !== undefined) await ports.ledger.clearFailure(reference.failure);
    } else if (result.returned) returned.push(...reference.messageIds);
    else if (consequenceOf(result.error).kind === 'read-again') again.push(reference);
    else if (await isUnrecorded(reference, { error: result.error, ports })) returned.push(...reference.messageIds);
  }
  return { again, returned };
};

/** What hinders a subscription and could not be written into its own record, as one that is too large, becomes a failure of it. */
const isUnrecorded = async (reference: Reference, { error, ports }: { error: unknown; ports: Batch['ports'] }): Promise<boolean> => {
  const consequence = consequenceOf(error);
  if (consequence.kind !== 'hinder') return false;
  const unwritten = new Error(consequence.hindrance.message, { cause: error });
  const recording = await attempt(unitOf(reference, ports.clock.now()), () => Promise.reject(unwritten), ports);
  return !recording.done && recording.returned;
};

const unitOf = ({ id, lookup, saidToHaveEnded }: Reference, now?: Date) =>
  ({
    kind: 'subscription',
    id,
    lookup,
    ...(saidToHaveEnded && now !== undefined ? { endingSaidAt: now.toISOString() } : {}),
  }) as const;

/** Records what was decided. What depends on it awaits the promise; until then its failure is not unhandled. */
const record = ({ record: decided, isUpToDate }: Evaluation, { ports }: Batch): Promise<void> => {
  const saved = decided === undefined || isUpToDate ? Promise.resolve() : saveRecord(decided, ports);
  saved.catch(() => undefined);
  return saved;
};

type Recorded = ReadonlyMap<Evaluation, Promise<void>>;
type Applied = ReadonlyMap<string, Promise<Attempt<BucketResult>>>;

/** Starts the work on every bucket in which a subscription has grants: once for all subscriptions of the batch. */
const applyToBuckets = (evaluations: readonly Evaluation[], { recorded, batch }: { recorded: Recorded; batch: Batch }): Applied => {
  const names = [...new Set(evaluations.flatMap(({ planned }) => planned.map(({ location }) => location.bucket)))].sort();
  return new Map(
    names.map((name) => {
      const involved = evaluations.filter(({ planned }) => planned.some(({ location }) => location.bucket === name));
      return [name, attempt({ kind: 'bucket', name }, () => applyAll(name, { evaluations: involved, recorded, batch }), batch.ports)];
    }),
  );
};

const applyAll = async (
  name: string,
  { evaluations, recorded, batch }: { evaluations: readonly Evaluation[]; recorded: Recorded; batch: Batch },
): Promise<BucketResult> => {
  const planned = evaluations.map((evaluation): PlannedGrants => {
    const grants = evaluation.planned.filter(({ location }) => location.bucket === name);
    return {
      subscription: evaluation.reference.id,
      grants,
      candidates: candidatesOf(evaluation),
      recorded: recorded.get(evaluation) ?? Promise.resolve(),
      cause: causeOf(evaluation),
    };
  });
  const proven = () => {
    for (const evaluation of evaluations)
      if (evaluation.planned.every(({ location }) => location.bucket === name)) readGrantsAhead(evaluation, batch);
  };
  return applyInBucket(name, { planned, proven, batch });
};

/** Brings a bucket's policy to what its grants demand, and schedules the subscriptions of others that lost access by that. */
const applyInBucket = async (
  name: string,
  { planned, proven, batch }: { planned: readonly PlannedGrants[]; proven: () => void; batch: Batch },
): Promise<BucketResult> => {
  const { ports, reads, rules, cause } = batch;
  const [ledger, { registry, frozen }] = await every([reads.bucket(name), reads.stance()]);
  // Grants that cannot be read stay as they are; the bucket is listed until they are mended.
  const [unreadable] = ledger.unreadable;
  if (unreadable !== undefined) await recordFailure({ kind: 'bucket', name }, { outcome: 'unreadable', error: unreadable, ports });
  const bucket = registry.buckets.get(name);
  const result = await applyToBucket({ name, ledger, planned, proven, cause }, { bucket, rules: { ...rules, frozen }, ports });
  const own = new Set(planned.map(({ subscription }) => subscription));
  await requeueAffected(result, { before: ledger, own, ports });
  return result;
};

/**
 * Brings a bucket's policy to what its grants demand, without evaluating a subscription.
 * @throws LedgerUnavailable
 * @throws UnreadableItem when the bucket's state cannot be read
 */
export const applyBucketAlone = (name: string, batch: Batch): Promise<BucketResult> =>
  applyInBucket(name, { planned: [], proven: () => undefined, batch });

/** Who changed the subscription and why, for the bucket's history. */
const causeOf = ({ reference, decision, record: known }: Evaluation): Cause => {
  const { endedBy, provenance } = known ?? {};
  const subscription = reference.id;
  if (endedBy !== undefined) return { ...reference.cause, subscription, by: endedBy.by, reason: endedBy.reason };
  const by = decision.kind === 'grant' ? (provenance?.reviewedBy ?? known?.createdBy) : undefined;
  const reason = decision.kind === 'grant' ? provenance?.decisionComment : undefined;
  return { ...reference.cause, subscription, ...(by === undefined ? {} : { by }), ...(reason === undefined ? {} : { reason }) };
};

/** Reports one subscription as soon as its own buckets are done. */
const report = async (
  evaluation: Evaluation,
  { recorded, applied, batch }: { recorded: Recorded; applied: Applied; batch: Batch },
): Promise<Attempt<void>> => {
  const { ports } = batch;
  const buckets = [...new Set(evaluation.planned.map(({ location }) => location.bucket))];
  const results = await every(buckets.map((name) => applied.get(name)));
  const work = async () => {
    await recorded.get(evaluation);
    const done: BucketResult[] = [];
    for (const [index, one] of results.entries()) {
      if (one?.done !== true) return failedBucket(evaluation, { name: buckets[index] ?? '', one, ports });
      const failure = one.value.failed.get(evaluation.reference.id);
      if (failure !== undefined) return failedGrants(evaluation, { failure, ports });
      done.push(one.value);
    }
    return conclude(evaluation, { results: done, batch });
  };
  return attempt(unitOf(evaluation.reference, ports.clock.now()), work, ports);
};

/** A bucket of which the work failed: the subscription waits for it, unless nothing could be recorded. */
const failedBucket = async (
  evaluation: Evaluation,
  { name, one, ports }: { name: string; one: Attempt<BucketResult> | undefined; ports: Batch['ports'] },
): Promise<void> => {
  if (one?.done === false && (one.returned || consequenceOf(one.error).kind === 'read-again')) throw one.error;
  const what = evaluation.planned.some((grant) => hasState(grant, 'revoking'))
    ? 'access is not yet proven revoked'
    : 'access is not granted yet';
  const why = waiting(
    'unavailable',
    `bucket '${name}' could not be worked on, so ${what}; it is tried again: see the bucket's failure with datazone-s3 doctor`,
  );
  await postpone(evaluation, { why, ports });
};

/** Grants of the subscription that could not be saved. */
const failedGrants = async (evaluation: Evaluation, { failure, ports }: { failure: unknown; ports: Batch['ports'] }): Promise<void> => {
  const consequence = consequenceOf(failure);
  if (consequence.kind !== 'hinder') throw failure;
  await postpone(evaluation, { why: consequence.hindrance, ports });
};

/** Subscriptions that other writers changed each time they were read are scheduled again. */
const giveUp = async (references: readonly Reference[], { ports }: Batch): Promise<readonly string[]> => {
  const results = await every(
    references.map((reference) =>
      attempt(
        unitOf(reference, ports.clock.now()),
        () => Promise.reject(new Error(`subscription '${reference.id}' was changed by another writer each time it was read`)),
        ports,
      ),
    ),
  );
  return references.flatMap(({ messageIds }, index) => {
    const one = results[index];
    return one?.done === false && one.returned ? messageIds : [];
  });
};

/** @throws LedgerUnavailable where messages would have to return: scheduled work returns the message that started it */
export const mustBeRecorded = ({ returned }: Fulfilled): void => {
  if (returned.length > 0) throw new LedgerUnavailable('the work on a subscription could not be recorded; the message is tried again');
};
