import { grantKey } from '../../handler/core/grant/grant';
import { locationKey } from '../../handler/core/grant/location';
import { DUE_KINDS } from '../../handler/core/ledger/subscription-record';
import type { FailedUnit } from '../../handler/core/ledger/unit-failure';
import type { DueKind, Ledger, StoredGrant } from '../../handler/ports';
import { copy, type FakeState } from './fake-state';

const withoutUndefined = <Value extends object>(value: Value): Value =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Value;

const failureName = (unit: FailedUnit): string => `${unit.kind}#${unit.kind === 'subscription' ? unit.id : unit.name}`;

const KINDS: readonly DueKind[] = [...DUE_KINDS.slice(0, 1), 'confirm', ...DUE_KINDS.slice(1), 'failure'];

/** What cannot be read of the items that pass. */
const corruptedOf = (world: FakeState, passes: (key: string) => boolean) =>
  [...world.corrupted].flatMap(([key, error]) => (passes(key) ? [error] : []));

const mustBeReadable = (world: FakeState, key: string): void => {
  const error = world.corrupted.get(key);
  if (error !== undefined) throw error;
};

const hotKey = ({ grant }: StoredGrant): string => `${grant.location.bucket} ${grantKey(grant)}`;
const settledKey = ({ grant }: StoredGrant): string => `${grant.subscriptionId} ${locationKey(grant.location)}`;

/** The ledger of a world in memory. */
export const fakeLedger = (world: FakeState): Ledger => ({
  subscription: (id) =>
    world.call('ledger.subscription', [id], () => {
      mustBeReadable(world, `subscription#${id} / state`);
      const settled = [...world.settledGrants.values()].filter(({ grant }) => grant.subscriptionId === id);
      return { record: world.records.get(id), settledGrants: settled.map(({ grant }) => grant) };
    }),
  subscriptions: (ids) =>
    world.call('ledger.subscriptions', [ids], () => ({
      records: new Map([...world.records].filter(([id]) => ids.includes(id) && !world.corrupted.has(`subscription#${id} / state`))),
      unreadable: new Map(
        ids.flatMap((id) => {
          const error = world.corrupted.get(`subscription#${id} / state`);
          return error === undefined ? [] : [[id, error] as const];
        }),
      ),
    })),
  saveSubscription: (record) =>
    world.call('ledger.saveSubscription', [record], () => {
      if ((world.records.get(record.id)?.revision ?? 0) !== record.revision - 1) return false;
      world.records.set(record.id, copy(record));
      return true;
    }),
  dueKinds: KINDS,
  due: (kind, { until, limit, after }) =>
    world.call('ledger.due', [kind, until, limit], () => {
      const from = typeof after === 'string' ? after : '';
      const isDue = (at: string | undefined): at is string => at !== undefined && at <= until.toISOString();
      const records = [...world.records.values()].flatMap((record) =>
        record.due?.kind === kind && isDue(record.due.at) ? [{ position: `${record.due.at} ${record.id}`, record }] : [],
      );
      const buckets = [...world.confirmations].flatMap(([bucket, at]) =>
        kind === 'confirm' && isDue(at) ? [{ position: `${at} ${bucket}`, bucket }] : [],
      );
      const failures = [...world.unitFailures.values()].flatMap((failure) =>
        kind === 'failure' && isDue(failure.dueAt) ? [{ position: `${failure.dueAt} ${failureName(failure.unit)}`, failure }] : [],
      );
      const page = [...records, ...buckets, ...failures]
        .filter(({ position }) => position > from)
        .sort((one, other) => (one.position < other.position ? -1 : 1))
        .slice(0, limit);
      const due = page.flatMap((item) => ('record' in item ? [item.record] : []));
      return {
        records: due.filter(({ id }) => !world.corrupted.has(`subscription#${id} / state`)),
        buckets: page.flatMap((item) => ('bucket' in item ? [item.bucket] : [])),
        failures: page.flatMap((item) => ('failure' in item ? [item.failure] : [])),
        unreadable: due.flatMap(({ id }) => world.corrupted.get(`subscription#${id} / state`) ?? []),
        ...(page.length < limit ? {} : { next: page.at(-1)?.position }),
      };
    }),
  oldestWaiting: () =>
    world.call('ledger.oldestWaiting', [], () => [...world.records.values()].flatMap(({ waitingSince }) => waitingSince ?? []).sort()[0]),
  bucket: (name) =>
    world.call('ledger.bucket', [name], () => {
      mustBeReadable(world, `bucket#${name} / head`);
      const isCorrupted = (stored: StoredGrant) => world.corrupted.has(`bucket#${name} / grant#${grantKey(stored.grant)}`);
      return {
        head: world.heads.get(name),
        grants: [...world.grants.values()].filter((stored) => stored.grant.location.bucket === name && !isCorrupted(stored)),
        unreadable: corruptedOf(world, (key) => key.startsWith(`bucket#${name} / grant#`)),
      };
    }),
  buckets: () => world.call('ledger.buckets', [], () => [...world.bucketNames].sort()),
  recordBucketName: (bucket) =>
    world.call('ledger.recordBucketName', [bucket], () => {
      world.bucketNames.add(bucket);
    }),
  saveGrant: (stored) =>
    world.call('ledger.saveGrant', [stored], () => {
      if ((world.grants.get(hotKey(stored))?.revision ?? 0) !== stored.revision - 1) return false;
      world.grants.set(hotKey(stored), copy(stored));
      return true;
    }),
  archiveGrant: (stored) =>
    world.call('ledger.archiveGrant', [stored], () => {
      world.settledGrants.set(settledKey(stored), copy(stored));
      if (world.grants.get(hotKey(stored))?.revision === stored.revision) world.grants.delete(hotKey(stored));
    }),
  announce: (bucket, change) =>
    world.call('ledger.announce', [bucket, change], () => {
      const head = world.heads.get(bucket);
      if (head?.attempt !== change.seen && head?.attempt !== change.attempt) return false;
      const previousPolicy = (head?.intended ?? change.intended).previousPolicy;
      world.heads.set(
        bucket,
        copy({
          ...(head ?? { written: [], bytes: 0 }),
          version: change.version,
          attempt: change.attempt,
          overwrites: change.overwrites,
          intended: { ...change.intended, previousPolicy },
        }),
      );
      return true;
    }),
  recordHistory: (record) =>
    world.call('ledger.recordHistory', [record], () => {
      world.history.set(`${record.bucket}#${record.version}`, copy(record));
    }),
  settle: (bucket, settled) =>
    world.call('ledger.settle', [bucket, settled], () => {
      const head = world.heads.get(bucket);
      if (head?.attempt !== settled.attempt) return false;
      const { intended: _, ...rest } = head;
      world.heads.set(bucket, copy({ ...rest, written: settled.written, writtenAt: settled.at, bytes: settled.bytes }));
      world.confirmations.set(bucket, settled.confirmAt);
      return true;
    }),
  confirmed: (bucket, { attempt, again }) =>
    world.call('ledger.confirmed', [bucket], () => {
      if (world.heads.get(bucket)?.attempt !== attempt) return false;
      if (again === undefined) world.confirmations.delete(bucket);
      else world.confirmations.set(bucket, again);
      return true;
    }),
  mark: (bucket, { seen, head }) =>
    world.call('ledger.mark', [bucket, head], () => {
      const stored = world.heads.get(bucket);
      if (stored?.attempt !== seen) return false;
      if (seen === undefined) world.bucketNames.add(bucket);
      const { overwrites: _o, goneSince: _g, frozen: _f, contended: _c, ...rest } = stored ?? head;
      const { overwrites, goneSince, frozen, contended } = head;
      world.heads.set(bucket, copy(withoutUndefined({ ...rest, overwrites, goneSince, frozen, contended })));
      return true;
    }),
  failures: (limit) =>
    world.call('ledger.failures', [limit], () => ({ values: [...world.unitFailures.values()].slice(0, limit), unreadable: [] })),
  failure: (unit) => world.call('ledger.failure', [unit], () => world.unitFailures.get(failureName(unit))),
  recordFailure: (failure) =>
    world.call('ledger.recordFailure', [failure], () => {
      world.unitFailures.set(failureName(failure.unit), copy(failure));
    }),
  clearFailure: (unit) =>
    world.call('ledger.clearFailure', [unit], () => {
      world.unitFailures.delete(failureName(unit));
    }),
  unschedule: (item) =>
    world.call('ledger.unschedule', [item], () => {
      const id = item.partition.replace(/^subscription#/, '');
      const record = world.records.get(id);
      if (record !== undefined) {
        const { due: _, ...rest } = record;
        world.records.set(id, rest);
      }
      world.confirmations.delete(item.partition.replace(/^bucket#/, ''));
    }),
});
