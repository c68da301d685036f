import { type DataZoneClient, GetUserProfileCommand, paginateListProjectMemberships } from '@aws-sdk/client-datazone';
import { ANY_PROJECT } from '../../../handler/contract/registry';
import type { SubscriptionRecord } from '../../../handler/core/ledger/subscription-record';
import type { Deployment } from '../../deployment/load';

/** The least of DataZone's designations: it lets the function read subscriptions and assets. */
export const DESIGNATION = 'PROJECT_CATALOG_VIEWER';

/** Where the function's role stands in a V2 domain. */
export interface MembershipPlan {
  readonly role: string;
  /** The role's user profile; undefined: it has none yet. */
  readonly profile: { readonly id: string; readonly status: string } | undefined;
  readonly projects: readonly { readonly project: string; readonly why: string; readonly member: boolean }[];
}

/** The projects that the function has to read, each with the reason: the owners of prefixes, and those that subscribe. */
export const projectsToRead = (deployment: Deployment, records: readonly SubscriptionRecord[]): ReadonlyMap<string, string> => {
  const owners = deployment.bucketAccounts.flatMap(({ buckets }) =>
    buckets.flatMap(({ prefixes }) => prefixes.flatMap(({ owningProjects }) => owningProjects)),
  );
  const consumers = deployment.consumerAccounts.map(({ project }) => project);
  const seen = records.flatMap(({ subscriber, lookup }) => [
    ...(subscriber?.kind === 'project' ? [subscriber.id] : []),
    ...(lookup.projectId === undefined ? [] : [lookup.projectId]),
  ]);
  const published = records.flatMap(({ listing, assets }) => [
    ...(listing === undefined ? [] : [listing.owningProject]),
    ...assets.map(({ owningProject }) => owningProject),
  ]);
  return new Map([
    ...seen.map((project) => [project, 'subscribes'] as const),
    ...published.map((project) => [project, 'publishes'] as const),
    ...consumers.map((project) => [project, 'consumer in the deployment'] as const),
    ...owners.filter((project) => project !== ANY_PROJECT).map((project) => [project, 'owns a registered prefix'] as const),
  ]);
};

/** Compares the projects with the role's memberships. */
export const membershipPlan = async (
  client: DataZoneClient,
  { domainIdentifier, role, projects }: { domainIdentifier: string; role: string; projects: ReadonlyMap<string, string> },
): Promise<MembershipPlan> => {
  const profile = await client
    .send(new GetUserProfileCommand({ domainIdentifier, userIdentifier: role, type: 'IAM' }))
    .then(({ id = '', status = '' }) => ({ id, status }))
    .catch(unlessMissing);
  const rows = [...projects].sort(([one], [other]) => (one < other ? -1 : 1));
  const planned: MembershipPlan['projects'][number][] = [];
  for (const [project, why] of rows)
    planned.push({ project, why, member: profile !== undefined && (await members(client, { domainIdentifier, project })).has(profile.id) });
  return { role, profile, projects: planned };
};

const unlessMissing = (error: unknown): undefined => {
  if (!(error instanceof Error && error.name === 'ResourceNotFoundException')) throw error;
};

const members = async (
  client: DataZoneClient,
  { domainIdentifier, project }: { domainIdentifier: string; project: string },
): Promise<ReadonlySet<string>> => {
  const ids = new Set<string>();
  for await (const { members: page = [] } of paginateListProjectMemberships({ client }, { domainIdentifier, projectIdentifier: project }))
    for (const { memberDetails } of page) if (memberDetails?.user?.userId !== undefined) ids.add(memberDetails.user.userId);
  return ids;
};
