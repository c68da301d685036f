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
import type { Settings } from '../env';
import type { Catalogue } from '../ports';
import { awsError, isDenied, transient } from './aws-failure';
import { clientSettings } from './client-settings';
import { assetOf, environmentOf, grantOf, listedAssetOf, provenanceOf, subscriptionOf, targetOf } from './datazone-shapes';

/** DataZone gives at most 50 items a page. */
const PAGE = 50;

/** The catalogue of one domain, read with the Lambda role. */
export const datazoneCatalogue = (settings: Settings): Catalogue => {
  const client = new DataZoneClient(clientSettings(settings.region));
  const domainIdentifier = settings.domainId;
  const paging = { client, pageSize: PAGE };

  const explained = (what: string) => (error: unknown) => {
    throw transient(error, {
      what: `reading ${what} from DataZone domain '${settings.domainId}'`,
      meanings: (failure) => (isDenied(failure) ? { code: 'membership-missing', message: denied(what, settings) } : undefined),
    });
  };

  /** `undefined` only where DataZone says that the thing is not there. */
  const orNothing = async <Output>(what: string, call: Promise<Output>): Promise<Output | undefined> =>
    call.catch((error: unknown) => (awsError(error).name === 'ResourceNotFoundException' ? undefined : explained(what)(error)));

  const itemsOf = async <Page, Item>(
    what: string,
    pages: AsyncIterable<Page>,
    read: (page: Page) => readonly Item[] | undefined,
  ): Promise<readonly Item[]> => {
    const items: Item[] = [];
    for await (const page of pages) {
      const found = read(page);
      if (found === undefined) throw new Error(`a page of ${what} came without its items`);
      items.push(...found);
    }
    return items;
  };

  const everyPage: typeof itemsOf = (what, pages, read) => itemsOf(what, pages, read).catch(explained(what));

  return {
    subscription: async (identifier) => {
      const output = await orNothing(
        `subscription '${identifier}'`,
        client.send(new GetSubscriptionCommand({ domainIdentifier, identifier })),
      );
      return output && subscriptionOf(output);
    },
    subscriptions: async ({ status, requestId, listingId, projectId }) => {
      const filter = {
        domainIdentifier,
        status,
        subscriptionRequestIdentifier: requestId,
        subscribedListingId: listingId,
        owningProjectId: projectId,
      };
      const items = await everyPage('subscriptions', paginateListSubscriptions(paging, filter), (page) => page.items);
      return items.map(subscriptionOf);
    },
    approvedPage: async (token) => {
      const what = 'the approved subscriptions';
      const command = new ListSubscriptionsCommand({ domainIdentifier, status: 'APPROVED', maxResults: PAGE, nextToken: token });
      const { items, nextToken } = await client.send(command).catch(explained(what));
      if (items === undefined) throw transient(new Error('a page came without its items'), { what: `reading ${what}` });
      return { subscriptions: items.map(subscriptionOf), ...(nextToken === undefined ? {} : { next: nextToken }) };
    },
    provenance: async (identifier) => {
      const output = await orNothing(
        `subscription request '${identifier}'`,
        client.send(new GetSubscriptionRequestDetailsCommand({ domainIdentifier, identifier })),
      );
      return output && provenanceOf(output);
    },
    asset: async ({ id, revision }) => {
      const output = await orNothing(`asset '${id}'`, client.send(new GetAssetCommand({ domainIdentifier, identifier: id, revision })));
      return output && assetOf(output);
    },
    listedAsset: async ({ id, revision }) => {
      const output = await orNothing(
        `listing '${id}'`,
        client.send(new GetListingCommand({ domainIdentifier, identifier: id, listingRevision: revision })),
      );
      return output && listedAssetOf(output);
    },
    environments: async (projectIdentifier) => {
      const items = await everyPage(
        `the environments of project '${projectIdentifier}'`,
        paginateListEnvironments(paging, { domainIdentifier, projectIdentifier }),
        (page) => page.items,
      );
      return items.flatMap(environmentOf);
    },
    subscriptionTargets: async (environmentIdentifier) => {
      const pages = paginateListSubscriptionTargets(paging, { domainIdentifier, environmentIdentifier });
      const what = `the subscription targets of environment '${environmentIdentifier}'`;
      return (
        await orNothing(
          what,
          itemsOf(what, pages, (page) => page.items),
        )
      )?.map(targetOf);
    },
    hasTarget: async ({ environmentId, targetId }) => {
      const command = new GetSubscriptionTargetCommand({ domainIdentifier, environmentIdentifier: environmentId, identifier: targetId });
      return (await orNothing(`subscription target '${targetId}' of environment '${environmentId}'`, client.send(command))) !== undefined;
    },
    grant: async (identifier) => {
      const output = await orNothing(
        `grant '${identifier}'`,
        client.send(new GetSubscriptionGrantCommand({ domainIdentifier, identifier })),
      );
      return output && grantOf(output);
    },
    grants: async ({ listingId, environmentId }) => {
      const filter = { domainIdentifier, subscribedListingId: listingId, environmentId };
      const items = await everyPage(
        `the grants of listing '${listingId}'`,
        paginateListSubscriptionGrants(paging, filter),
        (page) => page.items,
      );
      return items.map(grantOf);
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
      const output = await client
        .send(command)
        .catch((error: unknown) => (awsError(error).name === 'ConflictException' ? undefined : explained(what)(error)));
      return output && grantOf(output);
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
