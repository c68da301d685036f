import { type PolicyDocument, parsePolicy } from '../core/policy/policy-document';
import { BucketGone, TransientFailure } from '../errors';
import type { PolicyChange } from './bucket-work';
import { settleGone } from './settle';

/** How long a bucket has to be gone before what was being taken away in it counts as gone with it. Milliseconds. */
const GONE_FOR = 60 * 60_000;

/**
 * Reads the policy that is to be changed.
 * @throws TransientFailure whatever may pass
 * @throws LedgerFailure
 */
export const readPolicy = async (change: PolicyChange): Promise<string | undefined> => {
  const { access, ports, progress } = change;
  try {
    const text = await ports.policies.read(access);
    if (progress.head?.goneSince !== undefined) await markGone(undefined, change);
    return text;
  } catch (error) {
    if (error instanceof BucketGone) await takeForGone(change);
    throw error;
  }
};

/** One answer is no proof: S3 has to say for an hour that there is no such bucket. */
const takeForGone = async (change: PolicyChange): Promise<void> => {
  const { ports, progress } = change;
  const now = ports.clock.now();
  await progress.saved;
  const { goneSince } = progress.head ?? {};
  if (goneSince === undefined) await markGone(now.toISOString(), change);
  else if (now.getTime() - Date.parse(goneSince) >= GONE_FOR) await settleGone(change);
};

const markGone = async (goneSince: string | undefined, { access, ports, progress }: PolicyChange): Promise<void> => {
  if (progress.head === undefined) return;
  const { goneSince: _, ...rest } = progress.head;
  const head = goneSince === undefined ? rest : { ...rest, goneSince };
  if (await ports.ledger.mark(access.bucket.name, { seen: head.attempt, head })) progress.head = head;
};

/**
 * A policy's text as a document; no text: there is none.
 * @throws TransientFailure when the text is no policy document, so that nothing is written over it
 */
export const documentOf = (text: string | undefined, bucket: string): PolicyDocument | undefined => {
  const document = text === undefined ? undefined : parsePolicy(text);
  if (text !== undefined && document === undefined)
    throw new TransientFailure(
      'unavailable',
      `what S3 gave as the policy of bucket '${bucket}' is no policy document; nothing is written over it, and it is read again`,
    );
  return document;
};
