import { type PolicyDocument, parsePolicy, policyFault } from '../core/policy/policy-document';
import { BucketGone, TransientFailure } from '../errors';
import type { BucketChange, Pass } from './bucket-change';

/** How long a bucket has to be gone before the access that was being revoked in it counts as gone with it. Milliseconds. */
const GONE_FOR = 60 * 60_000;

/**
 * Reads the policy that is to be changed.
 * @throws TransientFailure
 * @throws LedgerUnavailable
 */
export const readPolicy = async ({ change, access }: Pass): Promise<string | undefined> => {
  try {
    const text = await change.ports.policies.read(access);
    if (change.head?.goneSince !== undefined) await markGone(undefined, change);
    return text;
  } catch (error) {
    if (error instanceof BucketGone) await noteGone(change);
    throw error;
  }
};

/** One answer is no evidence: S3 has to report for an hour that there is no such bucket. */
const noteGone = async (change: BucketChange): Promise<void> => {
  const now = change.ports.clock.now();
  await change.saved;
  const { goneSince } = change.head ?? {};
  if (goneSince === undefined) await markGone(now.toISOString(), change);
  else if (now.getTime() - Date.parse(goneSince) >= GONE_FOR)
    await change.settleGrants({ dead: new Set(), left: new Map(), suspended: new Set() }, new Set());
};

const markGone = async (goneSince: string | undefined, change: BucketChange): Promise<void> => {
  if (change.head === undefined) return;
  const { goneSince: _, ...rest } = change.head;
  await change.mark(goneSince === undefined ? rest : { ...rest, goneSince });
};

/**
 * Returns a policy's text as a document; `undefined` if there is no text.
 * @throws TransientFailure when the text cannot be edited without a loss, so that it is never written over
 */
export const documentOf = (text: string | undefined, bucket: string): PolicyDocument | undefined => {
  if (text === undefined) return undefined;
  const parsed = parsePolicy(text);
  if (parsed.kind !== 'policy') throw new TransientFailure('unavailable', policyFault(parsed, bucket));
  return parsed.document;
};
