import { shortHash } from '../hash';
import type { PolicyDocument, Statement } from './policy-document';

/** Every Sid that this product writes starts with these letters. A Sid may contain only letters and digits. */
const PRODUCT = 'DZS3F';
/** Format of our statements. A policy whose statements have another digit is rewritten. */
const FORMAT = '1';
const DEPLOYMENT_DIGITS = 6;
const GROUP_DIGITS = 7;
const OF_THE_PRODUCT = new RegExp(`^${PRODUCT}\\d([0-9a-z]{${DEPLOYMENT_DIGITS}})`);

/** `R` allows reading objects, `L` allows listing prefixes, `A` allows listing the whole bucket. */
export type StatementKind = 'R' | 'L' | 'A';

/** The Sids of one deployment. */
export type SidNamespace = {
  readonly deployment: string;
  readonly sid: (kind: StatementKind, group: string) => string;
};

/**
 * Returns the namespace of a deployment. Its key is a hash of the deployment's name and of the domain's account and Region, because
 * two companies that both use the name `acme` must not treat each other's statements as their own.
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

/** Returns the key of a group of locations within a policy. `salt` distinguishes groups whose hashes are equal. */
export const groupKey = (locations: readonly string[], salt: number): string => shortHash(`${salt}|${locations.join('|')}`, GROUP_DIGITS);

/** Returns the key of the deployment that wrote this statement, or `undefined` if this product did not write it. */
export const deploymentOf = (statement: Statement): string | undefined => {
  const sid = statement['Sid'];
  return typeof sid === 'string' ? OF_THE_PRODUCT.exec(sid)?.[1] : undefined;
};

/** Returns whether an earlier format of this product wrote this statement. */
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

/** Separates our statements from all others. */
export const statementOwners = (document: PolicyDocument | undefined, namespace: SidNamespace): StatementOwners => {
  const statements = document?.Statement ?? [];
  const ours = statements.filter((statement) => deploymentOf(statement) === namespace.deployment);
  const foreign = statements.filter((statement) => deploymentOf(statement) !== namespace.deployment);
  return { ours, foreign, otherDeployments: [...new Set(foreign.flatMap((statement) => deploymentOf(statement) ?? []))] };
};
