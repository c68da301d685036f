import type { Statement } from './policy-document';
import { awsPrincipals } from './policy-equality';

/**
 * Returns our principals to remove after S3 refused a policy because of a principal that does not exist. It is the one that S3 named.
 * If S3 named none, these are the principals that were not in the last write, so that existing access stays. The result is empty if
 * the principal is in a statement that is not ours: no policy that contains this statement can be written.
 */
export const suspectPrincipals = (
  named: string | undefined,
  { statements, written }: { statements: readonly Statement[]; written: readonly Statement[] },
): readonly string[] => {
  const ours = new Set(statements.flatMap(awsPrincipals));
  if (named !== undefined) return ours.has(named) ? [named] : [];
  const before = new Set(written.flatMap(awsPrincipals));
  return [...ours].filter((principal) => !before.has(principal));
};
