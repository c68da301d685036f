import { XMLBuilder } from 'fast-xml-parser';
import * as z from 'zod';
import { parsePolicy } from '../src/iam/policy';
import { isAllowed, notAuthorized } from './authorization';
import { type Asked, type Call, type HttpRequest, notBuilt, type Reply, ServiceError } from './call';
import { issueSession, sessionArn } from './identities';
import type { State } from './state';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
const xml = new XMLBuilder({ ignoreAttributes: false });

const member = z.record(z.string(), z.string());
const assumeRoleInput = z.strictObject({
  RoleArn: z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/),
  RoleSessionName: z.string().regex(/^[\w+=,.@-]{2,64}$/),
  ExternalId: z.optional(z.string().regex(/^[\w+=,.@:/-]{2,1224}$/)),
  DurationSeconds: z.optional(z.coerce.number().int().min(900).max(43_200)),
  Policy: z.optional(z.string()),
  Tags: z._default(z.array(z.strictObject({ Key: z.string().min(1).max(128), Value: z.string().max(256) })), []),
  TransitiveTagKeys: z._default(z.array(z.string()), []),
});
type AssumeRoleInput = z.infer<typeof assumeRoleInput>;

const listOf = (form: URLSearchParams, name: string): readonly unknown[] => {
  const items = new Map<string, Record<string, string> | string>();
  for (const [key, value] of form) {
    const [, index, field] = new RegExp(`^${name}\\.member\\.(\\d+)(?:\\.(\\w+))?$`).exec(key) ?? [];
    if (index === undefined) continue;
    const known = member.safeParse(items.get(index));
    items.set(index, field === undefined ? value : { ...(known.success ? known.data : {}), [field]: value });
  }
  return [...items].sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => item);
};

/** The query protocol: a form with dotted names for lists. */
export const readSts = ({ body }: HttpRequest): Asked => {
  const form = new URLSearchParams(body.toString('utf8'));
  // An empty list is sent as its name with nothing behind it.
  const plain = [...form].filter(([key, value]) => value !== '' && !key.includes('.member.') && key !== 'Action' && key !== 'Version');
  const lists = new Set([...form.keys()].flatMap((key) => (key.includes('.member.') ? [key.split('.')[0] ?? key] : [])));
  return {
    operation: form.get('Action') ?? 'without an Action',
    params: { ...Object.fromEntries(plain), ...Object.fromEntries([...lists].map((name) => [name, listOf(form, name)])) },
  };
};

const reply = (operation: string, result: unknown): Reply => ({
  status: 200,
  headers: { 'content-type': 'text/xml' },
  body: xml.build({
    [`${operation}Response`]: {
      '@_xmlns': NAMESPACE,
      [`${operation}Result`]: result,
      ResponseMetadata: { RequestId: '00000000-0000-4000-8000-000000000000' },
    },
  }),
});

export const stsError = ({ status, code, message }: ServiceError): Reply => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body: xml.build({ ErrorResponse: { '@_xmlns': NAMESPACE, Error: { Type: 'Sender', Code: code, Message: message } } }),
});

const invalid = (message: string): ServiceError => new ServiceError(400, 'ValidationError', message);

const tagsOf = ({ Tags, TransitiveTagKeys }: AssumeRoleInput, { session }: Call['caller']) => {
  const keys = Tags.map(({ Key }) => Key);
  if (new Set(keys.map((key) => key.toLowerCase())).size < keys.length) throw invalid('Duplicate tag keys found; keys ignore case');
  const inherited = session.transitiveTagKeys;
  const clash = keys.find((key) => inherited.includes(key));
  if (clash !== undefined) throw invalid(`The transitive tag '${clash}' of the calling session cannot be overridden`);
  const unknown = TransitiveTagKeys.find((key) => !keys.includes(key));
  if (unknown !== undefined) throw invalid(`The transitive tag key '${unknown}' is not among the tags`);
  const kept = inherited.map((key) => [key, session.tags[key] ?? ''] as const);
  return {
    tags: { ...Object.fromEntries(kept), ...Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) },
    transitiveTagKeys: [...inherited, ...TransitiveTagKeys],
  };
};

/** Both sides must allow `sts:AssumeRole`, and `sts:TagSession` where tags are passed; `sts:ExternalId` is known to the former only. */
const authorize = (state: State, call: Call, input: AssumeRoleInput): void => {
  const role = state.identities.byArn.get(input.RoleArn);
  const { Tags: tags, TransitiveTagKeys: transitive, ExternalId: externalId } = input;
  const tagContext = {
    ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
    ...(tags.length === 0 ? {} : { 'aws:TagKeys': tags.map(({ Key }) => Key) }),
    ...(transitive.length === 0 ? {} : { 'sts:TransitiveTagKeys': transitive }),
    'sts:RoleSessionName': input.RoleSessionName,
  };
  const withExternalId = { ...tagContext, ...(externalId === undefined ? {} : { 'sts:ExternalId': externalId }) };
  const asked = [
    { action: 'sts:AssumeRole', context: withExternalId },
    ...(tags.length === 0 ? [] : [{ action: 'sts:TagSession', context: tagContext }]),
  ];
  const absentKeys = state.unverified.assumeRoleResourceAccount === 'known' ? [] : ['aws:ResourceAccount'];
  for (const { action, context } of asked) {
    const question = { action, context, absentKeys, resource: input.RoleArn, trust: role?.trust };
    if (role?.trust === undefined || !isAllowed(state, call, question)) {
      throw new ServiceError(403, 'AccessDenied', notAuthorized(call, question));
    }
  }
};

const assumeRole = (state: State, call: Call): Reply => {
  const parsed = assumeRoleInput.safeParse(call.params);
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error));
  const input = parsed.data;
  const { DurationSeconds: duration = 3600, Policy: policy, RoleArn: arn, RoleSessionName: name } = input;
  if (duration > 3600 && call.caller.principal.type === 'role-session') {
    throw invalid('The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining');
  }
  if (policy !== undefined) parsePolicy(policy, 'session');
  const tags = tagsOf(input, call.caller);
  authorize(state, call, input);
  const expires = new Date(call.at.getTime() + duration * 1000);
  const session = issueSession(state.identities, arn, { name, expires, ...tags, ...(policy === undefined ? {} : { policy }) });
  return reply('AssumeRole', {
    AssumedRoleUser: { AssumedRoleId: `${session.uniqueId}:${name}`, Arn: sessionArn(session) },
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: expires.toISOString(),
    },
  });
};

/** AssumeRole and GetCallerIdentity. */
export const replySts = (state: State, call: Call): Reply => {
  switch (call.operation) {
    case 'AssumeRole':
      return assumeRole(state, call);
    case 'GetCallerIdentity': {
      const { account, arn, session } = call.caller;
      const userId = session.name === undefined ? session.uniqueId : `${session.uniqueId}:${session.name}`;
      return reply('GetCallerIdentity', { Arn: arn, UserId: userId, Account: account });
    }
    default:
      throw notBuilt('sts', call.operation);
  }
};
