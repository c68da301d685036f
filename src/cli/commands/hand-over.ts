import { command } from '../framework/command';
import { argument, bucketName, flag, option, REASON, TIMEOUT, text, WAIT, YES } from '../framework/fields';
import { Commanding, confirmed } from '../requests/commanding';

export const handOver = command({
  name: 'hand-over',
  group: 'Changes',
  summary: 'Lets this deployment write a bucket that carries statements of another deployment of this product',
  details: [
    'A bucket has one writer: grants on one that another deployment writes are refused as `bucket-shared`, with the key of that deployment. Un-register the bucket there first. `--remove` takes its statements out, which ends the access they give.',
  ],
  needs: 'commanding',
  arguments: { bucket: argument('<bucket>', 'the bucket', bucketName) },
  options: {
    from: option(
      '--from <key>',
      'key of the other deployment, as bucket-shared and doctor name it',
      text(/^[0-9a-z]{6}$/, 'six letters and digits, such as 1q2w3e'),
    ),
    remove: flag('--remove', 'take its statements out'),
    reason: REASON,
    yes: YES,
    wait: WAIT,
    timeout: TIMEOUT,
  },
  examples: [
    { line: 'hand-over acme-raw --from 1q2w3e --reason "deployments merged"', about: 'Its statements stay until somebody removes them.' },
  ],
  run: async (context, { bucket, from, remove, reason, yes, wait, timeout }) => {
    const commanding = await Commanding.open(context);
    const question = remove
      ? `Take all statements of deployment '${from}' out of ${bucket}?`
      : `Write ${bucket} beside the statements of deployment '${from}'?`;
    await confirmed(context, { yes, question });
    await commanding.orderAndTell({ command: { command: 'hand-over', bucket, from, remove }, reason, wait, timeout });
    return undefined;
  },
});
