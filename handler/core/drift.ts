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

/** The principals we wrote that the read no longer names while it shows unique ids in the same statements. */
export const deadPrincipals = (written: readonly Statement[], read: readonly Statement[]): readonly string[] => {
  const bySid = new Map(read.map((statement) => [statement['Sid'], awsPrincipals(statement)]));
  return [
    ...new Set(
      written.flatMap((statement) => {
        const seen = bySid.get(statement['Sid']) ?? [];
        return seen.some(isDeadPrincipal) ? awsPrincipals(statement).filter((principal) => !seen.includes(principal)) : [];
      }),
    ),
  ].sort();
};

const setAside = (statements: readonly Statement[], dead: ReadonlySet<string>): readonly Statement[] =>
  statements.map((statement) => ({
    ...statement,
    Principal: { AWS: awsPrincipals(statement).filter((principal) => !dead.has(principal) && !isDeadPrincipal(principal)) },
  }));

/** Classifies a difference between `written` and the read. Only what was settled is compared: an announced change may or may not have landed. */
export const classifyDrift = (head: Head | undefined, { ours, now }: { ours: readonly Statement[]; now: Date }): Drift => {
  const written = head?.written ?? [];
  if (head?.intended !== undefined || sameStatements(written, ours)) return { kind: 'none' };
  const dead = deadPrincipals(written, ours);
  const gone = new Set(dead);
  if (dead.length > 0 && sameStatements(setAside(written, gone), setAside(ours, gone)))
    return { kind: 'dead-principals', principals: dead };
  if (head?.writtenAt !== undefined && now.getTime() - Date.parse(head.writtenAt) < STALE_FOR_MS) return { kind: 'stale' };
  if (ours.some(isSuperseded) || written.some(isSuperseded)) return { kind: 'superseded-format' };
  return { kind: ours.length === 0 ? 'wiped' : 'tampered' };
};
