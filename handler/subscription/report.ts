import type { Grant } from '../core/grant/grant';
import type { SubscriptionRecord } from '../core/ledger/subscription-record';
import { MOST_REPORTS } from '../core/limits';
import type { Outcome } from '../core/outcome';
import { statusAt } from '../core/subscription/reported-status';
import { targetKey } from '../core/subscription/subscription';
import { TransientFailure } from '../errors';
import { every } from '../every';
import { lazily } from '../lazily';
import type { CatalogueGrant, Ports } from '../ports';
import type { Reads } from './reads';

export type Reportable = {
  readonly subscriptionId: string;
  readonly listingId: string;
  /** The approved revision for which missing grants are made; absent where none are to be made. */
  readonly grantedRevision?: string;
  /** The consumer's project; an IAM principal that subscribed itself has no targets to report on. */
  readonly consumer: string | undefined;
  /** The consumer's targets of this deployment, as `environment/target`: DataZone's own grants are never changed. */
  readonly targets: () => Promise<readonly string[]>;
  readonly assets: readonly string[];
  /** All grants of the buckets concerned, of every subscription. */
  readonly grants: readonly Grant[];
  readonly outcome: Outcome;
  readonly residualAccess: readonly string[];
};

export type Reported = {
  readonly statuses: SubscriptionRecord['reported'];
  /** Everything that was to be reported could be. */
  readonly isComplete: boolean;
  /** Something was reported, or tried to be, that DataZone did not show already. */
  readonly hasReported: boolean;
};

type Context = { readonly ports: Ports; readonly reads: Reads };
/** What was reported so far, and how much more may be in this invocation. */
type Progress = {
  readonly statuses: SubscriptionRecord['reported'][number][];
  readonly hasAnother: () => Promise<boolean>;
  hasReported: boolean;
  left: number;
};

/** Returns the environments of targets that are given as `environment/target`. */
export const environmentsOf = (targets: readonly string[]): readonly string[] => [
  ...new Set(targets.map((target) => target.split('/')[0] ?? '')),
];

/**
 * Reports to DataZone what was verified, on the grants of the deployment's targets, where it does not show that already. What cannot be
 * reported now is scheduled again; a subscription with very many grants is reported over several invocations.
 */
export const reportStatus = async (reportable: Reportable, context: Context): Promise<Reported> => {
  const another = lazily(() => hasAnother(reportable, context.ports));
  const progress: Progress = { statuses: [], hasAnother: another, hasReported: false, left: MOST_REPORTS };
  const reported = (isComplete: boolean): Reported => ({ statuses: progress.statuses, hasReported: progress.hasReported, isComplete });
  try {
    const targets = await reportable.targets();
    const complete = await every(
      environmentsOf(targets).map((environmentId) => reportIn(environmentId, { targets, reportable, context, progress })),
    );
    return reported(complete.every((all) => all));
  } catch (error) {
    if (!(error instanceof TransientFailure)) throw error;
    context.ports.telemetry.failure('the status of a grant could not be reported', error);
    return reported(false);
  }
};

/** Whether the consumer has another subscription to the listing. DataZone's grant is shared with that one, whose own evaluation reports on it. */
const hasAnother = async ({ subscriptionId, listingId, consumer }: Reportable, { catalogue }: Ports): Promise<boolean> => {
  if (consumer === undefined) return false;
  const { subscriptions, skipped } = await catalogue.subscriptions({ status: 'APPROVED', listingId, projectId: consumer });
  return [...subscriptions, ...skipped].some(({ id }) => id !== subscriptionId);
};

/** DataZone demands a revocation. Where the subscription still reads as approved, one of the two is about to change. */
const REVOCATION_DEMANDED: readonly string[] = ['REVOKE_PENDING', 'REVOKE_IN_PROGRESS'];

/**
 * Creates the grants that DataZone did not create by itself, for those of our targets where access was verified; only where configured.
 * `undefined` for each that it keeps by now and did not list: created in the meantime, or by a call whose answer was lost.
 */
const createMissing = async (
  environmentId: string,
  {
    kept,
    targets,
    reportable,
    ports,
  }: { kept: readonly CatalogueGrant[]; targets: readonly string[]; reportable: Reportable; ports: Ports },
): Promise<readonly (CatalogueGrant | undefined)[]> => {
  const { listingId, grantedRevision, assets } = reportable;
  if (grantedRevision === undefined) return [];
  const missing = targets
    .filter((target) => target.startsWith(`${environmentId}/`))
    .filter((target) => !kept.some((grant) => targetKey({ environmentId, id: grant.targetId }) === target))
    .filter((target) => assets.some((assetId) => statusAt({ target, listingId, assetId }, reportable)?.status === 'GRANTED'));
  const listing = { id: listingId, revision: grantedRevision };
  return every(
    missing.map((target) => ports.catalogue.createGrant({ environmentId, targetId: target.slice(environmentId.length + 1), listing })),
  );
};

/** Whether everything that is to be reported in this environment could be. */
const reportIn = async (
  environmentId: string,
  {
    targets,
    reportable,
    context: { ports, reads },
    progress,
  }: { targets: readonly string[]; reportable: Reportable; context: Context; progress: Progress },
): Promise<boolean> => {
  const { listingId } = reportable;
  const kept = await reads.grants({ listingId, environmentId });
  const made = await createMissing(environmentId, { kept, targets, reportable, ports });
  if (made.length > 0) progress.hasReported = true;
  const ours = [
    ...kept.filter((grant) => targets.includes(targetKey({ environmentId, id: grant.targetId }))),
    ...made.flatMap((grant) => grant ?? []),
  ];
  const complete = await every(
    ours.flatMap((grant) =>
      grant.assets
        .filter(({ assetId }) => reportable.assets.includes(assetId))
        .map(async ({ assetId, status: current }) => {
          const target = targetKey({ environmentId, id: grant.targetId });
          const verified = statusAt({ target, listingId, assetId }, reportable);
          if (verified === undefined) return true;
          if (verified.status === 'GRANTED' && REVOCATION_DEMANDED.includes(current)) return false;
          if (verified.status === 'REVOKED' && (await progress.hasAnother())) return true;
          if (verified.status !== current) {
            if (progress.left-- <= 0) return false;
            progress.hasReported = true;
            await ports.catalogue.reportStatus({ grantId: grant.id, assetId, ...verified });
          }
          progress.statuses.push({ grant: grant.id, asset: assetId, status: verified.status });
          return true;
        }),
    ),
  );
  return complete.every((all) => all) && !made.includes(undefined);
};
