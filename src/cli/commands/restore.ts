import { sortedPolicy, textOf, without } from '../answers/own-policy';
import { Inspection } from '../bucket-policy';
import { command } from '../framework/command';
import { CommandFailure } from '../framework/failure';
import { argument, bucketName, REASON, TIMEOUT, WAIT, YES } from '../framework/fields';
import { counted, indented } from '../framework/table';
import { readBuckets } from '../reading';
import { Commanding, confirmed } from '../requests/commanding';

export const restore = command({
  name: 'restore',
  group: 'Changes',
  summary: 'Writes our statements of a bucket once more, as the ledger has them, though the bucket be frozen or contended',
  details: [
    "Other people's statements are not ours to write: those that the policy had before our last change and has no more are printed for their owner.",
  ],
  needs: 'commanding',
  arguments: { bucket: argument('<bucket>', 'the bucket', bucketName) },
  options: { reason: REASON, yes: YES, wait: WAIT, timeout: TIMEOUT },
  examples: [{ line: 'restore acme-raw --reason "policy was overwritten"', about: 'Shows what is missing, asks, and has it written.' }],
  run: async (context, { bucket, reason, yes, wait, timeout }) => {
    const { terminal, deployment } = context;
    const commanding = await Commanding.open(context);
    const { reading } = commanding;
    const [found] = await readBuckets(reading, [bucket]);
    if (found?.registered === undefined)
      throw new CommandFailure('missing', `bucket '${bucket}' is not registered`, 'see the buckets of the deployment: datazone-s3 doctor');
    const policy = await new Inspection(context, reading.reader).policyOf(found.registered);
    if (policy.kind === 'unread') terminal.note(`the policy as it is now was not read: ${policy.why}`);
    else {
      const now = sortedPolicy(textOf(policy), deployment);
      const last = (await reading.ledger.history(bucket)).at(-1);
      const before = sortedPolicy(last?.previousPolicy ?? undefined, deployment);
      const missing = without(found.head?.written ?? [], now?.ours ?? []);
      const lost = without(before?.foreign ?? [], now?.foreign ?? []);
      terminal.note(
        `${counted(missing.length, 'statement')} of ours ${missing.length === 1 ? 'is' : 'are'} missing or changed in the policy of ${bucket}`,
      );
      for (const statement of missing) terminal.note(terminal.paint('green', indented(`+ ${JSON.stringify(statement)}`)));
      if (lost.length > 0)
        terminal.note(
          `${counted(lost.length, 'statement')} of others that stood there before our last change ${lost.length === 1 ? 'is' : 'are'} gone; if that was not meant, their owner puts back:\n${indented(JSON.stringify(lost, null, 2))}`,
        );
    }
    await confirmed(context, { yes, question: `Write our statements of ${bucket} as the ledger has them?` });
    await commanding.orderAndTell({ command: { command: 'restore', bucket }, reason, wait, timeout });
    return undefined;
  },
});
