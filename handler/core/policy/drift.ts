import type { Head } from './head';
import type { Statement } from './policy-document';
import { awsPrincipals, isDeadPrincipal, sameStatements } from './policy-equality';
import { isSuperseded } from './sid-namespace';

/** How our statements in the policy differ from what we last wrote. */
export type Drift =
  | { readonly kind: 'none' | 'stale' | 'superseded-format' | 'wiped' | 'tampered' }
  /** Roles or users that were deleted: S3 shows their unique ids in their place. */
  | { readonly kind: 'dead-principals'; readonly principals: readonly string[] };

/** A read that disagrees this soon after our last write shows the policy before it. */
export const STALE_FOR_MS = 60_000;

/**
 * The principals we wrote that the read no longer names while it shows unique ids in their place. Where more are missing than ids
 * are shown, somebody took out a living one as well, and which is which nobody can say: S3 will name the dead one.
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

const setAside = (statements: readonly Statement[], dead: ReadonlySet<string>): readonly Statement[] =>
  statements.map((statement) => ({
    ...statement,
    Principal: {
      ...otherPrincipals(statement),
      AWS: awsPrincipals(statement).filter((principal) => !dead.has(principal) && !isDeadPrincipal(principal)),
    },
  }));

/** Of a statement whose `Principal` names services or canonical users too: nothing we wrote does. */
const otherPrincipals = ({ Principal: principal }: Statement): object | null => (typeof principal === 'object' ? principal : null);

const inFormat = (statements: readonly Statement[]): readonly Statement[] => statements.filter((statement) => !isSuperseded(statement));

/** Classifies a difference between `written` and the read. Only what was settled is compared: an announced change may or may not have landed. */
export const classifyDrift = (head: Head | undefined, { ours, now }: { ours: readonly Statement[]; now: Date }): Drift => {
  const written = head?.written ?? [];
  if (head?.intended !== undefined || sameStatements(written, ours)) return { kind: 'none' };
  const dead = deadPrincipals(written, ours);
  const gone = new Set(dead);
  if (dead.length > 0 && sameStatements(setAside(written, gone), setAside(ours, gone)))
    return { kind: 'dead-principals', principals: dead };
  if (head?.writtenAt !== undefined && now.getTime() - Date.parse(head.writtenAt) < STALE_FOR_MS) return { kind: 'stale' };
  if (ours.length === 0) return { kind: 'wiped' };
  return { kind: sameStatements(inFormat(written), inFormat(ours)) ? 'superseded-format' : 'tampered' };
};
