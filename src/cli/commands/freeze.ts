import { command } from '../framework/command';
import { CommandFailure } from '../framework/failure';
import { argument, bucketName, flag, REASON, TIMEOUT, WAIT } from '../framework/fields';
import { Commanding } from '../requests/commanding';

const fields = {
  arguments: { bucket: argument('[bucket]', 'the bucket', bucketName.optional()) },
  options: { all: flag('--all', 'all buckets'), reason: REASON, wait: WAIT, timeout: TIMEOUT },
};

/** One bucket or, if that is what was said, all of them. */
const which = ({ bucket, all }: { readonly bucket?: string | undefined; readonly all: boolean }): { readonly bucket?: string } => {
  if ((bucket === undefined) !== all)
    throw new CommandFailure('usage', 'neither or both of a bucket and --all were given', 'name one bucket, or write --all');
  return bucket === undefined ? {} : { bucket };
};

export const freeze = command({
  name: 'freeze',
  group: 'Changes',
  summary: 'Stops additions and repairs on a bucket, or on all; access is still taken away',
  needs: 'commanding',
  ...fields,
  examples: [
    {
      line: 'freeze acme-raw --reason "the owner migrates its policy"',
      about: 'Nobody new is let in, and nothing is repaired, until it is lifted.',
    },
    { line: 'freeze --all --reason "incident 4711"', about: 'The same for every bucket.' },
  ],
  run: async (context, { bucket, all, reason, wait, timeout }) => {
    const target = which({ bucket, all });
    const commanding = await Commanding.open(context);
    await commanding.orderAndTell({ command: { command: 'freeze', ...target }, reason, wait, timeout });
    return undefined;
  },
});

export const unfreeze = command({
  name: 'unfreeze',
  group: 'Changes',
  summary: "Lifts a stop: an operator's, or that of a bucket whose policy somebody kept replacing",
  needs: 'commanding',
  ...fields,
  examples: [{ line: 'unfreeze acme-raw --reason "migration done"', about: 'What waited is granted, and what was changed is repaired.' }],
  run: async (context, { bucket, all, reason, wait, timeout }) => {
    const target = which({ bucket, all });
    const commanding = await Commanding.open(context);
    await commanding.orderAndTell({ command: { command: 'unfreeze', ...target }, reason, wait, timeout });
    return undefined;
  },
});
