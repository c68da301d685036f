import * as z from 'zod/mini';
import type { OperatorRequest } from './contract';
import { parsePrincipal } from './core/principal';
import { lazily } from './lazily';

/** Made at the first request: an event's cold start does not wait for it. */
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

  const commands = [
    z.object({ command: z.literal('reconcile'), dryRun: z.boolean(), removals: z.optional(z.int().check(z.gte(0), z.lte(1_000_000))) }),
    z.object({ command: z.literal('revoke'), subscription }),
    z.object({ command: z.literal('revoke-principal'), principal, bucket }),
    z.object({ command: z.enum(['freeze', 'unfreeze']), bucket: z.optional(bucket) }),
    z.object({ command: z.literal('restore'), bucket }),
    z.object({ command: z.literal('hand-over'), bucket, from: text(/^[0-9a-z]{6}$/), remove: z.boolean() }),
    z.object({ command: z.literal('uninstall') }),
  ] as const;

  return z.intersection(
    z.object({
      kind: z.literal('request'),
      id: text(/^[a-zA-Z0-9-]{8,64}$/),
      at: text(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      reason: z.string().check(z.minLength(1), z.maxLength(1_000)),
    }),
    z.union(commands),
  );
});

/** Whether a message means to be an operator's request. */
export const isRequest = (body: unknown): boolean => typeof body === 'object' && body !== null && 'kind' in body && body.kind === 'request';

/** Reads a request; `undefined`: it is none that this version knows, and nothing is done for it. */
export const parseRequest = (body: unknown): OperatorRequest | undefined => {
  const parsed = request().safeParse(body);
  return parsed.success ? parsed.data : undefined;
};
