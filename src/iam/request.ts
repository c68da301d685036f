import { PolicyError } from './policy-error';

/** Condition keys and their values; a list is a multivalued key such as `aws:TagKeys`. Key names are case-insensitive. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** Who asks. `arn` of a session is its role's; `tags` are the session's or the user's tags (`aws:PrincipalTag/…`). */
export type Principal =
  | {
      readonly type: 'role-session';
      readonly account: string;
      readonly arn: string;
      readonly sessionArn?: string;
      readonly uniqueId?: string;
      readonly tags?: Readonly<Record<string, string>>;
    }
  | {
      readonly type: 'user';
      readonly account: string;
      readonly arn: string;
      readonly uniqueId?: string;
      readonly tags?: Readonly<Record<string, string>>;
    }
  | { readonly type: 'service'; readonly service: string };

/** `resourceAccount` may be left out only if the resource's ARN names its account (an S3 ARN does not) or the resource is `*`. */
export type AccessRequest = {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  readonly resourceAccount?: string;
  readonly context?: Context;
  /** Condition keys that the service does not know for this action, whatever would follow from the rest. */
  readonly absentKeys?: readonly string[];
};

/** Condition keys in lower case; an absent key has no entry. */
export type Keys = ReadonlyMap<string, readonly string[]>;

/**
 * Account that owns the resource.
 * @throws PolicyError if neither the request nor the ARN says.
 */
export const resourceAccountOf = ({ principal, resource, resourceAccount }: AccessRequest): string | undefined => {
  const named = resourceAccount ?? resource.split(':')[4];
  if (named) return named;
  if (resource === '*') return principal.type === 'service' ? undefined : principal.account;
  throw new PolicyError(`'${resource}' does not name its account; pass resourceAccount`);
};

/** Condition keys as they are written, with their values. Lists, since the names of tags are anybody's. */
type KeyEntries = readonly (readonly [key: string, value: string | readonly string[]])[];

const principalKeys = (principal: Principal): KeyEntries => {
  if (principal.type === 'service') {
    return [
      ['aws:PrincipalIsAWSService', 'true'],
      ['aws:PrincipalServiceName', principal.service],
    ];
  }
  const tags = Object.entries(principal.tags ?? {}).map(([key, value]) => [`aws:PrincipalTag/${key}`, value] as const);
  const { type, arn, uniqueId } = principal;
  const session = type === 'role-session' ? principal.sessionArn?.split('/').at(-1) : undefined;
  return [
    ...(type === 'user' ? [['aws:username', arn.split('/').at(-1) ?? ''] as const] : []),
    ...(uniqueId !== undefined && (type === 'user' || session !== undefined)
      ? [['aws:userid', type === 'user' ? uniqueId : `${uniqueId}:${session}`] as const]
      : []),
    ['aws:PrincipalIsAWSService', 'false'],
    ['aws:PrincipalArn', arn],
    ['aws:PrincipalAccount', principal.account],
    ['aws:PrincipalType', type === 'user' ? 'User' : 'AssumedRole'],
    ...tags,
  ];
};

/** The request's context with the keys that follow from who asks and what for; those outrank what the caller passed. */
export const keysOf = (request: AccessRequest): Keys => {
  const account = resourceAccountOf(request);
  const context: KeyEntries = [
    ...Object.entries(request.context ?? {}),
    ...principalKeys(request.principal),
    ...(account === undefined ? [] : [['aws:ResourceAccount', account] as const]),
  ];
  const keys = new Map(context.map(([key, value]) => [key.toLowerCase(), typeof value === 'string' ? [value] : value]));
  for (const key of request.absentKeys ?? []) keys.delete(key.toLowerCase());
  return keys;
};
