import { type Adoptable, adoptable } from '../answers/adoptable';
import { sortedPolicy, textOf } from '../answers/own-policy';
import { noteUnreadable, unreadableEntries } from '../answers/unreadable';
import { Inspection } from '../bucket-policy';
import { command } from '../framework/command';
import { CommandFailure } from '../framework/failure';
import { argument, bucketName } from '../framework/fields';
import { indented, joined, json, lines, type Output, output } from '../framework/output';
import type { Terminal } from '../framework/terminal';
import { openReading, readBuckets, unreadableIn } from '../reading';

export const adopt = command({
  name: 'adopt',
  group: 'Changes',
  summary: 'Finds hand-written statements that grants of ours make superfluous, and the edit that retires them',
  details: [
    "It never edits: the statements are their owner's to take out. Until then they let the same principals in, also after a revocation, which the function reports as residual access.",
  ],
  needs: 'reading',
  arguments: { bucket: argument('<bucket>', 'the bucket', bucketName) },
  examples: [{ line: 'adopt acme-raw', about: 'Which of the old statements can go, and what to edit.' }],
  run: async (context, { bucket }) => {
    const { terminal, deployment } = context;
    const reading = await openReading(context);
    const [found] = await readBuckets(reading, [bucket]);
    if (found?.registered === undefined)
      throw new CommandFailure('missing', `bucket '${bucket}' is not registered`, 'add it to bucketAccounts in the deployment and deploy');
    const policy = await new Inspection(context, reading.reader).policyOf(found.registered);
    if (policy.kind === 'unread')
      throw new CommandFailure('denied', `the policy of '${bucket}' could not be read: ${policy.why}`, 'see: datazone-s3 doctor');
    const sorted = sortedPolicy(textOf(policy), { bucket, deployment });
    if (sorted.kind === 'unreadable') throw new CommandFailure('refused', sorted.why, 'run it again when the policy is in order');
    const superfluous = adoptable(
      sorted.foreign,
      found.grants.map(({ grant }) => grant),
    );
    const unreadable = unreadableEntries(unreadableIn([found]));
    noteUnreadable(terminal, unreadable);
    terminal.answer({ bucket, statements: superfluous, unreadable }, () => shown(bucket, { found: superfluous, terminal }));
    return undefined;
  },
});

const shown = (bucket: string, { found, terminal }: { found: readonly Adoptable[]; terminal: Terminal }): Output => {
  if (found.length === 0) return output`No hand-written statement of ${bucket} gives what a grant of ours gives.`;
  return joined(
    found.map(({ statement, covered, only }) =>
      lines([
        only.length === 0
          ? 'Take out this statement; every access it gives is a grant of ours:'
          : 'Take these accesses out of this statement, and leave the others:',
        terminal.paint('red', indented(json(statement, 2), '  - ')),
        ...covered.map(({ principal, location, subscription }) => output`  ${principal} on ${location}: subscription ${subscription}`),
        ...only.map(({ principal, location }) => output`  ${terminal.paint('yellow', 'only here')}: ${principal} on ${location}`),
      ]),
    ),
    output`\n\n`,
  );
};
