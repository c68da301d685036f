import * as z from 'zod';
import { id, inDomain, operation, paged, pageOf, requireMember, seconds } from './operation';

/** What is in a domain: its projects, and the assets in their inventories, published or not. */
export const inventoryOperations = [
  operation({
    name: 'ListProjects',
    method: 'GET',
    path: '/v2/domains/{domainIdentifier}/projects',
    input: { ...inDomain, ...paged, name: z.optional(z.string()) },
    run: ({ datazone, domain }, input) => {
      const projects = [...datazone.projects.values()].filter(({ name }) => input.name === undefined || name === input.name);
      const { items, ...rest } = pageOf(datazone, projects, input);
      return {
        items: items.map((project) => ({
          domainId: domain.id,
          id: project.id,
          name: project.name,
          createdBy: 'SYSTEM',
          projectStatus: 'ACTIVE',
        })),
        ...rest,
      };
    },
  }),
  operation({
    name: 'Search',
    method: 'POST',
    path: '/v2/domains/{domainIdentifier}/search',
    // Filters, text and order are not built: whoever asks with them is told so.
    input: {
      ...inDomain,
      ...paged,
      searchScope: z.literal('ASSET'),
      owningProjectIdentifier: id,
      additionalAttributes: z._default(z.array(z.literal('FORMS')), []),
    },
    run: (call, { owningProjectIdentifier, additionalAttributes, ...page }) => {
      const { datazone, domain } = call;
      requireMember(call, [owningProjectIdentifier]);
      const assets = [...datazone.assets.values()].filter((asset) => asset.owningProjectId === owningProjectIdentifier);
      const { items, ...rest } = pageOf(datazone, assets, page);
      return {
        totalMatchCount: assets.length,
        items: items.map((asset) => {
          const latest = asset.revisions.at(-1);
          return {
            assetItem: {
              ...{ domainId: domain.id, identifier: asset.id, name: latest?.name, typeIdentifier: asset.typeIdentifier, typeRevision: '1' },
              ...{ owningProjectId: asset.owningProjectId, createdAt: seconds(asset.createdAt), createdBy: asset.createdBy },
              ...(additionalAttributes.includes('FORMS') ? { additionalAttributes: { formsOutput: latest?.forms ?? [] } } : {}),
            },
          };
        }),
        ...rest,
      };
    },
  }),
];
