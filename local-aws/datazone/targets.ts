import * as z from 'zod';
import { createGrants } from './grant-creation';
import type { SubscriptionTarget } from './model';
import {
  byId,
  clientToken,
  type DataZoneCall,
  find,
  findLasting,
  id,
  inDomain,
  inOrder,
  newId,
  notFound,
  operation,
  pageOf,
  requireMember,
  seconds,
  sorted,
} from './operation';

const PATH = '/v2/domains/{domainIdentifier}/environments/{environmentIdentifier}/subscription-targets';
const inEnvironment = { ...inDomain, environmentIdentifier: id };

const settings = {
  name: z.string().min(1).max(256),
  authorizedPrincipals: z
    .array(z.string().regex(/^[a-zA-Z0-9:/._-]*$/))
    .min(1)
    .max(20),
  applicableAssetTypes: z.array(z.string().min(1).max(256)),
  subscriptionTargetConfig: z.array(z.strictObject({ formName: z.string().min(1).max(128), content: z.string() })),
  manageAccessRole: z.string().regex(/^arn:aws(|-cn|-us-gov):iam::\d{12}:(role|role\/service-role)\/[\w+=,.@-]*$/),
};
const modes = { provider: z.optional(z.string()), subscriptionGrantCreationMode: z.optional(z.enum(['AUTOMATIC', 'MANUAL'])) };

const targetView = ({ domain }: DataZoneCall, { createdAt, updatedAt, native: _, ...target }: SubscriptionTarget) => ({
  ...target,
  domainId: domain.id,
  createdAt: seconds(createdAt),
  ...(updatedAt === undefined ? {} : { updatedAt: seconds(updatedAt) }),
});

type Address = { readonly environmentIdentifier: string; readonly identifier: string };
const targetAt = (call: DataZoneCall, { environmentIdentifier, identifier }: Address): SubscriptionTarget => {
  const target = findLasting(call, call.datazone.targets, 'subscription target', identifier);
  if (target.environmentId !== environmentIdentifier) throw notFound('subscription target', identifier);
  requireMember(call, [target.projectId]);
  return target;
};

export const targetOperations = [
  operation({
    name: 'CreateSubscriptionTarget',
    method: 'POST',
    path: PATH,
    input: { ...inEnvironment, ...settings, ...modes, type: z.string(), clientToken },
    run: (call, { domainIdentifier: _, environmentIdentifier, clientToken: __, provider, subscriptionGrantCreationMode, ...rest }) => {
      const { datazone, user } = call;
      const environment = find(datazone.environments, 'environment', environmentIdentifier);
      requireMember(call, [environment.projectId]);
      const target: SubscriptionTarget = {
        ...rest,
        id: newId(datazone),
        environmentId: environment.id,
        projectId: environment.projectId,
        createdBy: user,
        createdAt: call.call.at.toISOString(),
        provider: provider ?? 'Amazon DataZone',
        ...(subscriptionGrantCreationMode === undefined ? {} : { subscriptionGrantCreationMode }),
      };
      datazone.targets.set(target.id, target);
      createGrants(call, { subscriptions: [...datazone.subscriptions.values()], targets: [target] });
      return targetView(call, target);
    },
  }),
  operation({
    name: 'UpdateSubscriptionTarget',
    method: 'PATCH',
    path: `${PATH}/{identifier}`,
    input: {
      ...inEnvironment,
      ...byId,
      ...modes,
      name: z.optional(settings.name),
      authorizedPrincipals: z.optional(settings.authorizedPrincipals),
      applicableAssetTypes: z.optional(settings.applicableAssetTypes),
      subscriptionTargetConfig: z.optional(settings.subscriptionTargetConfig),
      manageAccessRole: z.optional(settings.manageAccessRole),
    },
    run: (call, { environmentIdentifier, identifier, ...changes }) => {
      const target = targetAt(call, { environmentIdentifier, identifier });
      const changed: SubscriptionTarget = {
        ...target,
        name: changes.name ?? target.name,
        authorizedPrincipals: changes.authorizedPrincipals ?? target.authorizedPrincipals,
        applicableAssetTypes: changes.applicableAssetTypes ?? target.applicableAssetTypes,
        subscriptionTargetConfig: changes.subscriptionTargetConfig ?? target.subscriptionTargetConfig,
        manageAccessRole: changes.manageAccessRole ?? target.manageAccessRole,
        provider: changes.provider ?? target.provider,
        ...(changes.subscriptionGrantCreationMode === undefined
          ? {}
          : { subscriptionGrantCreationMode: changes.subscriptionGrantCreationMode }),
        updatedAt: call.call.at.toISOString(),
        updatedBy: call.user,
      };
      call.datazone.targets.set(target.id, changed);
      return targetView(call, changed);
    },
  }),
  operation({
    name: 'DeleteSubscriptionTarget',
    method: 'DELETE',
    path: `${PATH}/{identifier}`,
    status: 204,
    input: { ...inEnvironment, ...byId },
    run: (call, address) => {
      call.datazone.targets.delete(targetAt(call, address).id);
      return undefined;
    },
  }),
  operation({
    name: 'GetSubscriptionTarget',
    method: 'GET',
    path: `${PATH}/{identifier}`,
    input: { ...inEnvironment, ...byId },
    run: (call, address) => targetView(call, targetAt(call, address)),
  }),
  operation({
    name: 'ListSubscriptionTargets',
    method: 'GET',
    path: PATH,
    input: { ...inEnvironment, ...sorted },
    run: (call, input) => {
      const environment = findLasting(call, call.datazone.environments, 'environment', input.environmentIdentifier);
      requireMember(call, [environment.projectId]);
      const targets = [...call.datazone.targets.values()].filter(({ environmentId }) => environmentId === environment.id);
      const { items, ...rest } = pageOf(call.datazone, inOrder(targets, input), input);
      return { items: items.map((target) => targetView(call, target)), ...rest };
    },
  }),
];
