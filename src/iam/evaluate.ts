import { holds } from './condition';
import { expandPattern, matchesArn, matchesText, plainPattern } from './pattern';
import { type Policy, type PolicyKind, parsePolicy, type Statement } from './policy';
import { matchPrincipal, type PrincipalMatch } from './principal';
import { type AccessRequest, type Keys, keysOf, resourceAccountOf } from './request';

/** A policy with a name to report it by; `document` is the object or its JSON text. */
export type NamedPolicy = { readonly name: string; readonly document: unknown };

/**
 * What counts for one request. `session`: the policy passed when the session was made. `boundary`: the permissions boundary of the
 * role or user. `resource`: the policy of a resource that
 * identity policies alone may open within its account. `trust`: a role's, without which nobody enters, even from its account.
 */
export type Policies = {
  readonly identity: readonly NamedPolicy[];
  readonly session?: NamedPolicy;
  readonly boundary?: NamedPolicy;
  readonly resource?: NamedPolicy;
  readonly trust?: NamedPolicy;
};

/** The statement that decided: `index` counts from 0 within the policy. */
export type StatementReference = { readonly policy: string; readonly sid: string | undefined; readonly index: number };

export type Decision = {
  readonly decision: 'allowed' | 'implicitly-denied' | 'explicitly-denied';
  /** Absent where nothing applied. Across accounts: the statement of the resource's policy. */
  readonly by?: StatementReference;
};

type Applied = { readonly effect: 'Allow' | 'Deny'; readonly closeness: PrincipalMatch | 'holder'; readonly by: StatementReference };

const covers = (statement: Statement, { version }: Policy, { request, keys }: { request: AccessRequest; keys: Keys }): boolean => {
  const { action, resource, conditions } = statement;
  const expands = version === '2012-10-17';
  if (action.patterns.some((one) => matchesText(plainPattern(one), request.action, { ignoreCase: true })) === action.negated) return false;
  const matchesResource = (one: string): boolean => {
    const pattern = expands ? expandPattern(one, keys) : plainPattern(one);
    return one === '*' || (pattern !== undefined && matchesArn(pattern, request.resource, 'spans'));
  };
  if (resource !== undefined && resource.patterns.some(matchesResource) === resource.negated) return false;
  return conditions.every((condition) => holds(condition, keys, expands));
};

/** A request, and whether who asks has a permissions boundary. */
type Asked = { readonly request: AccessRequest; readonly bounded: boolean };

const applied = (policy: NamedPolicy, kind: PolicyKind, { request, bounded }: Asked): readonly Applied[] => {
  const parsed = parsePolicy(policy.document, kind);
  const keys = keysOf(request);
  return parsed.statements.flatMap((statement, index) => {
    const { effect, sid, principal } = statement;
    const closeness = principal === undefined ? 'holder' : matchPrincipal(principal, request.principal, { effect, bounded });
    if (closeness === undefined || !covers(statement, parsed, { request, keys })) return [];
    return [{ effect, closeness, by: { policy: policy.name, sid, index } }];
  });
};

/**
 * Decides one request as IAM does: an explicit deny first; then, within one account, the resource's policy *or* identity policies;
 * across accounts both. A session policy and a permissions boundary limit everything but a grant to the session's own ARN; within one
 * account a boundary does not limit a grant to a user either.
 * Not covered: organization policies (SCP, RCP), endpoint policies, ACLs; they can only take away (an ACL can give, where an owner still
 * enables them).
 * @throws PolicyError for anything in a policy that it does not know.
 * Source: IAM User Guide, "Policy evaluation logic", "Cross-account policy evaluation logic" and "Permissions boundaries for IAM
 * entities".
 */
export const evaluate = (request: AccessRequest, policies: Policies): Decision => {
  const asked = { request, bounded: policies.boundary !== undefined };
  const identity = policies.identity.flatMap((policy) => applied(policy, 'identity', asked));
  const session = policies.session && applied(policies.session, 'session', asked);
  const boundary = policies.boundary && applied(policies.boundary, 'identity', asked);
  const gate = [
    ...(policies.resource === undefined ? [] : applied(policies.resource, 'resource', asked)),
    ...(policies.trust === undefined ? [] : applied(policies.trust, 'trust', asked)),
  ];

  const denial = [...identity, ...(session ?? []), ...(boundary ?? []), ...gate].find(({ effect }) => effect === 'Deny');
  if (denial !== undefined) return { decision: 'explicitly-denied', by: denial.by };

  const grant = grantOf(request, { identity, session, boundary, gate, needsGate: policies.trust !== undefined });
  return grant === undefined ? { decision: 'implicitly-denied' } : { decision: 'allowed', by: grant.by };
};

type Grants = {
  readonly identity: readonly Applied[];
  readonly session: readonly Applied[] | undefined;
  readonly boundary: readonly Applied[] | undefined;
  readonly gate: readonly Applied[];
  readonly needsGate: boolean;
};

const grantOf = (request: AccessRequest, { identity, session, boundary, gate, needsGate }: Grants): Applied | undefined => {
  const { principal } = request;
  const [opened] = gate;
  if (principal.type === 'service') return opened;

  const [own] = identity;
  const withinSession = session === undefined || session.length > 0;
  const withinBoundary = boundary === undefined || boundary.length > 0;
  const permitted = withinSession && withinBoundary ? own : undefined;
  if (principal.account !== resourceAccountOf(request)) return permitted && opened;

  const toSession = gate.find(({ closeness }) => closeness === 'session');
  const reaches = withinSession && (withinBoundary || principal.type === 'user');
  const toPrincipal = reaches ? gate.find(({ closeness }) => closeness === 'principal') : undefined;
  return toSession ?? toPrincipal ?? (needsGate && opened === undefined ? undefined : permitted);
};
