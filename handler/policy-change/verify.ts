import { parsePolicy, type Statement } from '../core/policy/policy-document';
import { sameStatements } from '../core/policy/policy-equality';
import { type SidNamespace, statementOwners } from '../core/policy/sid-namespace';
import { TransientFailure } from '../errors';
import type { PolicyAccess, Ports } from '../ports';

/** Reads in a row that must show what was written: one may be lucky. */
const AGREEING_READS = 2;
const READS = 6;
/** Between reads that disagree, doubled each time. Milliseconds. */
const PAUSE = 100;

/** A bucket without a policy: it holds no statements. */
const NO_POLICY = { kind: 'policy', document: undefined } as const;

/**
 * Proves that the policy holds exactly these statements of ours. Reads of a bucket policy may show an older one for a while.
 * @throws TransientFailure when they do not come to agree; the change then stays announced and is made again
 */
export const verifyPolicy = async (
  statements: readonly Statement[],
  { access, namespace, ports }: { access: PolicyAccess; namespace: SidNamespace; ports: Ports },
): Promise<void> => {
  let agreeing = 0;
  let pause = PAUSE;
  for (let reads = 0; reads < READS; reads++) {
    const text = await ports.policies.read(access);
    const parsed = text === undefined ? NO_POLICY : parsePolicy(text);
    const agrees = parsed.kind === 'policy' && sameStatements(statementOwners(parsed.document, namespace).ours, statements);
    agreeing = agrees ? agreeing + 1 : 0;
    if (agreeing === AGREEING_READS) return;
    if (agreeing === 0) {
      await ports.clock.wait(pause);
      pause *= 2;
    }
  }
  throw new TransientFailure(
    'unavailable',
    `the policy of bucket '${access.bucket.name}' was written and does not read back as written; nothing is reported until it does`,
  );
};
