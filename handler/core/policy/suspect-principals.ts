import type { Statement } from './policy-document';
import { awsPrincipals } from './policy-equality';

/**
 * The principals of ours to leave out after S3 refused a policy for one it does not know: the one it named; or, if it named none,
 * those that were not in the last write, so that whoever had access keeps it. None: the principal is in somebody else's statement,
 * and no policy with it can be written; leaving out ours would only blame them.
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
