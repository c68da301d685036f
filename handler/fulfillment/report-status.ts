import type { Grant } from '../core/grant';
import type { Outcome } from '../core/outcome';
import { statusAt } from '../core/reported-status';
import { targetKey } from '../core/subscription';
import { TransientFailure } from '../errors';
import type { Ports } from '../ports';
import { every } from './every';

export type Reportable = {
  readonly listingId: string;
  /** Our targets of the consumer, as `environment/target`: DataZone's own grants are never touched. */
  readonly targets: readonly string[];
  readonly assets: readonly string[];
  /** All grants of the buckets concerned, of every subscription. */
  readonly grants: readonly Grant[];
  readonly outcome: Outcome;
  readonly residualAccess: readonly string[];
};

export type Reported = { readonly statuses: Readonly<Record<string, string>>; readonly complete: boolean };

/** Tells DataZone what was verified, on the grants of our targets, where it does not say so already. What cannot be told is due again. */
export const reportStatus = async (reportable: Reportable, { ports }: { ports: Ports }): Promise<Reported> => {
  const environments = [...new Set(reportable.targets.map((target) => target.split('/')[0] ?? ''))];
  const statuses: Record<string, string> = {};
  try {
    await every(environments.map((environmentId) => reportIn(environmentId, { reportable, ports, statuses })));
    return { statuses, complete: true };
  } catch (error) {
    if (!(error instanceof TransientFailure)) throw error;
    ports.telemetry.failure('the status of a grant could not be reported', error);
    return { statuses, complete: false };
  }
};

const reportIn = async (
  environmentId: string,
  { reportable, ports, statuses }: { reportable: Reportable; ports: Ports; statuses: Record<string, string> },
): Promise<void> => {
  const { listingId } = reportable;
  const grants = await ports.catalogue.grants({ listingId, environmentId });
  const ours = grants.filter((grant) => reportable.targets.includes(targetKey({ environmentId, id: grant.targetId })));
  await every(
    ours.flatMap((grant) =>
      grant.assets
        .filter(({ assetId }) => reportable.assets.includes(assetId))
        .map(async ({ assetId, status: current }) => {
          const target = targetKey({ environmentId, id: grant.targetId });
          const verified = statusAt({ target, listingId, assetId }, reportable);
          if (verified === undefined) return;
          if (verified.status !== current) await ports.catalogue.reportStatus({ grantId: grant.id, assetId, ...verified });
          statuses[`${grant.id}/${assetId}`] = verified.status;
        }),
    ),
  );
};
