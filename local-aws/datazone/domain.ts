import * as z from 'zod';
import type { Environment } from './model';
import { byId, type DataZoneCall, findLasting, id, inDomain, operation, paged, pageOf, requireMember, seconds } from './operation';

const environmentView = ({ domain }: DataZoneCall, environment: Environment) => ({
  ...environment,
  domainId: domain.id,
  createdBy: 'SYSTEM',
  // Unlike other timestamps of this API, those of environments are ISO 8601.
  createdAt: environment.createdAt,
});

export const domainOperations = [
  operation({
    name: 'GetDomain',
    method: 'GET',
    path: '/v2/domains/{identifier}',
    input: { identifier: inDomain.domainIdentifier },
    run: ({ domain }) => ({
      id: domain.id,
      name: domain.name,
      arn: `arn:aws:datazone:${domain.region}:${domain.account}:domain/${domain.id}`,
      domainExecutionRole: `arn:aws:iam::${domain.account}:role/service-role/AmazonDataZoneDomainExecution`,
      status: 'AVAILABLE',
      domainVersion: domain.version,
      createdAt: seconds(domain.createdAt),
    }),
  }),
  operation({
    name: 'ListEnvironments',
    method: 'GET',
    path: '/v2/domains/{domainIdentifier}/environments',
    input: {
      ...inDomain,
      ...paged,
      projectIdentifier: id,
      awsAccountId: z.optional(z.string().regex(/^\d{12}$/)),
      awsAccountRegion: z.optional(z.string()),
      name: z.optional(z.string()),
      provider: z.optional(z.string()),
      status: z.optional(z.string()),
    },
    run: (call, { domainIdentifier: _, projectIdentifier, maxResults, nextToken, ...filters }) => {
      requireMember(call, [projectIdentifier]);
      const environments = [...call.datazone.environments.values()].filter(
        (one) =>
          one.projectId === projectIdentifier &&
          (filters.awsAccountId ?? one.awsAccountId) === one.awsAccountId &&
          (filters.awsAccountRegion ?? one.awsAccountRegion) === one.awsAccountRegion &&
          (filters.name ?? one.name) === one.name &&
          (filters.provider ?? one.provider) === one.provider &&
          (filters.status ?? one.status) === one.status,
      );
      const { items, ...rest } = pageOf(call.datazone, environments, { maxResults, nextToken });
      return { items: items.map((environment) => environmentView(call, environment)), ...rest };
    },
  }),
  operation({
    name: 'GetEnvironment',
    method: 'GET',
    path: '/v2/domains/{domainIdentifier}/environments/{identifier}',
    input: byId,
    run: (call, { identifier }) => {
      const environment = findLasting(call, call.datazone.environments, 'environment', identifier);
      requireMember(call, [environment.projectId]);
      return environmentView(call, environment);
    },
  }),
];
