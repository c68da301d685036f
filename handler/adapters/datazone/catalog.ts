import {
  CreateSubscriptionGrantCommand,
  DataZoneClient,
  GetAssetCommand,
  GetListingCommand,
  GetSubscriptionCommand,
  GetSubscriptionGrantCommand,
  GetSubscriptionRequestDetailsCommand,
  GetSubscriptionTargetCommand,
  ListSubscriptionsCommand,
  paginateListEnvironments,
  paginateListSubscriptionGrants,
  paginateListSubscriptions,
  paginateListSubscriptionTargets,
  UpdateSubscriptionGrantStatusCommand,
} from '@aws-sdk/client-datazone';
import { BOUNDS } from '../../core/bounds';
import { TransientFailure } from '../../errors';
import type { Catalogue } from '../../ports';
import type { Settings } from '../../settings';
import { awsError, isDenied, transient } from '../aws-failure';
import { clientSettings } from '../client-settings';
import { assetOf, environmentOf, grantOf, listedAssetOf, provenanceOf, subscriptionOf, subscriptionsOf, targetOf } from './answers';
import { pageOf, wholeList } from './pages';

/** DataZone gives at most 50 items a page. */
const PAGE = 50;
const ANY_NUMBER = PAGE * BOUNDS.pagesPerList;

/** The catalogue of one domain, read with the Lambda role. */
export const datazoneCatalogue = (settings: Settings): Catalogue => {
  const client = new DataZoneClient(clientSettings(settings.region));
  const domainIdentifier = settings.domainId;
  const paging = { client, pageSize: PAGE };

  /** What is thrown while an answer is read, of whatever shape it came in, is a failure of the call, never of the batch. */
  const explained = (what: string) => (error: unknown) => {
    if (error instanceof TransientFailure) throw error;
    throw transient(error, {
      what: `reading ${what} from DataZone domain '${settings.domainId}'`,
      meanings: (failure) => (isDenied(failure) ? { code: 'membership-missing', message: denied(what, settings) } : undefined),
    });
  };

  /** `undefined` only where DataZone says that the thing is not there. */
  const orNothing = async <Shape>(what: string, shape: Promise<Shape>): Promise<Shape | undefined> =>
    shape.catch((error: unknown) => (awsError(error).name === 'ResourceNotFoundException' ? undefined : explained(what)(error)));

  const itemsOf = (pages: Parameters<typeof wholeList>[0], { what, most = ANY_NUMBER }: { what: string; most?: number }) =>
    wholeList(pages, { what, most }).catch(explained(what));

  return {
    subscription: (identifier) =>
      orNothing(
        `subscription '${identifier}'`,
        client.send(new GetSubscriptionCommand({ domainIdentifier, identifier })).then(subscriptionOf),
      ),
    subscriptions: ({ status, requestId, listingId, projectId }) => {
      const filter = {
        domainIdentifier,
        status,
        subscriptionRequestIdentifier: requestId,
        subscribedListingId: listingId,
        owningProjectId: projectId,
      };
      const what = 'the subscriptions';
      return itemsOf(paginateListSubscriptions(paging, filter), { what }).then(subscriptionsOf);
    },
    approvedPage: async (token) => {
      const what = 'the approved subscriptions';
      const command = new ListSubscriptionsCommand({ domainIdentifier, status: 'APPROVED', maxResults: PAGE, nextToken: token });
      const read = async () => {
        const { items, ...rest } = pageOf(await client.send(command), { what });
        if (rest.next !== undefined && rest.next === token)
          throw new TransientFailure('unavailable', `DataZone answered with the token of the same page of ${what}; it is read again`);
        return { ...subscriptionsOf(items), ...rest };
      };
      return read().catch(explained(what));
    },
    provenance: (identifier) =>
      orNothing(
        `subscription request '${identifier}'`,
        client.send(new GetSubscriptionRequestDetailsCommand({ domainIdentifier, identifier })).then(provenanceOf),
      ),
    asset: ({ id, revision }) =>
      orNothing(`asset '${id}'`, client.send(new GetAssetCommand({ domainIdentifier, identifier: id, revision })).then(assetOf)),
    listedAsset: ({ id, revision }) =>
      orNothing(
        `listing '${id}'`,
        client.send(new GetListingCommand({ domainIdentifier, identifier: id, listingRevision: revision })).then(listedAssetOf),
      ),
    environments: (projectIdentifier) =>
      itemsOf(paginateListEnvironments(paging, { domainIdentifier, projectIdentifier }), {
        what: `the environments of project '${projectIdentifier}'`,
        most: BOUNDS.environmentsPerProject,
      }).then((items) => items.flatMap(environmentOf)),
    subscriptionTargets: (environmentIdentifier) => {
      const pages = paginateListSubscriptionTargets(paging, { domainIdentifier, environmentIdentifier });
      const what = `the subscription targets of environment '${environmentIdentifier}'`;
      return orNothing(
        what,
        wholeList(pages, { what, most: BOUNDS.targetsPerEnvironment }).then((items) => items.map(targetOf)),
      );
    },
    hasTarget: async ({ environmentId, targetId }) => {
      const command = new GetSubscriptionTargetCommand({ domainIdentifier, environmentIdentifier: environmentId, identifier: targetId });
      return (await orNothing(`subscription target '${targetId}' of environment '${environmentId}'`, client.send(command))) !== undefined;
    },
    grant: (identifier) =>
      orNothing(`grant '${identifier}'`, client.send(new GetSubscriptionGrantCommand({ domainIdentifier, identifier })).then(grantOf)),
    grants: ({ listingId, environmentId }) => {
      const filter = { domainIdentifier, subscribedListingId: listingId, environmentId };
      const what = `the grants of listing '${listingId}'`;
      return itemsOf(paginateListSubscriptionGrants(paging, filter), { what }).then((items) => items.map(grantOf));
    },
    createGrant: async ({ environmentId, targetId, listing }) => {
      const what = `a grant of listing '${listing.id}' for subscription target '${targetId}'`;
      const grantedEntity = { listing: { identifier: listing.id, revision: listing.revision } };
      const command = new CreateSubscriptionGrantCommand({
        domainIdentifier,
        environmentIdentifier: environmentId,
        subscriptionTargetIdentifier: targetId,
        grantedEntity,
      });
      return client
        .send(command)
        .then(grantOf)
        .catch((error: unknown) => (awsError(error).name === 'ConflictException' ? undefined : explained(what)(error)));
    },
    reportStatus: async ({ grantId, assetId, status, message }) => {
      const command = new UpdateSubscriptionGrantStatusCommand({
        domainIdentifier,
        identifier: grantId,
        assetIdentifier: assetId,
        status,
        ...(message === undefined ? {} : { failureCause: { message } }),
      });
      await client.send(command).catch(explained(`the status of grant '${grantId}'`));
    },
  };
};

/** What to do when DataZone denies, which is not the same in V1 and V2 domains. */
const denied = (what: string, settings: Settings): string =>
  settings.domainVersion === 'v2'
    ? `DataZone denies the Lambda role to read ${what}: in a V2 domain the role must be a user of domain '${settings.domainId}' with an activated profile and a member of the producer's and the consumer's project; add the memberships`
    : `DataZone denies the Lambda role to read ${what}; allow the role's DataZone actions on domain '${settings.domainId}' (if the domain was upgraded to V2, set domain.version to v2 and add the role to its projects)`;
