import { createHash } from 'node:crypto';
import type { NamedPolicy } from '../src/iam/evaluate';
import { parsePolicy } from '../src/iam/policy';
import type { Principal } from '../src/iam/request';
import { bindPrincipals, parseDocument } from './principal-binding';

/** A role or user. `uniqueId` is new each time it is created; `trust` (roles only) is kept with unique ids in place of ARNs, as IAM does. */
export type Identity = {
  readonly kind: 'role' | 'user';
  readonly account: string;
  readonly arn: string;
  readonly uniqueId: string;
  readonly trust: unknown;
  /** Epoch milliseconds from which policies may name it: IAM takes its time to tell other services of a new one. */
  readonly knownFrom: number;
  readonly policies: readonly NamedPolicy[];
  /** Its permissions boundary. */
  readonly boundary?: NamedPolicy;
};

export type Credentials = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };

/** Credentials handed out, and for whom; dead once the identity is gone or has been created anew. */
export type Session = Credentials & {
  readonly arn: string;
  readonly uniqueId: string;
  readonly name?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
  readonly policy?: string;
  readonly expires?: Date;
  /** ARN of the function for whose code Lambda made the session. */
  readonly sourceFunctionArn?: string;
};

export type Identities = {
  readonly clock: () => Date;
  readonly accounts: Set<string>;
  /** Policies by ARN that no stack of ours has and that roles may have for their boundary. */
  readonly boundaries: Map<string, NamedPolicy>;
  /** Ids of the organizations that accounts belong to. */
  readonly organizations: Map<string, string>;
  readonly byArn: Map<string, Identity>;
  readonly sessions: Map<string, Session>;
  /** How many ids were made: the seed of the next one. */
  issued: number;
};

export const noIdentities = (clock: () => Date): Identities => ({
  clock,
  accounts: new Set(),
  organizations: new Map(),
  boundaries: new Map(),
  byArn: new Map(),
  sessions: new Map(),
  issued: 0,
});

const ARN = /^arn:aws[a-z-]*:iam::(\d{12}):(role|user)\/(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/;

const newId = (identities: Identities, prefix: string): string => {
  identities.issued += 1;
  const digest = createHash('sha256').update(`${prefix}${identities.issued}`).digest('hex').toUpperCase();
  return `${prefix}${digest.replace(/[01]/g, 'Z').slice(0, 17)}`;
};

/**
 * Creates a role or user, or updates it in place (same unique id, as `UpdateAssumeRolePolicy` and `PutRolePolicy` do).
 * @throws Error for an ARN that is none, PolicyError for a policy IAM would refuse, also a trust in a principal that does not exist.
 */
export const putIdentity = (
  identities: Identities,
  {
    arn,
    trust,
    policies = [],
    boundary,
    knownFrom = 0,
  }: {
    readonly arn: string;
    readonly trust?: unknown;
    readonly policies?: readonly NamedPolicy[];
    readonly boundary?: NamedPolicy;
    readonly knownFrom?: number;
  },
): Identity => {
  const [, account, kind] = ARN.exec(arn) ?? [];
  if (account === undefined || (kind !== 'role' && kind !== 'user')) throw new Error(`'${arn}' is no ARN of a role or user`);
  for (const { document } of [...policies, ...(boundary === undefined ? [] : [boundary])]) parsePolicy(document, 'identity');
  if (trust !== undefined) parsePolicy(trust, 'trust');
  identities.accounts.add(account);
  const known = identities.byArn.get(arn);
  const uniqueId = known?.uniqueId ?? newId(identities, kind === 'role' ? 'AROA' : 'AIDA');
  const identity: Identity = {
    kind,
    account,
    arn,
    uniqueId,
    knownFrom: known?.knownFrom ?? knownFrom,
    trust: trust === undefined ? undefined : bindPrincipals(identities, parseDocument(trust)),
    policies,
    ...(boundary === undefined ? {} : { boundary }),
  };
  identities.byArn.set(arn, identity);
  return structuredClone(identity);
};

/** Deletes a role or user; policies that name it keep its unique id, and its sessions die. */
export const deleteIdentity = (identities: Identities, arn: string): void => {
  if (!identities.byArn.delete(arn)) throw new Error(`'${arn}' does not exist`);
};

/** Hands out credentials; for a role, of a session named `name`. */
export const issueSession = (
  identities: Identities,
  arn: string,
  session: Partial<Pick<Session, 'name' | 'tags' | 'transitiveTagKeys' | 'policy' | 'expires' | 'sourceFunctionArn'>> = {},
): Session => {
  const identity = identities.byArn.get(arn);
  if (identity === undefined) throw new Error(`'${arn}' does not exist; create it before asking for credentials`);
  const isRole = identity.kind === 'role';
  const accessKeyId = newId(identities, isRole ? 'ASIA' : 'AKIA');
  const secret = createHash('sha256').update(accessKeyId).digest('base64');
  const issued: Session = {
    tags: {},
    transitiveTagKeys: [],
    ...session,
    accessKeyId,
    secretAccessKey: secret,
    arn,
    uniqueId: identity.uniqueId,
    ...(isRole ? { name: session.name ?? 'local', sessionToken: `token-of-${accessKeyId}` } : {}),
  };
  identities.sessions.set(accessKeyId, issued);
  return issued;
};

/** The identity behind a session, if it is still the one that the session was made for. */
export const identityOf = (identities: Identities, session: Session): Identity | undefined => {
  const identity = identities.byArn.get(session.arn);
  return identity?.uniqueId === session.uniqueId ? identity : undefined;
};

/** ARN of a session: `…:assumed-role/<role>/<session>`, without the role's path. */
export const sessionArn = ({ arn, name }: Pick<Session, 'arn' | 'name'>): string => {
  if (name === undefined) return arn;
  const [, partition, , , account, resource = ''] = arn.split(':');
  return `arn:${partition}:sts::${account}:assumed-role/${resource.split('/').at(-1)}/${name}`;
};

export const principalOf = (identity: Identity, session: Session): Principal => {
  const { account, arn, uniqueId, kind } = identity;
  return kind === 'user'
    ? { type: 'user', account, arn, uniqueId, tags: session.tags }
    : { type: 'role-session', account, arn, uniqueId, tags: session.tags, sessionArn: sessionArn(session) };
};
