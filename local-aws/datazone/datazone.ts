import * as z from 'zod';
import { isAllowed, notAuthorized } from '../authorization';
import { type Asked, type Call, type HttpRequest, notBuilt, type Reply, type ServiceError } from '../call';
import type { State } from '../state';
import { assetOperations } from './assets';
import { domainOperations } from './domain';
import { grantOperations } from './grants';
import { inventoryOperations } from './inventory';
import { listingOperations } from './listings';
import { membershipOperations, userIdOf } from './memberships';
import type { Domain } from './model';
import { forbidden, invalid, notFound, type Operation } from './operation';
import { requestOperations } from './subscription-requests';
import { subscriptionOperations } from './subscriptions';
import { targetOperations } from './targets';

const operations: readonly Operation[] = [
  ...domainOperations,
  ...inventoryOperations,
  ...membershipOperations,
  ...assetOperations,
  ...listingOperations,
  ...requestOperations,
  ...subscriptionOperations,
  ...targetOperations,
  ...grantOperations,
];

/** What of the API is built. */
export const operationNames: readonly string[] = operations.map(({ name }) => name);

const body = z.record(z.string(), z.unknown());

const labelsOf = (template: string, path: string): Record<string, string> | undefined => {
  const names = template.split('/');
  const parts = path.split('/');
  const labels: Record<string, string> = {};
  if (names.length !== parts.length) return undefined;
  for (const [index, name] of names.entries()) {
    const part = decodeURIComponent(parts[index] ?? '');
    if (name.startsWith('{')) labels[name.slice(1, -1)] = part;
    else if (name !== part) return undefined;
  }
  return labels;
};

/** Of several templates that fit, the one with fewer labels: `listings/change-set` is no listing's id. */
const route = (method: string, path: string) =>
  operations
    .flatMap((operation) => {
      const labels = operation.method === method ? labelsOf(operation.path, path) : undefined;
      return labels === undefined ? [] : [{ operation, labels }];
    })
    .toSorted((a, b) => Object.keys(a.labels).length - Object.keys(b.labels).length)[0];

/** REST-JSON: the path and method name the operation. A member in both path and body is refused, as an unknown one. */
export const readDataZone = ({ method, path, query, body: content }: HttpRequest): Asked => {
  const routed = route(method, path);
  if (routed === undefined) throw notBuilt('datazone', `${method} ${path}`);
  const inQuery = method === 'GET' || method === 'DELETE';
  const text = content.toString('utf8');
  const rest = inQuery ? Object.fromEntries(query) : body.safeParse(text === '' ? {} : JSON.parse(text)).data;
  if (rest === undefined) throw invalid('the body must be a JSON object');
  const twice = Object.keys(rest).find((name) => name in routed.labels);
  if (twice !== undefined) throw invalid(`'${twice}' belongs in the path`);
  return { operation: routed.operation.name, params: { ...rest, ...routed.labels } };
};

export const dataZoneError = ({ status, code, message }: ServiceError): Reply => ({
  status,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
  body: JSON.stringify({ message }),
});

/** Accounts with environments are associated: AWS RAM shares the domain with them. */
const sharedWith = (state: State): unknown => {
  const accounts = new Set([...state.datazone.environments.values()].map(({ awsAccountId }) => awsAccountId));
  return accounts.size === 0
    ? undefined
    : { Version: '2012-10-17', Statement: { Effect: 'Allow', Principal: { AWS: [...accounts] }, Action: 'datazone:*', Resource: '*' } };
};

const authorize = (state: State, call: Call, domain: Domain): void => {
  const question = {
    action: `datazone:${call.operation}`,
    resource: state.unverified.domainResource === 'any' ? '*' : `arn:aws:datazone:${domain.region}:${domain.account}:domain/${domain.id}`,
    resourceAccount: domain.account,
    resourcePolicy: sharedWith(state),
  };
  if (!isAllowed(state, call, question)) throw forbidden(notAuthorized(call, question));
};

const userOf = ({ caller }: Call): string => userIdOf(caller.session.arn);

const halfList = z.looseObject({ items: z.array(z.unknown()) });
/** A page that ends in its middle and does not say that there is more. */
const halved = (result: unknown): unknown => {
  const page = halfList.safeParse(result);
  if (!page.success) return result;
  const { nextToken: _, ...rest } = page.data;
  return { ...rest, items: page.data.items.slice(0, Math.floor(page.data.items.length / 2)) };
};

/** `stale`: subscriptions as they were before their last change; `half`: a list without its second half. */
export const replyDataZone = (
  state: State,
  call: Call,
  { stale, half }: { readonly stale: boolean; readonly half: boolean } = { stale: false, half: false },
): Reply => {
  const operation = operations.find(({ name }) => name === call.operation);
  if (operation === undefined) throw notBuilt('datazone', call.operation);
  const { datazone } = state;
  const { domain } = datazone;
  const domainId = call.params['domainIdentifier'] ?? call.params['identifier'];
  if (domain === undefined || domain.id !== domainId || domain.region !== call.region) throw notFound('domain', String(domainId));
  authorize(state, call, domain);
  const complete = operation.run({ state, datazone, domain, call, stale, user: userOf(call) }, call.params);
  const result = half ? halved(complete) : complete;
  return {
    status: operation.status,
    headers: { 'content-type': 'application/json' },
    ...(result === undefined ? {} : { body: JSON.stringify(result) }),
  };
};
