import { PolicyError } from './policy-error';
import type { Principal } from './request';

const KINDS = ['AWS', 'Service', 'Federated', 'CanonicalUser'] as const;
export type PrincipalEntry = { readonly kind: (typeof KINDS)[number]; readonly value: string };
/** `negated` is NotPrincipal. */
export type PrincipalElement = { readonly negated: boolean; readonly entries: readonly PrincipalEntry[] };

/** How closely an entry names the principal: its session, itself (or everyone), or only its account, which then delegates to identity policies. */
export type PrincipalMatch = 'session' | 'principal' | 'account';

const ACCOUNT = /^(?:arn:[a-z-]+:iam::)?(\d{12})(?::root)?$/;
const AWS_FORM =
  /^(\*|\d{12}|arn:[a-z-]+:(iam::\d{12}:(root|(role|user)\/[^*?]+)|sts::\d{12}:assumed-role\/[^*?]+\/[^*?]+)|A(ROA|IDA)[A-Z0-9]+)$/;

const entryOf = (kind: PrincipalEntry['kind'], value: unknown): PrincipalEntry => {
  if (typeof value !== 'string') throw new PolicyError(`a principal must be a string, not ${JSON.stringify(value)}`);
  if (kind === 'AWS' && !AWS_FORM.test(value)) {
    throw new PolicyError(`'${value}' is no principal; name an account, a role, a user, a session or '*' (no wildcard inside an ARN)`);
  }
  return { kind, value };
};

const entriesOf = (value: unknown): readonly PrincipalEntry[] => {
  if (value === '*') return [{ kind: 'AWS', value }];
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new PolicyError(`${JSON.stringify(value)} is no Principal`);
  return Object.entries(value).flatMap(([name, given]) => {
    const kind = KINDS.find((known) => known === name);
    if (kind === undefined) throw new PolicyError(`'${name}' is no kind of principal; IAM knows ${KINDS.join(', ')}`);
    const values: readonly unknown[] = Array.isArray(given) ? given : [given];
    return values.map((one) => entryOf(kind, one));
  });
};

/** @throws PolicyError for both elements at once, an empty one and forms that IAM does not know. */
export const parsePrincipal = (principal: unknown, notPrincipal: unknown): PrincipalElement | undefined => {
  if (principal !== undefined && notPrincipal !== undefined) throw new PolicyError('a statement has Principal or NotPrincipal, not both');
  const given = principal ?? notPrincipal;
  if (given === undefined) return undefined;
  const entries = entriesOf(given);
  if (entries.length === 0) throw new PolicyError('Principal is empty');
  return { negated: notPrincipal !== undefined, entries };
};

const matchOf = ({ kind, value }: PrincipalEntry, principal: Principal): PrincipalMatch | undefined => {
  if (kind === 'AWS' && value === '*') return 'principal';
  if (principal.type === 'service') return kind === 'Service' && value === principal.service ? 'principal' : undefined;
  if (kind !== 'AWS') return undefined;
  const partition = principal.arn.split(':')[1];
  const [, account] = ACCOUNT.exec(value) ?? [];
  if (account !== undefined) {
    return account === principal.account && (value === account || value.split(':')[1] === partition) ? 'account' : undefined;
  }
  if (value === principal.arn || value === principal.uniqueId) return 'principal';
  return principal.type === 'role-session' && value === principal.sessionArn ? 'session' : undefined;
};

/**
 * A NotPrincipal spares a caller only if its account and every ARN of its own are listed; one missing denies it. A caller with a
 * permissions boundary is never spared.
 * Source: IAM User Guide, "AWS JSON policy elements: NotPrincipal" and "Permissions boundaries for IAM entities".
 */
const isSpared = (matches: readonly (PrincipalMatch | undefined)[], principal: Principal, everyone: boolean): boolean => {
  if (everyone) return true;
  const needed: readonly PrincipalMatch[] =
    principal.type === 'service'
      ? ['principal']
      : principal.type === 'user'
        ? ['account', 'principal']
        : ['account', 'principal', 'session'];
  return needed.every((one) => matches.includes(one));
};

/**
 * Whether, and how closely, an element names the caller. Federated and canonical users never match: no caller here is one.
 * Source: IAM User Guide, "AWS JSON policy elements: Principal".
 */
export const matchPrincipal = (
  element: PrincipalElement,
  principal: Principal,
  { effect, bounded }: { readonly effect: 'Allow' | 'Deny'; readonly bounded: boolean },
): PrincipalMatch | undefined => {
  const matches = element.entries.map((entry) => matchOf(entry, principal));
  if (!element.negated) return (['session', 'principal', 'account'] as const).find((closeness) => matches.includes(closeness));
  const everyone = element.entries.some(({ kind, value }) => kind === 'AWS' && value === '*');
  const spared = effect === 'Deny' ? !bounded && isSpared(matches, principal, everyone) : matches.some((match) => match !== undefined);
  return spared ? undefined : 'principal';
};
