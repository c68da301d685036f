import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type Call, ServiceError } from '../call';
import type { State } from '../state';
import type { DataZone, Domain } from './model';

/** One call to the domain, permitted by IAM. `user` is the caller's DataZone user id. */
export type DataZoneCall = {
  /** Subscriptions are shown as they were before their last change. */
  readonly stale: boolean;
  readonly state: State;
  readonly datazone: DataZone;
  readonly domain: Domain;
  readonly call: Call;
  readonly user: string;
};

/**
 * An operation of the API: `path` with labels in braces. Of GET and DELETE all other members are in the query, else in the body.
 * The body must have nothing that the model does not know.
 */
export type Operation = {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly status: number;
  readonly members: readonly string[];
  readonly run: (call: DataZoneCall, params: unknown) => unknown;
};

type Definition<Shape extends z.core.$ZodShape> = {
  readonly name: string;
  readonly method: Operation['method'];
  readonly path: string;
  readonly status?: number;
  readonly input: Shape;
  readonly run: (call: DataZoneCall, input: z.output<z.ZodObject<Shape, z.core.$strict>>) => unknown;
};

export const operation = <Shape extends z.core.$ZodShape>({ input, run, status = 200, ...rest }: Definition<Shape>): Operation => {
  const schema = z.strictObject(input);
  return {
    ...rest,
    status,
    members: Object.keys(input),
    run: (call, params) => {
      const parsed = schema.safeParse(params);
      if (!parsed.success) throw invalid(z.prettifyError(parsed.error));
      return run(call, parsed.data);
    },
  };
};

/** Forms of the API model's members. */
export const id = z.string().regex(/^[a-zA-Z0-9_-]{1,36}$/);
export const revision = z.string().min(1).max(64);
export const clientToken = z.optional(z.string().min(1).max(128));
export const inDomain = { domainIdentifier: z.string().regex(/^dzd[-_][a-zA-Z0-9_-]{1,36}$/) };
export const byId = { ...inDomain, identifier: id };
const page = { maxResults: z.optional(z.coerce.number().int().min(1).max(50)), nextToken: z.optional(z.string().min(1).max(8192)) };
const order = { sortBy: z.optional(z.enum(['CREATED_AT', 'UPDATED_AT'])), sortOrder: z.optional(z.enum(['ASCENDING', 'DESCENDING'])) };
export const paged = page;
export const sorted = { ...page, ...order };

export const invalid = (message: string): ServiceError => new ServiceError(400, 'ValidationException', message);
export const conflict = (message: string): ServiceError => new ServiceError(409, 'ConflictException', message);
export const notFound = (what: string, identifier: string): ServiceError =>
  new ServiceError(404, 'ResourceNotFoundException', `${what} '${identifier}' does not exist in the domain`);
export const forbidden = (message: string): ServiceError => new ServiceError(403, 'AccessDeniedException', message);

/** @throws ServiceError ResourceNotFound */
export const find = <Item>(items: ReadonlyMap<string, Item>, what: string, identifier: string): Item => {
  const item = items.get(identifier);
  if (item === undefined) throw notFound(what, identifier);
  return item;
};

/** An id as DataZone makes them: 14 small letters and digits. The same calls give the same ids. */
export const newId = (datazone: DataZone): string => {
  datazone.issued += 1;
  const digest = createHash('sha256').update(`datazone ${datazone.issued}`).digest('hex');
  return BigInt(`0x${digest}`).toString(36).slice(0, 14);
};

/** Epoch seconds, as the API's timestamps are. */
export const seconds = (instant: string): number => Date.parse(instant) / 1000;

type Paging = { readonly maxResults?: number | undefined; readonly nextToken?: string | undefined };

/** A page and the token of the next; a token holds the position. */
export const pageOf = <Item>(datazone: DataZone, items: readonly Item[], { maxResults = 50, nextToken }: Paging) => {
  const start = nextToken === undefined ? 0 : Number(Buffer.from(nextToken, 'base64url').toString('latin1').replace('at ', ''));
  if (!Number.isInteger(start) || start < 0) throw invalid(`nextToken '${nextToken}' is not one that was given out`);
  const end = start + Math.min(maxResults, datazone.pageSize);
  return {
    items: items.slice(start, end),
    ...(end < items.length ? { nextToken: Buffer.from(`at ${end}`).toString('base64url') } : {}),
  };
};

type Dated = { readonly createdAt: string; readonly updatedAt?: string };
type Order = { readonly sortBy?: 'CREATED_AT' | 'UPDATED_AT' | undefined; readonly sortOrder?: 'ASCENDING' | 'DESCENDING' | undefined };

/** By `updatedAt`, the newest first, unless asked otherwise. */
export const inOrder = <Item extends Dated>(items: Iterable<Item>, { sortBy, sortOrder }: Order): readonly Item[] => {
  const instant = ({ createdAt, updatedAt }: Item) => (sortBy === 'CREATED_AT' ? createdAt : (updatedAt ?? createdAt));
  const ascending = [...items].toSorted((a, b) => instant(a).localeCompare(instant(b)));
  return sortOrder === 'ASCENDING' ? ascending : ascending.toReversed();
};

/** @throws ServiceError as `deleted` says: whoever asks for what is no more is told so, or denied. */
export const findLasting = <Item>(
  { state }: Pick<DataZoneCall, 'state'>,
  ...[items, what, identifier]: Parameters<typeof find<Item>>
): Item => {
  if (!items.has(identifier) && state.unverified.deleted === 'denied')
    throw forbidden(`User is not permitted to see ${what} '${identifier}'`);
  return find(items, what, identifier);
};

/** In a V2 domain the caller must have an activated profile and be a member of one of the projects, whatever IAM says. */
export const requireMember = ({ datazone, domain, call }: DataZoneCall, projectIds: readonly (string | undefined)[]): void => {
  const { arn } = call.caller.principal.type === 'service' ? { arn: '' } : call.caller.principal;
  if (domain.version === 'V2' && datazone.profiles.get(arn) !== 'ACTIVATED')
    throw forbidden(`User is not permitted: '${arn}' has no activated user profile in domain ${domain.id}`);
  const isMember = projectIds.some((projectId) => projectId !== undefined && datazone.projects.get(projectId)?.members.includes(arn));
  if (domain.version === 'V2' && !isMember) {
    throw forbidden(`User is not permitted: '${arn}' is no member of project ${projectIds.filter(Boolean).join(' or ')}`);
  }
};
