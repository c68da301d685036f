import type { Head } from '../ledger/bucket-state';
import type { Statement } from './policy-document';
import { awsPrincipals, isDeadPrincipal, sameStatements } from './policy-equality';
import { isSuperseded } from './sid-namespace';

/** How our statements in the policy differ from what we last wrote. */
export type Drift =
  | { readonly kind: 'none' | 'stale' | 'superseded-format' | 'wiped' | 'tampered' }
  /** Roles or users were deleted. S3 shows their unique ids instead of their ARNs. */
  | { readonly kind: 'dead-principals'; readonly principals: readonly string[] };

/** A read this soon after our last write may still show the policy before it. Milliseconds. */
export const STALE_FOR_MS = 60_000;

/**
 * Returns the principals that we wrote and that the policy now shows as unique ids. If a statement misses more principals than it
 * shows ids, another writer has also removed an existing principal. The two cannot be distinguished here: S3 names the deleted one
 * when it refuses the next write.
 */
export const deadPrincipals = (written: readonly Statement[], read: readonly Statement[]): readonly string[] => {
  const bySid = new Map(read.map((statement) => [statement['Sid'], awsPrincipals(statement)]));
  const living = new Set(read.flatMap(awsPrincipals));
  const dead = written.flatMap((statement) => {
    const ids = bySid.get(statement['Sid'])?.filter(isDeadPrincipal) ?? [];
    const missing = awsPrincipals(statement).filter((principal) => !living.has(principal));
    return missing.length <= ids.length ? missing : [];
  });
  return [...new Set(dead)].sort();
};

const withoutPrincipals = (statements: readonly Statement[], dead: ReadonlySet<string>): readonly Statement[] =>
  statements.map((statement) => ({
    ...statement,
    Principal: {
      ...otherPrincipals(statement),
      AWS: awsPrincipals(statement).filter((principal) => !dead.has(principal) && !isDeadPrincipal(principal)),
    },
  }));

/** Returns the services and canonical users that a `Principal` names. We write none, but another writer may have added them. */
const otherPrincipals = ({ Principal: principal }: Statement): object | null => (typeof principal === 'object' ? principal : null);

const inCurrentFormat = (statements: readonly Statement[]): readonly Statement[] =>
  statements.filter((statement) => !isSuperseded(statement));

/**
 * Classifies how our statements in the policy differ from those in the bucket state. Nothing is compared while a change is announced,
 * because it may or may not have been written.
 */
export const classifyDrift = (head: Head | undefined, { ours, now }: { ours: readonly Statement[]; now: Date }): Drift => {
  const written = head?.written ?? [];
  if (head?.intended !== undefined || sameStatements(written, ours)) return { kind: 'none' };
  const dead = deadPrincipals(written, ours);
  const gone = new Set(dead);
  if (dead.length > 0 && sameStatements(withoutPrincipals(written, gone), withoutPrincipals(ours, gone)))
    return { kind: 'dead-principals', principals: dead };
  if (head?.writtenAt !== undefined && now.getTime() - Date.parse(head.writtenAt) < STALE_FOR_MS) return { kind: 'stale' };
  if (ours.length === 0) return { kind: 'wiped' };
  return { kind: sameStatements(inCurrentFormat(written), inCurrentFormat(ours)) ? 'superseded-format' : 'tampered' };
};
