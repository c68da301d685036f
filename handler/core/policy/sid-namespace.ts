import { shortHash } from '../hash';
import type { PolicyDocument, Statement } from './policy-document';

/** First letters of every Sid this product writes. A Sid may hold letters and digits only. */
const PRODUCT = 'DZS3F';
/** Format of the statements below; a policy whose statements carry another digit is rewritten. */
const FORMAT = '1';
const DEPLOYMENT_DIGITS = 6;
const GROUP_DIGITS = 7;
const OF_THE_PRODUCT = new RegExp(`^${PRODUCT}\\d([0-9a-z]{${DEPLOYMENT_DIGITS}})`);

/** `R`: reads objects. `L`: lists a prefix. `A`: lists a whole bucket. */
export type StatementKind = 'R' | 'L' | 'A';

/** The Sids of one deployment. */
export type SidNamespace = {
  readonly deployment: string;
  readonly sid: (kind: StatementKind, group: string) => string;
};

/**
 * The namespace of a deployment, keyed by its name and by the account and Region of its domain: two companies that both call theirs
 * `acme` must not take each other's statements for their own.
 */
export const sidNamespace = (deployment: {
  readonly name: string;
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}): SidNamespace => {
  const key = shortHash(`${deployment.name}|${deployment.partition}|${deployment.account}|${deployment.region}`, DEPLOYMENT_DIGITS);
  return { deployment: key, sid: (kind, group) => `${PRODUCT}${FORMAT}${key}${kind}${group}` };
};

/** The key of a group of locations within a policy; `salt` tells groups apart whose hashes meet. */
export const groupKey = (locations: readonly string[], salt: number): string => shortHash(`${salt}|${locations.join('|')}`, GROUP_DIGITS);

/** The deployment whose statement this is, whatever it contains; `undefined` for statements of others. */
export const deploymentOf = (statement: Statement): string | undefined => {
  const sid = statement['Sid'];
  return typeof sid === 'string' ? OF_THE_PRODUCT.exec(sid)?.[1] : undefined;
};

export const isSuperseded = (statement: Statement): boolean => {
  const sid = statement['Sid'];
  return typeof sid === 'string' && OF_THE_PRODUCT.test(sid) && sid[PRODUCT.length] !== FORMAT;
};

export type StatementOwners = {
  readonly ours: readonly Statement[];
  readonly foreign: readonly Statement[];
  /** Keys of other deployments of this product that have statements here too. */
  readonly otherDeployments: readonly string[];
};

/** Tells our statements from everybody else's. */
export const statementOwners = (document: PolicyDocument | undefined, namespace: SidNamespace): StatementOwners => {
  const statements = document?.Statement ?? [];
  const ours = statements.filter((statement) => deploymentOf(statement) === namespace.deployment);
  const foreign = statements.filter((statement) => deploymentOf(statement) !== namespace.deployment);
  return { ours, foreign, otherDeployments: [...new Set(foreign.flatMap((statement) => deploymentOf(statement) ?? []))] };
};
