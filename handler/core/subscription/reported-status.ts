import type { Grant } from '../grant/grant';
import type { Outcome } from '../outcome';

export type GrantStatus = { readonly status: 'GRANTED' | 'REVOKED' | 'GRANT_FAILED'; readonly message?: string };

/**
 * What DataZone is told of one asset at one of our subscription targets, over all subscriptions that name it: several can share one
 * of DataZone's grants. `undefined`: not settled, so nothing is said.
 */
export const statusAt = (
  { target, listingId, assetId }: { target: string; listingId: string; assetId: string },
  { grants, outcome, residualAccess }: { grants: readonly Grant[]; outcome: Outcome; residualAccess: readonly string[] },
): GrantStatus | undefined => {
  const entries = grants
    .filter((grant) => grant.listingId === listingId && grant.assetId === assetId)
    .flatMap((grant) => grant.principals)
    .filter((entry) => entry.targets.includes(target));
  const states = new Set(entries.map((entry) => entry.state));
  if (states.has('waiting') || states.has('revoking')) return outcome.kind === 'refused' ? failed(outcome.message) : undefined;
  if (states.has('refused'))
    return failed(
      outcome.kind === 'refused'
        ? outcome.message
        : `refused: ${[...new Set(entries.flatMap((entry) => entry.reason?.code ?? []))].join(', ')}`,
    );
  if (states.has('granted') || states.has('retained') || states.has('orphaned')) return { status: 'GRANTED' };
  if (outcome.kind === 'refused') return failed(outcome.message);
  if (states.size > 0 || outcome.kind === 'revoked')
    return {
      status: 'REVOKED',
      ...(residualAccess.length === 0
        ? {}
        : { message: `revoked; residual access: ${residualAccess.join('; ')}`.slice(0, LONGEST_MESSAGE) }),
    };
  return undefined;
};

/** DataZone does not say how long a failure's message may be; its form fields end here. */
const LONGEST_MESSAGE = 2_048;

const failed = (message: string): GrantStatus => ({ status: 'GRANT_FAILED', message: message.slice(0, LONGEST_MESSAGE) });
