import { parsePolicy, type Statement } from '../../../handler/core/policy/policy-document';
import { meaningOf } from '../../../handler/core/policy/policy-equality';
import { type SidNamespace, sidNamespace, statementOwners } from '../../../handler/core/policy/sid-namespace';
import type { Deployment } from '../../deployment/load';
import type { PolicyReading } from '../bucket-policy';

/** The Sids of a deployment's own statements. */
export const namespaceOf = ({ name, domain }: Deployment): SidNamespace => sidNamespace({ name, ...domain });

/** A bucket policy told apart by who wrote what. */
export interface SortedPolicy {
  readonly ours: readonly Statement[];
  readonly foreign: readonly Statement[];
  /** Keys of other deployments of this product that have statements in it too. */
  readonly otherDeployments: readonly string[];
}

/** Sorts a policy's text; undefined where it is no policy document. */
export const sortedPolicy = (text: string | undefined, deployment: Deployment): SortedPolicy | undefined => {
  const document = text === undefined ? undefined : parsePolicy(text);
  return text !== undefined && document === undefined ? undefined : statementOwners(document, namespaceOf(deployment));
};

/** A policy's text, where there is one. */
export const textOf = (reading: PolicyReading): string | undefined => (reading.kind === 'policy' ? reading.text : undefined);

/** The statements that `others` do not have, by meaning. */
export const without = (statements: readonly Statement[], others: readonly Statement[]): readonly Statement[] => {
  const meanings = new Set(others.map(meaningOf));
  return statements.filter((statement) => !meanings.has(meaningOf(statement)));
};
