import { grantKey } from '../../handler/core/grant/grant';
import { DUE_KINDS } from '../../handler/core/subscription/subscription-record';
import type { PolicyWrite, Ports } from '../../handler/ports';
import { fakeOperations } from './fake-operations';
import { copy, type FakeState } from './fake-state';

const write = (world: FakeState, bucket: string, policy: string | undefined): PolicyWrite => {
  const text = policy ?? '';
  for (const unknown of world.unknownPrincipals) if (text.includes(`"${unknown}"`)) return { kind: 'invalid-principal', named: unknown };
  if (policy === undefined) world.policies.delete(bucket);
  else world.policies.set(bucket, policy);
  return { kind: 'written', session: 'session-1' };
};

const withoutUndefined = <Value extends object>(value: Value): Value =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Value;

/** The ports of a world in memory. */
export const fakePorts = (world: FakeState): Ports => ({
  clock: {
    now: () => world.now,
    wait: async (milliseconds) => {
      world.now = new Date(world.now.getTime() + milliseconds);
    },
  },
  newId: () => world.newId(),
  catalogue: {
    subscription: (id) => world.call('subscription', [id], () => world.subscriptions.get(id)),
    subscriptions: (filter) =>
      world.call('subscriptions', [filter], () =>
        [...world.subscriptions.values()].filter(
          (subscription) =>
            subscription.status === filter.status &&
            (filter.requestId === undefined || subscription.requestId === filter.requestId) &&
            (filter.listingId === undefined || subscription.listing.id === filter.listingId) &&
            (filter.projectId === undefined ||
              (subscription.subscriber.kind === 'project' && subscription.subscriber.id === filter.projectId)),
        ),
      ),
    approvedPage: (token) =>
      world.call('approvedPage', [token], () => {
        const from = Number(token ?? 0);
        const all = [...world.subscriptions.values()].filter(({ status }) => status === 'APPROVED');
        const next = from + world.pageSize;
        return { subscriptions: all.slice(from, next), ...(next < all.length ? { next: String(next) } : {}) };
      }),
    hasTarget: ({ environmentId, targetId }) =>
      world.call('hasTarget', [environmentId, targetId], () => (world.targetsOf(environmentId) ?? []).some(({ id }) => id === targetId)),
    provenance: (id) => world.call('provenance', [id], () => world.provenances.get(id)),
    asset: (asset) => world.call('asset', [asset], () => world.assets.get(`${asset.id}@${asset.revision ?? ''}`)),
    listedAsset: (listing) => world.call('listedAsset', [listing], () => world.assets.get(`${listing.id}@${listing.revision ?? ''}`)),
    environments: (project) => world.call('environments', [project], () => world.environments.get(project) ?? []),
    subscriptionTargets: (environment) => world.call('subscriptionTargets', [environment], () => world.targetsOf(environment)),
    grant: (id) => world.call('grant', [id], () => world.catalogueGrants.get(id)),
    grants: (filter) =>
      world.call('grants', [filter], () =>
        [...world.catalogueGrants.values()].filter(
          (grant) => grant.listingId === filter.listingId && grant.environmentId === filter.environmentId,
        ),
      ),
    createGrant: ({ environmentId, targetId, listing }) =>
      world.call('createGrant', [{ environmentId, targetId, listing }], () => {
        const assets = [...world.subscriptions.values()].flatMap((subscription) =>
          subscription.listing.id === listing.id && subscription.item.kind === 'asset'
            ? [{ assetId: subscription.item.assetId, status: 'GRANT_PENDING' }]
            : [],
        );
        const grant = { id: `made-${targetId}`, environmentId, targetId, listingId: listing.id, assets };
        world.catalogueGrants.set(grant.id, grant);
        return grant;
      }),
    reportStatus: (report) =>
      world.call('reportStatus', [report], () => {
        world.reports.push(report);
        const grant = world.catalogueGrants.get(report.grantId);
        if (grant === undefined) return;
        const assets = grant.assets.map((asset) => (asset.assetId === report.assetId ? { ...asset, status: report.status } : asset));
        world.catalogueGrants.set(grant.id, { ...grant, assets });
      }),
  },
  policies: {
    prepare: (access) =>
      world
        .call('prepare', [access], () => undefined)
        .then(
          () => undefined,
          () => undefined,
        ),
    read: (access) => world.call('readPolicy', [access], () => world.policies.get(access.bucket.name)),
    write: (access, policy) => world.call('writePolicy', [access, policy], () => write(world, access.bucket.name, policy)),
    remove: (access) => world.call('removePolicy', [access], () => write(world, access.bucket.name, undefined)),
  },
  registry: { read: () => world.call('registry', [], () => ({ buckets: world.buckets, principalAccounts: world.principalAccounts })) },
  ledger: {
    subscription: (id) => world.call('ledger.subscription', [id], () => world.records.get(id)),
    due: ({ now, limit }) =>
      world.call('ledger.due', [now, limit], () => ({
        records: DUE_KINDS.flatMap((kind) =>
          [...world.records.values()].filter(({ due }) => due?.kind === kind && due.at <= now.toISOString()).slice(0, limit),
        ),
        changes: [...world.confirmations]
          .filter(([, at]) => at <= now.toISOString())
          .map(([bucket]) => bucket)
          .slice(0, limit),
      })),
    waitingSince: () =>
      world.call('ledger.waitingSince', [], () => [...world.records.values()].flatMap(({ waitingSince }) => waitingSince ?? []).sort()[0]),
    subscriptions: (ids) => world.call('ledger.subscriptions', [ids], () => new Map([...world.records].filter(([id]) => ids.includes(id)))),
    buckets: () => world.call('ledger.buckets', [], () => [...world.bucketNames].sort()),
    putDown: (bucket) =>
      world.call('ledger.putDown', [bucket], () => {
        world.bucketNames.add(bucket);
      }),
    saveSubscription: (record) =>
      world.call('ledger.saveSubscription', [record], () => {
        if ((world.records.get(record.id)?.revision ?? 0) !== record.revision - 1) return false;
        world.records.set(record.id, copy(record));
        return true;
      }),
    bucket: (name) =>
      world.call('ledger.bucket', [name], () => ({
        head: world.heads.get(name),
        grants: [...world.grants.values()].filter(({ grant }) => grant.location.bucket === name),
      })),
    saveGrant: (stored) =>
      world.call('ledger.saveGrant', [stored], () => {
        const key = `${stored.grant.location.bucket} ${grantKey(stored.grant)}`;
        if ((world.grants.get(key)?.revision ?? 0) !== stored.revision - 1) return false;
        world.grants.set(key, copy(stored));
        return true;
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
        const { overwrites: _o, adopted: _a, goneSince: _g, frozen: _f, contended: _c, ...rest } = stored ?? head;
        const { overwrites, adopted, goneSince, frozen, contended } = head;
        world.heads.set(bucket, copy(withoutUndefined({ ...rest, overwrites, adopted, goneSince, frozen, contended })));
        return true;
      }),
  },
  operations: fakeOperations(world),
  telemetry: {
    outcome: (id, outcome) => {
      world.outcomes.push({ id, outcome });
    },
    unusable: (reason) => {
      world.unusable.push(reason);
    },
    failure: (_what, error) => {
      world.failures.push(error);
    },
    drift: (_bucket, kind) => {
      world.drifts.push(kind);
    },
    latency: (kind, seconds) => {
      world.latencies.push({ kind, seconds });
    },
    gauges: (gauges) => {
      world.gauges = gauges;
    },
    reconciled: (report) => {
      world.reconciled.push(report);
    },
    request: () => undefined,
    residualAccess: (bucket, count) => {
      world.residuals.push({ bucket, count });
    },
  },
});
