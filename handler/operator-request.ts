import * as z from 'zod/mini';
import type { OperatorRequest } from './contract/requests';
import { parsePrincipal } from './core/grant/principal';
import { lazily } from './lazily';
import { moment } from './moment';

/**
 * Made at the first request: an event's cold start does not wait for it. Strict: a member whose name is misspelt must not make one
 * bucket all of them.
 */
const request = lazily(() => {
  const text = (pattern: RegExp) => z.string().check(z.regex(pattern));
  const bucket = text(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/);
  const subscription = text(/^[a-zA-Z0-9_-]{1,36}$/);
  const principal = z.string().check(
    z.refine((arn) => {
      const [, partition = '', , , account = ''] = arn.split(':');
      return !('code' in parsePrincipal(arn, { partition, accounts: [account] }));
    }),
  );
  const envelope = {
    kind: z.literal('request'),
    id: text(/^[a-zA-Z0-9-]{8,64}$/),
    at: moment,
    reason: z.string().check(z.minLength(1), z.maxLength(1_000)),
  };
  const removals = z.optional(z.int().check(z.gte(0), z.lte(1_000_000)));
  return z.discriminatedUnion('command', [
    z.strictObject({ ...envelope, command: z.literal('reconcile'), dryRun: z.boolean(), removals }),
    z.strictObject({ ...envelope, command: z.literal('revoke'), subscription }),
    z.strictObject({ ...envelope, command: z.literal('revoke-principal'), principal, bucket }),
    z.strictObject({ ...envelope, command: z.enum(['freeze', 'unfreeze']), bucket: z.optional(bucket) }),
    z.strictObject({ ...envelope, command: z.literal('uninstall') }),
  ]);
});

/** Whether a message means to be an operator's request. */
export const isRequest = (body: unknown): boolean => typeof body === 'object' && body !== null && 'kind' in body && body.kind === 'request';

/** Reads a request; `undefined`: it is none that this version knows, and nothing is done for it. */
export const parseRequest = (body: unknown): OperatorRequest | undefined => {
  const parsed = request().safeParse(body);
  return parsed.success ? parsed.data : undefined;
};
