import { PolicyError } from '../src/iam/policy-error';
import type { Fields } from './call';
import type { Identities } from './identities';

/** `value` is the principal that does not exist, as written. */
export class UnknownPrincipal extends PolicyError {
  constructor(readonly value: string) {
    super(`Invalid principal in policy: "AWS":"${value}"`);
  }
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A policy as an object, whether given as one or as JSON text. */
export const parseDocument = (document: unknown): Fields => {
  const parsed: unknown = typeof document === 'string' ? JSON.parse(document) : structuredClone(document);
  if (!isFields(parsed)) throw new PolicyError('a policy must be an object');
  return parsed;
};

const mapAws = (element: unknown, change: (value: string) => string): unknown => {
  if (!isFields(element) || element['AWS'] === undefined) return element;
  const values: readonly unknown[] = Array.isArray(element['AWS']) ? element['AWS'] : [element['AWS']];
  return { ...element, AWS: values.map((value) => (typeof value === 'string' ? change(value) : value)) };
};

/** The policy with each AWS principal changed; statements and everything else stay as they are. */
export const mapPrincipals = (document: Fields, change: (value: string) => string): Fields => {
  const { Statement: given } = document;
  const statements: readonly unknown[] = Array.isArray(given) ? given : [given];
  return {
    ...document,
    Statement: statements.map((statement) => {
      if (!isFields(statement)) return statement;
      const changed = { ...statement };
      for (const name of ['Principal', 'NotPrincipal']) {
        if (name in statement) changed[name] = mapAws(statement[name], change);
      }
      return changed;
    }),
  };
};

const SESSION = /^arn:([a-z-]+):sts::(\d{12}):assumed-role\/([^/]+)\//;

/** The ids and names that a policy may hold besides roles and users: everyone, accounts, and sessions of roles that exist. */
const staysAsWritten = ({ byArn }: Identities, value: string): boolean => {
  const [, partition, account, role] = SESSION.exec(value) ?? [];
  if (role === undefined) return value === '*' || /^\d{12}$/.test(value) || /^arn:[a-z-]+:iam::\d{12}:root$/.test(value);
  return [...byArn.values()].some(({ arn }) => arn.startsWith(`arn:${partition}:iam::${account}:role/`) && arn.split('/').at(-1) === role);
};

/**
 * Replaces the ARNs of roles and users by their unique ids, the way policies are stored: a deleted and re-created role is another.
 * @throws UnknownPrincipal for the first one that does not exist (AWS, too, names one at a time).
 */
export const bindPrincipals = (identities: Identities, document: Fields): Fields =>
  mapPrincipals(document, (value) => {
    const identity = identities.byArn.get(value) ?? [...identities.byArn.values()].find(({ uniqueId }) => uniqueId === value);
    if (identity !== undefined && identity.knownFrom <= identities.clock().getTime()) return identity.uniqueId;
    if (staysAsWritten(identities, value)) return value;
    throw new UnknownPrincipal(value);
  });

/** The stored policy as it is read: unique ids of living roles and users become ARNs, those of deleted ones stay. */
export const nameUniqueIds = (identities: Identities, document: Fields): Fields => {
  const arns = new Map([...identities.byArn.values()].map(({ uniqueId, arn }) => [uniqueId, arn]));
  return mapPrincipals(document, (value) => arns.get(value) ?? value);
};
