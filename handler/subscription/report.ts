import type { Grant } from '../core/grant/grant';
import type { Outcome } from '../core/outcome';
import { statusAt } from '../core/subscription/reported-status';
import { targetKey } from '../core/subscription/subscription';
import { TransientFailure } from '../errors';
import { every } from '../every';
import type { CatalogueGrant, Ports } from '../ports';
import type { Reads } from './reads';

export type Reportable = {
  readonly subscriptionId: string;
  readonly listingId: string;
  /** The approved revision for which missing grants are made; absent where none are to be made. */
  readonly grantedRevision?: string;
  /** The consumer's project; an IAM principal that subscribed itself has no targets to report on. */
  readonly consumer: string | undefined;
  /** Our targets of the consumer, as `environment/target`: DataZone's own grants are never touched. */
  readonly targets: () => Promise<readonly string[]>;
  readonly assets: readonly string[];
  /** All grants of the buckets concerned, of every subscription. */
  readonly grants: readonly Grant[];
  readonly outcome: Outcome;
  readonly residualAccess: readonly string[];
};

export type Reported = {
  readonly statuses: Readonly<Record<string, string>>;
  /** Everything that is to be said could be said. */
  readonly complete: boolean;
  /** Something was said that DataZone did not say already, or tried to be. */
  readonly told: boolean;
};

type Context = { readonly ports: Ports; readonly reads: Reads };
/** What was said so far. */
type Said = { readonly statuses: Record<string, string>; told: boolean };

/** The environments of targets that are given as `environment/target`. */
export const environmentsOf = (targets: readonly string[]): readonly string[] => [
  ...new Set(targets.map((target) => target.split('/')[0] ?? '')),
];

/** Tells DataZone what was verified, on the grants of our targets, where it does not say so already. What cannot be told is due again. */
export const reportStatus = async (reportable: Reportable, context: Context): Promise<Reported> => {
  const said: Said = { statuses: {}, told: false };
  try {
    const targets = await reportable.targets();
    const complete = await every(
      environmentsOf(targets).map((environmentId) => reportIn(environmentId, { targets, reportable, context, said })),
    );
    return { ...said, complete: complete.every((all) => all) };
  } catch (error) {
    if (!(error instanceof TransientFailure)) throw error;
    context.ports.telemetry.failure('the status of a grant could not be reported', error);
    return { ...said, complete: false };
  }
};

/** Whether the consumer has another subscription to the listing. DataZone's grant is that one's too, and its own look says how it stands. */
const isAnothersToo = async ({ subscriptionId, listingId, consumer }: Reportable, { catalogue }: Ports): Promise<boolean> => {
  if (consumer === undefined) return false;
  const approved = await catalogue.subscriptions({ status: 'APPROVED', listingId, projectId: consumer });
  return approved.some(({ id }) => id !== subscriptionId);
};

/** DataZone asks for access to be taken away. Where the subscription still reads as approved, one of the two is about to change. */
const ASKED_TO_REVOKE: readonly string[] = ['REVOKE_PENDING', 'REVOKE_IN_PROGRESS'];

/**
 * Grants that DataZone did not make by itself, made for those of our targets where access was verified; only where configured.
 * `undefined` for each that it keeps by now and did not list: made in the meantime, or by a call whose answer was lost.
 */
const makeMissing = async (
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

/** Whether everything that is to be said in this environment could be said. */
const reportIn = async (
  environmentId: string,
  {
    targets,
    reportable,
    context: { ports, reads },
    said,
  }: { targets: readonly string[]; reportable: Reportable; context: Context; said: Said },
): Promise<boolean> => {
  const { listingId } = reportable;
  const kept = await reads.grants({ listingId, environmentId });
  const made = await makeMissing(environmentId, { kept, targets, reportable, ports });
  if (made.length > 0) said.told = true;
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
          if (verified.status === 'GRANTED' && ASKED_TO_REVOKE.includes(current)) return false;
          if (verified.status === 'REVOKED' && (await isAnothersToo(reportable, ports))) return true;
          if (verified.status !== current) {
            said.told = true;
            await ports.catalogue.reportStatus({ grantId: grant.id, assetId, ...verified });
          }
          said.statuses[`${grant.id}/${assetId}`] = verified.status;
          return true;
        }),
    ),
  );
  return complete.every((all) => all) && !made.includes(undefined);
};
