import type { PolicyWrite, Ports } from '../../handler/ports';
import { fakeLedger } from './fake-ledger';
import { fakeOperations } from './fake-operations';
import type { FakeState } from './fake-state';

const write = (world: FakeState, bucket: string, policy: string | undefined): PolicyWrite => {
  const text = policy ?? '';
  for (const unknown of world.unknownPrincipals) if (text.includes(`"${unknown}"`)) return { kind: 'invalid-principal', named: unknown };
  if (policy === undefined) world.policies.delete(bucket);
  else world.policies.set(bucket, policy);
  return { kind: 'written', session: 'session-1' };
};

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
      world.call('subscriptions', [filter], () => ({
        skipped: [],
        subscriptions: [...world.subscriptions.values()].filter(
          (subscription) =>
            subscription.status === filter.status &&
            (filter.requestId === undefined || subscription.requestId === filter.requestId) &&
            (filter.listingId === undefined || subscription.listing.id === filter.listingId) &&
            (filter.projectId === undefined ||
              (subscription.subscriber.kind === 'project' && subscription.subscriber.id === filter.projectId)),
        ),
      })),
    approvedPage: (token) =>
      world.call('approvedPage', [token], () => {
        const from = Number(token ?? 0);
        const all = [...world.subscriptions.values()].filter(({ status }) => status === 'APPROVED');
        const next = from + world.pageSize;
        return { subscriptions: all.slice(from, next), skipped: [], ...(next < all.length ? { next: String(next) } : {}) };
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
  ledger: fakeLedger(world),
  operations: fakeOperations(world),
  messages: { isInFlight: (handle) => world.call('isInFlight', [handle], () => world.inFlight.has(handle)) },
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
    unitFailure: (failure, error) => {
      world.failures.push(error);
      world.reportedFailures.push(failure);
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
