import { parsePolicy, policyFault, type Statement } from '../../../handler/core/policy/policy-document';
import { meaningOf } from '../../../handler/core/policy/policy-equality';
import { type SidNamespace, sidNamespace, statementOwners } from '../../../handler/core/policy/sid-namespace';
import type { Deployment } from '../../deployment/load';
import type { PolicyReading } from '../bucket-policy';

/** The Sids of a deployment's own statements. */
export const namespaceOf = ({ name, domain }: Deployment): SidNamespace => sidNamespace({ name, ...domain });

/** A bucket policy sorted by who wrote what, or why it cannot be read as a policy. */
export type SortedPolicy =
  | {
      readonly kind: 'sorted';
      readonly ours: readonly Statement[];
      readonly foreign: readonly Statement[];
      /** Keys of other deployments of this product that have statements in it too. */
      readonly otherDeployments: readonly string[];
    }
  | { readonly kind: 'unreadable'; readonly why: string };

/** Sorts a policy's text; `undefined`: the bucket has no policy. */
export const sortedPolicy = (
  text: string | undefined,
  { bucket, deployment }: { bucket: string; deployment: Deployment },
): SortedPolicy => {
  const parsed = text === undefined ? NO_POLICY : parsePolicy(text);
  return parsed.kind === 'policy'
    ? { kind: 'sorted', ...statementOwners(parsed.document, namespaceOf(deployment)) }
    : { kind: 'unreadable', why: policyFault(parsed, bucket) };
};

const NO_POLICY = { kind: 'policy', document: undefined } as const;

/** A policy's text, where there is one. */
export const textOf = (reading: PolicyReading): string | undefined => (reading.kind === 'policy' ? reading.text : undefined);

/** The statements that `others` do not have, by meaning. */
export const without = (statements: readonly Statement[], others: readonly Statement[]): readonly Statement[] => {
  const meanings = new Set(others.map(meaningOf));
  return statements.filter((statement) => !meanings.has(meaningOf(statement)));
};
