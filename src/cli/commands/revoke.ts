import * as z from 'zod';
import type { OperatorCommand } from '../../../handler/contract/requests';
import { bucketRows } from '../answers/grant-row';
import { noteUnreadable, unreadableEntries } from '../answers/unreadable';
import { command } from '../framework/command';
import { CommandFailure } from '../framework/failure';
import { argument, bucketName, principalArn, REASON, subscriptionId, TIMEOUT, typedAs, WAIT, YES } from '../framework/fields';
import { output } from '../framework/output';
import { counted } from '../framework/table';
import { readBuckets, unreadableIn } from '../reading';
import { Commanding, confirmed } from '../requests/commanding';

const LIVE = new Set(['granted', 'retained', 'orphaned', 'waiting']);

/** `PRINCIPAL@BUCKET`, split at the last at sign since names of roles may hold some; or the id of a subscription. */
const target = z.string().transform((value, context): OperatorCommand => {
  const at = value.lastIndexOf('@');
  const principal = principalArn.safeParse(value.slice(0, Math.max(0, at)));
  const bucket = bucketName.safeParse(value.slice(at + 1));
  if (at > 0 && principal.success && bucket.success) return { command: 'revoke-principal', principal: principal.data, bucket: bucket.data };
  const subscription = subscriptionId.safeParse(value);
  if (subscription.success) return { command: 'revoke', subscription: subscription.data };
  context.addIssue({
    code: 'custom',
    message: `${typedAs(value)}; write a subscription's id, or the ARN of a role or user, @ and a bucket`,
  });
  return z.NEVER;
});

export const revoke = command({
  name: 'revoke',
  group: 'Changes',
  summary: 'Takes access away for good: a whole subscription, or one principal on one bucket',
  details: [
    'It ends here whatever DataZone says: no later event or reconcile brings it back. Revoke the subscription in DataZone too, so that its portal says the same; a new subscription grants again.',
  ],
  needs: 'commanding',
  arguments: {
    target: argument('<subscription|principal@bucket>', "a subscription's id, or a principal's ARN, @ and a bucket's name", target),
  },
  options: { reason: REASON, yes: YES, wait: WAIT, timeout: TIMEOUT },
  examples: [
    { line: 'revoke 9kq2mdmzvnr5uf --reason "contract ended"', about: 'Ends one subscription.' },
    {
      line: 'revoke arn:aws:iam::333333333333:role/analyst@acme-raw --reason "left the team"',
      about: 'Takes one role out of all grants on a bucket.',
    },
  ],
  run: async (context, { target: order, reason, yes, wait, timeout }) => {
    const commanding = await Commanding.open(context);
    const { rows, unreadable } = await affected(commanding, order);
    noteUnreadable(context.terminal, unreadable);
    if (rows.length === 0)
      throw new CommandFailure(
        'missing',
        `the ledger has no access that this would take away`,
        'see who has access: datazone-s3 grants --status live',
      );
    for (const { principal, location } of rows)
      context.terminal.note(output`  ${context.terminal.paint('red', '-')} ${principal ?? ''} on ${location ?? ''}`);
    await confirmed(context, { yes, question: `Take ${counted(rows.length, 'access', 'accesses')} away for good?` });
    await commanding.orderAndTell({ command: order, reason, wait, timeout });
    return undefined;
  },
});

const affected = async ({ reading }: Commanding, order: OperatorCommand) => {
  const buckets = await readBuckets(reading, order.command === 'revoke-principal' ? [order.bucket] : undefined);
  const rows = bucketRows(buckets)
    .filter(({ state }) => LIVE.has(state))
    .filter((row) =>
      order.command === 'revoke-principal'
        ? row.principal === order.principal
        : order.command === 'revoke' && row.subscription === order.subscription,
    );
  return { rows, unreadable: unreadableEntries(unreadableIn(buckets)) };
};
